"""Finds among thousands of spans those that share a moment with another, without asking each."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from player.timecode import Span


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
