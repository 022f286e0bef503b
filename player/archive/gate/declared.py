"""Declares the tables of recording.toml that say what of a recording may be shown, and until when it may not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from player.archive.toml.declared import Table, declared, key
from player.timecode import display

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from player.errors import Fault

OPEN: Final = "open"
DRAFT: Final = "draft"
ON_REQUEST: Final = "on request"
#: What a part of a recording may be, and what each means.
STATES: Final = {
    OPEN: "anyone may see or hear it",
    DRAFT: "it is not published yet, and is shown to those who prepare it",
    ON_REQUEST: "whoever wants it asks the archive",
    "closed": "nobody may see or hear it",
}
BY_ITSELF: Final = "by itself"
_OPENINGS: Final = {
    "after review": "it stays closed until somebody opens it; `player check` says that it is due",
    BY_ITSELF: "it is open from the day after on",
}
#: The parts of a recording that can be withheld one by one; where the record is, so are they all.
PARTS: Final = ("record", "sound", "transcript", "notes")


@declared
class Restriction(Table):
    """For how long something is not open, why, on whose word, and what happens then."""

    until: str | None = key(
        "last day", "the last day, month or year for which it is so; without it there is no end", default=None
    )
    reason: str | None = key("text", "why; visitors are told", default=None, said=False)
    decided_by: str | None = key("text", "who decided it; visitors are not told", default=None, said=False)
    opens: str | None = key(
        "choice", "what happens after `until` (`after review` if left out)", choices=_OPENINGS, default=None
    )

    @property
    def opens_by_itself(self) -> bool:
        """Tell whether it opens by its date alone."""
        return self.opens == BY_ITSELF


@declared
class Access(Restriction):
    """What of the recording may be shown. Where times or reasons differ, a second `[[access]]` has the other parts.

    What is left out is open. Where the record is not open, nothing is.
    """

    record: str | None = key(
        "choice", "whether it may be known that there is this recording", choices=STATES, default=None
    )
    sound: str | None = key("choice", "its sound", choices=tuple(STATES), default=None)
    transcript: str | None = key("choice", "its words, in every language", choices=tuple(STATES), default=None)
    notes: str | None = key("choice", "its annotations", choices=tuple(STATES), default=None)


@declared
class Closed(Restriction):
    """A passage that may not be heard, or read, or neither. Its place and length stay visible."""

    start: int | None = key("time", "where it begins", default=None)
    end: int | None = key("time", "where it ends", default=None)
    cue: tuple[str, str] | None = key("cues", "the line or lines, in place of `start` and `end`", default=None)
    what: str = key(
        "choice",
        "what is closed (`both` if left out)",
        choices={
            "sound": "listeners hear silence",
            "words": "the lines that it touches are replaced by one that says so",
            "both": "",
        },
        default="both",
    )

    @property
    def is_of_sound(self) -> bool:
        """Tell whether it may not be heard."""
        return self.what != "words"

    @property
    def is_of_words(self) -> bool:
        """Tell whether it may not be read."""
        return self.what != "sound"


@declared
class Withdrawal(Table):
    """That the recording was withdrawn: of the whole of it, nothing is shown but this."""

    date: str = key("date", "when it was withdrawn")
    reason: str | None = key("text", "why; visitors are told", default=None, said=False)
    decided_by: str | None = key("text", "who decided it; visitors are not told", default=None, said=False)


def faults_of(access: Sequence[Access], closed: Sequence[Closed]) -> Iterator[Fault]:
    """Give what is wrong with these tables taken together, each of whose values is right by itself."""
    stated: dict[str, Access] = {}
    for table in access:
        yield from _opening_faults(table)
        named = {part: state for part in PARTS if (state := getattr(table, part)) is not None}
        for part in named:
            if part in stated:
                what = f'the {part} is "{getattr(stated[part], part)}" in an earlier [[access]] already'
                yield table.fault(part, what, "say it once")
            stated.setdefault(part, table)
        if not named:
            yield table.fault(None, "this table names no part", f"write one of {', '.join(PARTS)}")
        elif table.until is not None and set(named.values()) == {OPEN}:
            what = '"until" belongs to what is not open, and here everything is'
            yield table.fault("until", what, "remove it, or say what is not open")
    yield from _contradictions(stated)
    for passage in closed:
        yield from _opening_faults(passage)
        yield from _place_faults(passage)


def _contradictions(stated: dict[str, Access]) -> Iterator[Fault]:
    whole = stated.get("record")
    if whole is None or whole.record == OPEN:
        return
    for part in PARTS[1:]:
        if part in stated and getattr(stated[part], part) == OPEN:
            what = f'the record is "{whole.record}", so no part of it can be open, and the {part} is said to be'
            yield stated[part].fault(part, what, "remove one or the other")


def _opening_faults(table: Restriction) -> Iterator[Fault]:
    if table.opens is not None and table.until is None:
        yield table.fault("opens", '"opens" says what happens after "until", which is missing', "give both, or neither")


def _place_faults(passage: Closed) -> Iterator[Fault]:
    start, end, cue = passage.start, passage.end, passage.cue
    if cue is not None and (start is not None or end is not None):
        yield passage.fault("cue", "both a cue and a time are given", "keep one or the other")
    elif cue is None and (start is None or end is None):
        yield passage.fault(None, "this passage does not say where it is", "give start and end, or a cue")
    elif start is not None and end is not None and end <= start:
        what = f"this passage ends ({display(end)}) no later than it starts ({display(start)})"
        yield passage.fault("end", what, "give an end after its start")
