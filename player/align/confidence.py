"""Says how sure it is that a line was placed rightly, from what several passes heard of it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

#: A line that is less sure than this stays without a time.
LEAST: Final = 0.8
# Two passes agree where they put a line's words within so many milliseconds of each other, on the mean.
_AGREE: Final = 200


@dataclass(frozen=True)
class Hearing:
    """Where a pass heard a line's words begin, and the line end; and how probable each is."""

    starts: Sequence[int]
    end: int
    sure: Sequence[float]
    ended: float


def agreed(hearings: Sequence[Hearing]) -> tuple[list[int], int, float] | None:
    """Give the words' starts, the line's end and the confidence; None where passes disagree, or are not sure."""
    sure = [min(each.sure[0], fmean(each.sure), each.ended) for each in hearings]
    best = max(range(len(hearings)), key=sure.__getitem__)
    starts, end = list(hearings[best].starts), hearings[best].end
    for each in hearings:
        if fmean(abs(one - other) for one, other in zip(starts, each.starts, strict=True)) > _AGREE:
            return None
    if sure[best] < LEAST or any(one >= other for one, other in pairwise(starts)):
        return None
    return starts, end, round(sure[best], 3)
