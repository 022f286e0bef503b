"""Finds sounds that lie elsewhere, of which something is closed here, and that anybody may have from there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from player.archive.distant_sounds import is_all_open
from player.errors import Advice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from player.archive.recording import Record
    from player.errors import Fault

_REMEDY: Final = "let nobody read it there without a key, or without a signature"


def open_object_faults(record: Record) -> Iterator[Fault]:
    """Say that a sound of which not all is open can be had from where it lies, by whoever knows or guesses where."""
    if record.media is None or not record.lies_elsewhere or is_all_open(record):
        return
    from player.storage.public import is_public, public_copies  # noqa: PLC0415  # where a sound lies elsewhere

    for copy in public_copies(record.media):
        what = f"something of this recording is closed, and anybody can have the access copy of its sound at {copy}"
        yield record.fault("media", what, _REMEDY)
    if is_public(record.media):
        what = "something of this recording is closed, and anybody can have all of its sound from where it lies"
        yield record.fault("media", what, _REMEDY)


def has_copies(record: Record) -> bool:
    """Tell whether access copies are said to lie beside a sound that lies elsewhere, or nobody knows."""
    if record.media is None or not record.lies_elsewhere:
        return False
    from player.storage.faults import StorageError  # noqa: PLC0415  # as above
    from player.storage.public import told_places  # noqa: PLC0415  # as above

    try:
        return bool(told_places(record.media))
    except StorageError:
        return True


def lost_copy_advice(record: Record) -> Iterator[Advice]:
    """Say that an access copy beside a sound is no longer what was put there."""
    if record.media is None or not record.lies_elsewhere:
        return
    from player.storage.public import lost_copies  # noqa: PLC0415  # as above

    for copy in lost_copies(record.media):
        what = f"the access copy at {copy} is gone, or is another than was put there, so it is not played"
        yield Advice(record.path, record.line_of("media"), what, f"make it again: player access {record.slug} --beside")
