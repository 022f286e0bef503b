"""Decides what of a recording may be shown: the one place that does. What is not known is closed.

Everybody else asks the ``Shown`` that comes with a record, or sees only what ``redact`` has left.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from player.archive import dates
from player.archive.gate.declared import DRAFT, ON_REQUEST, OPEN, PARTS, Access, Closed, Restriction
from player.archive.gate.shown import CLOSED_LINE, EVERYTHING, Audience, ClosedPassage, Shown, Withheld
from player.archive.gate.spans import Named, Ordered
from player.archive.transcript import Cue
from player.timecode import Span

# What is shown to others than visitors, beside what is open. What is on request, the archive gives to whom it chooses:
# an invitation does that.
_OPENED: Final = {Audience.EDITORS: (DRAFT,), Audience.INVITED: (DRAFT, ON_REQUEST)}
# What an archive says of a machine's words by saying nothing.
_MACHINE_DRAFT: Final = Access(transcript=DRAFT)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from player.archive.recording import Record
    from player.archive.transcript import Line


def shown(
    record: Record, said: Sequence[Line] | None, day: dt.date, audience: Audience, *, hides_draft: bool = False
) -> Shown:
    """Say what an audience may see of a recording on a day; what owners are told is what visitors may see.

    A transcript that is a machine's is a draft where the archive ``hides_draft`` and the record does not say what it
    is. ``said`` are the lines of its transcript: none where it has none, None where it cannot be known which they are.
    They are needed only where a passage is closed.
    """
    if not (record.access or record.closed or record.withdrawal or hides_draft):
        return EVERYTHING
    access = (*record.access, _MACHINE_DRAFT) if hides_draft else record.access
    parts = {part: _withheld(access, part, day, audience) for part in PARTS}
    if (of_all := parts["record"]) is not None:
        parts = dict.fromkeys(PARTS, of_all)
    closings = [(each, why) for each in record.closed if (why := now(each, "closed", day)) is not None]
    stated: tuple[Restriction, ...] = (*record.access, *record.closed)
    # What opens after review is called otherwise once it is due.
    is_dated = any(each.until for each in stated)
    drafts = [part for part in PARTS if parts[part] is None and _state(access, part) == DRAFT]
    lines = None if said is None else _Lines(said)
    spans: list[tuple[Closed, Withheld, Span]] = []
    for each, why in closings:
        span = _place(each, lines)
        if span is not None:
            spans.append((each, why, span))
            continue
        # Nobody knows where it is: so it may be anywhere.
        if each.is_of_words:
            parts["transcript"] = parts["transcript"] or why
            parts["notes"] = parts["notes"] or why  # for there may be some at its lines
        if each.is_of_sound:
            parts["sound"] = parts["sound"] or why
    return Shown(
        withdrawal=record.withdrawal,
        record=parts["record"],
        sound=parts["sound"],
        transcript=parts["transcript"],
        notes=parts["notes"],
        passages=tuple(_passages(spans, lines or _Lines(()))),
        silenced=tuple(_joined(span for each, _, span in spans if each.is_of_sound)),
        is_dated=is_dated,
        drafts=tuple(drafts),
    )


def _state(access: Sequence[Access], part: str) -> str | None:
    """Give what the first table says that says anything of a part."""
    return next((state for table in access if (state := getattr(table, part)) is not None), None)


def whole(record: Record, day: dt.date, audience: Audience) -> Shown:
    """Say only whether an audience may know that there is a recording: that needs none of its lines."""
    if not (record.access or record.withdrawal):
        return EVERYTHING
    return Shown(withdrawal=record.withdrawal, record=_withheld(record.access, "record", day, audience))


def _withheld(access: Sequence[Access], part: str, day: dt.date, audience: Audience) -> Withheld | None:
    for table in access:
        state: str | None = getattr(table, part)
        if state is None:
            continue
        if state == OPEN or state in _OPENED.get(audience, ()):
            return None
        return now(table, state, day)
    return None


def now(table: Restriction, state: str, day: dt.date) -> Withheld | None:
    """Say why something is withheld on a day; None where it has opened by itself."""
    is_over = table.until is not None and day > dates.latest(table.until)
    if is_over and table.opens_by_itself:
        return None
    return Withheld(state, table.until, table.reason, is_over)


class _Lines:
    """The lines of a transcript, those that are timed in the order of their starts."""

    def __init__(self, lines: Sequence[Line]) -> None:
        cues = [line for line in lines if isinstance(line, Cue)]
        self.named = Named(cues)
        self.names = {line.id for line in lines}
        self._ordered = [cue.span for cue in cues]
        self._places = Ordered(self._ordered)
        self.end = max((span.end for span in self._ordered), default=0)

    def with_touched(self, span: Span) -> Span:
        """Give the place of a span with all lines that it touches."""
        touched = [span, *(self._ordered[number] for number in self._places.touched(span))]
        return Span(min(each.start for each in touched), max(each.end for each in touched))


def places(record: Record, said: Sequence[Line] | None) -> list[Span | None]:
    """Give the span that each closed passage of a record means, None where all that it is of is closed.

    ``said`` is as for ``shown``.
    """
    lines = None if said is None else _Lines(said)
    return [_place(passage, lines) for passage in record.closed]


def _place(passage: Closed, lines: _Lines | None) -> Span | None:
    """Give the span that a passage means; None where it cannot be known, or lies past all that is said."""
    if passage.cue is not None:
        return lines.named.span(*passage.cue) if lines else None
    if passage.start is None or passage.end is None:
        return None
    span = Span(passage.start, passage.end)
    if passage.is_of_words and (lines is None or (lines.names and span.start >= lines.end)):
        return None
    return span


def _passages(spans: Sequence[tuple[Closed, Withheld, Span]], lines: _Lines) -> Iterator[ClosedPassage]:
    """Give what is closed in order of time: passages with words that share a line are one."""
    found: list[ClosedPassage] = []
    for each, why, span in sorted((each for each in spans if each[0].is_of_words), key=lambda known: known[2]):
        passage = ClosedPassage("", span, lines.with_touched(span), each.is_of_sound, words=True, withheld=why)
        while found and passage.line.start < found[-1].line.end:
            passage = _merged(found.pop(), passage, lines)
        found.append(passage)
    found += [
        ClosedPassage("", span, span, sound=True, words=False, withheld=why)
        for each, why, span in spans
        if not each.is_of_words
    ]
    names = set(lines.names)
    for passage in sorted(found, key=lambda known: (known.span, known.words)):
        name = _unused(f"{CLOSED_LINE}{passage.line.start}", names)
        names.add(name)
        yield replace(passage, id=name)


def _merged(one: ClosedPassage, other: ClosedPassage, lines: _Lines) -> ClosedPassage:
    """Make one of two passages whose lines meet: closed for as long as the longer of the two."""
    span = Span(min(one.span.start, other.span.start), max(one.span.end, other.span.end))
    withheld = max(one.withheld, other.withheld, key=_last_day)
    return ClosedPassage(
        one.id, span, lines.with_touched(span), one.sound or other.sound, words=True, withheld=withheld
    )


def _last_day(why: Withheld) -> dt.date:
    return dates.latest(why.until) if why.until and not why.is_due else dt.date.max


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Join spans that overlap or touch."""
    last: Span | None = None
    for span in sorted(spans):
        if last is not None and span.start <= last.end:
            last = Span(last.start, max(last.end, span.end))
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last


def _unused(name: str, taken: Collection[str]) -> str:
    unused, count = name, 1
    while unused in taken:
        count += 1
        unused = f"{name}-{count}"
    return unused
