"""Defines what a transcript is: lines, when they are said, by whom and on what authority; and cuts one to a passage.

A line that is timed is a cue. One that is not is there to be read, searched and cited, and nothing is done by its time.

``webvtt.reading`` and ``webvtt.writing`` make one of a WebVTT file, and a file of one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from player.archive.doubt_marks import of_part
from player.archive.machine import ALIGNED, WORD_CONFIDENCE, machine_made, reviewed
from player.timecode import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from player.archive.machine import MachineMade, Review
    from player.archive.references import Citation
    from player.errors import Fault

_WORD = re.compile(r"\S+")


@dataclass(frozen=True)
class Turn:
    """One voice's words within a cue; no voice where none is named."""

    speaker: str | None
    text: str


@dataclass(frozen=True)
class Cue:
    """One line: ``[start, end)`` in milliseconds, and its words. ``line`` is that of its times in the file.

    ``text`` has no tags, and line feeds where the file has them. ``words`` holds for each of ``text.split()`` how many
    milliseconds after ``start`` it begins, or None; it is empty where no word is timed.
    """

    id: str
    start: int
    end: int
    text: str
    turns: tuple[Turn, ...]
    words: tuple[int | None, ...]
    citations: tuple[Citation, ...]
    line: int
    #: Whether the transcript has a new paragraph begin here: ``NOTE paragraph`` stands before it.
    opens_paragraph: bool = False
    #: Where the next line begins, for one that the file has end no later than it starts; None where none follows.
    until: int | None = field(default=None, compare=False)
    #: Whether its times are known only roughly: ``NOTE approximate`` stands before it.
    is_approximate: bool = False
    #: The page of the document that it was taken from on which it begins, as the last ``NOTE page:`` gives it.
    page: str | None = None
    #: The other comments that stand directly before it, without ``NOTE``; ``line_marks`` reads some of them.
    comments: tuple[str, ...] = ()
    #: Whether a machine wrote its words, nobody has reviewed them all, and nobody has heard this line.
    is_unchecked: bool = field(default=False, compare=False)

    @property
    def speaker(self) -> str | None:
        """Who speaks first in it, where a voice is named."""
        return self.turns[0].speaker if self.turns else None

    @property
    def has_length(self) -> bool:
        """Tell whether anything says how long it lasts."""
        return self.end > self.start or self.until is not None

    @property
    def span(self) -> Span:
        """The passage it takes; where nothing says how long, a millisecond.

        Where the file has it end no later than it starts, it is heard until the next line begins.
        """
        return Span(self.start, self.end if self.end > self.start else self.until or self.start + 1)


@dataclass(frozen=True)
class UntimedLine:
    """A line of which nobody has said yet when it is spoken. ``line`` is that of its comment in the file.

    In the file it is the comment ``NOTE untimed c7``, with its words on the lines below, written as a cue's are.
    """

    id: str
    text: str
    turns: tuple[Turn, ...]
    citations: tuple[Citation, ...]
    line: int
    opens_paragraph: bool = False
    page: str | None = None
    comments: tuple[str, ...] = ()
    is_unchecked: bool = field(default=False, compare=False)

    @property
    def speaker(self) -> str | None:
        """Who speaks first in it, where a voice is named."""
        return self.turns[0].speaker if self.turns else None


#: A line of a transcript, timed or not.
Line = Cue | UntimedLine


@dataclass(frozen=True)
class Transcript:
    """What a WebVTT file says.

    Cues are in the order of their starts, those that start together in the file's. An untimed line comes after the
    line that it follows in the file.

    ``media_sha256`` is the digest of the sound that it was timed to, in small letters, or None where none is given. One
    that is no digest stays as written, so that it matches no sound.
    """

    path: Path
    lines: tuple[Line, ...]
    header: tuple[tuple[str, str], ...]
    media_sha256: str | None
    faults: tuple[Fault, ...]

    @cached_property
    def cues(self) -> tuple[Cue, ...]:
        """The lines that are timed."""
        return tuple(line for line in self.lines if isinstance(line, Cue))

    @cached_property
    def machine(self) -> MachineMade | None:
        """The machine that wrote the words; None where a person did."""
        return machine_made(self.header)

    @cached_property
    def aligner(self) -> MachineMade | None:
        """The machine that placed lines, those marked so; None where none did."""
        return machine_made(self.header, ALIGNED)

    @cached_property
    def review(self) -> Review | None:
        """Who says that all of a machine's words were reviewed; None where nobody does."""
        return reviewed(self.header)

    @property
    def is_draft(self) -> bool:
        """Tell whether a machine wrote the words, and nobody says that all were reviewed."""
        return self.machine is not None and self.review is None

    @cached_property
    def unchecked(self) -> int:
        """How many of its lines are a machine's that nobody has heard or reviewed."""
        return sum(line.is_unchecked for line in self.lines)


def in_turn(lines: Iterable[Line]) -> list[Line]:
    """Put cues in the order of their starts; an untimed line stays behind the line that it follows."""
    start = -1
    placed: list[tuple[int, Line]] = []
    for line in lines:
        start = line.start if isinstance(line, Cue) else start
        placed.append((start, line))
    placed.sort(key=lambda each: each[0])
    return [line for _, line in placed]


def word_times(cue: Cue) -> list[tuple[int, int]]:
    """Give for each word of a cue when it is said: milliseconds from the beginning of the recording, start and end.

    A word is over when the next timed one begins. Words without times of their own share those around them, as all
    words do of a line whose own times are rough.
    """
    count = len(_WORD.findall(cue.text))
    times = (None,) * count if cue.is_approximate or not cue.words else cue.words
    starts: list[int] = []
    for time in times:
        starts.append(cue.start + time if time is not None else starts[-1] if starts else cue.start)
    ends: list[int] = []
    after = cue.span.end
    for index in reversed(range(count)):
        ends.append(after)
        if times[index] is not None:
            after = starts[index]
    return list(zip(starts, reversed(ends), strict=True))


def excerpt(cues: Iterable[Cue], span: Span) -> tuple[Cue, ...]:
    """Give the lines that are heard in ``span``, clipped to it, without the words outside; times are those of before.

    A word is heard where half of it lies in the span, or half of the span in it. A line whose words are not timed
    counts as one word: it is there as a whole, or not at all.
    """
    return tuple(part for cue in cues if cue.span.overlaps(span) and (part := _part(cue, span)) is not None)


def retimed(passages: Sequence[tuple[Iterable[Cue], Span, int]]) -> tuple[Cue, ...]:
    """Give the lines heard in a clip that is joined from passages: cues, their span, and where in the clip it begins.

    Times count from the clip's start. Each line keeps its id; one that comes again gets a number after it. Pages are
    named only where all lines have one: no comment says that none is meant any more.
    """
    taken: set[str] = set()
    parts = tuple(
        replace(part, id=_unused(part.id, taken), start=part.start + move, end=part.end + move)
        for cues, span, begins in passages
        for move in [begins - span.start]
        for part in excerpt(cues, span)
    )
    return parts if all(part.page for part in parts) else tuple(replace(part, page=None) for part in parts)


def _part(cue: Cue, span: Span) -> Cue | None:
    heard = [index for index, (start, end) in enumerate(word_times(cue)) if _is_heard(start, end, span)]
    if not heard:
        return None
    places = [match.span() for match in _WORD.finditer(cue.text)]
    first, last = heard[0], heard[-1]
    begins, ends = places[first][0], places[last][1]
    start, end = max(cue.start, span.start), min(cue.span.end, span.end)
    words = tuple(
        None if time is None else max(cue.start + time, start) - start for time in cue.words[first : last + 1]
    )
    is_timed = any(time is not None and (time or index) for index, time in enumerate(words))
    words = (words[0] or 0, *words[1:]) if is_timed else ()
    turns = tuple(_turns(cue, begins, ends))
    said = cue.text.split()
    marks = (of_part(_of_words(each, first, last, len(said)), first, last, said) for each in cue.comments)
    comments = tuple(each for each in marks if each is not None)
    text = cue.text[begins:ends]
    return replace(cue, start=start, end=end, text=text, turns=turns, words=words, comments=comments)


def _of_words(comment: str, first: int, last: int, count: int) -> str:
    """Give a comment as it is of some of the words, where it says something of each; others stay."""
    if not comment.startswith(WORD_CONFIDENCE):
        return comment
    each = comment.removeprefix(WORD_CONFIDENCE).split()
    return f"{WORD_CONFIDENCE} {' '.join(each[first : last + 1])}" if len(each) == count else comment


def _turns(cue: Cue, begins: int, ends: int) -> Iterator[Turn]:
    """Give what each voice says between two places of the text."""
    at = 0
    for turn in cue.turns:
        at = cue.text.find(turn.text, at)
        text = cue.text[max(at, begins) : min(at + len(turn.text), ends)].strip()
        at += len(turn.text)
        if text:
            yield Turn(turn.speaker, text)


def _is_heard(start: int, end: int, span: Span) -> bool:
    end = max(end, start + 1)
    shared = min(end, span.end) - max(start, span.start)
    return shared > 0 and 2 * shared >= min(end - start, span.duration)


def _unused(name: str, taken: set[str]) -> str:
    unused, count = name, 1
    while unused in taken:
        count += 1
        unused = f"{name}-{count}"
    taken.add(unused)
    return unused
