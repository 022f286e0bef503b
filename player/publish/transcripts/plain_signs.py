"""Takes from texts that leave the archive what no file of text holds, and what would change how others are shown."""

from __future__ import annotations

import re
from typing import Final

# Controls but for line feeds and tabs, halves of characters, and what is no character at all: XML 1.0, 2.2, has none of
# these, and a terminal obeys some.
_NONE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_ENDS: Final = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# What turns the order of letters until something ends it (Unicode Standard Annex 9).
_TURNS: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_ENDING: Final = {
    **dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c"),
    **dict.fromkeys("\u2066\u2067\u2068", "\u2069"),
}


def plain(text: str) -> str:
    """Give a text with line feeds at the ends of its lines, none of them empty, and without such signs.

    What turns the order of letters stays in a line that ends all of it; from any other it is taken.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    lines = (_contained(_NONE.sub("", line)).strip() for line in _ENDS.sub("\n", text).split("\n"))
    return "\n".join(filter(None, lines))


def in_one_line(text: str) -> str:
    """Give such a text in one line."""
    return " ".join(plain(text).split())


def _contained(line: str) -> str:
    waiting: list[str] = []
    for sign in _TURNS.findall(line):
        if sign in _ENDING:
            waiting.append(_ENDING[sign])
        elif not waiting or waiting.pop() != sign:
            return _TURNS.sub("", line)
    return _TURNS.sub("", line) if waiting else line
