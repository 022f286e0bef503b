"""Draws the square picture of a feed: two reels and the tape between them, as a PNG.

Apps want 1,400 to 3,000 pixels a side (https://podcasters.apple.com/support/896), and show it far smaller. It is drawn
row by row, in three colours, without another library.
"""

from __future__ import annotations

import struct
import zlib
from functools import cache
from math import cos, isqrt, pi, sin
from typing import Final

#: Its side, in pixels.
SIDE: Final = 3000
# The paper, the accent and the ink of the pages.
_COLOURS: Final = bytes.fromhex("fcf9f28b1a1a1f1b16")
_PAPER, _ACCENT, _INK = range(3)
# Reels: their middles, how large they are, how much tape is on each.
_REELS: Final = ((900, 1150, 500), (2100, 1150, 360))
_FLANGE: Final = 560
_HUB: Final = 130
_HOLE: Final = 75
_AWAY: Final = 245
_TAPE: Final = 2000
_HEAD: Final = 26


@cache
def picture() -> bytes:
    """Give the picture; always the same bytes."""
    rows = [bytearray(SIDE) for _ in range(SIDE)]
    for x, y, wound in _REELS:
        _ring(rows, x, y, _FLANGE, _FLANGE - 22, _INK)
        _disc(rows, x, y, wound, _ACCENT)
        _disc(rows, x, y, _HUB, _PAPER)
        for turn in range(3):
            angle = 2 * pi * turn / 3 + 0.4
            _disc(rows, round(x + _AWAY * cos(angle)), round(y + _AWAY * sin(angle)), _HOLE, _PAPER)
        _ring(rows, x, y, _HUB, _HUB - 22, _INK)
    for row in rows[_TAPE : _TAPE + _HEAD]:
        row[340:2660] = bytes([_ACCENT]) * 2320
    for x in range(368, 2620, 60):
        # An outline, of no sound in particular.
        height = round(40 + 160 * abs(sin(x / 231) * cos(x / 97)))
        for row in rows[_TAPE + 320 - height : _TAPE + 320 + height]:
            row[x : x + 24] = bytes([_INK]) * 24
    packed = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    head = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 3, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"PLTE", _COLOURS)
        + _chunk(b"IDAT", packed)
        + _chunk(b"IEND")
    )


def _disc(rows: list[bytearray], x: int, y: int, radius: int, colour: int) -> None:
    for down in range(-radius, radius + 1):
        half = isqrt(radius * radius - down * down)
        rows[y + down][x - half : x + half] = bytes([colour]) * (2 * half)


def _ring(rows: list[bytearray], x: int, y: int, outer: int, inner: int, colour: int) -> None:
    for down in range(-outer, outer + 1):
        half = isqrt(outer * outer - down * down)
        hollow = isqrt(inner * inner - down * down) if abs(down) <= inner else 0
        rows[y + down][x - half : x - hollow] = bytes([colour]) * (half - hollow)
        rows[y + down][x + hollow : x + half] = bytes([colour]) * (half - hollow)


def _chunk(name: bytes, held: bytes = b"") -> bytes:
    return struct.pack(">I", len(held)) + name + held + struct.pack(">I", zlib.crc32(name + held))
