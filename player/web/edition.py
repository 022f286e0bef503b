"""A recording into the edition that its page prints: turns, lines, numbered notes, and where each leads."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from player.archive.prose import render
from player.web.note_context import note_contexts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from markupsafe import Markup

    from player.archive.annotations import Annotation
    from player.archive.citations import Citation
    from player.archive.recording import Recording
    from player.archive.sources import Source
    from player.archive.transcript import Cue
    from player.web.note_context import NoteContext
    from player.web.surroundings import Surroundings


@dataclass(frozen=True)
class Reference:
    """A citation with the source it names, as a note shows it."""

    citation: Citation
    source: Source | None

    @property
    def called(self) -> str:
        """What the source is called, in a few words."""
        return self.source.called if self.source else self.citation.source

    @property
    def address(self) -> str | None:
        """Where it can be read, where that may be linked."""
        return self.source.address if self.source and self.source.link else None


@dataclass(frozen=True)
class Note:
    """An annotation with its number on the page (None for one about the whole recording)."""

    annotation: Annotation
    number: int | None
    body: Markup
    references: tuple[Reference, ...]
    context: NoteContext


@dataclass(frozen=True)
class Line:
    """A cue with the notes that begin at it, and its words' times as ``data-words`` has them."""

    cue: Cue
    notes: tuple[Note, ...]
    references: tuple[Reference, ...]
    #: The voices, where they change at this line.
    voices: str | None

    @property
    def words(self) -> str | None:
        """The words' times in milliseconds after the line's start, ``-`` where unknown; None where none is timed."""
        if not self.cue.words:
            return None
        return " ".join("-" if moment is None else str(moment) for moment in self.cue.words)


@dataclass(frozen=True)
class Edition:
    """Everything on a recording's page that comes from its transcript and annotations."""

    lines: tuple[Line, ...]
    moments: tuple[Note, ...]
    background: tuple[Note, ...]


def edit(recording: Recording, sources: Mapping[str, Source], around: Surroundings) -> Edition:
    """Give the notes their numbers in order of time, and set each beside the line during which it begins."""
    contexts = note_contexts(recording, around, lambda citations: references(citations, sources))
    moments = tuple(_notes(recording.timed, sources, contexts, numbered=True))
    cues = recording.transcript.cues if recording.transcript else ()
    starts = [cue.start for cue in cues]
    beside: dict[int, list[Note]] = {}
    for note in moments:
        span = note.annotation.span
        beside.setdefault(max(bisect_right(starts, span.start if span else 0) - 1, 0), []).append(note)
    lines = []
    speaking: str | None = None
    for index, cue in enumerate(cues):
        voices = " and ".join(dict.fromkeys(turn.speaker for turn in cue.turns if turn.speaker)) or None
        changed = voices if voices != speaking else None
        speaking = voices
        lines.append(Line(cue, tuple(beside.get(index, ())), references(cue.citations, sources), changed))
    return Edition(tuple(lines), moments, tuple(_notes(recording.untimed, sources, contexts, numbered=False)))


def references(citations: tuple[Citation, ...], sources: Mapping[str, Source]) -> tuple[Reference, ...]:
    """Find the source of each citation."""
    return tuple(Reference(citation, sources.get(citation.source)) for citation in citations)


def _notes(
    annotations: tuple[Annotation, ...],
    sources: Mapping[str, Source],
    contexts: Mapping[str, NoteContext],
    *,
    numbered: bool,
) -> Iterator[Note]:
    for number, annotation in enumerate(annotations, start=1):
        yield Note(
            annotation,
            number if numbered else None,
            render(annotation.body),
            references(annotation.citations, sources),
            contexts[annotation.id],
        )
