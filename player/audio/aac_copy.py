"""Builds the head of an M4A around packets of another: tables of them, and an edit list that hides what is not wanted.

Decoders leave out what lies before the edit; of what lies after it, the samples by which the last packet is said to be
shorter than the others (measured: ffmpeg 9.0.2, Chromium 156, Firefox 153; that one reads the length alone). So the
packets end with the one in which the passage ends.

Sources: ISO/IEC 14496-12:2022, sections 4.3 (ftyp), 8.2 to 8.7 (moov); 10.1 (roll: a packet needs the one before it);
ISO/IEC 14496-14:2020, section 6.7 (mp4a, esds).
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from player.audio.aac_packets import EACH

if TYPE_CHECKING:
    from array import array

#: The most bytes that a file may have, and samples, where numbers of 32 bits count them; the latter are signed in part.
LARGEST: Final = (1 << 32) - 1
LONGEST: Final = (1 << 31) - 1
_UNIT: Final = struct.pack(">9I", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
_ONE: Final = 1 << 16
# "und", undetermined, in five bits a letter.
_LANGUAGE: Final = 0x55C4
_HIGHEST: Final = 0xFFFF
_TYPE: Final = b"M4A " + struct.pack(">I", 0x200) + b"M4A isomiso2"
#: What packets have before them in the file: the size and the name of their box.
BEFORE: Final = 8


def head(config: bytes, channels: int, rate: int, sizes: array[int], edit: tuple[int, int]) -> bytes:
    """Make all of a file that comes before its packets, which are so large.

    Of the samples that they give, the edit leaves out so many at the beginning, and has so many.
    """
    kind = _box(b"ftyp", _TYPE)
    length = len(kind) + len(_movie(config, channels, rate, sizes, edit, 0)) + BEFORE
    movie = _movie(config, channels, rate, sizes, edit, length)
    return kind + movie + struct.pack(">I4s", BEFORE + sum(sizes), b"mdat")


def _movie(config: bytes, channels: int, rate: int, sizes: array[int], edit: tuple[int, int], begin: int) -> bytes:
    """Make the box ``moov`` of packets that begin at a place in the file."""
    skip, length = edit
    times = struct.pack(">4I", 0, 0, rate, length)
    movie = _full(b"mvhd", times, struct.pack(">IH10x", _ONE, _ONE >> 8), _UNIT, bytes(24), struct.pack(">I", 2))
    track = _full(
        b"tkhd", struct.pack(">5I8x", 0, 0, 1, 0, length), struct.pack(">4xH2x", _ONE >> 8), _UNIT, bytes(8), flags=3
    )
    edits = _box(b"edts", _full(b"elst", struct.pack(">IIII", 1, length, skip, _ONE)))
    media = _full(b"mdhd", struct.pack(">4I", 0, 0, rate, skip + length), struct.pack(">H2x", _LANGUAGE))
    handler = _full(b"hdlr", bytes(4), b"soun", bytes(12), b"SoundHandler\0")
    here = _box(b"dinf", _full(b"dref", struct.pack(">I", 1), _full(b"url ", flags=1)))
    table = _box(b"stbl", _description(config, channels, rate), *_tables(rate, sizes, skip + length, begin))
    information = _box(b"minf", _full(b"smhd", bytes(4)), here, table)
    return _box(b"moov", movie, _box(b"trak", track, edits, _box(b"mdia", media, handler, information)))


def _description(config: bytes, channels: int, rate: int) -> bytes:
    stated = rate if rate <= _HIGHEST else 0
    entry = struct.pack(">6xH8xHH4xHH", 1, channels, 16, stated, 0)
    return _full(b"stsd", struct.pack(">I", 1), _box(b"mp4a", entry, _box(b"esds", config)))


def _tables(rate: int, sizes: array[int], total: int, begin: int) -> list[bytes]:
    count = len(sizes)
    last = total - (count - 1) * EACH
    times = [(count, EACH)] if last == EACH else [(count - 1, EACH), (1, last)]
    # Half a second each, as usual: some players read one at a time.
    each = max(1, rate // 2 // EACH)
    offsets = []
    for first in range(0, count, each):
        offsets.append(begin)
        begin += sum(sizes[first : first + each])
    rest = count - (len(offsets) - 1) * each
    runs = [(1, each, 1), (len(offsets), rest, 1)] if len(offsets) > 1 and rest < each else [(1, min(each, count), 1)]
    return [
        _table(b"stts", *times),
        _table(b"stsc", *runs),
        _full(b"stsz", struct.pack(f">II{count}I", 0, count, *sizes)),
        _table(b"stco", *((offset,) for offset in offsets)),
        _full(b"sgpd", b"roll", struct.pack(">IIh", 2, 1, -1), version=1),
        _full(b"sbgp", b"roll", struct.pack(">III", 1, count, 1)),
    ]


def _table(name: bytes, *entries: tuple[int, ...]) -> bytes:
    numbers = [number for entry in entries for number in entry]
    return _full(name, struct.pack(f">I{len(numbers)}I", len(entries), *numbers))


def _full(name: bytes, *contents: bytes, version: int = 0, flags: int = 0) -> bytes:
    return _box(name, bytes([version]), flags.to_bytes(3), *contents)


def _box(name: bytes, *contents: bytes) -> bytes:
    content = b"".join(contents)
    return struct.pack(">I4s", 8 + len(content), name) + content
