"""Finds the other records that name the same file as their sound, before it is moved or removed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from player.archive.media_names import compared
from player.archive.own_files import own_files
from player.errors import ArchiveError, Fault
from player.files import content

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.own_files import OwnFiles


def others_naming(archive: Archive, slug: str, sound: Path) -> list[str]:
    """List the recordings other than ``slug`` whose sound is the file at ``sound``, by whatever name.

    :raise ArchiveError: where a record may name it, and cannot be read.
    """
    real = os.path.realpath(sound)
    names = {compared(sound.name), *(compared(name) for name in _links(archive.media, real))}
    found, faults = [], []
    own = own_files(archive.transcripts)
    for other in archive.slugs():
        try:
            # Of thousands of records, only those are read that have the name in them, or may spell it in escapes.
            if other == slug or not _may_name(own, archive.transcripts / other / "recording.toml", names):
                continue
            media = archive.record(other).media
        except ArchiveError as error:
            remedy = "correct it first: it may name the same sound"
            faults += [Fault(each.path, each.line, each.what, remedy) for each in error.faults]
            continue
        if media is not None and os.path.realpath(media) == real:
            found.append(other)
    if faults:
        raise ArchiveError(faults)
    return found


def _may_name(own: OwnFiles, record: Path, names: set[str]) -> bool:
    try:
        own.refuse_barred([record])
        text = content(record).decode("utf-8", errors="replace")
    except (ArchiveError, OSError):
        return True  # ``Archive.record`` says why
    return "\\u" in text.lower() or any(name in compared(text) for name in names)


def _links(media: Path, real: str) -> list[str]:
    """List the links in ``media`` that lead to a file."""
    try:
        entries = [entry for entry in media.iterdir() if entry.is_symlink()]
    except OSError:
        return []
    return [entry.name for entry in entries if os.path.realpath(entry) == real]
