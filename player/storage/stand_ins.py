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
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from player import elsewhere, files
from player.roots import cache_folder
from player.storage import beside, copies_beside, objects
from player.storage.addresses import Address, parsed
from player.storage.bridge import Bridge
from player.storage.distant_file import DistantFile
from player.storage.faults import ChangedError, MissingError, StorageError
from player.storage.looks import Look

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from io import FileIO

    from player.storage.copies_beside import Beside

_KIND: Final = "elsewhere-1"
_ADDRESS: Final = ".address"
_SEEN: Final = ".seen"
#: Seconds for which what lies beside a sound is not asked for again.
_ASKED: Final = 60
# In seconds: after so many, what could not be asked is asked again.
_LET_BE: Final = 10
# Of how many sounds it is remembered: of ten hours each, 16 MB at most; and of how many it is which copies they have.
_HELD: Final = 16
_LISTED: Final = 4096


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


@lru_cache(maxsize=16)
def _way(home: Path) -> _StandIns:
    return _StandIns(home)


class _StandIns:
    """The way to what stand-ins stand for (``elsewhere.Way``)."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._bridge = Bridge()
        self._beside: dict[Path, tuple[Look, float, Mapping[str, Any]]] = {}
        self._copies: dict[Path, tuple[Look, float, tuple[Beside, ...]]] = {}
        # What a copy has to be, by the file that stands for it.
        self._told: dict[Path, Beside] = {}

    def opened(self, path: Path) -> FileIO:
        """Open what the file at ``path`` stands for, as it is now, or as it was when it last could be asked.

        :raise StorageError: where it cannot be told what it is.
        """
        address = address_of(path)
        try:
            seen = objects.look(address)
        except StorageError as error:
            # What was seen is still what pages say; who reads its bytes is told. A copy that is gone is no copy.
            known = None if isinstance(error, MissingError) and path in self._told else _seen(path)
            if known is None:
                raise
            seen = known
        else:
            _note(path, seen)
        if (told := self._told.get(path)) is not None and not told.is_at(seen):
            raise ChangedError(f"{address}: this is not the copy that was put there, and is not used")
        return DistantFile(path, address, seen)

    def called(self, path: Path) -> str:
        """Give the address that the file stands for."""
        return str(address_of(path))

    def beside(self, path: Path) -> Mapping[str, Any]:
        """Give what was derived from the sound by others, and lies beside it; it is asked for once a minute at most."""
        address, now = address_of(path), time.monotonic()
        try:
            if not beside.is_beside(address):
                return {}
            seen = objects.look(address)
            asked = self._beside.get(path)
            if asked is None or not _is_fresh(asked[0], asked[1], seen, address):
                asked = seen, now, beside.found(address, seen)
        except StorageError:
            return {}
        if asked is not self._beside.get(path):
            if len(self._beside) >= _HELD:
                self._beside.clear()  # what was used of it is in the cache
            self._beside[path] = asked
        return asked[2]

    def copies(self, path: Path) -> Sequence[tuple[Path, Beside]]:
        """Give the access copies beside the sound that are what was put there, each with what stands for it.

        Which there are is asked once a minute at most. While the storage does not answer, they are those of before.
        """
        address = address_of(path)
        try:
            told = self._listed(path, address) if beside.is_beside(address) else ()
        except StorageError:
            return []
        found = []
        for each in told:
            with contextlib.suppress(StorageError):
                copy = _made(self._home, each.place(address))
                self._told[copy] = each
                self.opened(copy).close()
                found.append((copy, each))
        return found

    def takes(self, path: Path) -> bool:
        """Tell whether copies can be put beside the sound, by who may write there, and are found; nothing is asked."""
        try:
            return beside.is_beside(address_of(path))
        except StorageError:
            return False

    def told(self, path: Path) -> list[Address]:
        """Give where the copies beside the sound lie of which is told there, whatever lies there now.

        :raise StorageError: where nobody knows.
        """
        address = address_of(path)
        return [each.place(address) for each in self._listed(path, address)] if beside.is_beside(address) else []

    def _listed(self, path: Path, address: Address) -> tuple[Beside, ...]:
        """Give what is told of copies beside a sound.

        :raise StorageError: where nobody knows.
        """
        asked, now = self._copies.get(path), time.monotonic()
        try:
            seen = objects.look(address)
        except StorageError:
            known = _seen(path)
            if asked is None or known is None or asked[0] != known:
                raise
            return asked[2]
        if asked is not None and _is_fresh(asked[0], asked[1], seen, address):
            return asked[2]
        try:
            told = copies_beside.listed(beside.found(address, seen))
        except StorageError:
            told = asked[2] if asked is not None and asked[0] == seen else ()
            now -= _ASKED - _LET_BE
        if len(self._copies) >= _LISTED:
            self._copies.clear()
        self._copies[path] = seen, now, told
        return told

    def handed(self, path: Path, start: int = 0, end: int | None = None) -> Sequence[str]:
        """Give ffmpeg's arguments for the bytes ``[start, end)``: an address of this process, which passes them on.

        :raise StorageError: where it cannot be told what it is.
        """
        with self.opened(path) as file:
            size = os.fstat(file.fileno()).st_size
        address = address_of(path)
        span = range(start, size if end is None else end)
        return self._bridge.given(address, objects.look(address), [span], is_part=end is not None)

    def joined(self, path: Path, head: bytes, pieces: Sequence[range]) -> Sequence[str]:
        """Give ffmpeg's arguments for an input that begins with ``head``, which pieces of the sound follow.

        :raise StorageError: where it cannot be told what the sound is.
        """
        address = address_of(path)
        return self._bridge.given(address, objects.look(address), pieces, is_part=True, head=head)

    def over(self, arguments: Sequence[str]) -> None:
        """End what was handed to an ffmpeg.

        :raise StorageError: where it could not be given all that it asked for.
        """
        self._bridge.over(arguments)


def _is_fresh(of: Look, at: float, seen: Look, address: Address) -> bool:
    """Tell whether what was asked at a time, of a sound as it was then, need not be asked again."""
    return of == seen and time.monotonic() - at <= _ASKED and at > beside.changed_at(address)


def told_copies(path: Path) -> list[Address]:
    """Give where the access copies lie of which is told beside what a file stands for.

    :raise StorageError: where nobody knows.
    """
    return _way(path.parent.parent).told(path)


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
