"""Checks what a record closes: whether each passage is where it says, and what its keeper has to see to.

How the tables are written is checked where they are read (``player.archive.gate``). Here are the faults that only the
transcript and the sound show. What is wrong stays closed until it is corrected, so each message says what is.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Final

from player.archive import dates
from player.archive.gate.declared import DRAFT, OPEN, PARTS
from player.audio.silence import past_end
from player.errors import Advice, Fault, quoted
from player.timecode import Span, display

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from player.archive.gate.declared import Access, Closed
    from player.archive.recording import Recording
    from player.archive.transcript import Cue

#: What opens by itself is told so long before.
NOTICE: Final = timedelta(days=30)


def closure_faults(recording: Recording, length: int | None) -> Iterator[Fault]:
    """Give the passages that are not where they are said to be.

    ``length`` is that of the sound in milliseconds, None where it has none or cannot be read.
    """
    cues = recording.transcript.cues if recording.transcript else ()
    for passage in recording.closed:
        if passage.cue is not None:
            if not recording.unread.transcript:
                yield from _cue_faults(passage, passage.cue, cues)
            continue
        span = _span(passage, cues)
        if span is None:
            continue
        if length is not None and past_end([span], length) is not None:
            is_whole = span.start >= length
            verb, at = ("begins", span.start) if is_whole else ("ends", span.end)
            so = ", so none of it is played" if passage.what != "words" else ""
            what = f"the passage {verb} ({display(at)}) past the end of the sound ({display(length)}){so}"
            yield passage.fault("start" if is_whole else "end", what, "give it a time within the sound")
        if passage.what != "sound" and cues:
            yield from _word_faults(passage, span, cues)


def closure_advice(recording: Recording, today: date) -> Iterator[Advice]:
    """Give what the keeper of a recording should know of what is closed, as of a day."""
    if recording.withdrawal is not None:
        return  # nothing of it opens again
    yield from _overlaps(recording)
    yield from _unheard(recording)
    yield from _untouched(recording)
    for access in recording.access:
        states = {state for part in PARTS if (state := getattr(access, part)) not in {None, OPEN}}
        if states:
            yield from _of_date(access, recording.slug, today)
        if states - {DRAFT}:
            yield from _unexplained(access)
    for passage in recording.closed:
        yield from _of_date(passage, recording.slug, today)
        yield from _unexplained(passage)


def _cue_faults(passage: Closed, names: tuple[str, str], cues: Sequence[Cue]) -> Iterator[Fault]:
    known = {cue.id: cue for cue in cues}
    missing = next((name for name in names if name not in known), None)
    if missing is not None:
        what = f"no line of the transcript has the identifier {quoted(missing)}, so {_all(passage)} closed"
        yield passage.fault("cue", what, "write the identifier of one that is there")
    elif known[names[0]].start >= known[names[1]].span.end:
        what = f"the line {quoted(names[1])} comes before {quoted(names[0])}, so {_all(passage)} closed"
        yield passage.fault("cue", what, f'write "{names[1]}..{names[0]}"')


def _word_faults(passage: Closed, span: Span, cues: Sequence[Cue]) -> Iterator[Fault]:
    if span.start >= (last := max(cue.span.end for cue in cues)):
        what = (
            f"the passage begins ({display(span.start)}) after the last line ends ({display(last)}), "
            f"so {_all(passage)} closed"
        )
        remedy = 'correct its times, or write what = "sound" if nothing is said there'
        yield passage.fault("start", what, remedy)
    elif passage.what == "words" and not any(cue.span.overlaps(span) for cue in cues):
        what = f"no line of the transcript is in the passage ({span}), so it closes nothing"
        yield passage.fault(None, what, "give it the times of the lines that are meant")


def _all(passage: Closed) -> str:
    return {
        "sound": "all of the sound is",
        "words": "all of the transcript is",
        "both": "all of the sound and the transcript are",
    }[passage.what]


def _overlaps(recording: Recording) -> Iterator[Advice]:
    """Give the passages that close again what another does: each is as closed as the stricter of the two says."""
    cues = recording.transcript.cues if recording.transcript else ()
    placed = [(each, span) for each in recording.closed if (span := _span(each, cues)) is not None]
    for (one, of_one), (other, of_other) in combinations(placed, 2):
        if of_one.overlaps(of_other) and {one.what, other.what} != {"sound", "words"}:
            what = f"the passage ({of_other}) overlaps that of line {one.line} ({of_one}), and the stricter one holds"
            yield _advice(other, None, what, "part them, or make them one")


def _unheard(recording: Recording) -> Iterator[Advice]:
    """Give a sound that is closed while every word of it can be read, where nothing says that this is meant."""
    shown = recording.shown
    if shown.sound is None or shown.record is not None or shown.transcript is not None or recording.transcript is None:
        return
    if any(access.transcript is not None for access in recording.access):
        return
    for access in recording.access:
        if access.sound not in {None, OPEN}:
            what = f'the sound is "{access.sound}", and its transcript is open'
            yield _advice(access, "sound", what, 'write transcript = "open" if that is meant, else close it too')


def _untouched(recording: Recording) -> Iterator[Advice]:
    """Give the passages in which nothing is said, though their words are to be closed."""
    cues = recording.transcript.cues if recording.transcript else ()
    for passage in recording.closed:
        span = _span(passage, cues) if passage.what == "both" else None
        if span is None or not cues or span.start >= max(cue.span.end for cue in cues):
            continue
        if not any(cue.span.overlaps(span) for cue in cues):
            what = f"no line of the transcript is in the passage ({span}), so it closes the sound alone"
            yield _advice(passage, None, what, 'correct its times, or write what = "sound"')


def _of_date(table: Access | Closed, slug: str, today: date) -> Iterator[Advice]:
    """Say that something is due, or soon opens by itself."""
    if table.until is None:
        return
    last = dates.latest(table.until)
    if table.opens_by_itself:
        if today <= last < today + NOTICE:
            opening = dates.readable((last + timedelta(days=1)).isoformat())
            what = f"this opens by itself on {opening}"
            yield _advice(table, "until", what, 'write a later "until" if it should not')
    elif last < today:
        what = f'"until" ({dates.readable(table.until)}) has passed, and this waits for review'
        yield _advice(table, "until", what, f"write a later one, or open it: player publish {slug} --reviewed")


def _unexplained(table: Access | Closed) -> Iterator[Advice]:
    keys = {"reason": "why", "decided_by": "on whose word"}
    missing = [name for name in keys if getattr(table, name) is None]
    if missing:
        what = f"this is closed, and nothing says {' or '.join(keys[name] for name in missing)}"
        yield _advice(table, None, what, f"write {' and '.join(f'{name} = …' for name in missing)}")


def _advice(table: Access | Closed, name: str | None, what: str, remedy: str) -> Advice:
    return Advice(table.path, table.line_of(name) if name else table.line, what, remedy)


def _span(passage: Closed, cues: Sequence[Cue]) -> Span | None:
    """Give the passage in milliseconds; None where it cannot be known."""
    if passage.cue is not None:
        known = {cue.id: cue.span for cue in cues}
        first, last = (known.get(name) for name in passage.cue)
        return Span(first.start, last.end) if first and last and last.end > first.start else None
    start, end = passage.start, passage.end
    return Span(start, end) if start is not None and end is not None else None
