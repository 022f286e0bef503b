"""Reads the times that stand in a typescript, and judges them: which are in order, and how exact they can be."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from player.intake.transcripts.documents.heads import CLOCK
from player.timecode import HOUR, LONGEST, MINUTE, SECOND

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Times that all fall on such a step were set by the clock and not by the words.
_STEP: Final = 30 * SECOND
#: So many times at one distance from each other were set by the clock too.
_REGULAR: Final = 5


def moment(written: str) -> tuple[int, int | None] | None:
    """Read a time, or a pair of them, in milliseconds; None where it is none.

    A fraction after a point or a comma is decimal; after a colon or a semicolon it counts frames, and is not read:
    nothing says how many there are in a second.
    """
    found = list(CLOCK.finditer(written))[:2]
    times = []
    for match in found:
        hours, minutes = int(match["hours"] or 0), int(match["minutes"])
        if match["hours"] and minutes >= 60:  # noqa: PLR2004  # of a clock
            return None
        fraction = int(match["fraction"].ljust(3, "0")) if match["mark"] and match["mark"] in ".," else 0
        times.append(hours * HOUR + minutes * MINUTE + int(match["seconds"]) * SECOND + fraction)
    if not times or max(times) > LONGEST:
        return None
    end = times[1] if len(times) > 1 and times[1] > times[0] else None
    return times[0], end


def has_frames(written: str) -> bool:
    """Tell whether a time counts frames of film after its seconds."""
    match = CLOCK.match(written)
    return match is not None and match["mark"] is not None and match["mark"] in ";:"


def rising(times: Sequence[int]) -> list[int]:
    """Give the places of the most times that can be kept so that none is before the one that stands before it."""
    ends: list[int] = []  # the least time with which so many can end
    places: list[int] = []
    before: list[int] = []
    for place, time in enumerate(times):
        length = bisect_right(ends, time)
        before.append(places[length - 1] if length else -1)
        if length == len(ends):
            ends.append(time)
            places.append(place)
        else:
            ends[length] = time
            places[length] = place
    kept: list[int] = []
    at = places[-1] if places else -1
    while at >= 0:
        kept.append(at)
        at = before[at]
    return kept[::-1]


def are_rough(times: Sequence[int]) -> bool:
    """Tell whether times were set by the clock, a minute apart or the like, and not where words begin."""
    steps = {after - before for before, after in pairwise(times)}
    if len(times) > 1 and all(time % _STEP == 0 for time in times) and steps != {0}:
        return True
    return len(times) >= _REGULAR and len(steps) == 1 and min(steps) >= SECOND
