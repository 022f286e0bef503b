"""Reads a file whose bytes lie elsewhere as any open file is read."""

from __future__ import annotations

import hashlib
import os
from io import FileIO
from typing import TYPE_CHECKING, Final

from player.storage import objects

if TYPE_CHECKING:
    from pathlib import Path

    from _typeshed import WriteableBuffer

    from player.storage.addresses import Address
    from player.storage.looks import Look

# What is read in order is fetched ahead, twice as much each time, up to so many bytes.
_FIRST: Final = 1 << 12
_AHEAD: Final = 1 << 20


class DistantFile(FileIO):
    """An open file whose bytes lie elsewhere: as many are asked for as are read, and some ahead where all are."""

    def __init__(self, path: Path, address: Address, seen: Look) -> None:
        super().__init__(path, "rb")
        self.address = address
        self.seen = seen
        #: The digest by which one content is told from another.
        self.parts = hashlib.sha256(f"{seen.size} {seen.tag}".encode()).hexdigest()
        self._at = 0
        self._held, self._from = b"", 0
        self._ahead = _FIRST

    def read_at(self, size: int, place: int) -> bytes:
        """Give the bytes at a place, without moving the position.

        :raise StorageError: where they cannot be had.
        """
        return objects.read(self.address, self.seen, place, place + size)

    def read(self, size: int | None = -1, /) -> bytes:
        """Read the next bytes: so many, or all that are left.

        :raise StorageError: where they cannot be had.
        """
        left = max(0, self.seen.size - self._at)
        size = left if size is None or size < 0 else min(size, left)
        found = self._next(size)
        self._at += len(found)
        return found

    def readall(self) -> bytes:
        """Read all that is left."""
        return self.read()

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Read as many bytes as the buffer takes; give how many that were."""
        view = memoryview(buffer).cast("B")
        found = self.read(min(len(view), _AHEAD))
        view[: len(found)] = found
        return len(found)

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Go to a place, counted from the beginning, from here or from the end."""
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.seen.size}[whence]
        self._at = max(0, origin + offset)
        return self._at

    def tell(self) -> int:
        """Give the place of the next byte."""
        return self._at

    def _next(self, size: int) -> bytes:
        start = self._at - self._from
        if start >= 0 and start + size <= len(self._held):
            return self._held[start : start + size]
        is_next = self._held and self._at == self._from + len(self._held)
        if not is_next or size >= self._ahead:
            # Nobody knows that more will be read, or enough is read at a time.
            self._ahead = _FIRST
            self._from, self._held = self._at, self.read_at(size, self._at)
            return self._held
        self._ahead = min(2 * self._ahead, _AHEAD)
        self._from, self._held = self._at, self.read_at(self._ahead, self._at)
        return self._held[:size]
