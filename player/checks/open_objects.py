"""Finds sounds that lie elsewhere, of which something is closed here, and that anybody may have from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from player.archive.recording import Record
    from player.errors import Fault


def open_object_faults(record: Record) -> Iterator[Fault]:
    """Say that a sound of which not all is open can be had from where it lies, by whoever knows or guesses where."""
    is_open = record.shown.is_everything and not (record.access or record.closed or record.withdrawal)
    if record.media is None or not record.lies_elsewhere or is_open:
        return
    from player.storage.stand_ins import is_public  # noqa: PLC0415  # where a sound lies elsewhere

    if is_public(record.media):
        what = "something of this recording is closed, and anybody can have all of its sound from where it lies"
        yield record.fault("media", what, "let nobody read it there without a key, or without a signature")
