"""Finds the files of a recording's parts, which are the archive's own or are not read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from player.archive import media_names
from player.archive.own_files import OwnFiles
from player.archive.parts import folder_of
from player.errors import ArchiveError, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.parts import Part
    from player.archive.recording import Record
    from player.errors import Fault


def part_files(archive: Archive, record: Record) -> tuple[Path, ...]:
    """Give the files of a recording's parts, in order; one that is not there as the record writes it.

    A file system may write a name in another form, or in other capitals (``media_names``).

    :raise ArchiveError: where a link leads out of the archive, or more than one file may be meant.
    """
    folder = folder_of(archive.media, record.slug)
    own = OwnFiles((archive.root, archive.media, archive.transcripts))
    found = []
    for part in record.part:
        files: Sequence[Path] = media_names.meant(folder / part.media) or [folder / part.media]
        own.refuse_barred(files[:1])
        if len(files) > 1:
            raise ArchiveError([_unclear(part, files)])
        found.append(files[0])
    return tuple(found)


def _unclear(part: Part, files: Sequence[Path]) -> Fault:
    called = " and ".join(quoted(file.name) for file in files)
    what = f"there is no file {quoted(part.media)} among its parts, but more than one with a similar name: {called}"
    return part.fault("media", what, "write the name of one of them exactly")
