"""Says above which lines of a transcript the parts of a recording begin, where it was joined from several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from player.archive.parts import OPENS
from player.archive.transcript import Cue

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from player.archive.parts import Part
    from player.archive.transcript import Line


def part_openings(parts: Sequence[Part], lines: Iterable[Line]) -> dict[str, range]:
    """Give the parts that begin before a line, by its identifier: their places among ``parts``.

    A line that begins before a boundary and ends after it belongs to the part in which it begins. Parts in which no
    line begins stand above the next that does, or nowhere. What is not timed is in the part of the line before it,
    unless a comment names another, ``NOTE part: 2``.
    """
    found: dict[str, range] = {}
    at = 0
    for line in lines if parts else ():
        begun = sum(_has_begun(number, part, line) for number, part in enumerate(parts[at:], at + 1))
        if begun:
            found[line.id] = range(at, at + begun)
            at += begun
    return found


def _has_begun(number: int, part: Part, line: Line) -> bool:
    """Tell whether a part begins before a line: by its time, or by the comment before one that is not timed."""
    if isinstance(line, Cue):
        return part.start <= line.start
    named = [comment.removeprefix(OPENS) for comment in line.comments if comment.startswith(OPENS)]
    return number == 1 or any(each.isdecimal() and int(each[:4]) >= number for each in named)
