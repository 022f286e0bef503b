"""Folds text into that by which it is compared: small letters without accents, in words.

One mark within a printed word, such as the hyphen of ``co-operation`` or the comma of ``1,000``, becomes a hyphen: any
mark may be typed there, a space, or nothing. So does a space that groups the digits of a number.
``static/js/search/letters.js`` is its twin; ``tests/data/searches.json`` holds the two together.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Signs within a word that some write and some do not: apostrophes and those that transliterations use, full stops, soft
# hyphens, joiners, variation selectors. Other signs part words.
_SILENT: Final = re.compile("['’ʼ‘`.\u02b9-\u02bf\u00ad\u034f\u200b-\u200d\ufe00-\ufe0f\ufeff]")  # noqa: RUF001  # as they are written
# What parts words even where no space stands beside it: a dash, an ellipsis.
_PARTING: Final = re.compile("[\u2012-\u2015\u2026\u2e3a\u2e3b\u301c\u3030\ufe31\ufe32\ufe58]")
# Of scripts that are written without spaces, each letter is a word: Thai and Lao, kana, Han.
_WORD_OF_ITS_OWN: Final = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")

# Letters that Unicode does not take apart, and what is typed for them where a keyboard does not have them.
_PLAIN: Final = {"æ": "ae", "œ": "oe", "þ": "th"} | dict(
    zip(
        "øłđðħŧŋıĸƀɓƈȼɖɗɇɛəƒǥɠɣɨɩɉƙƚɲɔɵƥɍʂƭʈⱦʉʊʋƴɏƶ",
        "olddhtnikbbccddeeefgggiijklnooprstttuuvyyz",
        strict=True,
    )
)

MARK: Final = "-"
_MARKS: Final = re.compile(" ?-[- ]*")
_GROUPED: Final = re.compile(r"(?<![\d-])\d{1,3}(?: \d{3})+(?!\d)")
_TWO_NUMBERS: Final = re.compile(r"\d \d")


def folded(text: str) -> str:
    """Give the words in ``text`` as they are compared, between them a space, or a hyphen where one mark joins them."""
    line = " ".join(text.translate(_OF_ASCII if text.isascii() else _OF_ALL).split())
    if MARK in line:
        line = _MARKS.sub(_one, line).strip(" -")
    if _TWO_NUMBERS.search(line):
        line = _GROUPED.sub(_number, line)
    return line


def parts_of(text: str) -> list[str]:
    """Give the words in ``text`` as they are compared, each by itself, also where a mark joins them."""
    return folded(text).replace(MARK, " ").split()


def _one(marks: re.Match[str]) -> str:
    return MARK if marks[0] == MARK else " "


def _number(groups: re.Match[str]) -> str:
    return groups[0].replace(" ", MARK)


def _fold(sign: str) -> str:
    """Give the letters as which a sign is compared, a space where it parts words, ``-`` for a mark, or nothing."""
    if _SILENT.match(sign):
        return ""
    if _PARTING.match(sign):
        return " "
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", sign).casefold())
    return "".join(map(_letter, plain))


def _letter(sign: str) -> str:
    category = unicodedata.category(sign)
    if unicodedata.combining(sign) or category == "Me":
        return ""
    if _WORD_OF_ITS_OWN.match(sign):
        return f" {sign} "
    # Vowel signs of the scripts of India have no combining class: they are letters here.
    if sign.isalnum() or category in {"Mn", "Mc"}:
        return _PLAIN.get(sign, sign)
    return " " if category[0] == "Z" or category == "Cc" else MARK


class _Folds(dict[int, str]):
    """What each sign is folded to, by its code point; found out when first met."""

    def __missing__(self, code: int) -> str:
        self[code] = _fold(chr(code))
        return self[code]


_OF_ALL: Final = _Folds()
# Of ASCII alone, str.translate takes ten times less with a dictionary of its own kind, in which every sign is one.
_OF_ASCII: Final = {code: _fold(chr(code)) or None for code in range(128)}
