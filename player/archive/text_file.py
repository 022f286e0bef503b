"""Reads a text file, or says on which line it is not UTF-8."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from player.errors import ArchiveError, Fault

if TYPE_CHECKING:
    from pathlib import Path

_REMEDY: Final = "save the file as UTF-8"
_LINE_END: Final = re.compile(rb"\r\n?|\n")
_UTF_16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
# So many bytes tell UTF-16 without a mark: in what is written in Latin letters every other one is NUL.
_BEGINNING: Final = 64


def read_text(path: Path, most: int) -> str:
    """Read a UTF-8 file of at most ``most`` bytes, its line ends as they are and its byte order mark taken away.

    :raise ArchiveError: where it cannot be read, is too large, or is not UTF-8 (with the line of the first wrong byte).
    """
    text, faults = read_decoded(path, most)
    if faults:
        raise ArchiveError(faults[:1])
    return text


def read_decoded(path: Path, most: int) -> tuple[str, tuple[Fault, ...]]:
    """Read a file as ``read_text`` does, but put U+FFFD where bytes are not UTF-8, and give a fault for each such line.

    That is how browsers decode a transcript (https://encoding.spec.whatwg.org, section 6, UTF-8 decode).

    :raise ArchiveError: where it cannot be read, is too large, or is UTF-16 as a whole.
    """
    content = _content(path, most)
    if _is_utf_16(content):
        raise ArchiveError([Fault(path, 1, "the file is UTF-16, not UTF-8", _REMEDY)])
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        faults = tuple(
            Fault(path, number, f"byte 0x{line[wrong]:02x} is not UTF-8", _REMEDY)
            for number, line in enumerate(_LINE_END.split(content), 1)
            if (wrong := _wrong_byte(line)) is not None
        )
        return content.decode("utf-8-sig", errors="replace"), faults


def _content(path: Path, most: int) -> bytes:
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= most and path.is_file() else None
    except OSError as error:
        what = f"the file cannot be read ({(error.strerror or 'unreadable').lower()})"
        raise ArchiveError([Fault(path, None, what, "check that it is there and that you may read it")]) from None
    if size > most:
        what = f"the file is larger than {most // 1_000_000} MB"
        raise ArchiveError([Fault(path, None, what, "split it, or check what it is")])
    if content is None:
        what = "the file cannot be read (it is a folder, or a device)"
        raise ArchiveError([Fault(path, None, what, "put a file in its place")])
    return content


def _is_utf_16(content: bytes) -> bool:
    first, second = content[:_BEGINNING:2], content[1:_BEGINNING:2]
    is_half_nul = any(
        one and not one.strip(b"\0") and b"\0" not in other for one, other in ((first, second), (second, first))
    )
    return content[:2] in _UTF_16_MARKS or is_half_nul


def _wrong_byte(line: bytes) -> int | None:
    """Give the place of the first byte in a line that is not UTF-8; no sign of more bytes than one has a line end."""
    try:
        line.decode()
    except UnicodeDecodeError as error:
        return error.start
    return None
