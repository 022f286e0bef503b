"""Advises on sounds that the feed of an archive leaves out, since not every app plays them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from player.audio import access
from player.audio.access_faults import making
from player.audio.formats import FED
from player.errors import Advice, ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Record

_WHAT: Final = "the feed leaves this out: it has MP3 and M4A alone, as Apple's directory asks"

_AS_M4A: Final = " --force --format m4a"


def has_feed(archive: Archive) -> bool:
    """Tell whether an archive asks for a feed; that it cannot be read is told elsewhere."""
    try:
        return archive.about.feed
    except ArchiveError:
        return False


def feed_advice(archive: Archive, record: Record, held: Path) -> Iterator[Advice]:
    """Say so of the sound that is ``held`` of a recording, which visitors may hear.

    :raise AudioError: where it cannot be read.
    """
    if has_feed(archive) and _is_left_out(archive, record, held):
        yield Advice(held, None, _WHAT, f"make a copy that it takes: {making(record.slug, held, _AS_M4A)}")


def _is_left_out(archive: Archive, record: Record, held: Path) -> bool:
    shown = record.shown
    if not shown.is_listed or shown.sound is not None or (shown.sends_held and held.suffix.lower() in FED):
        return False
    if access.place(archive.media, record.slug, "m4a").is_file():
        return False
    if any(copy.kind == "m4a" for copy in access.beside(held, shown.silenced)):
        return False
    # A server makes the copies that browsers need, and these are M4A where nobody has chosen otherwise.
    is_made = bool(shown.silenced) or access.needed(held) is not None
    return not is_made or access.place(archive.media, record.slug, "flac").is_file()
