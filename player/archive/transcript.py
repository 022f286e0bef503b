"""Defines what a transcript is: lines, when they are said, by whom and on what authority.

``webvtt.reading`` and ``webvtt.writing`` make one of a WebVTT file, and a file of one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from player.timecode import Span

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.references import Citation
    from player.errors import Fault


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
class Transcript:
    """What a WebVTT file says. Cues are in the order of their starts, those that start together in the file's.

    ``media_sha256`` is the digest of the sound that it was timed to, in small letters, or None where none is given. One
    that is no digest stays as written, so that it matches no sound.
    """

    path: Path
    cues: tuple[Cue, ...]
    header: tuple[tuple[str, str], ...]
    media_sha256: str | None
    faults: tuple[Fault, ...]
