"""Declares the parts of a recording that was joined from several sounds, and says in which of them a moment lies.

The recording has one clock, and so have its transcript, its notes and its links. A part has a start on it; what is said
of a moment to people who have the part itself, a side of a tape or a disc, counts from there: ``Side B, 3:12``.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from player.archive.toml.declared import Table, declared, key
from player.timecode import Span, clock, display
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from player.errors import Fault

#: The folder of ``media`` in which each such recording has one, with its parts as they came.
FOLDER: Final = "parts"
#: What a comment of a transcript begins with that says in which part the next line is, by the part's number. Only where
#: a line is not timed is there a need for it.
OPENS: Final = "part: "


@declared
class Part(Table):
    """One of several sounds that are held in `media/parts/<slug>/` and were joined, in this order, into the sound.

    `player join` joins them again.
    """

    media: str = key("file name", "its file in `media/parts/<slug>/`")
    title: str = key("text", "what it is called, as in `Side A`")
    start: int = key("time", "where it begins in the recording")
    sha256: str = key("digest", "the digest of the file as it came")


@value
class Stretch:
    """What a passage has of one part: the part, its number from 1 on, and the passage on the part's own clock."""

    part: Part
    number: int
    span: Span

    @property
    def text(self) -> str:
        """Say it: ``Side B, 3:12 to 3:20``."""
        return f"{self.part.title}, {self.span}"


def folder_of(media: Path, slug: str) -> Path:
    """Give the folder of a recording's parts; ``media`` is the archive's folder of sounds."""
    return media / FOLDER / slug


def faults_of(parts: Sequence[Part]) -> Iterator[Fault]:
    """Give what is wrong with parts that follow each other."""
    if parts and parts[0].start:
        yield parts[0].fault("start", "the first part does not begin at 0:00", 'write start = "0:00"')
    for before, part in pairwise(parts):
        if part.start <= before.start:
            what = f'the part "{part.title}" begins no later than the one before it'
            yield part.fault("start", what, "list the parts in their order, each with its start in the whole recording")


def number_at(parts: Sequence[Part], moment: int) -> int:
    """Give the number, from 1 on, of the part in which a moment lies; 0 where there are no parts."""
    return bisect_right(parts, moment, key=lambda each: each.start)


def at(parts: Sequence[Part], moment: int, write: Callable[[int], str] = clock) -> str:
    """Say where a moment lies in its part, ``Side B, 3:12``; empty where there are no parts."""
    number = number_at(parts, moment)
    return f"{parts[number - 1].title}, {write(moment - parts[number - 1].start)}" if number else ""


def stretches(parts: Sequence[Part], span: Span) -> tuple[Stretch, ...]:
    """Divide a passage into what it has of each part; none where there are no parts."""
    found = []
    for number, part in enumerate(parts, 1):
        end = parts[number].start if number < len(parts) else span.end
        if span.start < end and part.start < span.end:
            start = max(span.start, part.start) - part.start
            found.append(Stretch(part, number, Span(start, min(span.end, end) - part.start)))
    return tuple(found)


def in_parts(parts: Sequence[Part], start: int, end: int | None = None, *, to: str = " to ") -> str:
    """Say where a passage lies: ``Side B, 3:12 to 3:20``, or ``Side A, 44:50 to Side B, 0:10``; empty without parts.

    It is to the second, but where that would say nothing. Without an end it is ``Side B, from 3:12``.
    """
    if not parts:
        return ""
    if end is None:
        number = number_at(parts, start)
        return f"{parts[number - 1].title}, from {clock(start - parts[number - 1].start)}"
    there = stretches(parts, Span(start, end))
    first, last = there[0], there[-1]
    write = display if clock(start) == clock(end) else clock
    name = f"{last.part.title}, " if last is not first else ""
    return f"{first.part.title}, {write(first.span.start)}{to}{name}{write(last.span.end)}"
