"""Defines what an aligner is asked, line by line, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from player.align.spoken_forms import Spoken
    from player.timecode import Span


@dataclass(frozen=True)
class SpokenLine:
    """A line of a transcript as it may be spoken; the lines asked about are in the order in which they are said.

    ``words`` holds for each of the tokens of ``text.split()`` the ways in which it may be said. One that is ``fixed``
    was timed by a person, or before: it is not placed, but others lie before it and after it. What is ``near`` has been
    timed roughly.
    """

    id: str
    words: tuple[tuple[Spoken, ...], ...]
    fixed: Span | None = None
    near: Span | None = None


@dataclass(frozen=True)
class Placed:
    """When a line is said: milliseconds from the beginning of the sound, ``[start, end)``.

    ``words`` holds for each token when it begins, or None where that is not known. ``confidence`` is from 0 to 1.
    """

    start: int
    end: int
    words: tuple[int | None, ...]
    confidence: float


@dataclass(frozen=True)
class NotPlaced:
    """Says ``why`` a line was not placed, as a part of a sentence: ``too few of its words were recognised``."""

    why: str
