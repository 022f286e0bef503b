"""Finds among thousands of spans those that share a moment with another, without asking each; and those of lines.

A line that is not timed, or only roughly, is said at some moment from the start of the cue before it to the end of the
one behind it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from player.archive.transcript import Cue
from player.timecode import LONGEST, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from player.archive.transcript import Line


class Ordered:
    """Spans in the order of their starts; they may overlap."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._spans = list(spans)
        self._starts = [span.start for span in self._spans]
        #: The latest end of all up to each.
        self._ends = list(accumulate((span.end for span in self._spans), max))

    def first(self, span: Span) -> int | None:
        """Give the number of the first that shares a moment with ``span``; None where none does."""
        number = bisect_right(self._ends, span.start)
        return number if number < bisect_left(self._starts, span.end) else None

    def touched(self, span: Span) -> list[int]:
        """Give the numbers of all that share a moment with ``span``."""
        candidates = range(bisect_right(self._ends, span.start), bisect_left(self._starts, span.end))
        return [number for number in candidates if self._spans[number].overlaps(span)]


class Named:
    """The lines of a transcript, in its order, by their identifiers."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        self._cues = cues
        self._numbers = {cue.id: number for number, cue in enumerate(cues)}

    def __contains__(self, name: str) -> bool:
        return name in self._numbers

    def among(self, first: str, last: str) -> Sequence[Cue]:
        """Give the lines from one to another; none where one of them is not there."""
        ends = [self._numbers[name] for name in (first, last) if name in self._numbers]
        return self._cues[min(ends) : max(ends) + 1] if len(ends) > 1 else ()

    def span(self, first: str, last: str) -> Span | None:
        """Give all that is said from one line to another; None where that cannot be known.

        A line between them may go on for longer than the last. One of which nothing says how long it lasts may go on
        until the sound ends.
        """
        lines = self.among(first, last)
        if not lines or self._cues[self._numbers[last]].span.end <= self._cues[self._numbers[first]].start:
            return None
        if not all(line.has_length for line in lines):
            return None
        return Span(min(line.start for line in lines), max(line.span.end for line in lines))


def reaches(lines: Sequence[Line]) -> list[Span]:
    """Give for each line the span in which it is said: of one that is not timed exactly, with the cues around it.

    Where there is none, it may be said from the beginning, or until the end of any recording.
    """
    before: list[int] = []
    start = 0
    for line in lines:
        before.append(start)
        start = line.start if isinstance(line, Cue) else start
    after: list[int] = []
    end = LONGEST
    for line in reversed(lines):
        after.append(end)
        end = line.span.end if isinstance(line, Cue) else end
    return [
        line.span if isinstance(line, Cue) and not line.is_approximate else Span(least, max(most, least + 1))
        for line, least, most in zip(lines, before, reversed(after), strict=True)
    ]
