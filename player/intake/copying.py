"""Copies a sound into an archive as it is, with its digest; finds whether there is room, and whether it is there."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

from player import files
from player.audio import cache
from player.errors import AddError, AudioError, WriteError, reason, shown, unreadable
from player.stamp import close_stamp_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from player.archive.archive import Archive

_PIECE: Final = 1 << 20
# Beside the files themselves: what the file system needs for them, and for the cache.
_MARGIN: Final = 8_000_000  # bytes
#: The folder of ``media`` in which the sounds lie of which one was joined.
PARTS: Final = "parts"


def copied(source: Path, target: Path, progress: Callable[[float], object]) -> str:
    """Copy the file at ``source`` to ``target``, with its time of modification, and give its SHA-256.

    :raise AddError: where it cannot be read, or is changed meanwhile.
    :raise OSError: where the copy cannot be written.
    """
    digest = hashlib.sha256()
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(files.opened(source))
            before = close_stamp_of(file)
        except OSError as error:
            raise AddError(unreadable(source, error)) from None
        copy = stack.enter_context(target.open("wb", buffering=0))
        done = 0
        # A file that is still being written could grow as fast as it is copied.
        while done <= before.size and (piece := _read(source, file.read, _PIECE)):
            digest.update(piece)
            write_all(copy.write, piece)
            done += len(piece)
            progress(done / max(done, before.size))
        os.fsync(copy.fileno())
        if done != before.size or close_stamp_of(file) != before:
            raise AddError(f"{shown(source)}: the file changed while it was copied; add it once it is complete")
    # When a tape was digitised may be known by nothing else.
    with contextlib.suppress(OSError):
        os.utime(target, ns=(before.modified, before.modified))
    return digest.hexdigest()


def refuse_unlike(copy: Path, digest: str) -> None:
    """Read a copy back from the disk, before its original is removed.

    :raise AddError: where it has another digest.
    """
    read = hashlib.sha256()
    try:
        with files.opened(copy) as file:
            if hasattr(os, "posix_fadvise"):
                # Not from memory, where what was written still lies.
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            while piece := file.read(_PIECE):
                read.update(piece)
    except OSError as error:
        raise AddError(unreadable(copy, error)) from None
    if read.hexdigest() != digest:
        raise AddError(
            f"{shown(copy)}: the copy reads otherwise than what was written, so the original was left where it is; "
            "check the disk"
        )


def refuse_full(folder: Path, size: int) -> None:
    """Refuse to begin where there is no room for ``size`` bytes.

    :raise WriteError: naming how much there is.
    """
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return  # what cannot be asked is found out by writing
    if free < size + _MARGIN:
        needed = f"{_megabytes(size + _MARGIN)} are needed, {_megabytes(_MARGIN)} of them to spare"
        raise WriteError(
            f"{shown(folder)}: there is no room: {needed}, and {_megabytes(free)} are free; free some space"
        )


def refuse_unwritable(archive: Archive) -> None:
    """Refuse to begin where nothing may be written.

    :raise WriteError: naming the folder.
    """
    for folder in (archive.transcripts, archive.media):
        there = folder if folder.exists() else folder.parent
        if not os.access(there, os.W_OK | os.X_OK):
            raise WriteError(f"{shown(there)}: you may not write there; get permission, or name another archive")


def held_already(archive: Archive, path: Path) -> Path | None:
    """Give the file of the archive that is the same as the one at ``path``; None where there is none.

    Only those of the same size are read.

    :raise AddError: where the file at ``path`` cannot be read.
    """
    try:
        size, wanted = path.stat().st_size, None
        for other in _media(archive.media):
            if _size(other) == size:
                wanted = wanted or cache.digest(path)
                with contextlib.suppress(AudioError):  # reported by player check
                    if cache.digest(other) == wanted:
                        return other
    except OSError as error:
        raise AddError(f"{shown(path)}: the file cannot be read ({reason(error)})") from None
    return None


def _media(folder: Path) -> Iterator[Path]:
    """List the sounds that an archive holds, and the parts of those that were joined."""
    for entry in _entries(folder):
        if entry.name != PARTS:
            yield Path(entry.path)
    for inner in _entries(folder / PARTS):
        yield from (Path(entry.path) for entry in _entries(Path(inner.path)))


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return sorted((each for each in found if not each.name.startswith(".")), key=lambda each: each.name)
    except OSError:
        return []


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size if path.is_file() else None
    except OSError:
        return None


def _read(path: Path, read: Callable[[int], bytes], size: int) -> bytes:
    try:
        return read(size)
    except OSError as error:
        raise AddError(unreadable(path, error)) from None


def write_all(write: Callable[[bytes], int | None], piece: bytes) -> None:
    """Write all of a piece, where a single call may write less."""
    while piece:
        piece = piece[write(piece) or 0 :]


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
