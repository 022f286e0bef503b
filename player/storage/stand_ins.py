"""Has files in the cache stand for sounds that lie elsewhere, and reads these where such a file is opened.

A stand-in has the name of the sound, and its size and date, as a hole in the file: none of its bytes are here. So what
asks for those asks as of any file, and no network: a page of a recording is there while the storage is not. What was
last seen of it lies beside its folder, with its address.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from functools import lru_cache
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from player import elsewhere, files
from player.roots import cache_folder
from player.storage import beside, objects
from player.storage.addresses import Address, parsed
from player.storage.bridge import Bridge
from player.storage.faults import StorageError
from player.storage.looks import Look

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from _typeshed import WriteableBuffer

_KIND: Final = "elsewhere-1"
_ADDRESS: Final = ".address"
_SEEN: Final = ".seen"
# What is read in order is fetched ahead, twice as much each time, up to so many bytes.
_FIRST: Final = 1 << 12
_AHEAD: Final = 1 << 20
#: Seconds for which what lies beside a sound is not asked for again.
_ASKED: Final = 60
# Of how many sounds it is remembered: of ten hours each, 2 MB.
_HELD: Final = 16


def stand_in(address: Address) -> Path:
    """Give the file that stands for the sound at an address; nothing is asked for it.

    :raise StorageError: where there is no folder for it.
    """
    root = cache_folder()
    if root is None:
        raise StorageError(f"{address}: {_NOWHERE}")
    return _made(Path(os.path.realpath(root)) / _KIND, address)


_NOWHERE: Final = "there is no folder in which a file could stand for it; set PLAYER_CACHE to one that can be written"


def _made(home: Path, address: Address) -> Path:
    path = home / hashlib.sha256(str(address).encode()).hexdigest()[:32] / address.name
    elsewhere.add(home, _way(home))
    if path.is_file():
        return path
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with files.new_file(path.parent.with_suffix(_ADDRESS), force=True) as beside:
            beside.write_text(str(address), encoding="utf-8")
        with contextlib.suppress(FileExistsError), files.new_file(path):
            pass
    except OSError:
        raise StorageError(f"{address}: {_NOWHERE}") from None
    return path


def is_public(path: Path) -> bool:
    """Tell whether anybody may have what a file stands for; where that cannot be asked, it seems not to be so."""
    from player.storage import s3, web  # noqa: PLC0415  # for a check

    address = address_of(path)
    try:
        if address.scheme == "s3":
            s3.look(address, is_signed=False)
        else:
            web.look(address)
    except StorageError:
        return False
    return True


@lru_cache(maxsize=16)
def _way(home: Path) -> _StandIns:
    return _StandIns(home)


class _StandIns:
    """The way to what stand-ins stand for (``elsewhere.Way``)."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._bridge = Bridge()
        self._beside: dict[Path, tuple[Look, float, Mapping[str, Any]]] = {}

    def opened(self, path: Path) -> FileIO:
        """Open what the file at ``path`` stands for, as it is now, or as it was when it last could be asked.

        :raise StorageError: where it cannot be told what it is.
        """
        address = address_of(path)
        try:
            seen = objects.look(address)
        except StorageError:
            # What was seen is still what pages say; who reads its bytes is told.
            known = _seen(path)
            if known is None:
                raise
            seen = known
        else:
            _note(path, seen)
        return DistantFile(path, address, seen)

    def called(self, path: Path) -> str:
        """Give the address that the file stands for."""
        return str(address_of(path))

    def beside(self, path: Path) -> Mapping[str, Any]:
        """Give what was derived from the sound by others, and lies beside it; it is asked for once a minute at most."""
        address, now = address_of(path), time.monotonic()
        try:
            seen = objects.look(address)
        except StorageError:
            return {}
        if (asked := self._beside.get(path)) is None or asked[0] != seen or now - asked[1] > _ASKED:
            asked = seen, now, beside.found(address, seen)
            if len(self._beside) >= _HELD:
                self._beside.clear()  # what was used of it is in the cache
            self._beside[path] = asked
        return asked[2]

    def handed(self, path: Path, start: int = 0, end: int | None = None) -> Sequence[str]:
        """Give ffmpeg's arguments for the bytes ``[start, end)``: an address of this process, which passes them on.

        :raise StorageError: where it cannot be told what it is.
        """
        with self.opened(path) as file:
            size = os.fstat(file.fileno()).st_size
        address = address_of(path)
        return self._bridge.given(
            address, objects.look(address), range(start, size if end is None else end), is_part=end is not None
        )

    def over(self, arguments: Sequence[str]) -> None:
        """End what was handed to an ffmpeg.

        :raise StorageError: where it could not be given all that it asked for.
        """
        self._bridge.over(arguments)


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


def address_of(path: Path) -> Address:
    """Give the address of what a file stands for.

    :raise StorageError: where nobody knows.
    """
    try:
        text = files.content(path.parent.with_suffix(_ADDRESS)).decode()
    except OSError:
        text = ""
    found = parsed(text)
    if found is None:
        raise StorageError(f"{path}: nobody knows what this file stands for; remove its folder")
    return found


def _seen(path: Path) -> Look | None:
    """Give what was seen of it when it was last looked at."""
    with contextlib.suppress(OSError, ValueError, TypeError):
        found: Any = json.loads(files.content(path.parent.with_suffix(_SEEN)))
        return Look(int(found["size"]), str(found["tag"]), int(found["modified"]))
    return None


def _note(path: Path, seen: Look) -> None:
    """Have the stand-in be what was seen: a file of that size and date, with nothing in it."""
    state = path.stat()
    if (state.st_size, state.st_mtime_ns) == (seen.size, seen.modified) and _seen(path) == seen:
        return
    try:
        with files.new_file(path, force=True) as beside:
            os.truncate(beside, seen.size)
            os.utime(beside, ns=(seen.modified, seen.modified))
        with files.new_file(path.parent.with_suffix(_SEEN), force=True) as beside:
            beside.write_text(
                json.dumps({"size": seen.size, "tag": seen.tag, "modified": seen.modified}), encoding="utf-8"
            )
    except OSError:
        raise StorageError(f"{address_of(path)}: {_NOWHERE}") from None
