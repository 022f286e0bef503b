"""Knows what people say of single words of a line: that one is doubtful, and how else it may be read, and by whom.

It is said by comments directly above the line (``doubt_marks``), which name the words, so that none falls on another
word once the line is changed. One that names other words than stand there now is stale: it is kept in the file, and not
given.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from player.archive.doubt_marks import Mark, is_mark, is_stale, mark_of, written
from player.archive.transcript import Cue, UntimedLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from player.archive.transcript import Line

_Line = TypeVar("_Line", bound=Cue | UntimedLine)


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


def doubts(line: Line) -> tuple[Doubt, ...]:
    """Give what is said of the words of a line, in their order; stale marks are left out."""
    found: dict[tuple[int, int], Doubt] = {}
    words = line.text.split() if any(map(is_mark, line.comments)) else []
    for mark in filter(None, map(mark_of, line.comments)):
        if is_stale(mark, words):
            continue
        place = (mark.first, mark.last)
        doubt = found.get(place, Doubt(*place, is_doubtful=False))
        if mark.text is None:
            doubt = replace(doubt, is_doubtful=True)
        elif (reading := Reading(mark.text, mark.by)) not in doubt.readings:
            doubt = replace(doubt, readings=(*doubt.readings, reading))
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
        yield Mark(doubt.first, doubt.last, named)
    for reading in doubt.readings:
        text, by = " ".join(reading.text.split()), " ".join((reading.by or "").split())
        yield Mark(doubt.first, doubt.last, named, text, by or None)


def unread_marks(line: Line) -> Iterator[tuple[str, Mark | None]]:
    """Give the comments that are meant as marks and not given, each with what it says; None where it cannot be read."""
    words = line.text.split()
    for comment in filter(is_mark, line.comments):
        mark = mark_of(comment)
        if mark is None or is_stale(mark, words):
            yield comment, mark
