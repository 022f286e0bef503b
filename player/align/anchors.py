"""Chooses, of what rough passes heard where, the lines that agree in their order: anchors for the passes after them.

After P. Moreno, C. Joerg, J.-M. Van Thong and O. Glickman, "A recursive algorithm for the forced alignment of very long
audio segments" (ICSLP 1998): what was heard surely, and in the order of the text, divides the rest into short pieces.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

#: How far, in milliseconds, a line may be from where its text's producer put it roughly.
NEAR: Final = 30_000
# How far apart lines may lie that bear each other out: milliseconds, and lines.
_REACH: Final = 20_000
_LINES: Final = 3
# The lines between two that were heard take at least so many milliseconds each.
_QUICKEST: Final = 250
# A line of so many words needs no other to bear it out.
_LONG: Final = 8


@dataclass(frozen=True)
class Heard:
    """A line that a pass heard: its number, from when to when in milliseconds, how probably, and its words."""

    line: int
    start: int
    end: int
    probability: float
    words: int = _LONG


def chain(heard: Sequence[Heard], fixed: Sequence[Heard] = ()) -> list[Heard]:
    """Give the weightiest of what was heard that agrees in order: each line once, each after the one before it.

    What is ``fixed`` stands, and what crosses it goes. What stands alone, far from others, is no anchor.
    """
    held = {each.line for each in fixed}
    open_ = [each for each in heard if each.line not in held and all(_agrees(each, other) for other in fixed)]
    ordered = sorted([*open_, *fixed], key=lambda each: (each.line, each.start))
    best: list[float] = []
    before: list[int] = []
    for index, each in enumerate(ordered):
        weight, came = 0.0, -1
        for earlier in range(index):
            if best[earlier] > weight and _follows(ordered[earlier], each):
                weight, came = best[earlier], earlier
        best.append(weight + (1e6 if each.line in held else each.probability * min(each.words, _LONG)))
        before.append(came)
    chosen: list[Heard] = []
    at = max(range(len(best)), key=best.__getitem__, default=-1)
    while at >= 0:
        chosen.append(ordered[at])
        at = before[at]
    chosen.reverse()
    return [each for each in chosen if each.line in held or _is_borne_out(each, chosen)]


def _follows(first: Heard, second: Heard) -> bool:
    between = second.line - first.line - 1
    return between >= 0 and second.start >= max(first.start + 1, first.end - 200) + between * _QUICKEST


def _agrees(each: Heard, fixed: Heard) -> bool:
    return each.end <= fixed.start + 200 if each.line < fixed.line else each.start >= fixed.end - 200


def _is_borne_out(each: Heard, chosen: Sequence[Heard]) -> bool:
    return each.words >= _LONG or any(
        other is not each and abs(other.line - each.line) <= _LINES and abs(other.start - each.start) <= _REACH
        for other in chosen
    )
