"""Takes words out of a text wherever they stand, and puts a mark in the place of each.

As many words are there afterwards as before: times, doubts and numbers of words stay true. Words of WebVTT are found
also where tags stand between them or within, such as the times of words.
"""

from __future__ import annotations

import re
import unicodedata
from html.entities import codepoint2name
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: What stands in the place of each word.
MARK: Final = "[removed]"

_TAG: Final = r"<[^<>\n]*>"
_GAP: Final = rf"(?:{_TAG})*(?:\s|&nbsp;)(?:\s|&nbsp;|{_TAG})*"
_PIECE: Final = re.compile(rf"({_TAG}|\s|&nbsp;)")
# What makes a file what it is: its first word, times, the names of lines above them, and what comments begin with.
_STRUCTURE: Final = re.compile(
    r"\A\ufeff?WEBVTT|^[^\n]*-->[^\n]*$|^[^\n]*\n(?=[^\n]*-->)|^NOTE(?:[ \t]+untimed[ \t]+[\w-]+)?(?=[ \t\n])",
    re.MULTILINE,
)
_ALIKE: Final = ("'\N{RIGHT SINGLE QUOTATION MARK}", "-\N{HYPHEN}\N{NON-BREAKING HYPHEN}")


class Phrases:
    """Words that are to go: each phrase a word or more, in capitals or not."""

    def __init__(self, phrases: Sequence[str]) -> None:
        self.phrases = tuple(phrases)
        # A longer phrase goes before a shorter one that it begins with.
        self._pattern = re.compile("|".join(map(_pattern, sorted(phrases, key=len, reverse=True))), re.IGNORECASE)

    def found(self, text: str) -> Iterator[re.Match[str]]:
        """Give each place at which one of them stands in a text."""
        return self._pattern.finditer(text)

    def taken_out(self, text: str) -> str:
        """Give a text without them."""
        return self._pattern.sub(_marked, text)

    def taken_out_of_file(self, data: bytes) -> bytes:
        """Give a WebVTT file without them, but for what makes it one; line ends and other bytes stay."""
        text = data.decode(errors="surrogateescape")
        if self._pattern.search(text) is None:
            return data
        kept = [match.span() for match in _STRUCTURE.finditer(_same_length(text))]
        number = 0

        def marked(match: re.Match[str]) -> str:
            nonlocal number
            while number < len(kept) and kept[number][1] <= match.start():
                number += 1
            is_structure = number < len(kept) and kept[number][0] < match.end()
            return match[0] if is_structure else _marked(match)

        return self._pattern.sub(marked, text).encode(errors="surrogateescape")


def _same_length(text: str) -> str:
    """Give a text with one kind of line end, in which each sign has the place that it had."""
    return re.sub(r"\r(?!\n)", "\n", text).replace("\r\n", " \n")


def _pattern(phrase: str) -> str:
    words = unicodedata.normalize("NFC", phrase).split()
    before = r"(?<!\w)" if words[0][0].isalnum() else ""
    after = r"(?!\w)" if words[-1][-1].isalnum() else ""
    return before + _GAP.join(f"(?:{_TAG})*".join(map(_sign, word)) for word in words) + after


def _sign(sign: str) -> str:
    """Find a sign as itself, composed of parts, and as character references write it."""
    ways = {sign, unicodedata.normalize("NFD", sign), f"&#{ord(sign)};", f"&#x{ord(sign):x};"}
    if name := codepoint2name.get(ord(sign)):
        ways.add(f"&{name};")
    for alike in _ALIKE:
        if sign in alike:
            ways |= set(alike)
    return f"(?:{'|'.join(map(re.escape, sorted(ways, key=len, reverse=True)))})"


def _marked(match: re.Match[str]) -> str:
    """Put a mark in the place of each word, and leave tags and spaces between them."""
    made = []
    is_within = False
    for piece in _PIECE.split(match[0]):
        if not piece:
            continue
        if _PIECE.fullmatch(piece):
            made.append(piece)
            is_within = is_within and piece.startswith("<")
        elif not is_within:
            made.append(MARK)
            is_within = True
    return "".join(made)
