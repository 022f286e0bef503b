"""Draws the square picture of a feed, a PNG: two reels and the tape between them, and what it is called.

Apps want 1,400 to 3,000 pixels a side, in RGB (https://podcasters.apple.com/support/896), and show it far smaller. It
is drawn row by row. Letters need Pillow and a font that has them; without these there is the outline of a sound.
"""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache
from math import cos, isqrt, pi, sin
from typing import Final

from player.publish import lettering

#: Its side, in pixels.
SIDE: Final = 3000
# The paper, the accent and the ink of the pages; then each shade from the paper to the ink, and to the accent, in
# which the rims of letters are.
_PAPER, _ACCENT, _INK = range(3)
_BASE: Final = ((0xFC, 0xF9, 0xF2), (0x8B, 0x1A, 0x1A), (0x1F, 0x1B, 0x16))
_SHADES: Final = 16
# Reels: their middles from the left, how much tape is on each; how far down their middles are, with letters and
# without.
_REELS: Final = ((900, 500), (2100, 360))
_DOWN: Final = 1150
_DOWN_WITH_LETTERS: Final = 800
_FLANGE: Final = 560
_HUB: Final = 130
_HOLE: Final = 75
_AWAY: Final = 245
# The tape, below the middles.
_TAPE: Final = 850
_TAPE_WITH_LETTERS: Final = 680
_HEAD: Final = 26
# Letters: where they are, and how large, from one edge to the other.
_MARGIN: Final = 220
_TOP: Final = 1600
_ROOM: Final = 1240
_SIZES: Final = (400, 340, 290, 250, 210)
_SMALL_SIZES: Final = (170, 150, 130)
# What of it the name of an archive has below that of a series, and what is between the two.
_SMALL_ROOM: Final = 390
_AIR: Final = 60


@lru_cache(maxsize=16)  # of some 100 kB each; one takes 100 ms
def picture(name: str = "", series: str | None = None) -> bytes:
    """Give the picture of an archive's feed, or of that of a series of it; always the same bytes."""
    rows = [bytearray(SIDE) for _ in range(SIDE)]
    if _letter(rows, name, series):
        _reels(rows, _DOWN_WITH_LETTERS, _TAPE_WITH_LETTERS)
    else:
        _reels(rows, _DOWN, _TAPE)
        _outline(rows, _DOWN + _TAPE + 320)
    return _written(rows)


def _letter(rows: list[bytearray], name: str, series: str | None) -> bool:
    """Write what it is called; tell whether that could be done."""
    if not lettering.can_draw():
        return False
    from PIL import Image, ImageDraw  # noqa: PLC0415  # an extra, and it takes 60 ms

    width = SIDE - 2 * _MARGIN
    large = lettering.fitted(series or name, width, _ROOM - (_SMALL_ROOM if series else 0), _SIZES)
    small = lettering.fitted(name, width, _SMALL_ROOM - _AIR, _SMALL_SIZES) if series and large else None
    if large is None:
        return False
    high = large.height + (small.height + _AIR if small else 0)
    top = _TOP + (_ROOM - high) // 2
    for lines, colour in ((large, _INK), (small, _ACCENT)):
        if lines is None:
            continue
        # How much of the ink is where.
        drawn = Image.new("L", (width, lines.height), 0)
        lines.draw(ImageDraw.Draw(drawn), 0, width, 0, 255)
        shades = bytes(_shade(colour, ink * (_SHADES - 1) // 255) for ink in range(256))
        ink = drawn.tobytes().translate(shades)
        for row in range(lines.height):
            rows[top + row][_MARGIN : _MARGIN + width] = ink[row * width : (row + 1) * width]
        top += lines.height + _AIR
    return True


def _reels(rows: list[bytearray], down: int, below: int) -> None:
    """Draw the reels, and below their middles the tape."""
    for x, wound in _REELS:
        _ring(rows, x, down, _FLANGE, _FLANGE - 22, _INK)
        _disc(rows, x, down, wound, _ACCENT)
        _disc(rows, x, down, _HUB, _PAPER)
        for turn in range(3):
            angle = 2 * pi * turn / 3 + 0.4
            _disc(rows, round(x + _AWAY * cos(angle)), round(down + _AWAY * sin(angle)), _HOLE, _PAPER)
        _ring(rows, x, down, _HUB, _HUB - 22, _INK)
    for row in rows[down + below : down + below + _HEAD]:
        row[340:2660] = bytes([_ACCENT]) * 2320


def _outline(rows: list[bytearray], middle: int) -> None:
    """Draw an outline, of no sound in particular."""
    for x in range(368, 2620, 60):
        height = round(40 + 160 * abs(sin(x / 231) * cos(x / 97)))
        for row in rows[middle - height : middle + height]:
            row[x : x + 24] = bytes([_INK]) * 24


def _shade(colour: int, share: int) -> int:
    """Give the number of a shade between the paper and a colour."""
    return len(_BASE) + (colour - 1) * _SHADES + share


def _colours() -> list[tuple[int, int, int]]:
    found = list(_BASE)
    for colour in _BASE[1:]:
        for share in range(_SHADES):
            mixed = [round(a + (b - a) * share / (_SHADES - 1)) for a, b in zip(_BASE[_PAPER], colour, strict=True)]
            found.append((mixed[0], mixed[1], mixed[2]))
    return found


def _written(rows: list[bytearray]) -> bytes:
    """Write rows of numbers of colours as a PNG in RGB, a row at a time: all at once would take 27 MB."""
    colours = _colours()
    tables = [bytes(each[part] for each in colours).ljust(256, b"\0") for part in range(3)]
    packing = zlib.compressobj(6)
    packed = bytearray()
    line = bytearray(3 * SIDE + 1)
    for row in rows:
        for part, table in enumerate(tables):
            line[part + 1 :: 3] = row.translate(table)
        packed += packing.compress(line)
    packed += packing.flush()
    head = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", bytes(packed)) + _chunk(b"IEND")


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
