"""A file or a folder that its maker has not finished, and what killed makers left behind, into nothing.

Each is locked as long as its maker lives (``flock``, which ends with the process, however that ends), and has the name
by which it is found only once it is locked. So what has that name and can be locked is of nobody who lives. Where a
file system knows no locks, or the system no ``flock``, nothing is swept.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import stat
import time
from typing import TYPE_CHECKING, Final

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # a module has no other way not to be there

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Hidden, and nobody else's: they also lie beside what a person wrote.
_NAME: Final = re.compile(r"\.tape-player-[0-9a-f]{16}\.(?P<state>new|part|cut)")
# What is made a moment before it is locked, and has its own name a moment later.
_NEW: Final = 60  # seconds


@contextlib.contextmanager
def unfinished_file(folder: Path) -> Iterator[Path]:
    """Give an empty file in ``folder`` to write to; it is gone after the block, unless it was put elsewhere.

    :raise OSError: where the folder cannot be written.
    """
    new, part = _names(folder, "part")
    handle = os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666)
    try:
        _lock(handle)
        new.rename(part)
        yield part
    finally:
        for name in (new, part):
            name.unlink(missing_ok=True)
        os.close(handle)


@contextlib.contextmanager
def unfinished_folder(parent: Path) -> Iterator[Path]:
    """Give an empty folder in ``parent`` to work in; it is gone after the block, with what is in it.

    :raise OSError: where ``parent`` cannot be written.
    """
    new, place = _names(parent, "cut")
    new.mkdir(mode=0o700)
    with contextlib.ExitStack() as stack:
        for name in (new, place):
            stack.callback(shutil.rmtree, name, ignore_errors=True)
        handle = os.open(new, os.O_RDONLY)  # not inherited: it ends with this process, not with its ffmpeg
        stack.callback(os.close, handle)
        _lock(handle)
        new.rename(place)
        yield place


def sweep(folder: Path) -> None:
    """Remove what makers that were killed left in ``folder``: what is locked, or another user's, stays."""
    if fcntl is None:
        return
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if _NAME.fullmatch(entry.name)]
    except OSError:
        return
    for name in names:
        with contextlib.suppress(OSError):
            _sweep(folder / name)


def _sweep(left: Path) -> None:
    state = left.lstat()
    is_file, is_folder = stat.S_ISREG(state.st_mode), stat.S_ISDIR(state.st_mode)
    if not (is_file or is_folder) or state.st_uid != os.geteuid():
        return
    if left.suffix == ".new" and time.time() - state.st_mtime < _NEW:
        return
    # Over NFS only what is open to be written can be locked.
    how = os.O_RDONLY if is_folder else os.O_RDWR
    handle = os.open(left, how | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        if not _lock(handle):
            return
        if is_folder:
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink()
    finally:
        os.close(handle)


def _names(folder: Path, state: str) -> tuple[Path, Path]:
    name = f".tape-player-{secrets.token_hex(8)}"
    return folder / f"{name}.new", folder / f"{name}.{state}"


def _lock(handle: int) -> bool:
    """Lock what is open, if nobody has; tell whether it is."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
