"""Reads the timelines of TEI, and which moment of the recording an element begins or ends at.

https://tei-c.org/release/doc/tei-p5-doc/en/html/TS.html: a ``when`` is so far ``since`` another, or at an hour of the
day, and ``interval`` counts in the unit of its timeline. Some write times as clocks show them beside the words, in
attributes called ``begin`` or ``start``, and ``end``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from player.intake.transcripts.programs.seconds import clock, number
from player.intake.transcripts.xml_trees import children, local
from player.timecode import HOUR, LONGEST, MINUTE, SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from player.intake.transcripts.told import Told

_ID: Final = "{http://www.w3.org/XML/1998/namespace}id"
# Datatype teidata.temporal.unit, and what programs write for it.
_UNITS: Final = {
    **dict.fromkeys(("ms", "msec", "millisecond", "milliseconds"), 1),
    **dict.fromkeys(("s", "sec", "second", "seconds", ""), SECOND),
    **dict.fromkeys(("min", "minute", "minutes"), MINUTE),
    **dict.fromkeys(("h", "hour", "hours"), HOUR),
}
_UNKNOWN_TIME: Final = (
    "time that the timeline does not have, so nothing is timed by it",
    "times that the timeline does not have, so nothing is timed by them",
)


class _Since(NamedTuple):
    """How far a moment is from another; the other is empty where it counts from the beginning."""

    distance: int
    other: str


@dataclass(frozen=True)
class Moments:
    """The moments of the timelines by their identifiers, in milliseconds."""

    known: Mapping[str, int]
    #: Those that are there, and of which nobody says when they are.
    unknown: frozenset[str]
    told: Told

    def at(self, element: Any, *names: str) -> int | None:
        """Give the moment that an attribute of an element points to, or says; None where there is none."""
        for name, value in element.attrib.items():
            if name.rpartition("}")[2] in names and value.strip():
                return self._moment(value.strip(), element)
        return None

    def _moment(self, value: str, element: Any) -> int | None:
        first = value.split(maxsplit=1)[0]
        name = first.rpartition("#")[2]
        if name in self.known:
            return self.known[name]
        if name in self.unknown:
            return None
        found = None if first.startswith("#") else clock(first)
        if found is None or not 0 <= found <= LONGEST:
            self.told.mended(*_UNKNOWN_TIME, line=element.sourceline)
            return None
        return found


def moments_of(root: Any, told: Told) -> Moments:
    """Read all timelines of a document."""
    said: dict[str, _Since | None] = {}
    for timeline in root.iter():
        if local(timeline) == "timeline":
            said |= dict(_whens(timeline, told))
    known: dict[str, int] = {}
    lost: set[str] = set()
    for name in said:
        _resolve(name, said, known, lost)
    return Moments(known, frozenset(said.keys() - known.keys()), told)


def _whens(timeline: Any, told: Told) -> Iterator[tuple[str, _Since | None]]:
    whens = children(timeline, "when")
    origin = (timeline.get("origin") or "").strip().removeprefix("#")
    hours = {each.get(_ID): clock(each.get("absolute") or "") for each in whens}
    # Where no origin has an hour, those of the others are what the clock of the recording shows.
    first = hours.get(origin) or 0
    before = ""
    for number_, when in enumerate(whens):
        name = (when.get(_ID) or "").strip()
        unit = _UNITS.get((when.get("unit") or timeline.get("unit") or "").strip().casefold())
        interval = number(when.get("interval") or "")
        since = (when.get("since") or "").strip().removeprefix("#") or before
        if interval is not None and interval >= 0 and unit is not None:
            yield name, _Since(round(interval * unit), since)
        elif (hour := hours.get(when.get(_ID))) is not None:
            yield name, _Since(hour - first, "")
        elif name == origin or (not origin and not number_ and when.get("interval") is None):
            yield name, _Since(0, "")
        else:
            if when.get("interval") and unit is None:
                told.mended("moment in a unit that is not known", "moments in a unit that is not known")
            yield name, None
        before = name


def _resolve(name: str, said: Mapping[str, _Since | None], known: dict[str, int], lost: set[str]) -> None:
    """Find when a moment is, and those from which it counts; they are ``lost`` where these count from each other."""
    chain: list[tuple[str, int]] = []
    seen: set[str] = set()
    while name and name not in known and name not in lost and name not in seen and (since := said.get(name)):
        seen.add(name)
        chain.append((name, since.distance))
        name = since.other
    if name and name not in known:
        lost |= {*seen, name}
        return
    at = known[name] if name else 0
    for each, distance in reversed(chain):
        at += distance
        if 0 <= at <= LONGEST:
            known[each] = at
        else:
            lost.add(each)
