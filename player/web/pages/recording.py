"""Makes what a recording's page prints: turns, lines, numbered notes, where each leads, and what a query finds."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, deque
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Final, NamedTuple

from player.archive.annotations import ANNOTATION_KINDS
from player.archive.doubts import doubts
from player.archive.line_marks import doubtful
from player.archive.transcript import Cue
from player.archive.unspoken import is_unspoken
from player.errors import SearchError
from player.search.phrases import count, find
from player.timecode import HOUR, SECOND
from player.web.pages.line_places import openings
from player.web.pages.line_sources import CitedLines, cited_lines
from player.web.pages.notes import note_contexts, notes, quotation_marker, references
from player.web.pages.parts import parts_opening
from player.web.pages.prose import direction

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from player.archive.doubts import Doubt
    from player.archive.gate.shown import ClosedPassage
    from player.archive.recording import Recording
    from player.archive.sources import Source
    from player.archive.transcript import Line
    from player.archive.translation import Translation
    from player.search.phrases import Found
    from player.timecode import Span
    from player.web.pages.notes import Note
    from player.web.pages.parts import ShownPart
    from player.web.pages.surroundings import Surroundings

# As many as translation.css has rules for; the others are there as files.
_MOST: Final = 6
# Who speaks, where nobody can tell.
_UNKNOWN: Final = ("",)
# Within a turn, a listener hears a silence of a second as the end of something.
_LONG_SILENCE: Final = SECOND

#: Of so many lines, each change of speaker is a heading: ten minutes of talk, at three seconds a line. In less, a
#: screen reader is soon through, and headings after every few lines would bury the page's own.
MANY: Final = 200
#: Of so many lines, those out of sight are laid out only when they come near.
LONG = 500
#: Characters of a query. The page's field takes no more; of a longer one the rest is left out, and the page says so.
LONGEST_QUERY: Final = 200
#: Lines that are listed. More are no help to a reader: a narrower search is.
MOST_LINES: Final = 200


@dataclass(frozen=True)
class Translated:
    """A line in another language. ``number`` counts the recording's translations from 1: style sheets choose by it."""

    number: int
    language: str
    text: str
    #: Whether the words beside it were changed since.
    is_older: bool = False


class PrintedLine(NamedTuple):
    """A line with the notes that begin at it. There may be twenty thousand: a dataclass takes four times as long."""

    line: Line
    notes: tuple[Note, ...]
    #: The voices, where they change at this line: none, where nobody is named and somebody was before; else None.
    voices: tuple[str, ...] | None
    translations: tuple[Translated, ...]
    #: Whether a paragraph begins here, in a view that has paragraphs.
    opens_paragraph: bool
    #: The passage that is closed, where this line stands in place of its lines.
    closed: ClosedPassage | None = None
    #: Whether it belongs to a passage whose sound alone is closed, and those of which it is the first line.
    is_silent: bool = False
    silences: tuple[ClosedPassage, ...] = ()
    #: The page of the document that begins with it, and the anchor of that; None where it goes on.
    page: tuple[str, str] | None = None
    #: Of what a machine wrote: whether somebody has heard it while other lines are unchecked; else which of its words
    #: are doubtful, by their numbers.
    is_checked: bool = False
    doubtful: tuple[int, ...] = ()
    #: What people say of its words: that they are doubtful, or how else they may be read.
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True)
class Edition:
    """Everything on a recording's page that comes from its transcript, its translations and its annotations."""

    lines: tuple[PrintedLine, ...]
    #: Whether lines or translations of them are written from right to left.
    has_leftward: bool
    moments: tuple[Note, ...]
    #: Those of them that stand beside no line, since no line is timed.
    apart: tuple[Note, ...]
    background: tuple[Note, ...]
    #: The translations that can be shown beside the lines, by their numbers.
    translations: Mapping[int, Translation]
    #: What the lines rest on.
    cited: tuple[CitedLines, ...]
    #: The parts of the recording whose headings stand above lines, by the identifiers of these.
    parts: Mapping[str, tuple[ShownPart, ...]]

    @property
    def headed(self) -> frozenset[int]:
        """The numbers of the parts that have a heading among the lines."""
        return frozenset(part.number for parts in self.parts.values() for part in parts)

    @property
    def kinds(self) -> dict[str, int]:
        """How many notes there are of each kind, in the order in which the kinds are listed."""
        counts = Counter(note.annotation.kind for note in (*self.moments, *self.background))
        return {kind: counts[kind] for kind in ANNOTATION_KINDS if counts[kind]}

    @property
    def has_hours(self) -> bool:
        """Whether some line begins after the first hour, so that its time is longer than others."""
        times = (each.line.start for each in reversed(self.lines) if isinstance(each.line, Cue))
        return next(times, 0) >= HOUR

    @cached_property
    def untimed(self) -> int:
        """How many lines are not timed in which something is said."""
        untimed = (each for each in self.lines if not isinstance(each.line, Cue))
        return sum(each.closed is not None or not is_unspoken(each.line.text) for each in untimed)

    @cached_property
    def has_untimed(self) -> bool:
        """Whether some line is not timed, even one in which nothing is said."""
        return any(not isinstance(each.line, Cue) for each in self.lines)

    @cached_property
    def is_timed(self) -> bool:
        """Whether some line is."""
        return any(isinstance(each.line, Cue) for each in self.lines)

    @cached_property
    def has_approximate(self) -> bool:
        """Whether the times of some line are known only roughly."""
        return any(isinstance(each.line, Cue) and each.line.is_approximate for each in self.lines)

    @cached_property
    def has_doubtful(self) -> bool:
        """Whether a machine was not sure of some words, which nobody has heard since."""
        return any(each.doubtful for each in self.lines)

    @cached_property
    def doubted(self) -> int:
        """In how many places people doubt words."""
        return sum(each.is_doubtful for line in self.lines for each in line.doubts)

    @cached_property
    def varied(self) -> int:
        """In how many places people give other readings of words that nobody doubts."""
        return sum(not each.is_doubtful for line in self.lines for each in line.doubts)

    @cached_property
    def doubted_turns(self) -> frozenset[str]:
        """The lines that have a heading under which are words that people doubt, or read otherwise."""
        if not (self.doubted or self.varied):
            return frozenset()
        found = set()
        opening = ""
        for line in self.lines:
            if line.voices is not None:
                opening = line.line.id
            if line.doubts:
                found.add(opening)
        return frozenset(found)

    @cached_property
    def has_checked(self) -> bool:
        """Whether somebody has heard some lines of a machine's, while others are unchecked."""
        return any(each.is_checked for each in self.lines)

    @property
    def has_older(self) -> bool:
        """Whether words were changed since they were translated."""
        return any(each.older for each in self.translations.values())

    @cached_property
    def has_pages(self) -> bool:
        """Whether the pages of the transcript's document are known."""
        return any(each.page for each in self.lines)

    @property
    def turn(self) -> str:
        """The element that names who speaks, where that changes."""
        if len(self.lines) < MANY:
            return "p"
        return "h4" if self.parts else "h3"

    @property
    def is_long(self) -> bool:
        """Whether a browser should lay out only what is seen."""
        return len(self.lines) >= LONG


@dataclass(frozen=True)
class Finding:
    """What a query found: its first lines, the notes, and how many hits there are in all lines and notes."""

    query: str
    lines: tuple[Found, ...] = ()
    notes: tuple[Note, ...] = ()
    count: int = 0
    count_in_notes: int = 0
    #: Lines that are not listed.
    more: int = 0
    is_cut: bool = False
    #: Why nothing was looked for.
    problem: str | None = None


def edit(recording: Recording, sources: Mapping[str, Source], around: Surroundings) -> Edition:
    """Give the notes their numbers in order of time, and set each beside the line during which it begins."""
    contexts = note_contexts(recording, around, lambda citations: references(citations, sources))
    mark = quotation_marker(recording)
    moments = tuple(notes(recording.numbered, sources, contexts, mark, numbered=True))
    transcript = recording.transcript.lines if recording.transcript else ()
    beside, apart = _beside(moments, transcript)
    translations = dict(enumerate(islice((each for each in recording.translations if each.lines), _MOST), start=1))
    translated: dict[str, list[Translated]] = {}
    for number, translation in translations.items():
        for each in translation.lines:
            made = Translated(number, translation.language, each.text, each.id in translation.older)
            translated.setdefault(each.id, []).append(made)
    stands_for = {each.id: each for each in recording.shown.passages if each.words}
    silences = deque(each for each in recording.shown.passages if not each.words)
    pages = openings(transcript)
    begun: set[str] = set()
    has_unchecked = bool(recording.transcript and recording.transcript.unchecked)
    lines: list[PrintedLine] = []
    speaking: tuple[str, ...] = ()
    heard = 0
    parts = parts_opening(recording, transcript)
    for index, line in enumerate(transcript):
        noted = beside.get(index, ())
        if parts and line.id in parts:
            speaking = _UNKNOWN if speaking else ()  # below a heading, whoever speaks is named
        page = pages.get(line.id) if pages else None
        cue = line if isinstance(line, Cue) else None
        if stands_for and line.id in stands_for:
            closed = stands_for[line.id]
            lines.append(PrintedLine(line, noted, None, (), opens_paragraph=False, closed=closed, page=page))
            # Whoever speaks next is named, even if it is who spoke before: what is between is not known.
            speaking = _UNKNOWN if speaking else ()
            heard = max(heard, cue.span.end) if cue else heard
            continue
        turns = line.turns
        voices = (turns[0].speaker,) if len(turns) == 1 and turns[0].speaker else _voices(line)
        # Under the last speaker's name, a line that names nobody would be read as that speaker's.
        changed = None if voices == speaking else voices
        speaking = voices
        is_late = cue is not None and 0 < heard <= cue.start - _LONG_SILENCE
        opens = changed is None and (line.opens_paragraph or is_late)
        printed = PrintedLine(line, noted, changed, tuple(translated.get(line.id, ())), opens, page=page)
        if has_unchecked:
            doubted = doubtful(line) if line.is_unchecked else ()
            printed = printed._replace(is_checked=not line.is_unchecked, doubtful=doubted)
        if line.comments and (said := doubts(line)):
            printed = printed._replace(doubts=said)
        lines.append(_in_silence(printed, cue.span, silences, begun) if silences and cue else printed)
        if cue:
            heard = max(heard, cue.end if cue.end > cue.start else cue.span.end)
    background = tuple(notes(recording.untimed, sources, contexts, mark, numbered=False))
    languages = (recording.language, *(each.language for each in translations.values()))
    has_leftward = any(direction(each) == "rtl" for each in languages)
    cited = cited_lines(transcript, sources)
    return Edition(tuple(lines), has_leftward, moments, apart, background, translations, cited, parts)


def _beside(moments: Sequence[Note], lines: Sequence[Line]) -> tuple[dict[int, tuple[Note, ...]], tuple[Note, ...]]:
    """Give the notes that stand beside each line, by its number, and those that stand beside none.

    A note with times stands beside the line during which it begins.
    """
    if not moments:
        return {}, ()
    numbers = {line.id: number for number, line in enumerate(lines)}
    cues = [(line.start, number) for number, line in enumerate(lines) if isinstance(line, Cue)]
    starts = [start for start, _ in cues]
    found: dict[int, tuple[Note, ...]] = {}
    apart: list[Note] = []
    for note in moments:
        span, name = note.annotation.span, note.annotation.beside
        if span is None:
            number = numbers.get(name or "")
        else:
            number = cues[max(bisect_right(starts, span.start) - 1, 0)][1] if cues else None
        if number is None:
            apart.append(note)
        else:
            found[number] = (*found.get(number, ()), note)
    return found, tuple(apart)


def search(asked: str | None, recording: Recording, edition: Edition) -> Finding | None:
    """Find what ``?q=`` asks for; None where it asks for nothing."""
    if asked is None or not asked.strip():
        return None
    query = asked[:LONGEST_QUERY]
    is_cut = len(asked) > LONGEST_QUERY
    try:
        lines = find(recording.transcript.lines if recording.transcript else (), query)
        counts = [(note, _count(note, query)) for note in (*edition.moments, *edition.background)]
    except SearchError as error:
        return Finding(query, is_cut=is_cut, problem=str(error))
    in_notes = sum(number for _, number in counts)
    return Finding(
        query,
        tuple(lines[:MOST_LINES]),
        tuple(note for note, number in counts if number),
        count=sum(len(line.hits) for line in lines) + in_notes,
        count_in_notes=in_notes,
        more=max(len(lines) - MOST_LINES, 0),
        is_cut=is_cut,
    )


def _in_silence(line: PrintedLine, span: Span, silences: deque[ClosedPassage], begun: set[str]) -> PrintedLine:
    """Give a line with what of its sound, its ``span``, is closed; ``begun`` are the passages that had a line before.

    Lines and passages come in the order of their starts: those that are over are dropped.
    """
    while silences and silences[0].span.end <= span.start:
        silences.popleft()
    own = [each for each in takewhile(lambda one: one.span.start < span.end, silences) if each.span.overlaps(span)]
    first = tuple(each for each in own if each.id not in begun)
    begun.update(each.id for each in own)
    return line._replace(is_silent=True, silences=first) if own else line


def _voices(line: Line) -> tuple[str, ...]:
    return tuple(dict.fromkeys(turn.speaker for turn in line.turns if turn.speaker))


def _count(note: Note, query: str) -> int:
    says = " ".join(each.striptags() for each in (note.body, *(claim.says for claim in note.context.claims)))
    return count(note.annotation.title, query) + count(says, query)
