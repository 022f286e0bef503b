"""Finds words in all that an archive holds, for its owners: in the index, and in what visitors may not see."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from player.index import access
from player.index.beside import Beside
from player.index.facets import matching
from player.index.lists import numbered_cards
from player.index.searching import Hits, Search
from player.timecode import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from player.archive.archive import Archive
    from player.archive.gate.shown import Shown
    from player.archive.references import Citation
    from player.index.cards import Card
    from player.index.facets import Chosen
    from player.index.index import Index
    from player.index.reading import Progress
    from player.index.store import Row
    from player.search.phrases import Found

# Recordings whose cards are read at once.
_TOGETHER: Final = 50
# More lines of one recording than there ever are.
_ALL: Final = 10**9
# Picks the numbers of recordings out of what was found.
_Pick = Callable[[Hits], Iterable[int]]


@dataclass(frozen=True)
class _Part:
    """What was found in one index, but for the units whose numbers are ``left_out``: these are in another part.

    That ``is_beside`` the index, and holds what visitors may not see all of.
    """

    index: Index
    search: Search
    hits: Hits
    left_out: frozenset[int] = frozenset()
    is_beside: bool = False

    def counted(self, numbers: Iterable[int]) -> set[int]:
        return {number for number in numbers if number not in self.left_out}

    def cards(self, pick: _Pick, chosen: Chosen) -> Iterator[tuple[float, Card, int, _Part]]:
        wanted = matching(self.index, chosen)
        numbers = self.counted(pick(self.hits))
        rest = iter(self.search.by_rank(self.hits, numbers if wanted is None else numbers & wanted))
        while some := list(islice(rest, _TOGETHER)):
            for number, card in numbered_cards(self.index, some):
                yield -self.hits.scores.get(number, 0.0), card, number, self


@dataclass(frozen=True)
class Everything:
    """What was found, recording by recording, those first that answer best.

    ``owners`` is the archive as they see it, ``unread`` what of it cannot be read.
    """

    owners: Archive
    parts: tuple[_Part, ...]
    unread: Sequence[str]

    @classmethod
    def find(cls, index: Index, words: str, progress: Progress | None = None) -> Everything:
        """Find words in an index and beside it.

        :raise SearchError: where there is no word among them.
        """
        search = Search(index)
        hits = search.find(words)
        beside = Beside(index, progress)
        parts = [_Part(index, search, hits, beside.numbers)]
        if beside.numbers:
            other = Search(beside.index)
            parts.append(_Part(beside.index, other, other.find(words), is_beside=True))
        return cls(beside.index.archive, tuple(parts), beside.unread)

    @classmethod
    def find_open(cls, index: Index, words: str) -> Everything:
        """Find words in an index alone: in what those may see for whom it is made.

        :raise SearchError: where there is no word among them.
        """
        search = Search(index)
        return cls(index.archive, (_Part(index, search, search.find(words)),), ())

    @property
    def passages(self) -> int:
        """How many hits there are in lines."""
        return sum(part.hits.passages[number] for part in self.parts for number in part.counted(part.hits.passages))

    @property
    def recordings(self) -> int:
        """In how many recordings something was found, in lines or in what the record says."""
        return sum(len(part.counted(part.hits.recordings)) for part in self.parts)

    @property
    def noted(self) -> int:
        """How many hits there are in notes."""
        return sum(part.hits.noted[number] for part in self.parts for number in part.counted(part.hits.noted))

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was found."""
        return not (self.recordings or self.noted or any(True for _ in self.others()))

    def lines(self, chosen: Chosen | None = None) -> Iterator[tuple[Card, Found, str]]:
        """Give the lines, with their recordings, and with whether visitors may read them.

        They are those of the recordings that have what is ``chosen``, where that is anything.
        """
        for card, number, part in self._cards(lambda hits: hits.passages, chosen):
            shown = self._shown(part, card)
            for line in part.search.lines(part.hits, number, _ALL):
                yield card, line, access.of_line(shown, line.span) if shown else access.OPEN

    def with_sources(self) -> Iterator[tuple[Card, list[Found], list[tuple[Row, tuple[Citation, ...]]]]]:
        """Give the recordings, each with the lines and the notes in which words were found and what these rest on."""
        for card, number, part in self._cards(lambda hits: hits.passages.keys() | hits.noted.keys()):
            lines = part.search.lines(part.hits, number, _ALL, with_sources=True)
            yield card, lines, part.search.cited_notes(part.hits, number)

    def records(self) -> Iterator[Card]:
        """Give the recordings of which only the record says the words."""
        return (card for card, _, _ in self._cards(lambda hits: hits.recordings - hits.passages.keys()))

    def notes(self) -> Iterator[dict[str, Any]]:
        """Give the notes: recording, note, kind, title, start, access."""
        for card, number, part in self._cards(lambda hits: hits.noted):
            shown = self._shown(part, card)
            for note in part.search.notes(part.hits, number):
                span = None if note["at"] is None else _span(note["at"], note["until"])
                yield {
                    "recording": card.slug,
                    "note": note["id"],
                    "kind": note["kind"],
                    "title": note["title"],
                    "start": note["at"],
                    "access": access.of_note(shown, span) if shown else access.OPEN,
                }

    def others(self) -> Iterator[dict[str, Any]]:
        """Give people, sources, entries, dossiers and sets: kind, id, name, access."""
        for kind in dict.fromkeys(kind for part in self.parts for kind in part.hits.things):
            for part in self.parts:
                for number in part.hits.things.get(kind, ()):
                    row = part.index.database.row("SELECT unit, id, name FROM thing WHERE number = ?", number)
                    if row is None or row["unit"] in part.left_out:
                        continue
                    named = {"kind": kind, "id": row["id"], "name": row["name"]}
                    yield {**named, "access": self._access(part, kind, row["id"])}

    def _cards(self, pick: _Pick, chosen: Chosen | None = None) -> Iterator[tuple[Card, int, _Part]]:
        ranked = (part.cards(pick, chosen or {}) for part in self.parts)
        found = heapq.merge(*ranked, key=lambda each: (each[0], each[1].slug))
        return ((card, number, part) for _, card, number, part in found)

    @staticmethod
    def _access(part: _Part, kind: str, name: str) -> str:
        if kind == "person":
            return access.PRIVATE if part.index.people[name].private else access.OPEN
        # A dossier or a set that is beside the index tells of what is closed.
        return access.IN_PART if kind in {"dossier", "set"} and part.is_beside else access.OPEN

    def _shown(self, part: _Part, card: Card) -> Shown | None:
        """Say what visitors may see of a recording; None where that is all of it."""
        return self.owners.record(card.slug).shown if part.is_beside else None


def _span(start: int, end: int | None) -> Span:
    return Span(start, max(end or 0, start + 1))
