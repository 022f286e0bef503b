"""Reads the time slots of ELAN's documents, and places those that have no time.

Such a slot is somewhere between the slots before and after it on its tier, or else in the document, whose slots are in
order; it is placed evenly there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from player.intake.transcripts.programs.seconds import number
from player.intake.transcripts.xml_trees import children
from player.timecode import LONGEST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from player.intake.transcripts.told import Told

#: How many milliseconds a unit of time is (TIME_UNITS of HEADER).
_UNITS: Final = {"milliseconds": 1.0, "PAL-frames": 40.0, "NTSC-frames": 1001 / 30}


class Slots(NamedTuple):
    """When an annotation begins and ends, in milliseconds, and whether one of them was placed between others."""

    start: int | None
    end: int | None
    is_placed: bool


class Annotation(NamedTuple):
    """What stands on a tier between two slots, and its line in the file."""

    id: str
    text: str
    first: str
    last: str
    line: int | None


class Order:
    """Where slots without a time are, by the order of all slots in the document."""

    def __init__(self, tiers: Sequence[Sequence[Annotation]], times: Mapping[str, int | None]) -> None:
        self._places = {slot: place for place, slot in enumerate(times)}
        #: The latest time before each slot.
        self._before: list[int] = []
        latest = -1
        for time in times.values():
            latest = latest if time is None else max(latest, time)
            self._before.append(latest)
        known = {slot: time for slot, time in times.items() if time is not None}
        on_tiers: dict[str, int] = {}
        for tier in tiers:
            on_tiers.update(_between(_chain(tier), known))
        self.guessed = _between(list(times), {**known, **on_tiers})

    def after(self, slot: str, last: int) -> tuple[int, int]:
        """Give where a line without a time stands: after a time, and in what order among others that do."""
        place = self._places.get(slot)
        return (last, -1) if place is None else (max(last, self._before[place]), place)


def _chain(tier: Sequence[Annotation]) -> list[str]:
    """Give the slots of a tier as they follow one another, one that two annotations share but once."""
    chain = [slot for each in tier for slot in (each.first, each.last)]
    return [slot for place, slot in enumerate(chain) if place == 0 or chain[place - 1] != slot]


def _between(chain: Sequence[str], known: Mapping[str, int]) -> dict[str, int]:
    """Spread the slots without a time evenly between those before and after them that have one."""
    guessed: dict[str, int] = {}
    begins: tuple[int, int] | None = None
    for place, slot in enumerate(chain):
        time = known.get(slot)
        if time is None:
            continue
        if begins is not None and begins[0] < place - 1 and begins[1] < time:
            step = (time - begins[1]) / (place - begins[0])
            for between in range(begins[0] + 1, place):
                guessed[chain[between]] = round(begins[1] + step * (between - begins[0]))
        begins = place, time
    return guessed


def placed(tier: Sequence[Annotation], times: Mapping[str, int | None], order: Order, told: Told) -> list[Slots]:
    """Give each annotation its times; slots without one are spread evenly between those that have one."""
    chain = _chain(tier)
    known = {slot: time for slot in chain if (time := times.get(slot)) is not None}
    missing = sum(slot not in times for slot in chain)
    told.mended("slot that is not there, as one without a time", "slots that are not there", count=missing)
    guessed = _between(chain, known)
    latest = 0
    for slot in chain:
        time = known.get(slot, guessed.get(slot))
        # What the order of the document says holds where it goes on on the tier.
        if time is None and (found := order.guessed.get(slot)) is not None and found >= latest:
            guessed[slot] = time = found
        latest = latest if time is None else max(latest, time)
    return [
        Slots(
            known.get(each.first, guessed.get(each.first)),
            known.get(each.last, guessed.get(each.last)),
            is_placed=any(slot not in known and slot in guessed for slot in (each.first, each.last)),
        )
        for each in tier
    ]


def times_of(root: Any, told: Told) -> dict[str, int | None]:
    """Give the time of each slot, in milliseconds from the beginning of the sound; None where it has none."""
    header = next(iter(children(root, "HEADER")), None)
    unit = _UNITS.get("milliseconds" if header is None else header.get("TIME_UNITS") or "milliseconds")
    if unit is None:
        told.mended("unknown unit of time, taken for milliseconds", "unknown units of time")
        unit = 1.0
    elif unit != 1:
        told.read("document that counts frames, now milliseconds", "documents that count frames")
    origin = _origin(header, told)
    found: dict[str, int | None] = {}
    for order in children(root, "TIME_ORDER"):
        for slot in children(order, "TIME_SLOT"):
            given = slot.get("TIME_VALUE")
            value = number(given)
            is_time = value is not None and abs(value * unit) <= LONGEST
            if given is not None and not is_time:
                told.mended("time that is none", "times that are none", line=slot.sourceline)
            found[slot.get("TIME_SLOT_ID") or ""] = (
                round(value * unit) + origin if value is not None and is_time else None
            )
    return found


def _origin(header: Any, told: Told) -> int:
    """Give where in the sound the times begin, in milliseconds: TIME_ORIGIN, where one sound alone is named."""
    sounds = [] if header is None else children(header, "MEDIA_DESCRIPTOR")
    given = [number(sound.get("TIME_ORIGIN")) or 0 for sound in sounds]
    if not any(given):
        return 0
    if len(given) > 1 or abs(given[0]) > LONGEST:
        told.left_out("offset of a sound, for several are named", "offsets of sounds, for several are named")
        return 0
    told.read("offset of the sound, added to all times", "offsets of the sound")
    return round(given[0])
