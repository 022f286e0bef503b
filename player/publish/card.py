"""Draws the picture that stands beside a link: what is heard, the outline of its sound, and which passage is meant.

Pillow draws it, an extra (``cards``); without that there is none. Words for which there is no font are left out of the
picture, for what shows it has the title beside it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from player.publish import lettering

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL.ImageDraw import ImageDraw

#: What sites ask for that show a large picture, in pixels.
WIDTH: Final = 1200
HEIGHT: Final = 630
KIND: Final = "image/png"

# The colours of static/css/tokens.css, by day.
_PAPER, _INK, _SOFT, _ACCENT, _WAVE, _RULE = "#fbf8f1", "#211d18", "#6a6157", "#8a1c1c", "#cbbfa8", "#ddd4c3"
_MARGIN: Final = 72
# The outline stands about this line, and is so high at most, above and below.
_MIDDLE: Final = 500
_HALF: Final = 78
# A bar every so many pixels, and how wide it is.
_STEP: Final = 6
_BAR: Final = 4
# Of a title's letters: smaller ones where it is long, and how high they may be together.
_SIZES: Final = (58, 51, 44)
_TITLE: Final = 165


@dataclass(frozen=True)
class Card:
    """What a picture shows. ``share`` is where in the sound a passage is, from 0 to 1; None where all is meant."""

    archive: str
    title: str
    #: When it was made, and which passage it is.
    facts: str
    #: What has to be said first: that it is a reading, and what a listener should know.
    notices: tuple[str, ...] = ()
    outline: tuple[float, ...] = ()
    share: tuple[float, float] | None = None


@lru_cache(maxsize=32)  # of some 20 kB each; one takes 50 ms
def draw(card: Card) -> bytes:
    """Draw a picture as PNG; it is 1200 pixels wide and 630 high."""
    from PIL import Image, ImageDraw  # noqa: PLC0415  # an extra, and it takes 60 ms

    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, WIDTH, 11), fill=_ACCENT)
    _write(pen, 54, card.archive, [30], _SOFT)
    bottom = _write(pen, 106, card.title, _SIZES, _INK, _TITLE)
    bottom = _write(pen, bottom + 14, card.facts, [32], _ACCENT)
    for notice in card.notices:
        bottom = _write(pen, bottom + 8, notice, [28], _INK)
    _outline(pen, card.outline, card.share)
    file = io.BytesIO()
    # A fifth of the time that Pillow's other way takes, and half of the bytes of all colours.
    image.quantize(64, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(file, "PNG")
    return file.getvalue()


def _write(pen: ImageDraw, top: int, text: str, sizes: Sequence[int], colour: str, height: int = 0) -> int:
    """Write a text, of one line where it has no ``height``, and give where it ends; what no font has is left out."""
    lines = lettering.fitted(text, WIDTH - 2 * _MARGIN, height, sizes)
    return top if lines is None else lines.draw(pen, _MARGIN, WIDTH - _MARGIN, top, colour)


def _outline(pen: ImageDraw, outline: Sequence[float], share: tuple[float, float] | None) -> None:
    """Draw the outline of a sound, with a passage of it in colour, over what it lies on."""
    first, last = _MARGIN, WIDTH - _MARGIN
    if share is not None:
        start, end = (round(first + part * (last - first)) for part in share)
        end = max(end, start + _STEP)
        pen.rectangle((start, _MIDDLE - _HALF - 10, end, _MIDDLE + _HALF + 10), fill="#f6ead1")
        pen.rectangle((start, _MIDDLE + _HALF + 10, end, _MIDDLE + _HALF + 14), fill=_ACCENT)
    pen.rectangle((first, _MIDDLE, last, _MIDDLE + 1), fill=_RULE)
    bars = range(first, last, _STEP)
    full = max(outline, default=0.0) or 1.0
    for number, left in enumerate(bars):
        part = outline[number * len(outline) // len(bars) : max((number + 1) * len(outline) // len(bars), 1)]
        half = round(max(part, default=0.0) / full * _HALF)
        is_meant = (
            share is not None
            and share[0] <= (left + _BAR - first) / (last - first)
            and ((left - first) / (last - first) < share[1])
        )
        if half:
            pen.rectangle((left, _MIDDLE - half, left + _BAR, _MIDDLE + half), fill=_ACCENT if is_meant else _WAVE)
