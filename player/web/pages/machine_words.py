"""Says what a machine did of a transcript, and how far people have checked it: of the whole, and of one line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from markupsafe import Markup, escape

from player.archive import line_marks
from player.archive.transcript import Cue
from player.archive.unspoken import is_unspoken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.archive.machine import MachineMade, Review
    from player.archive.recording import Recording
    from player.archive.transcript import Line, Transcript
    from player.timecode import Span


# As ``str.split()`` has them.
_WORD: Final = re.compile(r"\S+")
# From a word's first letter or digit to its last.
_BARE: Final = re.compile(r"\w(?:\S*\w)?")
#: Of one line so many doubtful words are marked or listed each by itself; lines of speech have a few dozen words.
MOST_MARKED: Final = 500


@dataclass(frozen=True)
class MachineWords:
    """What a machine did of a transcript.

    ``writer`` wrote its words, ``aligner`` placed some of its lines in time; None where no machine did. Of its
    ``lines`` so many are ``unchecked``: the writer's, and nobody has heard or reviewed them.
    """

    transcript: Transcript
    writer: MachineMade | None
    aligner: MachineMade | None
    review: Review | None
    lines: int
    unchecked: int

    @property
    def placed(self) -> int:
        """How many lines the aligner has placed."""
        return sum(map(line_marks.is_aligned, self.transcript.cues))

    @property
    def untimed(self) -> int:
        """How many lines nobody has placed, of those in which something is said."""
        return sum(not isinstance(line, Cue) and not is_unspoken(line.text) for line in self.transcript.lines)


@dataclass(frozen=True)
class MachineLine:
    """What a machine did of a line: the words of which it was not sure, and how sure it is of the line's times.

    ``doubtful`` are the first of these words, and ``more`` is how many others there are. ``placed`` is from 0 to 1,
    None where a person placed it. ``heard`` is who found the line right.
    """

    whole: MachineWords
    is_unchecked: bool
    doubtful: tuple[str, ...]
    more: int
    numbers: tuple[int, ...]
    placed: float | None
    heard: tuple[Review, ...]


def machine_words(transcript: Transcript | None) -> MachineWords | None:
    """Say what a machine did of a transcript; None where people made all of it."""
    if transcript is None or not (transcript.machine or transcript.aligner):
        return None
    made = (transcript.machine, transcript.aligner, transcript.review)
    return MachineWords(transcript, *made, len(transcript.lines), transcript.unchecked)


def machine_line(recording: Recording, line: Line) -> MachineLine | None:
    """Say what a machine did of a line; None where people made all of the transcript, or the line is closed."""
    whole = machine_words(recording.transcript)
    if whole is None or any(each.words and each.id == line.id for each in recording.shown.passages):
        return None
    numbers = line_marks.doubtful(line) if line.is_unchecked else ()
    placed = line_marks.aligned(line) if whole.aligner else None
    words = tuple(line.text[begin:end] for begin, end in places(line.text, numbers[:MOST_MARKED]))
    return MachineLine(
        whole, line.is_unchecked, words, len(numbers) - len(words), numbers, placed, line_marks.heard(line)
    )


def has_unchecked(recording: Recording, span: Span | None = None) -> bool:
    """Tell whether lines that nobody has checked are heard in a passage of a recording, or in the whole of it."""
    transcript = recording.transcript
    if transcript is None or not transcript.unchecked:
        return False
    return span is None or any(cue.is_unchecked and cue.span.overlaps(span) for cue in transcript.cues)


def with_doubtful(text: str, doubtful: Sequence[int]) -> Markup:
    """Give words with those of which a machine was not sure, by their numbers, in elements of their own.

    Of very many, the last are in one element, with what stands between them. Scripts make them one text again
    (static/js/transcript/doubtful.js), since they count its letters.
    """
    parts: list[str] = []
    before = 0
    found = places(text, doubtful)
    if len(found) > MOST_MARKED:
        found[MOST_MARKED - 1 :] = [(found[MOST_MARKED - 1][0], found[-1][1])]
    for begin, end in found:
        parts += (escape(text[before:begin]), f'<span class="doubtful">{escape(text[begin:end])}</span>')
        before = end
    return Markup("".join((*parts, escape(text[before:]))))  # noqa: S704  # of what is escaped above


def places(text: str, numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Give where words begin and end, without the signs around them, of which nobody is unsure."""
    words = list(_WORD.finditer(text))
    found = []
    for word in (words[number] for number in numbers):
        bare = _BARE.search(text, *word.span())
        found.append(bare.span() if bare else word.span())
    return found
