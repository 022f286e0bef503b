r"""Spells the letters that Praat writes with a backslash in files that are to be ASCII: ``\a"`` is ä, ``\ss`` is ß.

Those of European alphabets; phonetic signs stay as they are written.
https://www.fon.hum.uva.nl/praat/manual/Special_symbols.html
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_MARKS: Final = {
    '"': "\N{COMBINING DIAERESIS}",
    "'": "\N{COMBINING ACUTE ACCENT}",
    "`": "\N{COMBINING GRAVE ACCENT}",
    "^": "\N{COMBINING CIRCUMFLEX ACCENT}",
    "~": "\N{COMBINING TILDE}",
    ",": "\N{COMBINING CEDILLA}",
}
_LETTERS: Final = {"ss": "ß", "ae": "æ", "Ae": "Æ", "o/": "ø", "O/": "Ø", "ao": "å", "Ao": "Å", "bs": "\\"}
_SYMBOL: Final = re.compile(r"\\(?:([aeiouyAEIOUYnNcC])([\"'`^~,])|(ss|ae|Ae|o/|O/|ao|Ao|bs))")


def spelled(text: str) -> str:
    """Write such symbols as the letters that they stand for."""
    return _SYMBOL.sub(_letter, text) if "\\" in text else text


def _letter(match: re.Match[str]) -> str:
    if match[3] is not None:
        return _LETTERS[match[3]]
    found = unicodedata.normalize("NFC", match[1] + _MARKS[match[2]])
    return found if len(found) == 1 else match[0]
