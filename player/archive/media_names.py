"""Finds the file in ``media`` that a record means by the name of its sound.

File systems keep names apart that read alike: an accent may be one sign with its letter or a sign of its own (Unicode's
forms NFC and NFD), and capitals count or do not. An archive that was copied from one to another is the same archive. So
the file is found that has the name, else the one that has it in the other form, else the one that differs in capitals.
"""

from __future__ import annotations

import os
import unicodedata
from typing import TYPE_CHECKING

from player.errors import Advice, Fault, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from player.archive.recording import Record


def meant(path: Path) -> Sequence[Path]:
    """List the files that a record may mean which names ``path``: one where that is clear, none where none is like it.

    What is there by that very name is meant, whatever lies beside it.
    """
    if os.path.lexists(path):
        return [path]
    others = _alike(path)
    return [other for other in others if _composed(other.name) == _composed(path.name)] or others


def unclear(record: Record, name: str, files: Sequence[Path]) -> Fault:
    """Say that a record may mean any of several files."""
    called = " and ".join(quoted(file.name) for file in files)
    what = f"media/ has no file {quoted(name)}, but more than one with a similar name: {called}"
    return record.fault("media", what, "write the name of one of them exactly")


def faults(record: Record, alike: Iterable[Path]) -> Iterator[Fault]:
    """Give the files that cannot lie beside a recording's sound on every file system, of those named ``alike``."""
    media = record.media
    if media is None or record.lies_elsewhere or not os.path.lexists(media):
        return
    for other in alike:
        if other.name != media.name and not _is_same(other, media):
            what = f"on some file systems this would replace {quoted(media.name)}: {_difference(other, media)}"
            yield Fault(other, None, what, "give it another name, or remove it")


def advice(record: Record) -> Iterator[Advice]:
    """Say that the sound was found under a name that is not, to the letter, what its record writes."""
    media = record.media
    if media is not None and not record.lies_elsewhere and record.media_name not in {None, media.name}:
        named = media.with_name(str(record.media_name))
        what = f"the file in media/ is called {quoted(media.name)}: {_difference(named, media)}"
        remedy = "write this name here, or rename the file: other programs see two different names"
        yield Advice(record.path, record.line_of("media"), what, remedy)


def _alike(path: Path) -> list[Path]:
    """List the files beside ``path`` whose names differ from its own in nothing but form and capitals."""
    wanted = compared(path.name)
    try:
        return sorted(other for other in path.parent.iterdir() if compared(other.name) == wanted)
    except OSError:
        return []  # reported where it is read from


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _difference(one: Path, other: Path) -> str:
    if _composed(one.name) == _composed(other.name):
        return "the names look the same, but differ in how Unicode composes their letters (NFC, NFD)"
    return "the names differ only in capitals"


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def compared(name: str) -> str:
    """Write a name as all are alike that differ in nothing else (Unicode 15, section 3.13, D145)."""
    return (
        name.lower() if name.isascii() else unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold())
    )
