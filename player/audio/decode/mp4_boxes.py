"""Walks the boxes of an MP4 file (ISO/IEC 14496-12:2022, section 4.2), and finds those of its first sound.

Only the heads of boxes are read, and no more of them than a file may reasonably have: sizes and counts may be anything.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from player.elsewhere import read_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import FileIO

_HEAD: Final = struct.Struct(">I4s")
_LARGE: Final = struct.Struct(">Q")
# The size that stands for a 64-bit size after the name, and the one for all that is left.
_IS_LARGE: Final = 1
_TO_THE_END: Final = 0
# More boxes side by side than any program writes; a recorder's fragments may be thousands.
_MOST_BOXES: Final = 100_000
#: What a full box begins with: version and flags; and what a table has next, the number of its entries.
VERSION: Final = struct.Struct(">B3x")
COUNT: Final = struct.Struct(">I")
# A handler's type follows four bytes (8.4.3).
_HANDLER: Final = struct.Struct(">8x4s")


class DamagedError(Exception):
    """A box is not what its place says, or not all there."""


def sound_of(file: FileIO, start: int, end: int) -> tuple[int, int] | None:
    """Find the first track of sound in the movie ``[start, end)``; None where there is none."""
    return next(
        (
            (begin, stop)
            for name, begin, stop in boxes(file, start, end)
            if name == b"trak" and _is_sound(file, begin, stop)
        ),
        None,
    )


def box(file: FileIO, start: int, end: int, *wanted: bytes) -> tuple[int, int] | None:
    """Find the first box of a name among those of ``[start, end)``, in it that of the next name, and so on.

    Gives where its content begins and ends; None where there is none.
    """
    found: tuple[int, int] | None = (start, end)
    for each in wanted:
        if found is None:
            return None
        found = next(((begin, stop) for name, begin, stop in boxes(file, *found) if name == each), None)
    return found


def boxes(file: FileIO, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Give the boxes that follow one another in ``[start, end)``: names, and where their contents begin and end.

    :raise DamagedError: where they cannot be followed.
    """
    for _ in range(_MOST_BOXES):
        if end - start < _HEAD.size:
            return
        size, name = _HEAD.unpack(content(file, start, end, _HEAD.size))
        begin = start + _HEAD.size
        if size == _IS_LARGE:
            (size,) = _LARGE.unpack(content(file, begin, end, _LARGE.size))
            begin += _LARGE.size
        stop = end if size == _TO_THE_END else start + size
        if not begin <= stop:
            raise DamagedError
        # A file that was cut short, or is still being written, has what is there.
        yield name, begin, min(stop, end)
        start = stop
    raise DamagedError


def content(file: FileIO, start: int, end: int, size: int) -> bytes:
    """Read ``size`` bytes from ``start`` on, which must lie before ``end``.

    :raise DamagedError: where they do not, or are not there.
    """
    found = read_at(file, size, start) if start + size <= end else b""
    if len(found) < size:
        raise DamagedError
    return found


def table(file: FileIO, start: int, end: int) -> tuple[int, int, int]:
    """Read the head of a table: its version, the number of its entries, and where they begin."""
    (version,) = VERSION.unpack(content(file, start, end, VERSION.size))
    start += VERSION.size
    (count,) = COUNT.unpack(content(file, start, end, COUNT.size))
    return int(version), int(count), start + COUNT.size


def _is_sound(file: FileIO, start: int, end: int) -> bool:
    handler = box(file, start, end, b"mdia", b"hdlr")
    if handler is None:
        return False
    (kind,) = _HANDLER.unpack(content(file, *handler, _HANDLER.size))
    return bool(kind == b"soun")
