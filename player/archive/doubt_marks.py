"""Reads and writes the comments with which people say of single words that they are doubtful, or read otherwise.

``doubts`` has what they mean::

    NOTE doubtful: 2 "packet"
    NOTE doubtful: 2-3 "pack ice"
    NOTE variant: 2 "packet": "pack ice", typescript

Words are counted from 1, and named. Within the quotation marks, a backslash stands before each of these, before itself,
and in the middle of an arrow, which would end the comment.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from player.values import value

if TYPE_CHECKING:
    from collections.abc import Sequence

#: What a comment begins with that says that a person doubts words; and one that says how else they may be read.
DOUBTFUL: Final = "doubtful:"
VARIANT: Final = "variant:"

_QUOTED: Final = r'"((?:[^"\\]|\\.)*)"'
_WORDS: Final = rf"\s*([0-9]{{1,5}})(?:\s*-\s*([0-9]{{1,5}}))?\s+{_QUOTED}"
_DOUBTFUL: Final = re.compile(rf"{DOUBTFUL}{_WORDS}\s*")
_VARIANT: Final = re.compile(rf"{VARIANT}{_WORDS}\s*:\s*{_QUOTED}\s*(?:,\s*(.*\S)\s*)?")
_ESCAPED: Final = re.compile(r"\\(.)")
_TO_ESCAPE: Final = re.compile(r'["\\]|(?<=--)>')


@value
class Mark:
    """A comment as it is written: the words that it names, from which to which, counted from 0.

    ``text`` is how else somebody reads them; where it is None, they are doubtful.
    """

    first: int
    last: int
    words: str
    text: str | None = None
    by: str | None = None


def is_stale(mark: Mark, words: Sequence[str]) -> bool:
    """Tell whether a mark names other words than these have at its place."""
    return mark.last >= len(words) or " ".join(words[mark.first : mark.last + 1]) != mark.words


def is_mark(comment: str) -> bool:
    """Tell whether a comment is meant as such a mark."""
    return comment.startswith((DOUBTFUL, VARIANT))


def mark_of(comment: str) -> Mark | None:
    """Read a comment; None where it is no such mark, or cannot be read."""
    if not is_mark(comment):
        return None
    match = _DOUBTFUL.fullmatch(comment) or _VARIANT.fullmatch(comment)
    if match is None:
        return None
    first = int(match[1]) - 1
    last = first if match[2] is None else int(match[2]) - 1
    words = " ".join(_plain(match[3]).split())
    if not 0 <= first <= last or not words:
        return None
    if comment.startswith(DOUBTFUL):
        return Mark(first, last, words)
    text = " ".join(_plain(match[4]).split())
    return Mark(first, last, words, text, match[5]) if text else None


def written(mark: Mark) -> str:
    """Write a mark as a comment.

    :raise ValueError: where a reading has no words, or who reads so cannot be written in one line.
    """
    place = f"{mark.first + 1}" if mark.first == mark.last else f"{mark.first + 1}-{mark.last + 1}"
    named = f'{place} "{_escaped(mark.words)}"'
    if mark.text is None:
        return f"{DOUBTFUL} {named}"
    if not mark.text:
        raise ValueError("a reading has no words")
    by = mark.by or ""
    if "-->" in by:
        raise ValueError('who reads so has "-->" in it')
    return f'{VARIANT} {named}: "{_escaped(mark.text)}"{f", {by}" if by else ""}'


def _escaped(text: str) -> str:
    return _TO_ESCAPE.sub(r"\\\g<0>", text)


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


def of_part(comment: str, first: int, last: int, words: Sequence[str]) -> str | None:
    """Give a mark as it stands above some of the words of its line; None where it is of others, or stale."""
    mark = mark_of(comment)
    if mark is None:
        return comment
    if is_stale(mark, words) or not first <= mark.first <= mark.last <= last:
        return None
    return written(replace(mark, first=mark.first - first, last=mark.last - first))
