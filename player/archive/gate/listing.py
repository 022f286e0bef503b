"""Lists what of an archive is closed, as those who keep it see it: what, until when, on whose word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player.archive import dates
from player.archive.gate.deciding import now, places
from player.archive.gate.declared import BY_ITSELF, DRAFT, OPEN, PARTS
from player.archive.gate.shown import Withheld
from player.archive.recording import TRANSCRIPT
from player.errors import ArchiveError, quoted
from player.timecode import display

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.gate.declared import Closed, Restriction
    from player.archive.recording import Record, Recording
    from player.archive.transcript import Line
    from player.timecode import Span

_CLOSED: Final = "closed"
_REVIEW: Final = "after review"


@dataclass(frozen=True)
class Closure:
    """One thing that visitors do not see, or see under another name.

    ``what`` is record, sound, transcript, notes, passage, name, person or people; ``part`` says more: what of a passage
    is closed, who is meant. ``path`` and ``line`` are where it is said.
    """

    recording: str | None
    what: str
    part: str | None
    state: str
    path: Path
    line: int | None
    span: Span | None = None
    until: str | None = None
    opens: str | None = None
    is_due: bool = False
    decided_by: str | None = None
    reason: str | None = None
    is_unreadable: bool = False

    @property
    def subject(self) -> str:
        """Say in a few words what is closed: ``sound``, ``0:12 to 0:20 (sound and words)``."""
        if self.span is not None:
            return f"{display(self.span.start)} to {display(self.span.end)} ({self.part})"
        return f"{self.what} {self.part}" if self.part else self.what

    @property
    def label(self) -> str:
        """Say how it is in a few words: ``closed until 2041``, ``draft``."""
        return Withheld(self.state, self.until, is_due=self.is_due).label


def closures(archive: Archive, slugs: Sequence[str]) -> Iterator[Closure]:
    """Give what is closed of some recordings of an archive of owners, each in the order of its file."""
    day = archive.day()
    for slug in slugs:
        try:
            record = archive.record(slug)
            lines = _lines_of(archive.recording(slug)) if record.closed else ()
        except ArchiveError as error:
            fault = error.faults[0]
            what = f"{fault.what}; {fault.remedy}"
            yield Closure(
                slug, "record", "that cannot be read", _CLOSED, fault.path, fault.line, reason=what, is_unreadable=True
            )
            continue
        yield from _of_record(record, lines, day)


def private_people(archive: Archive) -> Iterator[Closure]:
    """Give the people whose names visitors do not see."""
    path = archive.transcripts / "people.toml"
    try:
        people = archive.people
    except ArchiveError as error:
        fault = error.faults[0]
        what = f"{fault.what}; {fault.remedy}"
        yield Closure(None, "people", "everybody", _CLOSED, fault.path, fault.line, reason=what, is_unreadable=True)
        return
    for person in people.values():
        if person.private:
            shown = person.display_name or "Name withheld"
            yield Closure(None, "person", person.id, f"shown as {quoted(shown)}", path, person.line)


def _of_record(record: Record, lines: Sequence[Line] | None, day: dt.date) -> Iterator[Closure]:
    if (withdrawal := record.withdrawal) is not None:
        yield Closure(
            *(record.slug, "record", None, f"withdrawn {dates.readable(withdrawal.date)}"),
            *(record.path, withdrawal.line),
            decided_by=withdrawal.decided_by,
            reason=withdrawal.reason,
        )
    for access in record.access:
        for part in PARTS:
            state: str | None = getattr(access, part)
            if state not in {None, OPEN} and state is not None:
                yield from _of_table(record, access, part, None, state, None, day)
    if _is_machine_draft(record):
        yield Closure(record.slug, "transcript", "that a machine wrote", DRAFT, record.folder / TRANSCRIPT, 1)
    for closed, span in zip(record.closed, places(record, lines), strict=True):
        part = "sound and words" if closed.what == "both" else closed.what
        named = f"{part}, {_named(closed)}" if span is None else part
        yield from _of_table(record, closed, "passage", named, _CLOSED, span, day)
    for speaker in record.speaker:
        if speaker.display_name:
            state = f"shown as {quoted(speaker.display_name)}"
            yield Closure(record.slug, "name", speaker.name, state, record.path, speaker.line)


def _is_machine_draft(record: Record) -> bool:
    """Tell whether visitors do not see the transcript because a machine wrote it, and for no other reason."""
    withheld = record.shown.transcript
    is_stated = any(each.transcript is not None for each in record.access)
    return record.has_machine_draft and not is_stated and withheld is not None and record.shown.record is None


def _of_table(
    record: Record, table: Restriction, what: str, part: str | None, state: str, span: Span | None, day: dt.date
) -> Iterator[Closure]:
    why = now(table, state, day)
    if why is None:
        return
    opens = None
    if table.until is not None:
        opens = BY_ITSELF if table.opens_by_itself else _REVIEW
    yield Closure(
        *(record.slug, what, part, state, record.path, table.line, span, table.until, opens),
        is_due=why.is_due and state != DRAFT,
        decided_by=table.decided_by,
        reason=table.reason,
    )


def _lines_of(recording: Recording) -> Sequence[Line] | None:
    """Give the lines of a recording; None where there are some, and it is not known which."""
    if recording.transcript is not None:
        return recording.transcript.lines
    return None if recording.unread.transcript else ()


def _named(closed: Closed) -> str:
    if closed.start is not None and closed.end is not None:
        return f"from {display(closed.start)} to {display(closed.end)}, where no line is known, and so all of it"
    first, last = closed.cue or ("", "")
    lines = first if first == last else f"{first}..{last}"
    return f"of lines whose place is unknown ({lines}), and so all of it"
