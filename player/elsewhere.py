"""Tells which files only stand for what lies elsewhere, so that who opens a file need not know where its bytes are.

A sound in object storage has a file in the cache that stands for it: it has the sound's name, size and date, and none
of its bytes. Whoever opens a file by ``files.opened``, stamps one, or hands one to ffmpeg, asks here first. Where an
archive has only files there is no way to elsewhere, and asking costs the look at an empty table.
"""

from __future__ import annotations

import contextlib
import os
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from io import FileIO
    from pathlib import Path


class Way(Protocol):
    """How what a folder's files stand for is read."""

    def opened(self, path: Path) -> FileIO:
        """Open what the file at ``path`` stands for: a :class:`Distant`."""
        ...

    def called(self, path: Path) -> str:
        """Give the address that the file stands for."""
        ...

    def beside(self, path: Path) -> Mapping[str, Any]:
        """Give what others derived from what the file stands for, and put beside that, by kinds of the cache."""
        ...

    def copies(self, path: Path) -> Sequence[tuple[Path, Copy]]:
        """Give the access copies that lie beside what the file stands for, each with the file that stands for it."""
        ...

    def takes(self, path: Path) -> bool:
        """Tell whether copies can be put beside what the file stands for, by who may write there, and are found."""
        ...

    def handed(self, path: Path, start: int = 0, end: int | None = None) -> Sequence[str]:
        """Give ffmpeg's arguments, to stand before ``-i`` and with it, for the bytes ``[start, end)``."""
        ...

    def joined(self, path: Path, head: bytes, pieces: Sequence[range]) -> Sequence[str]:
        """Do the same for an input that begins with ``head``, which ``pieces`` of what the file stands for follow."""
        ...

    def over(self, arguments: Sequence[str]) -> None:
        """End what was handed to an ffmpeg in its ``arguments``.

        :raise AudioError: where it could not be given all that it asked for.
        """
        ...


class Copy(Protocol):
    """What is told of an access copy that lies beside a sound: its kind, its digest, its source's, what is silent."""

    @property
    def kind(self) -> str:
        """``"m4a"`` or ``"flac"``."""
        ...

    @property
    def sha256(self) -> str:
        """Its digest."""
        ...

    @property
    def made_from(self) -> str:
        """The digest of the sound that it was made from."""
        ...

    @property
    def silent(self) -> tuple[tuple[int, int], ...]:
        """The passages that are silent in it, in milliseconds."""
        ...


class Distant(Protocol):
    """What is open of what lies elsewhere, beyond what any file can."""

    #: The digest by which one content is told from another.
    parts: str

    def read_at(self, size: int, place: int) -> bytes:
        """Give the bytes at a place, without moving the position."""
        ...


_ways: Final[dict[Path, Way]] = {}
_patience: Final[ContextVar[float | None]] = ContextVar("patience", default=None)


def add(folder: Path, way: Way) -> None:
    """Have the files in the folders of ``folder`` stand for what ``way`` reads."""
    _ways[folder] = way


def way_of(path: Path) -> Way | None:
    """Give how that is read which the file at ``path`` stands for; None where it is a file like any other."""
    return _ways.get(path.parent.parent) if _ways else None


def called(path: Path) -> str | None:
    """Give the address of what the file at ``path`` stands for; None where it is a file like any other."""
    way = way_of(path)
    return None if way is None else way.called(path)


def beside(path: Path, kind: str) -> Any:
    """Give what others derived from what the file at ``path`` stands for; None where there is nothing of that kind."""
    way = way_of(path)
    return None if way is None else way.beside(path).get(kind)


def copies_of(path: Path) -> Sequence[tuple[Path, Copy]]:
    """Give the access copies that lie beside what the file at ``path`` stands for; none where it is like any other."""
    way = way_of(path)
    return () if way is None else way.copies(path)


def takes(path: Path) -> bool:
    """Tell whether copies can be put beside what the file at ``path`` stands for; not where it is like any other."""
    way = way_of(path)
    return way is not None and way.takes(path)


@contextlib.contextmanager
def hurried(seconds: float | None) -> Iterator[None]:
    """Within the block, wait no longer than this for who is to say what lies elsewhere; None waits to the end."""
    token = _patience.set(seconds)
    try:
        yield
    finally:
        _patience.reset(token)


def patience() -> float | None:
    """Give for how many seconds an answer is waited for; None where to its end."""
    return _patience.get()


def folders() -> list[Path]:
    """List the folders whose files stand for what lies elsewhere."""
    return list(_ways)


def read_at(file: FileIO, size: int, place: int) -> bytes:
    """Give the bytes at a place of an open file, wherever it lies, without moving its position.

    :raise OSError: where it cannot be read.
    :raise AudioError: where it lies elsewhere and cannot be had from there.
    """
    there = distant(file)
    return os.pread(file.fileno(), size, place) if there is None else there.read_at(size, place)


def distant(file: FileIO) -> Distant | None:
    """Give an open file as what it is if it lies elsewhere; None where it is a file like any other."""
    found: Any = file
    return found if _ways and hasattr(found, "read_at") else None


@contextlib.contextmanager
def handed(arguments: Sequence[str]) -> Iterator[None]:
    """Have an ffmpeg read what was handed to it in its ``arguments``, until the block ends.

    :raise AudioError: at that end, where it could not be given all that it asked for.
    """
    try:
        yield
    except BaseException:
        with contextlib.suppress(Exception):
            over(arguments)
        raise
    over(arguments)


def over(arguments: Sequence[str]) -> None:
    """End what was handed to an ffmpeg in its ``arguments``.

    :raise AudioError: where it could not be given all that it asked for.
    """
    for way in _ways.values():
        way.over(arguments)
