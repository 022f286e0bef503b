"""Makes the words of a passage as a page prints them where it stands alone: who says what, and how sure that is."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from player.archive import line_marks
from player.archive.doubts import doubts
from player.archive.transcript import excerpt
from player.web.pages.doubted_words import with_marks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from markupsafe import Markup

    from player.archive.recording import Recording
    from player.archive.transcript import Cue
    from player.timecode import Span


@dataclass(frozen=True)
class Said:
    """What a line says within a passage; ``voice`` is None where nobody new speaks in it.

    A line that ``is_closed`` stands in place of others.
    """

    line: Cue
    voice: str | None
    words: str | Markup
    is_closed: bool = False
    is_unchecked: bool = False


def said_in(recording: Recording, span: Span) -> tuple[Said, ...]:
    """Give what is said in a passage of a recording, as far as visitors may read it."""
    if recording.transcript is None:
        return ()
    return said_of(recording, excerpt(_near(recording.transcript.cues, span), span))


def said_of(recording: Recording, cues: Iterable[Cue]) -> tuple[Said, ...]:
    """Give what some lines of a recording say, as far as visitors may read it; who says the first is told."""
    closed = {each.id: each for each in recording.shown.passages if each.words}
    found = []
    speaking = ""
    for cue in cues:
        if cue.id in closed:
            found.append(Said(cue, None, cue.text, is_closed=True))
            speaking = ""
            continue
        voices = " and ".join(dict.fromkeys(turn.speaker for turn in cue.turns if turn.speaker))
        numbers = line_marks.doubtful(cue) if cue.is_unchecked else ()
        said = doubts(cue) if cue.comments else ()
        words = with_marks(cue.text, numbers, said) if numbers or said else cue.text
        found.append(Said(cue, voices if voices != speaking else None, words, is_unchecked=cue.is_unchecked))
        speaking = voices
    return tuple(found)


def _near(cues: tuple[Cue, ...], span: Span) -> Iterator[Cue]:
    """Give the lines that may be heard in a passage; of thousands, the others are passed over by two numbers."""
    for index in range(bisect_left(cues, span.end, key=lambda cue: cue.start)):
        cue = cues[index]
        if max(cue.end, cue.until or cue.start + 1) > span.start:
            yield cue
