"""Lists every file of an archive, also those that the program does not read: what has to be kept is all of it."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Final

from player.archive.own_files import OwnFiles, unreadable
from player.errors import Fault
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from player.archive.archive import Archive

#: The folders of an archive, in the order of their names.
_HOMES: Final = ("media", "transcripts")


@value
class Held:
    """A file of an archive: its path from the archive's folder, with slashes; where it lies; and its size in bytes."""

    name: str
    path: Path
    size: int


def looked_for(archive: Archive) -> tuple[list[Held], dict[str, Fault]]:
    """Give the files below ``media`` and ``transcripts`` in the order of their names, and what cannot be had, and why.

    That is, by their names, what cannot be read, is no file, lies outside the archive, or has a name that is no text.
    Left out is what file managers and programs at work hide: names that begin with a full stop.
    """
    own = OwnFiles((archive.root, archive.media, archive.transcripts))
    faults: dict[str, Fault] = {}
    found: list[Held] = []
    for home in _HOMES:
        found += _below(archive.root / home, home, own, faults, frozenset())
    return sorted(found, key=lambda each: each.name), faults


def _below(folder: Path, name: str, own: OwnFiles, faults: dict[str, Fault], above: frozenset[str]) -> Iterator[Held]:
    """Give what is in a folder; ``above`` are the real places of those that it is in, which a link may lead back to."""
    here = os.path.realpath(folder)
    try:
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if not entry.name.startswith("."))
    except FileNotFoundError:
        return  # an archive may have no sounds
    except OSError as error:
        faults[name] = unreadable(folder, error)
        return
    barred = own.barred(folder / each for each in names)
    for each in names:
        path, called = folder / each, f"{name}/{each}"
        if fault := barred.get(path) or _misnamed(path):
            faults[called] = fault
            continue
        try:
            state = path.stat()
        except OSError as error:
            faults[called] = unreadable(path, error)
            continue
        if stat.S_ISDIR(state.st_mode):
            if os.path.realpath(path) in {here, *above}:
                faults[called] = Fault(path, None, "this link leads back to a folder that it is in", "remove it")
                continue
            yield from _below(path, called, own, faults, above | {here})
        elif stat.S_ISREG(state.st_mode):
            yield Held(called, path, state.st_size)
        else:
            faults[called] = Fault(path, None, "this is a pipe or a device, not a file", "remove it")


def _misnamed(path: Path) -> Fault | None:
    """Refuse names that lists of files cannot hold: of bytes that are no text, or with a line's end in them."""
    name = path.name
    if name.isprintable():
        return None
    return Fault(path, None, "lists of files cannot hold this name", "give it one of letters, digits and signs")
