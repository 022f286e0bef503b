"""Defines what a book of a recording is written from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from player.archive.languages import language
from player.publish.book.leaves import leaves
from player.publish.rights import NOT_STATED, called
from player.publish.transcripts.notices import terms_in_words
from player.publish.transcripts.plain_signs import in_one_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from player.archive.annotations import Annotation
    from player.archive.sources import Source
    from player.publish.book.leaves import Leaf
    from player.publish.transcripts.exported import Exported


@dataclass(frozen=True)
class Sound:
    """A sound that readers of books play: MP3, or AAC in MP4; its file, and how long it lasts, in milliseconds."""

    path: Path
    length: int

    @property
    def name(self) -> str:
        """What it is called in a book."""
        return f"sound{self.path.suffix.lower()}"

    @property
    def media_type(self) -> str:
        """Its media type."""
        return "audio/mpeg" if self.path.suffix.lower() == ".mp3" else "audio/mp4"


@dataclass(frozen=True)
class Note:
    """A note, its number, and the document and the line at which it stands; None where it is about the whole."""

    number: int
    annotation: Annotation
    leaf: str | None
    at: str | None

    @property
    def is_told(self) -> bool:
        """Whether it says more than its title."""
        each = self.annotation
        return bool(each.body or each.claims or each.citations)


@dataclass(frozen=True)
class Book:
    """A recording with its words, its notes and its sound; without one, ``silence`` says why there is none."""

    exported: Exported
    leaves: tuple[Leaf, ...]
    notes: tuple[Note, ...]
    sources: Mapping[str, Source]
    sound: Sound | None
    silence: str = ""

    @property
    def title(self) -> str:
        """What it is called; a reading's title says that it is one."""
        recording = self.exported.recording
        title = in_one_line(recording.title)
        return f"Reading: {title}" if recording.is_reading and "reading" not in title.casefold() else title

    @property
    def direction(self) -> str:
        """The direction of its words."""
        found = language(self.exported.language).direction
        return "rtl" if found == "rtl" else "ltr"

    @property
    def rights(self) -> str:
        """Under what terms what is in it may be used: those of its notes too."""
        own = terms_in_words(self.exported.recording, self.exported.translation)
        of_notes = [
            f"{in_one_line(called(each.uri))} (annotations), {in_one_line(each.uri)}"
            for each in self.exported.recording.rights
            if each.object == "annotations" and self.notes
        ]
        return "; ".join([*([] if own == NOT_STATED and of_notes else [own]), *of_notes])


def book_of(exported: Exported, sources: Mapping[str, Source], sound: Sound | None, silence: str = "") -> Book:
    """Put together a book of what is exported; ``sources`` are those of the archive."""
    found = leaves(exported.lines, sound.length if sound else None)
    notes = tuple(_placed(number, each, found) for number, each in enumerate(exported.recording.annotations, start=1))
    return Book(exported, tuple(found), notes, sources, sound, "" if sound else silence)


def _placed(number: int, annotation: Annotation, found: list[Leaf]) -> Note:
    """Say where a note stands: at its first line, or at the last that has begun when its passage does."""
    named = annotation.cue[0] if annotation.cue else annotation.beside
    place: tuple[str, str] | None = None
    for leaf in found:
        for said in leaf.said:
            if named is not None and said.line.id == named:
                return Note(number, annotation, leaf.name, said.name)
            moment = annotation.span.start if annotation.span else None
            if moment is not None and said.start is not None and (said.start <= moment or place is None):
                place = leaf.name, said.name
    return Note(number, annotation, *(place or (None, None)))
