"""Says how sure it is that a line was placed rightly, from what several passes heard of it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.align.anchors import Heard

#: A pass that holds a line for less probable than this is not sure of it.
LEAST: Final = 0.9
# Nothing is surer than this.
_SUREST: Final = 0.995
# Two passes agree where they put a line's words within so many milliseconds of each other, on the mean.
_AGREE: Final = 100
# Right words of flite's voices fit, a frame, 0.4 nepers more than any speech in a clean sound, 1.4 less at 10 dB,
# 1.8 less at 5 dB and 2.3 less at 0 dB (medians); wrong words 5.0, 3.9 and 3.3 less. A line may lie so much below the
# usual one.
_LEAST_FIT: Final = -2.85
_BELOW: Final = 1.5
# How probable a rough pass must have held a line, and how near it must be to where it is heard now, in milliseconds.
_ROUGHLY: Final = 0.9
_SAME: Final = 250
# What stands out so much from other words is said. At 0 dB 84 of 122 lines did where they are said, and none
# of 122 where others are. With it, none of 258 lines placed at 0 dB in noise of three seeds was wrong.
_STANDS_OUT: Final = 4.0
# A line that begins so soon after the one before it may have been pushed there: of two voices at once, or by words that
# are not said.
_ROOM: Final = 150
# First words that last longer, one or two, may have begun in the noise before them, in milliseconds.
_DRAG: Final = (550, 1000)


@dataclass(frozen=True)
class Hearing:
    """Where a pass heard a line's words begin, and the line end; and how probable each is."""

    starts: Sequence[int]
    end: int
    sure: Sequence[float]
    ended: float
    #: How well its words fit, beside any speech, in nepers a frame.
    fit: float = 0.0
    #: Whether the pass held all of the text for said.
    is_forced: bool = False
    #: By how much it fits there better than other words do, in standard deviations; 0 where nobody asked.
    stands_out: float = 0.0

    @property
    def is_likely(self) -> bool:
        """Tell whether a pass that could have left it out thinks it there, or one that could not finds that it fits."""
        return _sure(self) >= LEAST and (not self.is_forced or self.fit >= _LEAST_FIT)


def least_fit(hearings: Sequence[Hearing]) -> float:
    """Give how well a line must fit to be placed, by how well those fit that are sure."""
    fits = [each.fit for each in hearings if not each.is_forced and _sure(each) >= LEAST]
    return max(_LEAST_FIT, median(fits) - _BELOW) if fits else _LEAST_FIT


def agreed(
    hearings: Sequence[Hearing],
    rough: Heard | None = None,
    least: float = _LEAST_FIT,
    before: Sequence[Hearing] = (),
) -> tuple[list[int], int, float] | None:
    """Give the words' starts, the line's end and the confidence.

    Three have a say: the passes that may leave lines out, those that hold the text for said, and the ``rough`` one. Two
    have to agree, and a sure one of the first may not disagree; else, and where words fit less than ``least``, None.
    What the second alone has heard counts too where it stands out from other words, the rough one has heard it begin
    nowhere else, and it has room: the line ``before``, as it was heard, does not press against it.
    """
    own = _best([each for each in hearings if not each.is_forced], least)
    forced = _best([each for each in hearings if each.is_forced], least)
    if rough is not None and rough.probability < _ROUGHLY:
        rough = None
    if own is not None:
        if rough is not None and _is_at(own, rough):
            return _answer(own)
        return _answer(own) if forced is not None and _is_same(own, forced) else None
    if forced is None or _drags(forced):
        return None
    if rough is None or not _is_at(forced, rough):
        is_elsewhere = rough is not None and abs(forced.starts[0] - rough.start) > _SAME
        is_pressed = any(each.is_forced and forced.starts[0] - each.end < _ROOM for each in before)
        if forced.stands_out < _STANDS_OUT or is_elsewhere or is_pressed:
            return None
    if any(not each.is_forced and _sure(each) >= LEAST for each in hearings):
        return None
    return _answer(forced)


def _best(hearings: Sequence[Hearing], least: float) -> Hearing | None:
    """Give the surest; None where none is sure, they differ, or the words fit too little."""
    if not hearings:
        return None
    best = max(hearings, key=_sure)
    if _sure(best) < LEAST or best.fit < least or any(one >= other for one, other in pairwise(best.starts)):
        return None
    return best if all(_is_same(best, each) for each in hearings if _sure(each) >= LEAST) else None


def _is_same(one: Hearing, other: Hearing) -> bool:
    apart = [abs(own - its) for own, its in zip(one.starts, other.starts, strict=True)]
    return fmean(apart) <= _AGREE and max(apart[0], abs(one.end - other.end)) <= _SAME


def _is_at(hearing: Hearing, rough: Heard) -> bool:
    return max(abs(hearing.starts[0] - rough.start), abs(hearing.end - rough.end)) <= _SAME


def _drags(hearing: Hearing) -> bool:
    """Tell whether the first words last so long that they may have begun in the noise before them."""
    return any(later - hearing.starts[0] > most for later, most in zip(hearing.starts[1:], _DRAG, strict=False))


def _answer(hearing: Hearing) -> tuple[list[int], int, float]:
    return list(hearing.starts), hearing.end, round(min(_sure(hearing), _SUREST), 3)


def _sure(hearing: Hearing) -> float:
    return min(hearing.sure[0], fmean(hearing.sure), hearing.ended)
