"""A file into its text, or into what keeps it from being one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from player.errors import ArchiveError, Fault

if TYPE_CHECKING:
    from pathlib import Path


def read_text(path: Path, most: int) -> str:
    """Read a UTF-8 file of at most ``most`` bytes, its line ends as they are and its byte order mark taken away.

    :raise ArchiveError: where it cannot be read, is too large, or is not UTF-8 (with the line of the first wrong byte).
    """
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= most and path.is_file() else None
    except OSError as error:
        what = f"the file cannot be read ({(error.strerror or 'unreadable').lower()})"
        raise ArchiveError([Fault(path, None, what, "put it there, readable")]) from None
    if size > most:
        what = f"the file is larger than {most // 1_000_000} MB"
        raise ArchiveError([Fault(path, None, what, "split it, or check what it is")])
    if content is None:
        what = "the file cannot be read (it is a folder, or a device)"
        raise ArchiveError([Fault(path, None, what, "put a file there")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = len(re.findall(rb"\r\n?|\n", content[: error.start])) + 1
        fault = Fault(path, line, f"byte 0x{content[error.start]:02x} is not UTF-8", "save the file as UTF-8")
        raise ArchiveError([fault]) from None
