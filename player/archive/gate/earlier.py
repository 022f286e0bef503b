"""Takes away from an earlier version of a transcript what may not be shown today.

What closes passages and names knows the transcript of today alone. So a line of an earlier version is closed where any
of these says so: the lines to which its identifier leads today, its own times, its words. Where a line was not timed
and nobody knows where it went, it may be anywhere; so may all lines that were timed to another sound.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from player.archive.gate.names import voices
from player.archive.gate.redact import lines_shown, redacted_record
from player.archive.gate.reviewers import header_shown
from player.archive.gate.spans import Ordered, reaches
from player.archive.recording import Recording, Unread
from player.archive.transcript import Cue, Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from player.archive.gate.names import Private
    from player.archive.gate.shown import ClosedPassage, Shown
    from player.archive.transcript import Line, Transcript

    #: Gives the lines of today to which an identifier leads; none where the line is gone, None where nobody knows.
    Leads = Callable[[str], tuple[str, ...] | None]

#: So many words in a row that a closed line has close a line of an earlier version that is another one today. Of a
#: line of fewer, all of them, wherever they stand in the other; of one word, only a line that is this word.
RUN: Final = 4
_WITHHELD: Final = "[withheld]"


def unclosed(recording: Recording, transcript: Transcript) -> Recording:
    """Give a recording with an earlier transcript, of which everything is shown.

    Its translations and notes are those of today's words, and are left out.
    """
    own = replace(recording, transcript=transcript, translations=(), annotations=(), unread=Unread())
    return replace(own, has_machine_draft=transcript.is_draft)


def redacted_earlier(
    recording: Recording, transcript: Transcript, leads: Leads, shown: Shown, private: Private
) -> Recording:
    """Give a recording with an earlier transcript, without what ``shown`` and ``private`` withhold of today's.

    ``recording`` is whole, with the transcript of today.
    """
    old = unclosed(recording, transcript)
    # By each transcript's voices: one that only the earlier one has may be another spelling of a name.
    called = {**voices(old, private), **voices(recording, private)}
    closed = [each for each in shown.passages if each.words]
    numbers = _closed(recording, transcript, closed, leads)
    if numbers is None:
        shown = replace(shown, transcript=shown.transcript or closed[0].withheld)
        numbers = [0] * len(transcript.lines)
    shown = replace(shown, replaces_names=shown.replaces_names or bool(called))
    found = redacted_record(old, shown, private)
    if shown.transcript is not None:
        return replace(found, transcript=None)
    lines = transcript.lines
    if private or closed or called:
        lines = lines_shown(transcript.lines, numbers, closed, called, private)
    there = {line.id: line.text for line in recording.transcript.lines} if recording.transcript else {}
    # Of those who are named in today's words, player check tells; of those in earlier ones nobody would be told.
    lines = tuple(
        _nameless(line) if there.get(line.id) != line.text and _names(line, called, private) else line for line in lines
    )
    header = header_shown(transcript.header, called, private)
    return replace(found, transcript=replace(transcript, lines=lines, header=header, faults=()))


def _closed(
    recording: Recording, transcript: Transcript, closed: Sequence[ClosedPassage], leads: Leads
) -> list[int | None] | None:
    """Give for each line the number of the passage that closes it, None where none does; None where nobody knows."""
    if not closed:
        return [None] * len(transcript.lines)
    today = recording.transcript
    if today is None or transcript.media_sha256 not in {None, today.media_sha256}:
        return None
    places = Ordered(each.span for each in closed)
    numbers = {line.id: places.first(reach) for line, reach in zip(today.lines, reaches(today.lines), strict=True)}
    said = _Said((line, number) for line in today.lines if (number := numbers[line.id]) is not None)
    unchanged = {(line.id, line.text) for line in today.lines if numbers[line.id] is None}
    found: list[int | None] = []
    for line, reach in zip(transcript.lines, reaches(transcript.lines), strict=True):
        led = [line.id] if line.id in numbers else leads(line.id) or ()
        by_line = next((numbers[name] for name in led if numbers.get(name) is not None), None)
        # Where a line that is not timed exactly went on, that is where it is.
        is_placed = (isinstance(line, Cue) and not line.is_approximate) or not led
        by_time = places.first(reach) if is_placed else None
        by_words = None if (line.id, line.text) in unchanged else said.of(line)
        found.append(next((each for each in (by_line, by_time, by_words) if each is not None), None))
    return found


class _Said:
    """The words of closed lines."""

    def __init__(self, lines: Iterator[tuple[Line, int]]) -> None:
        #: Runs of words that close a line which has them, and those that close a line which is nothing else.
        self._within: dict[tuple[str, ...], int] = {}
        self._whole: dict[tuple[str, ...], int] = {}
        from player.letters import parts_of  # noqa: PLC0415  # 2 ms, for what is asked of earlier versions alone

        self._parts_of = parts_of
        for line, number in lines:
            words = parts_of(line.text)
            own = _runs(words, RUN) if len(words) >= RUN else [tuple(words)] if len(words) > 1 else []
            self._within.update(dict.fromkeys(own, number))
            # One word of several that are closed is no secret by itself.
            for length in range(min(2, len(words)), RUN):
                self._whole.update(dict.fromkeys(_runs(words, length), number))

    def of(self, line: Line) -> int | None:
        """Give the passage of a closed line whose words another line has."""
        words = self._parts_of(line.text)
        runs = (run for length in range(2, RUN + 1) for run in _runs(words, length))
        by_run = next((self._within[run] for run in runs if run in self._within), None)
        return self._whole.get(tuple(words)) if by_run is None else by_run


def _runs(words: Sequence[str], length: int) -> list[tuple[str, ...]]:
    """Give every so many words in a row."""
    return [tuple(words[first : first + length]) for first in range(len(words) - length + 1)]


def _names(line: Line, called: Mapping[str, str], private: Private) -> bool:
    """Tell whether the words of a line name somebody whose name is not shown."""
    return any(name in line.text for name in called) or private.named_in(line.text) is not None


def _nameless(line: Line) -> Line:
    kept = replace(line, text=_WITHHELD, turns=(Turn(None, _WITHHELD),), citations=(), comments=())
    return replace(kept, words=()) if isinstance(kept, Cue) else kept
