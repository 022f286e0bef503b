"""Finds fonts for words that are drawn, and divides them into lines that fit.

Pillow draws them, an extra (``cards``). Its own font has the letters of English alone: for others it looks for fonts
that systems have. Words for which there is none cannot be drawn, nor can those whose letters are joined, or run from
right to left, where Pillow was made without what lays these out.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

_ELLIPSIS: Final = "…"
# Letters of a text that are looked at: of one without end only the beginning can be seen.
_LONGEST: Final = 300
# No letter: what a font has in place of one that it has not, it has for this too.
_NO_LETTER: Final = "\uffff"
# Pillow's own, and those for which it looks where a system keeps its fonts; the first that has all letters is taken.
_OWN: Final = ""
_FONTS: Final = (
    *(_OWN, "NotoSans-Regular.ttf", "DejaVuSans.ttf", "LiberationSans-Regular.ttf", "Arial.ttf", "Arial Unicode.ttf"),
    *("NotoSansCJK-Regular.ttc", "NotoSansArabic-Regular.ttf", "NotoSansHebrew-Regular.ttf"),
    *("NotoSansDevanagari-Regular.ttf", "wqy-zenhei.ttc", "DroidSansFallbackFull.ttf", "PingFang.ttc", "msyh.ttc"),
)
# Classes of letters that are written from right to left (https://www.unicode.org/reports/tr9/#Bidirectional_Character_Types).
_LEFTWARDS: Final = frozenset({"R", "AL"})
# Letters of scripts that are written without spaces: a line may end behind each.
_IDEOGRAPHS: Final = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "YI ")
_ENDING: Final = frozenset({"Pe", "Pf", "Po", "Mn", "Mc", "Cf"})
# Below U+0900 are scripts whose letters stand one beside the other, but for those from right to left; above are many
# whose letters are joined, and those of East Asia, where they are not.
_JOINED: Final = range(0x0900, 0x1100)


def can_draw() -> bool:
    """Tell whether anything can be drawn here."""
    return find_spec("PIL") is not None


@dataclass(frozen=True)
class Lines:
    """Words as they are drawn: their lines, the font, and whether they begin at the right."""

    lines: tuple[str, ...]
    font: FreeTypeFont
    is_leftwards: bool

    @property
    def height(self) -> int:
        """How high they are together."""
        return _step(self.font) * len(self.lines)

    def draw(self, pen: ImageDraw, left: int, right: int, top: int, colour: str | int) -> int:
        """Draw them between two edges; give where they end."""
        for line in self.lines:
            if self.is_leftwards:
                pen.text((right, top), line, font=self.font, fill=colour, anchor="ra", direction="rtl")
            else:
                pen.text((left, top), line, font=self.font, fill=colour)
            top += _step(self.font)
        return top


def fitted(text: str, width: int, height: int, sizes: Sequence[int]) -> Lines | None:
    """Divide words into lines, in the first of ``sizes`` in which they fit a place; in the last, cut what does not.

    None where there is nothing to draw, or no font for it.
    """
    text = " ".join(text[:_LONGEST].split())
    name = _font_for(text)
    if name is None:
        return None
    for size in sizes:
        font = _font(name, size)
        most = max(height // _step(font), 1)
        lines = list(_wrapped(text, font, width))
        if len(lines) <= most:
            break
    if len(lines) > most:
        lines = [*lines[: most - 1], _cut(lines[most - 1], font, width)]
    return Lines(tuple(lines), font, _is_leftwards(text))


def _step(font: FreeTypeFont) -> int:
    """Give how far one line is below the one before."""
    return round(font.size * 1.25)


def _wrapped(text: str, font: FreeTypeFont, width: int) -> Iterator[str]:
    line = ""
    for word in _pieces(text, font, width):
        longer = f"{line}{word}"
        if line.strip() and font.getlength(longer.strip()) > width:
            yield line.strip()
            longer = word
        line = longer
    if line.strip():
        yield line.strip()


def _pieces(text: str, font: FreeTypeFont, width: int) -> Iterator[str]:
    """Give what stays together: a word, and each sign of one that is too long, or of a script without spaces."""
    for word in text.split(" "):
        if not any(map(_is_ideograph, word)) and font.getlength(word) <= width:
            yield f"{word} "
            continue
        held = ""
        for sign in word:
            # What closes or ends something never begins a line.
            if held and unicodedata.category(sign) not in _ENDING:
                yield held
                held = ""
            held += sign
        yield f"{held} "


def _is_ideograph(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(_IDEOGRAPHS)


def _cut(line: str, font: FreeTypeFont, width: int) -> str:
    line = f"{line}{_ELLIPSIS}"
    while font.getlength(line) > width:
        line = f"{line.removesuffix(_ELLIPSIS)[:-1].rstrip()}{_ELLIPSIS}"
    return line


def _is_leftwards(text: str) -> bool:
    """Tell whether the first letter that has a direction is one that is written from right to left."""
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind in _LEFTWARDS for kind in kinds if kind in _LEFTWARDS or kind == "L"), False)


def _needs_layout(text: str) -> bool:
    return any(unicodedata.bidirectional(letter) in _LEFTWARDS or ord(letter) in _JOINED for letter in text)


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
    from PIL import features  # noqa: PLC0415  # an extra

    if _needs_layout(text) and not features.check("raqm"):
        return None
    # Signs that only say how others are laid out have no shape.
    letters = frozenset(each for each in text if not each.isspace() and unicodedata.category(each) != "Cf")
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
