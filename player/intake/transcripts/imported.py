"""Defines what every reader of a transcript gives: lines, what is known of them, and what was mended or left out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from player.archive.machine import MachineMade
    from player.archive.references import Citation
    from player.archive.transcript import Turn


class Deed(Enum):
    """What a reader did with something in a file."""

    READ = "read"
    MENDED = "mended"
    LEFT_OUT = "left out"


@dataclass(frozen=True)
class Remark:
    """What a reader tells of a file: what it did with what, and on which lines of the file, where that is known.

    ``what`` is a part of a sentence, with its number: ``12 page numbers``, ``3 deletions that were tracked``.
    """

    deed: Deed
    what: str
    lines: tuple[int, ...] = ()


@dataclass(frozen=True)
class ImportedLine:
    """A line of a transcript as a reader found it. Times are milliseconds from the beginning of the recording.

    Without a ``start`` it is untimed. Without an ``end`` it lasts until the next timed line begins. ``words`` holds for
    each of ``text.split()`` how many milliseconds after ``start`` it begins, or None; it is empty where no word is
    timed. ``text`` has no tags; ``turns`` says which voice says what of it, and is empty where none is known.
    """

    text: str
    turns: tuple[Turn, ...] = ()
    start: int | None = None
    end: int | None = None
    #: Whether its times are known only roughly.
    is_approximate: bool = False
    words: tuple[int | None, ...] = ()
    #: How sure the producer is of the line, from 0 to 1.
    confidence: float | None = None
    #: How sure it is of each of ``text.split()``; empty where it does not say.
    word_confidences: tuple[float | None, ...] = ()
    #: The page of the document on which the line begins.
    page: str | None = None
    #: The identifier that the file gives it; empty where it gives none.
    id: str = ""
    citations: tuple[Citation, ...] = ()
    opens_paragraph: bool = False
    #: Other comments that stand before the line in the file, to be kept as they are.
    comments: tuple[str, ...] = ()
    #: The line of the file on which it begins, counted from 1; None where the file has no lines.
    origin: int | None = None
    #: Its words as the file has them, where the name of who speaks was taken out of these; else empty.
    written: str = ""


@dataclass(frozen=True)
class ImportedNote:
    """An annotation that came with a transcript, such as a segment of an index. Times are in milliseconds."""

    start: int
    end: int | None
    title: str
    body: str
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True)
class Imported:
    """What a reader made of a file.

    ``format`` is what the format is called, with its producer where that shows: ``SubRip``, ``WebVTT by Zoom``.
    ``language`` is a BCP 47 tag, ``length`` that of the recording in milliseconds, ``date`` as EDTF; each only where
    the file says so.
    """

    format: str
    lines: tuple[ImportedLine, ...]
    remarks: tuple[Remark, ...] = ()
    notes: tuple[ImportedNote, ...] = ()
    header: tuple[tuple[str, str], ...] = ()
    language: str | None = None
    title: str | None = None
    date: str | None = None
    length: int | None = None
    #: Where it was made of several files, what each is called, and how many of the lines are its; in order.
    files: tuple[tuple[str, int], ...] = ()
    #: What wrote the words, where the form of the file shows that a machine did.
    machine: MachineMade | None = None
    #: Whether it can say all that is written of a line; where it cannot, a line that is there already keeps the rest.
    is_whole: bool = True
    #: What has to be known of the recording, which its record should say: a label, what to expect.
    notices: tuple[str, ...] = ()

    @property
    def speakers(self) -> tuple[str, ...]:
        """The voices that it names, in the order in which they first speak."""
        named = (turn.speaker for line in self.lines for turn in line.turns)
        return tuple(dict.fromkeys(speaker for speaker in named if speaker is not None))

    def each_file(self) -> Iterator[tuple[str, tuple[ImportedLine, ...]]]:
        """Give the lines of each file that it was made of, with what that is called; empty where it is one."""
        if not self.files:
            yield "", self.lines
        begin = 0
        for title, count in self.files:
            yield title, self.lines[begin : begin + count]
            begin += count
