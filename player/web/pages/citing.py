"""Gathers what a citation of a recording names, of a passage of it, or of lines: for its page and for the command."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING, Final

from player import timecode
from player.archive.transcript import Cue
from player.errors import NotFoundError, TimecodeError, quoted
from player.publish import citation
from player.web.pages.as_of import ends_now
from player.web.pages.machine_words import has_unchecked
from player.web.pages.sound import counted_length

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.archive.recording import Record, Recording
    from player.archive.transcript import Line
    from player.web.pages.as_of import Cited as CitedVersion

# After the end of any recording: what is cited from a moment on has no end.
_END: Final = sys.maxsize


def cited_passage(
    recording: Recording,
    passage: tuple[int | None, int | None],
    lines: Sequence[Line],
    page: str,
    version: CitedVersion | None,
) -> citation.Cited:
    """Give what a citation of a passage names, or of ``lines``; of neither, where both are empty.

    ``page`` is where the page of the recording is in public, empty where nobody knows that.
    """
    start, end = passage
    cues = [line for line in lines if isinstance(line, Cue)]
    if start is None and lines and len(cues) == len(lines):
        start = cues[0].start
        end = max(cue.span.end for cue in cues) if all(cue.has_length for cue in cues) else None
    asked = timecode.fragment(start) if start is not None else ""
    asked += f",{timecode.fragment(end)}" if end is not None else ""
    place = f"#t={asked}" if asked else f"#cue-{lines[0].id}" if lines else ""
    return citation.cite(
        *(recording, f"{page}{place}" if page else "", dt.datetime.now(dt.UTC).date(), start, end),
        pages=citation.pages_of(lines[0].page, lines[-1].page) if lines else None,
        is_approximate=any(cue.is_approximate for cue in cues),
        unchecked=_is_unchecked(recording, lines, start, end),
        version=version.date if version else "",
    )


def passage_in(recording: Record, start: int, end: int | None, asked: str) -> tuple[int, int | None]:
    """Give a passage that was ``asked`` for.

    :raise TimecodeError: where it goes beyond the end of the recording.
    """
    length = counted_length(recording)
    # The last millisecond may be there in part.
    if length is not None and (start >= length or (end is not None and end > length + 1)):
        raise TimecodeError(
            f"the recording ends at {timecode.display(length)}, and {quoted(asked)} goes beyond; "
            f"end the passage at {timecode.display(length)} or before"
        )
    return start, end


def lines_named(recording: Recording, asked: str, *, is_today: bool = True) -> Sequence[Line]:
    """Give the lines that ``asked`` names, ``c7`` or from ``c7..c9``; those of today also by their former names.

    :raise NotFoundError: where one of them is not there, or the second comes before the first.
    """
    lines = recording.transcript.lines if recording.transcript else ()
    first, dots, last = asked.partition("..")
    places = {line.id: place for place, line in enumerate(lines)}
    last = last if dots else first
    if is_today:
        # What lines were called before leads to those that have their words.
        first = first if first in places else (ends_now(recording, first) or (first,))[0]
        last = last if last in places else (ends_now(recording, last) or (last,))[-1]
    for name in (first, last):
        if name not in places:
            raise NotFoundError(f'"{recording.title}" has no line {quoted(name)}; its page shows all of its lines')
    found = lines[places[first] : places[last] + 1]
    if not found:
        raise NotFoundError(f"the line {quoted(last)} comes before {quoted(first)}; ask for {last}..{first}")
    return found


def _is_unchecked(recording: Recording, lines: Sequence[Line], start: int | None, end: int | None) -> bool:
    """Tell whether what is cited has words of a machine's that nobody has checked."""
    if lines:
        return any(line.is_unchecked for line in lines)
    span = None if start is None else timecode.Span(start, _END if end is None else end)
    return has_unchecked(recording, span)
