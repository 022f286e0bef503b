"""Removes a recording from an archive: all of its files, or none; what points at it is told first."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player.archive import media_names
from player.archive.own_files import OwnFiles
from player.archive.parts import folder_of
from player.audio import access
from player.errors import ArchiveError, Fault, quoted
from player.intake.pointers import pointing_files
from player.intake.transaction import transaction

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Record

_COPIES: Final = (*access.KINDS, "json")


@dataclass(frozen=True)
class Removal:
    """What goes with a recording: its folder, sounds, copies and parts; and what of its sounds others name, and keep.

    ``pointing`` says what in other files points at it.
    """

    paths: tuple[Path, ...]
    kept: tuple[Path, ...]
    pointing: tuple[Fault, ...]


def plan(archive: Archive, record: Record) -> Removal:
    """Say what would be removed with a recording.

    :raise ArchiveError: where a file may point at it and cannot be read, or what is to go lies outside the archive.
    """
    slug = record.slug
    folder = archive.transcripts / slug
    sounds = [record.media] if record.media is not None and os.path.lexists(record.media) else []
    others = _named_by_others(archive, slug)
    kept = [sound for sound in sounds if os.path.realpath(sound) in others]
    places = [access.place(archive.media, slug, kind) for kind in _COPIES]
    places.append(folder_of(archive.media, slug))
    gone = [*(each for each in sounds if each not in kept), *filter(os.path.lexists, places), folder]
    OwnFiles((archive.root, archive.media, archive.transcripts)).refuse_barred(gone)
    what = f"points at {quoted(slug)}"
    pointing = [
        Fault(each.path, line, f'"{name}" {what}', "change it, or remove it")
        for each in pointing_files(archive, slug)
        if not each.path.is_relative_to(folder)
        for line, name in each.places
    ]
    return Removal(tuple(gone), tuple(kept), tuple(pointing))


def remove(archive: Archive, removal: Removal) -> None:
    """Remove what was planned: all of it or nothing.

    :raise WriteError: where something cannot be removed.
    """
    with transaction(archive.root) as change:
        for path in removal.paths:
            change.remove(path)


def _named_by_others(archive: Archive, slug: str) -> set[str]:
    """List the files that other records name as their sound."""
    found = set()
    for other in archive.slugs():
        if other == slug:
            continue
        try:
            media = archive.record(other).media
        except ArchiveError as error:
            # What cannot be read may name any sound.
            raise ArchiveError(
                Fault(each.path, each.line, each.what, "correct it first: it may name the same sound")
                for each in error.faults
            ) from None
        if media is not None:
            found |= {os.path.realpath(path) for path in media_names.meant(media)}
    return found
