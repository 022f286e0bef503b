"""Reads the edit list of the first sound in an MP4 file: which part of what is coded is to be heard, and when.

An encoder's first packets hold samples that were never in the sound; an edit list says where that begins. Sources:
ISO/IEC 14496-12:2022, sections 8.6.5 and 8.6.6 (edits), 8.8.1 (fragments).
"""

from __future__ import annotations

import os
import struct
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from player import files
from player.audio import cache
from player.audio.decode.mp4_boxes import VERSION, DamagedError, box, content, sound_of, table
from player.errors import AudioError, unreadable

if TYPE_CHECKING:
    from io import FileIO
    from pathlib import Path

# A movie's unit follows version, flags and two times.
_UNITS: Final = {0: struct.Struct(">12xI"), 1: struct.Struct(">20xI")}
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
    except DamagedError:
        return None


def _from_json(kept: dict[str, Any] | None) -> Edits | None:
    return (
        None if kept is None else Edits(**{**kept, "starts": tuple(kept["starts"]), "lengths": tuple(kept["lengths"])})
    )


def _read(file: FileIO, size: int) -> Edits | None:
    movie = box(file, 0, size, b"moov")
    if movie is None:
        return None
    is_fragmented = box(file, *movie, b"mvex") is not None
    sound = sound_of(file, *movie)
    if sound is None:
        return None
    listed = box(file, *sound, b"edts", b"elst")
    entries = [] if listed is None else _list(file, *listed)
    return Edits(
        tuple(start for _, start, _, _ in entries),
        tuple(length for length, _, _, _ in entries),
        _unit(file, *movie),
        is_fragmented,
        all((whole, part) == (1, 0) for _, _, whole, part in entries),
    )


def _unit(file: FileIO, start: int, end: int) -> int:
    """Give how many of a movie's units a second has."""
    head = box(file, start, end, b"mvhd")
    if head is None:
        raise DamagedError
    (version,) = VERSION.unpack(content(file, *head, VERSION.size))
    if (unit := _UNITS.get(version)) is None:
        raise DamagedError
    (found,) = unit.unpack(content(file, *head, unit.size))
    return int(found)


def _list(file: FileIO, start: int, end: int) -> list[tuple[int, int, int, int]]:
    """Read the entries of an edit list: length, start, and the two parts of the rate."""
    version, count, start = table(file, start, end)
    entry = _ENTRIES.get(version)
    if entry is None or count * entry.size > end - start:
        raise DamagedError
    listed = content(file, start, end, min(count, _MOST_EDITS) * entry.size)
    return list(entry.iter_unpack(listed))
