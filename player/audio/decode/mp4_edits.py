"""Reads the edit list of the first sound in an MP4 file: which part of what is coded is to be heard, and when.

An encoder's first packets hold samples that were never in the sound; an edit list says where that begins. Sources:
ISO/IEC 14496-12:2022, sections 4.2 (boxes), 8.4.3 (handlers), 8.6.5 and 8.6.6 (edits), 8.8.1 (fragments). Only the
heads of boxes are read, and no more of them than a file may reasonably have: sizes and counts may be anything.
"""

from __future__ import annotations

import os
import struct
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from player import files
from player.audio import cache
from player.errors import AudioError, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import FileIO
    from pathlib import Path

_HEAD: Final = struct.Struct(">I4s")
_LARGE: Final = struct.Struct(">Q")
# The size that stands for a 64-bit size after the name, and the one for all that is left.
_IS_LARGE: Final = 1
_TO_THE_END: Final = 0
# More boxes side by side than any program writes; a recorder's fragments may be thousands.
_MOST_BOXES: Final = 100_000
# Version and flags come first in a full box; a movie's unit follows two times, a handler's type four bytes.
_VERSION: Final = struct.Struct(">B3x")
_UNITS: Final = {0: struct.Struct(">12xI"), 1: struct.Struct(">20xI")}
_HANDLER: Final = struct.Struct(">8x4s")
_COUNT: Final = struct.Struct(">I")
# Duration in the movie's units, place in the media's units (-1 for none), rate as two 16-bit numbers; by version.
_ENTRIES: Final = {0: struct.Struct(">Iihh"), 1: struct.Struct(">Qqhh")}
# Nobody needs to know more of a list than that it is long.
_MOST_EDITS: Final = 16


@dataclass(frozen=True)
class Edits:
    """The edits of the first sound in a file: where each begins in the media, in its units, or -1 for a pause.

    ``lengths`` are in the movie's units, of which a second has ``unit``. There are none where there is no edit list;
    of a long one these are the first. ``is_fragmented`` tells whether the sound goes on in fragments, and
    ``is_steady`` whether every edit plays at the usual rate.
    """

    starts: tuple[int, ...]
    lengths: tuple[int, ...]
    unit: int
    is_fragmented: bool
    is_steady: bool


def edits(path: Path) -> Edits | None:
    """Give the edits of the first sound in the MP4 file at ``path``; None where its boxes cannot be followed.

    :raise AudioError: where the file cannot be read.
    """
    found = cache.derived(path, "edits-2", lambda: {"edits": asdict(known) if (known := read(path)) else None})
    return _from_json(found["edits"])


def read(path: Path) -> Edits | None:
    """Do the same, without the cache.

    :raise AudioError: where the file cannot be read.
    """
    try:
        with files.opened(path) as file:
            return _read(file, os.fstat(file.fileno()).st_size)
    except OSError as error:
        raise AudioError(unreadable(path, error)) from None
    except _DamagedError:
        return None


class _DamagedError(Exception):
    """A box is not what its place says, or not all there."""


def _from_json(kept: dict[str, Any] | None) -> Edits | None:
    return (
        None if kept is None else Edits(**{**kept, "starts": tuple(kept["starts"]), "lengths": tuple(kept["lengths"])})
    )


def _read(file: FileIO, size: int) -> Edits | None:
    movie = _box(file, 0, size, b"moov")
    if movie is None:
        return None
    is_fragmented = _box(file, *movie, b"mvex") is not None
    for name, start, end in _boxes(file, *movie):
        if name == b"trak" and _is_sound(file, start, end):
            editing = _box(file, start, end, b"edts")
            listed = None if editing is None else _box(file, *editing, b"elst")
            entries = [] if listed is None else _list(file, *listed)
            return Edits(
                tuple(start for _, start, _, _ in entries),
                tuple(length for length, _, _, _ in entries),
                _unit(file, *movie),
                is_fragmented,
                all((whole, part) == (1, 0) for _, _, whole, part in entries),
            )
    return None


def _unit(file: FileIO, start: int, end: int) -> int:
    """Give how many of a movie's units a second has."""
    head = _box(file, start, end, b"mvhd")
    if head is None:
        raise _DamagedError
    (version,) = _VERSION.unpack(_bytes(file, *head, _VERSION.size))
    if (unit := _UNITS.get(version)) is None:
        raise _DamagedError
    (found,) = unit.unpack(_bytes(file, *head, unit.size))
    return int(found)


def _is_sound(file: FileIO, start: int, end: int) -> bool:
    media = _box(file, start, end, b"mdia")
    handler = None if media is None else _box(file, *media, b"hdlr")
    if handler is None:
        return False
    (kind,) = _HANDLER.unpack(_bytes(file, *handler, _HANDLER.size))
    return bool(kind == b"soun")


def _list(file: FileIO, start: int, end: int) -> list[tuple[int, int, int, int]]:
    """Read the entries of an edit list: length, start, and the two parts of the rate."""
    (version,) = _VERSION.unpack(_bytes(file, start, end, _VERSION.size))
    start += _VERSION.size
    (count,) = _COUNT.unpack(_bytes(file, start, end, _COUNT.size))
    start += _COUNT.size
    entry = _ENTRIES.get(version)
    if entry is None or count * entry.size > end - start:
        raise _DamagedError
    listed = _bytes(file, start, end, min(count, _MOST_EDITS) * entry.size)
    return list(entry.iter_unpack(listed))


def _box(file: FileIO, start: int, end: int, wanted: bytes) -> tuple[int, int] | None:
    """Find the first box of a name among those of ``[start, end)``: where its content begins and ends."""
    return next(((begin, stop) for name, begin, stop in _boxes(file, start, end) if name == wanted), None)


def _boxes(file: FileIO, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Give the boxes that follow one another in ``[start, end)``: names, and where their contents begin and end."""
    for _ in range(_MOST_BOXES):
        if end - start < _HEAD.size:
            return
        size, name = _HEAD.unpack(_bytes(file, start, end, _HEAD.size))
        begin = start + _HEAD.size
        if size == _IS_LARGE:
            (size,) = _LARGE.unpack(_bytes(file, begin, end, _LARGE.size))
            begin += _LARGE.size
        stop = end if size == _TO_THE_END else start + size
        if not begin <= stop:
            raise _DamagedError
        # A file that was cut short, or is still being written, has what is there.
        yield name, begin, min(stop, end)
        start = stop
    raise _DamagedError


def _bytes(file: FileIO, start: int, end: int, size: int) -> bytes:
    found = os.pread(file.fileno(), size, start) if start + size <= end else b""
    if len(found) < size:
        raise _DamagedError
    return found
