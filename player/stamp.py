"""Stamps a file, so that another stamp shows that the file may have changed.

Size and time of modification do not suffice: programs that write tags restore that time and keep the size, and so can
a copy of one sound over another. The time of the last change to the inode (``ctime``) is the kernel's own and cannot be
restored. Where a file system has no reliable one, as FAT, and where only the inode was changed, bytes from places all
over the file tell one sound from another. The inode's number is left out: file systems in user space may give a file
another one at each look.
"""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from player.elsewhere import distant, read_at, way_of
from player.files import opened

if TYPE_CHECKING:
    from collections.abc import Sequence
    from io import FileIO
    from pathlib import Path

# File systems stamp changes with a clock that ticks up to two seconds apart (FAT).
_TICK: Final = 2_000_000_000
# How many places of a file are read, from its beginning to its end, and how many bytes at each: 0.055 ms where they are
# in memory. Two recordings that begin and end in silence differ in most of them.
_PLACES: Final = 16
_PIECE: Final = 4096


@dataclass(frozen=True)
class Stamp:
    """Size in bytes, times of modification and of change in nanoseconds, and a digest of parts, where it was made.

    The times may be any: before 1970, or in the future, by a clock that was wrong.
    """

    size: int
    modified: int
    changed: int
    parts: str = ""

    @property
    def is_settled(self) -> bool:
        """Tell whether a further change would show: not within the tick of the clock in which the last one was made."""
        return abs(time.time_ns() - self.modified) >= _TICK

    @property
    def text(self) -> str:
        """The stamp as a short text that reveals no sizes or times: its ``lasting`` part, and a digest of all of it."""
        return f"{self.lasting}-{_short(self.size, self.modified, self.changed, self.parts)}"

    @property
    def lasting(self) -> str:
        """The part that stays when a file is moved, linked or gets another owner, which changes only its inode."""
        return _short(self.size, self.modified, self.parts)


def _short(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:10]


def of(state: os.stat_result) -> Stamp:
    """Make the stamp of a file from its state in the file system."""
    return Stamp(state.st_size, state.st_mtime_ns, state.st_ctime_ns)


def stamp(path: Path) -> Stamp:
    """Stamp the file at ``path`` by its state alone: for small files, of which there are many.

    :raise OSError: where nothing is there.
    """
    return of(path.stat()) if way_of(path) is None else close_stamp(path)


def close_stamp(path: Path) -> Stamp:
    """Stamp the file at ``path`` by its state and a digest of parts of it: for sounds.

    :raise OSError: where there is no file that can be read.
    """
    with opened(path) as file:
        return close_stamp_of(file)


def ends(path: Path) -> str:
    """Give a digest of the size, the first bytes and the last of the file at ``path``, whenever it was made or moved.

    :raise OSError: where there is no file that can be read.
    """
    with opened(path) as file:
        size = os.fstat(file.fileno()).st_size
        digest = hashlib.sha256(str(size).encode())
        _add(digest, file, [0, max(0, size - _PIECE)])
    return digest.hexdigest()


def close_stamp_of(file: FileIO) -> Stamp:
    """Do the same for an open file, without moving its position.

    :raise OSError: where it cannot be read.
    """
    found = of(os.fstat(file.fileno()))
    if (there := distant(file)) is not None:
        # Whatever stands for it here, and on another server, it is the same.
        return replace(found, changed=found.modified, parts=there.parts)
    last = max(0, found.size - _PIECE)
    places = sorted({last * place // (_PLACES - 1) for place in range(_PLACES)})
    digest = hashlib.sha256()
    _add(digest, file, places)
    return replace(found, parts=digest.hexdigest())


def _add(digest: hashlib._Hash, file: FileIO, places: Sequence[int]) -> None:
    """Add what stands at each of some places of an open file, without moving its position."""
    for place in places:
        digest.update(read_at(file, _PIECE, place))
