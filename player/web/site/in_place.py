"""Puts a whole folder in the place of another: whoever looks there sees the one or the other, at any moment.

Linux lets two names change places in one step. Where a file system cannot, one folder is put aside and the other put in
its place; a process that is killed between the two leaves the first under a name by which the next one finds it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_OPEN: Final = 0o777
# renameat2(2): paths are those of this process; two names change places.
_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2


def put(folder: Path, target: Path) -> None:
    """Put a folder in the place of ``target``; what was there is gone, or stays at ``folder``, to be removed.

    :raise OSError: where that cannot be done; then all is as it was.
    """
    mask = os.umask(0)
    os.umask(mask)
    folder.chmod(_OPEN & ~mask)
    if not target.is_dir() or not any(target.iterdir()):
        folder.replace(target)
    elif not exchange(folder, target):
        aside = _aside(target)
        target.replace(aside)
        try:
            folder.replace(target)
        except OSError:
            aside.replace(target)
            raise
        shutil.rmtree(aside, ignore_errors=True)


def recover(target: Path, named: str) -> None:
    """Put back what a killed process had put aside of ``target``; remove it where a folder with ``named`` is there.

    :raise OSError: where that cannot be done.
    """
    aside = _aside(target)
    if not aside.is_dir():
        return
    if not os.path.lexists(target):
        aside.replace(target)
    elif (target / named).is_file():
        shutil.rmtree(aside, ignore_errors=True)


def exchange(one: Path, other: Path) -> bool:
    """Let two folders change places; tell whether system and file system could."""
    if sys.platform != "linux":
        return False
    import ctypes  # noqa: PLC0415  # 10 ms, which who only makes pages need not spend

    with suppress(OSError, AttributeError):  # a C library without it
        rename = ctypes.CDLL(None).renameat2
        return bool(rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0)
    return False


def _aside(target: Path) -> Path:
    """Name what is put aside of a folder: alike for each process, and as no other file is that this program writes."""
    return target.with_name(f".tape-player-{hashlib.sha256(os.fsencode(target.name)).hexdigest()[:16]}.before")
