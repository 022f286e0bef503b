"""Takes words out of a text wherever they stand, and puts a mark in the place of each.

As many words are there afterwards as before: times, doubts and numbers of words stay true. Words of WebVTT are found
also where tags stand between them or within, such as the times of words. What is no word of people, but grammar of the
file (``file_grammar``), stays.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from html.entities import codepoint2name
from pathlib import Path
from typing import TYPE_CHECKING, Final

from player.archive.machine import TRANSCRIBED, UNKNOWN, machine_made
from player.archive.recording import TRANSCRIPT
from player.archive.toml.editing import keys_of
from player.archive.webvtt.blocks import is_signed, normal
from player.archive.webvtt.head import read_head
from player.archive.webvtt.marking import with_item
from player.history.file_grammar import grammar_of, grammar_of_citation, grammar_of_comment, signs_of
from player.history.named_words import all_named_again, named_again

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.history.file_grammar import Span

#: What stands in the place of each word.
MARK: Final = "[removed]"

_TAG: Final = r"<[^<>\n]*>"
_GAP: Final = rf"(?:{_TAG})*(?:\s|&nbsp;)(?:\s|&nbsp;|{_TAG})*"
_PIECE: Final = re.compile(rf"({_TAG}|\s|&nbsp;)")
_ENDS: Final = re.compile(r"\r\n|\r|\n")
_ALIKE: Final = ("'\N{RIGHT SINGLE QUOTATION MARK}", "-\N{HYPHEN}\N{NON-BREAKING HYPHEN}")


class Phrases:
    """Words that are to go: each phrase a word or more, in capitals or not."""

    def __init__(self, phrases: Sequence[str]) -> None:
        self.phrases = tuple(phrases)
        self._patterns = [re.compile(_pattern(each), re.IGNORECASE) for each in self.phrases]

    def stands_in(self, text: str) -> bool:
        """Tell whether one of them stands in a text."""
        return any(pattern.search(text) for pattern in self._patterns)

    def taken_out(self, text: str) -> str:
        """Give a text without them."""
        return self._without(text, ()) if self.stands_in(text) else text

    def taken_out_of_comment(self, text: str) -> str:
        """Give what a comment says, which stands behind ``NOTE``, without them, but for what is grammar in it."""
        return self._without(text, grammar_of_comment(text))

    def taken_out_of_comments(self, comments: Sequence[str], text: str) -> list[str]:
        """Give the comments above a line that says ``text`` as they are to be."""
        old, new = text.split(), self.taken_out(text).split()
        return [named_again(each, self.taken_out_of_comment(each), old, new) for each in comments]

    def taken_out_of_citation(self, text: str) -> str:
        """Give ``id, locator`` without them, but for the id."""
        return self._without(text, grammar_of_citation(text))

    def taken_out_of_file(self, data: bytes) -> bytes:
        """Give a WebVTT file without them, but for what is its grammar; line ends and other bytes stay.

        What a machine wrote is so afterwards too: where only such a word said so, a label does.
        """
        text = data.decode(errors="surrogateescape")
        if not self.stands_in(text):
            return data
        made = self._without(text, grammar_of(text))
        if made != text:
            made = all_named_again(Path(TRANSCRIPT), text, made)
        after = made.encode(errors="surrogateescape")
        if made != text and _has_machine(text) and not _has_machine(made):
            after = with_item(after, f"[{TRANSCRIBED}]", UNKNOWN)
        return after

    def count_in_file(self, data: bytes) -> int:
        """Count the places of a WebVTT file at which words are to go."""
        text = data.decode(errors="surrogateescape")
        return len(self._words(text, grammar_of(text)))

    def lines_in_file(self, data: bytes) -> list[int]:
        """Give the lines of a WebVTT file in which words are to go."""
        text = data.decode(errors="surrogateescape")
        return _lines(text, [first for first, _ in self._words(text, grammar_of(text))])

    def lines_in_toml(self, data: bytes) -> list[int]:
        """Give the lines of a TOML file in which they stand, but for its keys."""
        text = data.decode(errors="replace")
        try:
            keys = keys_of(text)
        except ValueError:  # it is no TOML
            keys = []
        return _lines(text, [first for first, _ in self._words(text, keys)])

    def kept_in_file(self, data: bytes) -> list[int]:
        """Give the lines of a WebVTT file in which one of them is grammar, and stays."""
        text = data.decode(errors="surrogateescape")
        if not self.stands_in(text):
            return []
        words = self._words(text, grammar_of(text))
        begins = [first for first, _ in words]
        found = sorted(match.start() for pattern in self._patterns for match in pattern.finditer(text))
        there = set(begins)
        return _lines(text, [at for at in found if at not in there and not _is_within(at, words, begins)])

    def _without(self, text: str, grammar: Sequence[Span]) -> str:
        parts: list[str] = []
        at = 0
        for first, last in self._words(text, grammar):
            parts += (text[at:first], _marked(text[first:last]))
            at = last
        return "".join((*parts, text[at:]))

    def _words(self, text: str, grammar: Sequence[Span]) -> list[Span]:
        """Give the places at which they stand, and are no part of what is grammar; those that overlap as one."""
        masked = _masked(text, grammar)
        signs = sorted(signs_of(masked))
        begins = [first for first, _ in signs]
        found: list[Span] = []
        for pattern in self._patterns:
            at = 0
            while (match := pattern.search(masked, at)) is not None:
                is_part = any(_is_within(each, signs, begins) for each in match.span())
                at = match.start() + 1 if is_part else match.end()
                if not is_part:
                    found.append(match.span())
        joined: list[Span] = []
        for first, last in sorted(found):
            if joined and first < joined[-1][1]:
                joined[-1] = joined[-1][0], max(joined[-1][1], last)
            else:
                joined.append((first, last))
        return joined


def _lines(text: str, places: Sequence[int]) -> list[int]:
    ends = [end.start() for end in _ENDS.finditer(text)]
    return list(dict.fromkeys(bisect_left(ends, at) + 1 for at in places))


def _masked(text: str, grammar: Sequence[Span]) -> str:
    """Give a text in whose grammar there is no word."""
    parts: list[str] = []
    at = 0
    for first, last in sorted(grammar):
        if last > at:
            parts += (text[at:first], "\0" * (last - max(first, at)))
            at = last
    return "".join((*parts, text[at:]))


def _is_within(place: int, signs: Sequence[Span], begins: Sequence[int]) -> bool:
    number = bisect_left(begins, place) - 1
    return number >= 0 and place < signs[number][1]


def _has_machine(text: str) -> bool:
    found = normal(text.removeprefix("\ufeff"))
    return is_signed(found) and machine_made(read_head(found, lambda *_: None).pairs) is not None


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


def _marked(text: str) -> str:
    """Put a mark in the place of each word, and leave tags and spaces between them."""
    made = []
    is_within = False
    for piece in _PIECE.split(text):
        if not piece:
            continue
        if _PIECE.fullmatch(piece):
            made.append(piece)
            is_within = is_within and piece.startswith("<")
        elif not is_within:
            made.append(MARK)
            is_within = True
    return "".join(made)
