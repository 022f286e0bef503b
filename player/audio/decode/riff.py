"""The head of a WAV file into where its samples lie, and what it is into a WAV file.

Source: Multimedia Programming Interface and Data Specifications 1.0 (IBM and Microsoft, 1991), chapters 2 (RIFF, LIST
INFO) and 3 (WAVE); WAVE_FORMAT_EXTENSIBLE as in RFC 2361 and mmreg.h. Python's own wave reads that only from 3.12.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player import files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import BinaryIO

_PCM: Final = 0x0001
_EXTENSIBLE: Final = 0xFFFE
_HEAD: Final = struct.Struct("<4sI")
_FORMAT: Final = struct.Struct("<HHIIHH")
_LARGEST: Final = 0xFFFFFFFF
# More chunks before the samples than any program writes; what is no WAV further on may seem to have millions.
_MOST_CHUNKS: Final = 1000
# A size that a program wrote which could not go back to correct it.
_UNKNOWN_SIZES: Final = (0, 0xFFFFFFFF)


@dataclass(frozen=True)
class Layout:
    """Where the samples of a PCM WAV lie: from byte ``offset``, ``length`` of ``bits`` in each of ``channels``.

    A file that was cut short has those that are there.
    """

    rate: int
    channels: int
    bits: int
    offset: int
    length: int


def layout(path: Path) -> Layout | None:
    """Read the head of the file at ``path``; None where it is no plain PCM WAV.

    :raise OSError: where the file cannot be read.
    """
    with files.opened(path) as file:
        if file.read(4) != b"RIFF" or len(file.read(4)) < 4 or file.read(4) != b"WAVE":  # noqa: PLR2004
            return None
        return _layout(file, path.stat().st_size)


def around(empty: bytes, size: int, fields: Mapping[str, str]) -> tuple[bytes, bytes] | None:
    """Give what stands before and after ``size`` bytes of samples in a WAV file; None where no WAV can hold so many.

    ``empty`` is such a file without samples. After them comes a LIST INFO chunk with ``fields``, by their ids of four
    letters, in UTF-8.
    """
    info = b"INFO"
    for name, text in fields.items():
        content = text.replace("\0", "").encode() + b"\0"
        info += _HEAD.pack(name.encode("ascii"), len(content)) + content + b"\0" * (len(content) % 2)
    # Chunks begin at even bytes.
    after = b"\0" * (size % 2) + _HEAD.pack(b"LIST", len(info)) + info
    whole = len(empty) - _HEAD.size + size + len(after)
    if whole > _LARGEST:
        return None
    before = _HEAD.pack(b"RIFF", whole) + empty[_HEAD.size : -_HEAD.size] + _HEAD.pack(b"data", size)
    return before, after


def _layout(file: BinaryIO, size: int) -> Layout | None:
    found: tuple[int, int, int, int] | None = None
    for _ in range(_MOST_CHUNKS):
        if len(head := file.read(_HEAD.size)) < _HEAD.size:
            break
        name, length = _HEAD.unpack(head)
        here = file.tell()
        if name == b"fmt ":
            found = _format(file.read(min(length, 64)))
            if found is None:
                return None
        elif name == b"data":
            if found is None:
                return None
            rate, channels, bits, block = found
            there = size - here
            # Of a file that is being replaced nothing may be there any more.
            known = max(0, there if length in _UNKNOWN_SIZES else min(length, there))
            return Layout(rate, channels, bits, here, known // block)
        # Chunks begin at even bytes.
        file.seek(here + length + length % 2)
    return None


def _format(chunk: bytes) -> tuple[int, int, int, int] | None:
    """Read a fmt chunk into rate, channels, bits and bytes per frame; None where it is no plain PCM."""
    if len(chunk) < _FORMAT.size:
        return None
    tag, channels, rate, _, block, bits = _FORMAT.unpack_from(chunk)
    if tag == _EXTENSIBLE:
        # The subformat's first two bytes are the tag of old; the valid bits may be fewer than the container's.
        valid, tag = struct.unpack_from("<H4xH", chunk, 18) if len(chunk) >= 26 else (0, 0)  # noqa: PLR2004
        bits = valid if valid == bits else 0
    plain = tag == _PCM and rate and block and block == channels * bits // 8
    return (rate, channels, bits, block) if plain else None
