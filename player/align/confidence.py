"""Says how sure it is that a line was placed rightly, from what several passes heard of it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

#: A line that is less sure than this stays without a time. What the passes hold for 0.8 to 0.99 probable was wrong in
#: two of five lines at 5 dB (flite's voices, pink noise); what they hold for more, in none of 13.
LEAST: Final = 0.98
# Two passes agree where they put a line's words within so many milliseconds of each other, on the mean.
_AGREE: Final = 200
# Right words of flite's voices fit, a frame, 0.4 nepers more than any speech in a clean sound, 1.4 less at 10 dB,
# 1.8 less at 5 dB and 2.3 less at 0 dB (medians); wrong words 5.0, 3.9 and 3.3 less. A line may lie so much below the
# usual one.
_LEAST_FIT: Final = -2.6
_BELOW: Final = 1.5


@dataclass(frozen=True)
class Hearing:
    """Where a pass heard a line's words begin, and the line end; and how probable each is."""

    starts: Sequence[int]
    end: int
    sure: Sequence[float]
    ended: float
    #: How well its words fit, beside any speech, in nepers a frame.
    fit: float = 0.0


def least_fit(hearings: Sequence[Hearing]) -> float:
    """Give how well a line must fit to be placed, by how well those fit that are sure."""
    fits = [each.fit for each in hearings if _sure(each) >= LEAST]
    return max(_LEAST_FIT, median(fits) - _BELOW) if fits else _LEAST_FIT


def agreed(hearings: Sequence[Hearing], least: float = _LEAST_FIT) -> tuple[list[int], int, float] | None:
    """Give the words' starts, the line's end and the confidence.

    None where passes disagree, or are not sure, or the words fit less than ``least``.
    """
    sure = [_sure(each) for each in hearings]
    best = max(range(len(hearings)), key=sure.__getitem__)
    starts, end = list(hearings[best].starts), hearings[best].end
    for each in hearings:
        if fmean(abs(one - other) for one, other in zip(starts, each.starts, strict=True)) > _AGREE:
            return None
    if (
        sure[best] < LEAST
        or max(each.fit for each in hearings) < least
        or any(one >= other for one, other in pairwise(starts))
    ):
        return None
    return starts, end, round(sure[best], 3)


def _sure(hearing: Hearing) -> float:
    return min(hearing.sure[0], fmean(hearing.sure), hearing.ended)
