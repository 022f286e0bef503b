"""Checks what a record closes: whether each passage is where it says, and what its keeper has to see to.

How the tables are written is checked where they are read (``player.archive.gate``). Here are the faults that only the
transcript and the sound show. What is wrong stays closed until it is corrected, so each message says what is.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from player.archive import dates
from player.archive.gate import deciding
from player.archive.gate.declared import DRAFT, OPEN, PARTS
from player.archive.gate.spans import Named
from player.archive.transcript import Cue
from player.audio.silence import past_end
from player.errors import Advice, Fault, quoted
from player.timecode import Span, display

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from player.archive.gate.declared import Closed, Restriction
    from player.archive.recording import Recording
    from player.archive.transcript import Line

#: What opens by itself is told so long before.
NOTICE: Final = timedelta(days=30)


class _Lines:
    """The lines of a recording, asked which of them a passage means or touches."""

    def __init__(self, lines: Sequence[Line]) -> None:
        cues = [line for line in lines if isinstance(line, Cue)]
        self.named = Named(cues)
        self.untimed = {line.id for line in lines} - {cue.id for cue in cues}
        self._starts = [cue.start for cue in cues]
        self._ends = list(accumulate((cue.span.end for cue in cues), max))

    def __bool__(self) -> bool:
        return bool(self._starts or self.untimed)

    @property
    def end(self) -> int:
        """Where the last of them ends, in milliseconds; 0 where there are none."""
        return self._ends[-1] if self._ends else 0

    def span(self, passage: Closed) -> Span | None:
        """Give the passage in milliseconds; None where it cannot be known."""
        if passage.cue is not None:
            return self.named.span(*passage.cue)
        start, end = passage.start, passage.end
        return Span(start, end) if start is not None and end is not None else None

    def are_touched(self, span: Span) -> bool:
        """Tell whether any of them is heard in a passage."""
        before = bisect_left(self._starts, span.end)
        return before > 0 and self._ends[before - 1] > span.start


def closure_faults(recording: Recording, length: int | None) -> Iterator[Fault]:
    """Give the passages that are not where they are said to be.

    ``length`` is that of the sound in milliseconds, None where it has none or cannot be read.
    """
    lines = _lines(recording)
    for passage in recording.closed:
        if passage.cue is not None:
            if not recording.unread.transcript:
                yield from _cue_faults(passage, passage.cue, lines)
            continue
        span = lines.span(passage)
        if span is None:
            continue
        if length is not None and past_end([span], length) is not None:
            is_whole = span.start >= length
            verb, at = ("begins", span.start) if is_whole else ("ends", span.end)
            so = ", so none of the recording is played" if passage.what != "words" else ""
            what = f"the passage {verb} ({display(at)}) past the end of the sound ({display(length)}){so}"
            yield passage.fault("start" if is_whole else "end", what, "give it a time within the sound")
        if passage.what != "sound" and lines:
            yield from _word_faults(passage, span, lines)


def closure_advice(recording: Recording, today: date) -> Iterator[Advice]:
    """Give what the keeper of a recording should know of what is closed, as of a day."""
    if recording.withdrawal is not None:
        return  # nothing of it opens again
    lines = _lines(recording)
    closed = [each for each in recording.closed if not _is_open_again(each, today)]
    yield from _overlaps(closed, lines)
    yield from _unheard(recording)
    yield from _untouched(closed, lines)
    for access in recording.access:
        if _is_open_again(access, today):
            continue
        states = {state for part in PARTS if (state := getattr(access, part)) not in {None, OPEN}}
        if states:
            yield from _of_date(access, recording.slug, today)
        if states - {DRAFT}:
            yield from _unexplained(access)
    for passage in closed:
        yield from _of_date(passage, recording.slug, today)
        yield from _unexplained(passage)


def _is_open_again(table: Restriction, today: date) -> bool:
    """Tell whether what was closed has opened by itself: nobody has to see to it any more."""
    return deciding.now(table, "closed", today) is None


def _lines(recording: Recording) -> _Lines:
    return _Lines(recording.transcript.lines if recording.transcript is not None else ())


def _cue_faults(passage: Closed, names: tuple[str, str], lines: _Lines) -> Iterator[Fault]:
    missing = next((name for name in names if name not in lines.named), None)
    if missing is not None and missing in lines.untimed:
        what = f"the line {quoted(missing)} is untimed, so that nobody knows where it is, and {_all(passage)} closed"
        yield passage.fault("cue", what, "time the line, or give start and end in place of the cue")
    elif missing is not None:
        what = f"no line of the transcript has the identifier {quoted(missing)}, so {_all(passage)} closed"
        yield passage.fault("cue", what, "write the identifier of one that is there")
    elif endless := [line.id for line in lines.named.among(*names) if not line.has_length]:
        what = f"nothing says how long the line {quoted(endless[0])} lasts, so {_all(passage)} closed"
        yield passage.fault("cue", what, "correct its end in the transcript, or give start and end in place of the cue")
    elif lines.span(passage) is None:
        what = f"the line {quoted(names[1])} comes before {quoted(names[0])}, so {_all(passage)} closed"
        yield passage.fault("cue", what, f'write "{names[1]}..{names[0]}"')


def _word_faults(passage: Closed, span: Span, lines: _Lines) -> Iterator[Fault]:
    if not lines.end:
        what = f"no line of the transcript is timed, so {_all(passage)} closed"
        yield passage.fault("start", what, "time the transcript, or close it as a whole, in [access]")
    elif span.start >= lines.end:
        what = (
            f"the passage begins ({display(span.start)}) after the last line ends ({display(lines.end)}), "
            f"so {_all(passage)} closed"
        )
        remedy = 'correct its times, or write what = "sound" if nothing is said there'
        yield passage.fault("start", what, remedy)
    elif passage.what == "words" and not lines.are_touched(span):
        what = f"no line of the transcript is in the passage ({span}), so it closes nothing"
        yield passage.fault(None, what, "give it the times of the lines that are meant")


def _all(passage: Closed) -> str:
    return {
        "sound": "all of the sound is",
        "words": "all of the transcript and the notes are",
        "both": "all of the sound, the transcript and the notes are",
    }[passage.what]


def _overlaps(closed: Iterable[Closed], lines: _Lines) -> Iterator[Advice]:
    """Give the passages that close again what another does: each is as closed as the stricter of the two says."""
    before: list[tuple[Closed, Span]] = []
    placed = [(each, span) for each in closed if (span := lines.span(each)) is not None]
    for passage, span in sorted(placed, key=lambda each: each[1]):
        before = [each for each in before if each[1].overlaps(span)]
        for other, of_other in before:
            if {passage.what, other.what} != {"sound", "words"}:
                what = (
                    f"the passage ({span}) overlaps that of line {other.line} ({of_other}), and the stricter one holds"
                )
                yield _advice(passage, None, what, "part them, or make them one")
                break
        before.append((passage, span))


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


def _untouched(closed: Iterable[Closed], lines: _Lines) -> Iterator[Advice]:
    """Give the passages in which nothing is said, though their words are to be closed."""
    for passage in closed:
        span = lines.span(passage) if passage.what == "both" else None
        if span is not None and span.start < lines.end and not lines.are_touched(span):
            what = f"no line of the transcript is in the passage ({span}), so it closes the sound alone"
            yield _advice(passage, None, what, 'correct its times, or write what = "sound"')


def _of_date(table: Restriction, slug: str, today: date) -> Iterator[Advice]:
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


def _unexplained(table: Restriction) -> Iterator[Advice]:
    keys = {"reason": "why", "decided_by": "on whose word"}
    missing = [name for name in keys if getattr(table, name) is None]
    if missing:
        what = f"this is closed, and nothing says {' or '.join(keys[name] for name in missing)}"
        yield _advice(table, None, what, f"write {' and '.join(f'{name} = …' for name in missing)}")


def _advice(table: Restriction, name: str | None, what: str, remedy: str) -> Advice:
    return Advice(table.path, table.line_of(name) if name else table.line, what, remedy)
