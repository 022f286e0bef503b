"""Draws the picture that stands beside a link: what is heard, the outline of its sound, and which passage is meant.

Pillow draws it, an extra (``cards``); without that there is none. Its own font has the letters of English alone: for
others it looks for fonts that systems have. Words for which there is none are left out of the picture, for what shows
it has the title beside it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

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
_TITLE_LINES: Final = 3
# Of its letters: smaller ones where it is long.
_SIZES: Final = (58, 51, 44)
_ELLIPSIS: Final = "…"
# Letters of a text that are looked at.
_LONGEST: Final = 300
# No letter: what a font has in place of one that it has not, it has for this too.
_NO_LETTER: Final = "\uffff"
# Pillow's own, and those for which it looks where a system keeps its fonts; the first that has all letters is taken.
_OWN: Final = ""
_FONTS: Final = (
    *(_OWN, "NotoSans-Regular.ttf", "DejaVuSans.ttf", "LiberationSans-Regular.ttf", "Arial.ttf", "Arial Unicode.ttf"),
    *("NotoSansCJK-Regular.ttc", "NotoSansArabic-Regular.ttf", "NotoSansHebrew-Regular.ttf"),
)


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


def is_drawn() -> bool:
    """Tell whether pictures can be drawn here."""
    return find_spec("PIL") is not None


@lru_cache(maxsize=32)  # of some 20 kB each; one takes 50 ms
def draw(card: Card) -> bytes:
    """Draw a picture as PNG; it is 1200 pixels wide and 630 high."""
    from PIL import Image, ImageDraw  # noqa: PLC0415  # an extra, and it takes 60 ms

    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, WIDTH, 11), fill=_ACCENT)
    _line(pen, 54, card.archive, 30, _SOFT)
    bottom = _title(pen, 106, card.title)
    bottom = _line(pen, bottom + 14, card.facts, 32, _ACCENT)
    for notice in card.notices:
        bottom = _line(pen, bottom + 8, notice, 28, _INK)
    _outline(pen, card.outline, card.share)
    file = io.BytesIO()
    # A fifth of the time that Pillow's other way takes, and half of the bytes of all colours.
    image.quantize(64, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(file, "PNG")
    return file.getvalue()


def _title(pen: ImageDraw, top: int, text: str) -> int:
    """Write a title, in smaller letters where it is long; give where it ends."""
    name = _font_for(text)
    if name is None:
        return top
    for size in _SIZES:
        lines = list(_wrapped(pen, text, _font(name, size)))
        if len(lines) < _TITLE_LINES:
            break
    if len(lines) > _TITLE_LINES:
        lines = [*lines[: _TITLE_LINES - 1], f"{lines[_TITLE_LINES - 1]}{_ELLIPSIS}"]
    for each in lines:
        top = _written(pen, top, each, _font(name, size), _INK)
    return top


def _wrapped(pen: ImageDraw, text: str, font: FreeTypeFont) -> Iterator[str]:
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and pen.textlength(longer, font=font) > WIDTH - 2 * _MARGIN:
            yield line
            longer = word
        line = longer
    if line:
        yield line


def _line(pen: ImageDraw, top: int, text: str, size: int, colour: str) -> int:
    """Write one line, and give where it ends; one with letters that no font has is left out."""
    name = _font_for(text)
    return top if name is None else _written(pen, top, text, _font(name, size), colour)


def _written(pen: ImageDraw, top: int, text: str, font: FreeTypeFont, colour: str) -> int:
    """Write one line in a font, cut where it is too long."""
    # Of a text without end only the beginning can be seen.
    text = " ".join(text[:_LONGEST].split())
    while pen.textlength(text, font=font) > WIDTH - 2 * _MARGIN:
        text = f"{text.removesuffix(_ELLIPSIS)[:-1].rstrip()}{_ELLIPSIS}"
    pen.text((_MARGIN, top), text, font=font, fill=colour)
    return top + round(font.size * 1.25)


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


@cache
def _font(name: str, size: int) -> FreeTypeFont:
    """Give a font.

    :raise OSError: where there is none of that name.
    """
    from PIL import ImageFont  # noqa: PLC0415  # an extra

    found = ImageFont.load_default(size) if name == _OWN else ImageFont.truetype(name, size)
    if not isinstance(found, ImageFont.FreeTypeFont):
        raise OSError("this Pillow was made without FreeType, so it draws no letters of that size")
    return found


def _font_for(text: str) -> str | None:
    """Name the first font that has all letters of a text; None where none has, or there are none."""
    letters = frozenset("".join(text[:_LONGEST].split()))
    return next((name for name in _FONTS if letters and _has(name, letters)), None)


@lru_cache(maxsize=2000)
def _has(name: str, letters: frozenset[str]) -> bool:
    try:
        font = _font(name, 28)
    except OSError:
        return False
    none = font.getmask(_NO_LETTER)
    shapes = map(font.getmask, letters)
    return all(shape.getbbox() and (shape.size, bytes(shape)) != (none.size, bytes(none)) for shape in shapes)
