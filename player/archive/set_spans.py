"""Says when a passage of a set is, by the lines of its recording, or by its notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from player.archive.references import NOTE
from player.archive.transcript import Cue
from player.timecode import Span

if TYPE_CHECKING:
    from player.archive.recording import Recording
    from player.archive.sets import SetPassage


def passage_span(passage: SetPassage, recording: Recording) -> Span | None:
    """Give when a passage begins and ends in its recording; None where it has no such line or note, or nobody knows."""
    if passage.moment is None:
        return Span(passage.start or 0, passage.end or 0)
    part = passage.moment.part or ""
    if part.startswith(NOTE):
        name = part.removeprefix(NOTE)
        return next((note.span for note in recording.annotations if note.id == name), None)
    wanted = {part, (passage.last.part or part) if passage.last else part}
    lines = recording.transcript.lines if recording.transcript else ()
    found = [line for line in lines if line.id in wanted]
    timed = [line for line in found if isinstance(line, Cue)]
    if len({line.id for line in timed}) < len(wanted):
        return None
    return Span(min(line.start for line in timed), max(line.span.end for line in timed))
