"""Reads and writes what people say of single words: that one is doubtful, and how else it may be read.

Each is a comment directly above its line. Words are counted from 1, and named, so that no mark falls on another word
once the line is changed::

    NOTE doubtful: 2 "packet"
    NOTE doubtful: 2-3 "pack ice"
    NOTE variant: 2 "packet": "pack ice", typescript

Within the quotation marks, a backslash stands before each of these, before itself, and in the middle of an arrow, which
would end the comment. A mark that names other words than stand there now is stale: it is kept in the file, and not
given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeVar

from player.archive.transcript import Cue, UntimedLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from player.archive.transcript import Line

_Line = TypeVar("_Line", bound=Cue | UntimedLine)

#: What a comment begins with that says that a person doubts words; and one that says how else they may be read.
DOUBTFUL: Final = "doubtful:"
VARIANT: Final = "variant:"

_QUOTED: Final = r'"((?:[^"\\]|\\.)*)"'
_WORDS: Final = rf"\s*([0-9]{{1,5}})(?:\s*-\s*([0-9]{{1,5}}))?\s+{_QUOTED}"
_DOUBTFUL: Final = re.compile(rf"{DOUBTFUL}{_WORDS}\s*")
_VARIANT: Final = re.compile(rf"{VARIANT}{_WORDS}\s*:\s*{_QUOTED}\s*(?:,\s*(.*\S)\s*)?")
_ESCAPED: Final = re.compile(r"\\(.)")
_TO_ESCAPE: Final = re.compile(r'["\\]|(?<=--)>')


@dataclass(frozen=True)
class Reading:
    """How else words may be read, and who reads them so: a person, or a document; None where it is not said."""

    text: str
    by: str | None = None


@dataclass(frozen=True)
class Doubt:
    """What is said of the words ``first`` to ``last`` of ``line.text.split()``, counted from 0."""

    first: int
    last: int
    readings: tuple[Reading, ...] = ()
    is_doubtful: bool = True


@dataclass(frozen=True)
class Mark:
    """A comment as it is written: the words that it names, and what it says of them; no reading is a doubt."""

    first: int
    last: int
    words: str
    reading: Reading | None


def doubts(line: Line) -> tuple[Doubt, ...]:
    """Give what is said of the words of a line, in their order; stale marks are left out."""
    found: dict[tuple[int, int], Doubt] = {}
    words = line.text.split() if any(map(is_mark, line.comments)) else []
    for mark in filter(None, map(mark_of, line.comments)):
        if is_stale(mark, words):
            continue
        place = (mark.first, mark.last)
        doubt = found.get(place, Doubt(*place, is_doubtful=False))
        if mark.reading is None:
            doubt = replace(doubt, is_doubtful=True)
        elif mark.reading not in doubt.readings:
            doubt = replace(doubt, readings=(*doubt.readings, mark.reading))
        found[place] = doubt
    return tuple(found[place] for place in sorted(found))


def with_doubts(line: _Line, said: Iterable[Doubt]) -> _Line:
    """Give a line of whose words this is said, in place of what was; marks that are stale or cannot be read stay.

    :raise ValueError: where a doubt is of words that the line does not have, or a reading has no words.
    """
    words = line.text.split()
    missing = [mark for doubt in said for mark in _marks(doubt, words)]
    kept = []
    for comment in line.comments:
        mark = mark_of(comment)
        if mark in missing:
            missing.remove(mark)
        elif mark is not None and not is_stale(mark, words):
            continue
        kept.append(comment)
    comments = (*kept, *map(written, missing))
    return line if comments == line.comments else replace(line, comments=comments)


def _marks(doubt: Doubt, words: Sequence[str]) -> Iterator[Mark]:
    if not 0 <= doubt.first <= doubt.last < len(words):
        raise ValueError(f"the line has no words {doubt.first + 1} to {doubt.last + 1}")
    named = " ".join(words[doubt.first : doubt.last + 1])
    if doubt.is_doubtful:
        yield Mark(doubt.first, doubt.last, named, None)
    for reading in doubt.readings:
        text, by = " ".join(reading.text.split()), " ".join((reading.by or "").split())
        yield Mark(doubt.first, doubt.last, named, Reading(text, by or None))


def stale_marks(line: Line) -> Iterator[Mark]:
    """Give the marks that name other words than now stand there."""
    words = line.text.split()
    return (mark for each in line.comments if (mark := mark_of(each)) is not None and is_stale(mark, words))


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
        return Mark(first, last, words, None)
    text = " ".join(_plain(match[4]).split())
    return Mark(first, last, words, Reading(text, match[5])) if text else None


def written(mark: Mark) -> str:
    """Write a mark as a comment.

    :raise ValueError: where a reading has no words, or who reads so cannot be written in one line.
    """
    place = f"{mark.first + 1}" if mark.first == mark.last else f"{mark.first + 1}-{mark.last + 1}"
    named = f'{place} "{_escaped(mark.words)}"'
    if mark.reading is None:
        return f"{DOUBTFUL} {named}"
    if not mark.reading.text:
        raise ValueError("a reading has no words")
    by = mark.reading.by or ""
    if "-->" in by:
        raise ValueError('who reads so has "-->" in it')
    return f'{VARIANT} {named}: "{_escaped(mark.reading.text)}"{f", {by}" if by else ""}'


def _escaped(text: str) -> str:
    return _TO_ESCAPE.sub(r"\\\g<0>", text)


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)
