"""Splits text into the words by which it is compared: without case, accents and marks.

``static/js/search/letters.js`` is its twin; ``tests/data/searches.json`` holds the two together.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

# Signs within a word that some write and some do not: apostrophes, full stops, soft hyphens, joiners, variation
# selectors. Other signs part words.
_SILENT: Final = re.compile("['’ʼ‘`.\u00ad\u034f\u200b-\u200d\ufe00-\ufe0f\ufeff]")  # noqa: RUF001  # as they are written
# Of scripts that are written without spaces, each letter is a word: Thai and Lao, kana, Han.
_WORD_OF_ITS_OWN: Final = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")


def parts_of(text: str) -> list[str]:
    """Give the words in ``text`` as they are compared."""
    return "".join(map(_folded, text)).split()


@lru_cache(maxsize=4096)
def _folded(sign: str) -> str:
    """Give the letters as which a sign is compared: with spaces where it parts words, none where it is not compared."""
    if _SILENT.match(sign):
        return ""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", sign).casefold())
    return "".join(map(_letter, plain))


def _letter(sign: str) -> str:
    if unicodedata.combining(sign) or unicodedata.category(sign) == "Me":
        return ""
    if _WORD_OF_ITS_OWN.match(sign):
        return f" {sign} "
    # Vowel signs of the scripts of India have no combining class: they are letters here.
    return sign if sign.isalnum() or unicodedata.category(sign) in {"Mn", "Mc"} else " "
