"""A recording into the edition that its page prints: turns, lines, numbered notes, and where each leads."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from itertools import groupby, islice
from typing import TYPE_CHECKING, Final

from player.archive.keys import ANNOTATION_KINDS
from player.timecode import HOUR, SECOND
from player.web.note_context import note_contexts
from player.web.prose import render

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from markupsafe import Markup

    from player.archive.annotations import Annotation
    from player.archive.citations import Citation
    from player.archive.recording import Recording
    from player.archive.sources import Source
    from player.archive.transcript import Cue
    from player.archive.translation import Translation
    from player.web.note_context import NoteContext
    from player.web.surroundings import Surroundings

# As many as translation.css has rules for; the others can be had as files.
_MOST: Final = 6
# In letters, at the widths at which notes are shown: below, nothing is hidden.
_THREE_LINES: Final = 100
_ONE_LINE: Final = 36
_UNNAMED: Final = "Speaker not named"
# Within a turn, a listener hears a silence of a second as the end of something.
_LONG_SILENCE: Final = SECOND

#: Of so many lines, those out of sight are laid out only when they come near.
LONG = 500
#: How many lines are laid out together. At each frame a browser looks at every element that may be left out: 8,000 took
#: 5 ms, a thousand take 0.7. More lines in each would let a page jump where they turn out higher than was guessed.
RUN: Final = 8


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

    @property
    def is_long(self) -> bool:
        """Tell whether more than its beginning is hidden until it is opened: three lines of it, and one of sources."""
        cited = sum(len(each.called) + len(each.citation.locator or "") for each in self.references)
        said = len(self.body.striptags()) + sum(len(claim.says.striptags()) for claim in self.context.claims)
        led = max((sum(len(link.text) for link in links) for _, links in self.context.ties), default=0)
        return self.number is not None and (said > _THREE_LINES or max(cited, led) > _ONE_LINE)


@dataclass(frozen=True)
class Translated:
    """A line in another language. ``number`` counts the recording's translations from 1: style sheets choose by it."""

    number: int
    language: str
    text: str


@dataclass(frozen=True)
class Line:
    """A cue with the notes that begin at it, and its words' times as ``data-words`` has them."""

    cue: Cue
    notes: tuple[Note, ...]
    references: tuple[Reference, ...]
    #: The voices, where they change at this line; that nobody is named, where somebody was before.
    voices: str | None
    translations: tuple[Translated, ...]
    #: Whether a paragraph begins here, in a view that has paragraphs.
    opens_paragraph: bool

    @property
    def words(self) -> str | None:
        """The words' times in milliseconds after the line's start, ``-`` where unknown; None where none is timed."""
        if not self.cue.words:
            return None
        return " ".join("-" if moment is None else str(moment) for moment in self.cue.words)


@dataclass(frozen=True)
class Edition:
    """Everything on a recording's page that comes from its transcript, its translations and its annotations."""

    lines: tuple[Line, ...]
    moments: tuple[Note, ...]
    background: tuple[Note, ...]
    #: The translations that can be shown beside the lines, by their numbers.
    translations: Mapping[int, Translation]

    @property
    def kinds(self) -> dict[str, int]:
        """How many notes there are of each kind, in the order in which the kinds are listed."""
        counts = Counter(note.annotation.kind for note in (*self.moments, *self.background))
        return {kind: counts[kind] for kind in ANNOTATION_KINDS if counts[kind]}

    @property
    def has_hours(self) -> bool:
        """Whether some line begins after the first hour, so that its time is longer than others."""
        return bool(self.lines) and self.lines[-1].cue.start >= HOUR

    @property
    def is_long(self) -> bool:
        """Whether a browser should lay out only what is seen."""
        return len(self.lines) >= LONG

    @property
    def runs(self) -> Iterator[tuple[Line, ...]]:
        """The lines in runs that are laid out, or left out, together; where the transcript is short, line by line.

        The style sheet guesses the height of a run not seen yet, so that a run is of ``RUN`` lines or of one. A note
        hangs out of its line, and a line with notes is a run by itself.
        """
        if not self.is_long:
            yield from ((line,) for line in self.lines)
            return
        for is_noted, lines in groupby(self.lines, lambda line: bool(line.notes)):
            left = tuple(lines)
            while left:
                length = RUN if len(left) >= RUN and not is_noted else 1
                yield left[:length]
                left = left[length:]


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
    translations = dict(enumerate(islice((each for each in recording.translations if each.cues), _MOST), start=1))
    translated: dict[str, list[Translated]] = {}
    for number, translation in translations.items():
        for each in translation.cues:
            translated.setdefault(each.id, []).append(Translated(number, translation.language, each.text))
    lines: list[Line] = []
    speaking: str | None = None
    heard = 0
    for index, cue in enumerate(cues):
        voices = " and ".join(dict.fromkeys(turn.speaker for turn in cue.turns if turn.speaker)) or None
        # Under the last speaker's name, a line that names nobody would be read as that speaker's.
        changed = None if voices == speaking else voices or _UNNAMED
        speaking = voices
        lines.append(
            Line(
                cue,
                tuple(beside.get(index, ())),
                references(cue.citations, sources),
                changed,
                tuple(translated.get(cue.id, ())),
                opens_paragraph=changed is None and (cue.opens_paragraph or _is_long_silence(heard, cue)),
            )
        )
        heard = max(heard, cue.span.end)
    background = tuple(_notes(recording.untimed, sources, contexts, numbered=False))
    return Edition(tuple(lines), moments, background, translations)


def _is_long_silence(heard: int, cue: Cue) -> bool:
    return heard > 0 and cue.start - heard >= _LONG_SILENCE


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
