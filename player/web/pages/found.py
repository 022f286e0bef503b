"""Makes what the page of a search prints: recordings with their first lines, notes, other things, and what may help."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

from flask import url_for

from player.archive import dates
from player.archive.gate.shown import CLOSED_LINE
from player.archive.statements import Spot, of_dossier, of_people, of_set, of_sources, of_table
from player.archive.transcript import Cue
from player.errors import SearchError
from player.index import facets, lists, values
from player.publish.found_lines import cited, note_cited
from player.search.phrases import marked
from player.web.pages.as_of import cited_version
from player.web.pages.line_places import place_of, stamp
from player.web.pages.machine_words import with_doubtful
from player.web.pages.surroundings import address
from player.web.pages.this_line import line_address, page_address, passage_asked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from player.archive.recording import Record
    from player.archive.statements import Statement
    from player.index.cards import Card
    from player.index.index import Index
    from player.index.searching import Hits, Search
    from player.index.store import Row
    from player.publish.citation import Cited
    from player.search.phrases import Found, Piece
    from player.timecode import Span
    from player.web.pages.listing import Asked

#: Recordings on a page, and how many lines of each are shown.
GROUPS: Final = 10
LINES: Final = 3
#: Notes and things shown below the recordings, and on a page of their own.
FEW: Final = 3
MANY: Final = 20
# Of a long text, so many words are shown before the first that was found, and after the last.
_BEFORE: Final = 12
_AFTER: Final = 40
# A line of a transcript is shown whole, unless it is longer than anybody speaks in one.
_LONG_LINE: Final = 80
#: Kinds of things as ``player.index.searching`` has them: how addresses call them, and headings.
KINDS: Final = {
    "note": ("notes", "notes"),
    "person": ("people", "people"),
    "source": ("sources", "sources"),
    "entry": ("chronology", "the chronology"),
    "dossier": ("dossiers", "accounts compared"),
    "set": ("sets", "sets of passages"),
}
_SPOTS: Final[Mapping[str, Callable[[str], Spot]]] = {
    "entry": lambda name: Spot("chronology", part=("entry", name)),
    **{kind: partial(Spot, kind) for kind in ("person", "source", "dossier", "set")},
}
# What else is tried where nothing was found: so many words one by one.
_TRIED: Final = 5


@dataclass(frozen=True)
class Line:
    """A line in which hits begin, each line of it in pieces; ``span`` is what is played of it.

    It is None where nobody knows when that is said. ``at`` is when the line begins, and ``place`` says it, or on which
    page. Where it ``is_closed``, it stands in place of lines that are, and there is nothing to be played.
    """

    id: str
    speaker: str | None
    at: int | None
    span: Span | None
    place: str
    said: tuple[tuple[Piece, ...], ...]
    is_closed: bool
    is_approximate: bool
    #: Whether words of it are a machine's, which nobody has heard or reviewed; or, beside such, somebody has.
    is_unchecked: bool
    is_checked: bool

    @property
    def is_timed(self) -> bool:
        """Tell whether it can be played."""
        return self.span is not None and not self.is_closed


@dataclass(frozen=True)
class Group:
    """A recording, its first lines that were found, and how many hits there are in all of them.

    ``page`` and ``clip`` are the addresses of its page and of its clips, still without times.
    """

    card: Card
    page: str
    clip: str
    title: tuple[Piece, ...]
    count: int
    lines: tuple[Line, ...]
    more: int

    @property
    def can_be_heard(self) -> bool:
        """Tell whether a passage may be played where it is listed: not past something to be known before hearing it."""
        return self.card.is_followed and not self.card.advice

    @property
    def has_checked(self) -> bool:
        """Tell whether what is said of the whole, that nobody has checked it, is not so of each line that is shown."""
        return any(line.is_checked for line in self.lines)


@dataclass(frozen=True)
class Other:
    """A note, a person, a source, an entry or a dossier: where it is, its name and its text in pieces."""

    address: str
    kind: str
    name: tuple[Piece, ...]
    text: tuple[Piece, ...]
    #: Of a note: its recording, and when it begins, ``3:12`` or ``~3:12``; empty where it has no time.
    card: Card | None = None
    at: str = ""


@dataclass(frozen=True)
class Try:
    """Another search that finds something, and how many recordings."""

    address: str
    words: str
    why: str
    count: int


def groups(index: Index, search: Search, hits: Hits, numbers: Sequence[int], *, most: int = LINES) -> list[Group]:
    """Give recordings as the page prints them, with as many lines of each as ``most``."""
    found = []
    first = search.lines_of(hits, numbers, most)
    for number, card in lists.numbered_cards(index, numbers):
        lines = first.get(number, [])
        shown = sum(len(line.hits) for line in lines)
        count = hits.passages.get(number, 0)
        title = marked(card.title, hits.needles)
        page = url_for("recordings.recording", slug=card.slug)
        clip = url_for("clips.send", slug=card.slug, ext="mp3")
        found.append(Group(card, page, clip, title, count, tuple(_line(line, card) for line in lines), count - shown))
    return found


def notes(index: Index, search: Search, hits: Hits, numbers: Sequence[int], most: int) -> Iterator[Other]:
    """Give the notes on recordings in which words were found, at most so many of each."""
    for number, card in lists.numbered_cards(index, numbers):
        for note in search.notes(hits, number)[:most]:
            name = url_for("recordings.recording", slug=card.slug, _anchor=f"note-{note['id']}")
            title, text = (marked(note[each], hits.needles) for each in ("title", "text"))
            if not any(is_hit for _, is_hit in (*title, *text)):
                text = claimed(index, hits, number, note["id"]) or text
            at = "" if note["at"] is None else stamp(note["at"], is_approximate=note["is_approximate"])
            yield Other(name, note["kind"], title, clipped(text), card, at)


def claimed(index: Index, hits: Hits, recording: int, note: str) -> tuple[Piece, ...] | None:
    """Give what a note says elsewhere than in its title and its text: a claim."""
    rows = index.rows("SELECT texts FROM statement WHERE unit = ? AND part = ?", recording, f"note {note}")
    said = (marked(text, hits.needles) for row in rows for text in row["texts"].splitlines())
    return next((each for each in said if any(is_hit for _, is_hit in each)), None)


def things(index: Index, hits: Hits, kind: str, numbers: Iterable[int]) -> Iterator[Other]:
    """Give people, sources, entries or dossiers."""
    for number in numbers:
        row = index.database.row("SELECT id, name, value FROM thing WHERE number = ?", number)
        if row is None:
            continue  # it has been taken away meanwhile
        value = values.decode(row["value"])
        # What an entry is called is its date, and what it says.
        name = dates.readable(value.date) if kind == "entry" else row["name"]
        said = [marked(text, hits.needles) for text in _texts(kind, value) if text != name]
        # What has the words, if anything beside its name does; else how it begins.
        best = next((each for each in said if any(is_hit for _, is_hit in each)), said[0] if said else ())
        yield Other(address(index, _SPOTS[kind](row["id"])), kind, marked(name, hits.needles), clipped(best))


def clipped(pieces: tuple[Piece, ...], most: int = 0) -> tuple[Piece, ...]:
    """Leave out what stands far from the words that were found, where there are more than ``most`` words."""
    if sum(len(text.split()) for text, _ in pieces) <= most:
        return pieces
    places = [place for place, (_, is_hit) in enumerate(pieces) if is_hit]
    first, last = (places[0], places[-1]) if places else (0, 0)
    shown = []
    for place, (text, is_hit) in enumerate(pieces):
        words = text.split()
        after = 0 if place < first else _AFTER if place >= last else _BEFORE
        before = _BEFORE if place < last else 0
        is_long = not is_hit and len(words) > after + before
        ends = (" ".join(words[:after]), "…", " ".join(words[len(words) - before :]))
        shown.append((" ".join(filter(None, ends)) if is_long else text, is_hit))
    return tuple(shown)


def with_doubts(pieces: tuple[Piece, ...], doubtful: Sequence[int]) -> tuple[Piece, ...]:
    """Mark the words of a line, by their numbers, of which a machine was not sure; not in a line that is clipped."""
    counts = [len(text.split()) for text, _ in pieces]
    if not doubtful or sum(counts) > _LONG_LINE:
        return pieces
    begins = list(accumulate(counts, initial=0))
    return tuple(
        (with_doubtful(text, [each - first for each in doubtful if first <= each < last]), is_hit)
        for (text, is_hit), first, last in zip(pieces, begins, begins[1:], strict=False)
    )


def tries(search: Search, query: str, asked: Asked) -> Iterator[Try]:
    """Look for what may help where nothing was found: the same words without quotation marks, or one by one."""
    plain = " ".join("".join(" " if sign in '"“”„«»' else sign for sign in query).split())
    others = [(plain, "without quotation marks")] if plain != " ".join(query.split()) else []
    words = list(dict.fromkeys(plain.split()))
    if 1 < len(words) <= _TRIED:
        others += [(word, "alone") for word in words]
    found = []
    for words_tried, why in others:
        try:
            count = len(search.find(words_tried).recordings)
        except SearchError:
            continue
        if count:
            found.append(Try(asked.address(q=words_tried), words_tried, why, count))
    # Of single words the rarest says most.
    yield from sorted(found, key=lambda each: (each.why == "alone", each.count))


def narrowed(index: Index, hits: Hits, chosen: Mapping[str, tuple[str, ...]]) -> set[int]:
    """Give the recordings that were found, narrowed to what is chosen."""
    wanted = facets.matching(index, chosen)
    return set(hits.recordings if wanted is None else hits.recordings & wanted)


def _line(found: Found, card: Card) -> Line:
    doubted = zip(found.lines, found.doubtful or ((),) * len(found.lines), strict=True)
    said = tuple(clipped(with_doubts(pieces, numbers), _LONG_LINE) for pieces, numbers in doubted)
    line = found.line
    is_closed = card.access is not None and line.id.startswith(CLOSED_LINE)
    at, is_approximate = (line.start, line.is_approximate) if isinstance(line, Cue) else (None, False)
    is_checked = bool(card.unchecked) and not (is_closed or found.is_unchecked)
    known = (is_closed, is_approximate, found.is_unchecked, is_checked)
    return Line(line.id, line.speaker, at, found.span, place_of(line), said, *known)


def _texts(kind: str, value: Any) -> Iterator[str]:
    """Give what is said of a thing."""
    if kind == "entry":
        statements: Iterable[Statement] = [of_table(value, kind, "", _SPOTS[kind](value.id))]
    elif kind == "dossier":
        statements = of_dossier(value)
    elif kind == "set":
        statements = of_set(value)
    else:
        statements = of_people([value]) if kind == "person" else of_sources([value])
    for statement in statements:
        yield from statement.texts


def line_cited(record: Record, line: Found) -> Cited:
    """Give what a citation of a line that was found names today."""
    version = cited_version(record)
    start, end = (line.span.start, line.span.end) if line.span else (None, None)
    address = line_address(record, line.line.id, passage_asked(start, end), version)
    return cited(record, line, address, version.date if version else "")


def cited_note(record: Record, note: Row) -> Cited:
    """Give what a citation of a note that was found names today."""
    version = cited_version(record)
    page = page_address(record, version)
    address = f"{page}#note-{note['id']}" if page else ""
    return note_cited(record, note, address, version.date if version else "")
