"""Removes a recording from an archive: all of its files, or none; what points at it is told first."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player.archive.own_files import OwnFiles
from player.archive.parts import folder_of
from player.audio import access
from player.errors import Fault, quoted
from player.intake.pointers import pointing_files
from player.intake.same_sound import others_naming
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
    is_here = record.media is not None and not record.lies_elsewhere and os.path.lexists(record.media)
    sounds = [record.media] if record.media is not None and is_here else []
    kept = [sound for sound in sounds if others_naming(archive, slug, sound)]
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
