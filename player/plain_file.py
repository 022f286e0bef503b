"""A path into an open file, if one is there; what is a pipe, a device or a folder is refused, not waited for."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from io import FileIO
    from pathlib import Path


def opened(path: Path) -> FileIO:
    """Open the file at ``path``, to be read.

    :raise OSError: where there is none, it may not be read, or something else is there.
    """
    # To open a pipe would wait for somebody who writes to it, to open a device may set it going.
    _refuse_others(path, os.stat(path))  # noqa: PTH116  # as os.open below
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    try:
        _refuse_others(path, os.fstat(handle))
        return os.fdopen(handle, "rb", buffering=0)
    except BaseException:
        os.close(handle)
        raise


def content(path: Path) -> bytes:
    """Give all that is in the file at ``path``.

    :raise OSError: as ``opened`` does.
    """
    with opened(path) as file:
        return file.read()


def _refuse_others(path: Path, state: os.stat_result) -> None:
    if stat.S_ISDIR(state.st_mode):
        raise IsADirectoryError(errno.EISDIR, "it is a folder", str(path))
    if not stat.S_ISREG(state.st_mode):
        raise OSError(errno.EINVAL, "it is no file, but a pipe or a device", str(path))
