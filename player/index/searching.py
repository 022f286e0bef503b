"""Finds words in everything that an archive holds: lines, notes, records, people, sources, entries, dossiers.

``words``, the index of trigrams, says in which bodies of folded text they may be; the folded text says whether they
are, and how often. What a recording's own page finds is found here, but for one or two letters, which have to be a
word of their own.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections import Counter, OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from player.archive.references import Citation
from player.index.lines_found import lines_of
from player.index.lists import things
from player.index.remembered import remembered
from player.index.store import LONGEST_RUN
from player.letters import MARK
from player.search.bodies import BORDER, TRIGRAM, letters_of
from player.search.needles import count_in, hits_in, letters_in, needles_of, whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from player.index.index import Index
    from player.index.store import Row, Terms
    from player.search.phrases import Found

#: What is found beside recordings, in the order in which it is shown.
THINGS: Final = ("person", "source", "entry", "dossier", "set")
# How soon more hits stop to make a recording rank higher, and how much its length counts against it: the parameters k1
# and b of BM25, as usual (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009, section 3.4).
_SATURATION: Final = 1.2
_LENGTH: Final = 0.75
# What a hit in the title, and in the rest of the record, counts beside those in the lines, which never reach 2.2.
_TITLE: Final = 10.0
_RECORD: Final = 1.0
# What was found last is kept, as long as it is no more recordings in all: some 300 bytes each.
_KEPT: Final = 20_000
# Letters from which it is guessed how frequent trigrams are, out of so many recordings.
_SAMPLE: Final = 60_000
_SAMPLED: Final = 4
# A needle is looked for by so many trigrams of it at most, the rarest together; the text has the last word. Where one
# of them is in none of the sampled recordings, it and those beside it are enough.
_WINDOW: Final = LONGEST_RUN - TRIGRAM + 1
_RARE_WINDOW: Final = 3
# Of a trigram that is one in so many letters, every recording has some: reading all of them at once takes less.
_FREQUENT: Final = 300


@dataclass(frozen=True)
class Hits:
    """Where words were found: how many passages of each recording, by the numbers of units, and what else."""

    needles: tuple[str, ...]
    #: By recording: hits in its lines, and how well it answers.
    passages: Mapping[int, int]
    scores: Mapping[int, float]
    #: By recording: hits in its notes.
    noted: Mapping[int, int]
    #: By kind of thing: their numbers, those whose names were found first.
    things: Mapping[str, Sequence[int]]
    #: Whether all of it stands in quotation marks.
    is_quoted: bool

    @property
    def are_whole(self) -> bool:
        """Tell whether only whole words are found."""
        return _are_whole(self.needles)

    @property
    def recordings(self) -> AbstractSet[int]:
        """The recordings that are found, by their lines or by their records."""
        return self.scores.keys()


@dataclass
class _Tally:
    passages: dict[int, int] = field(default_factory=dict)
    sizes: dict[int, int] = field(default_factory=dict)
    records: dict[int, float] = field(default_factory=dict)
    noted: dict[int, int] = field(default_factory=dict)
    things: dict[str, list[tuple[bool, int]]] = field(default_factory=dict)


class Search:
    """Searches one index; what was found last is kept until the index changes."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[int, tuple[str, ...]], Hits] = OrderedDict()
        self._sample: Counter[str] | None = None
        self._has_words: bool | None = None

    def find(self, query: str) -> Hits:
        """Find what ``query`` asks for, in everything.

        :raise SearchError: where it holds no word.
        """
        typed = needles_of(query)
        needles = tuple(map(_whole_where_short, typed))
        key = self._index.generation, tuple(typed)
        with self._lock:
            if kept := self._kept.get(key):
                self._kept.move_to_end(key)
                return kept
        try:
            found = self._find(needles, is_quoted=_are_whole(typed))
        except sqlite3.DatabaseError as error:
            # Damaged, for instance: it is made again.
            if not self._index.database.mend(error):
                raise
            found = self._find(needles, is_quoted=_are_whole(typed))
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > 1 and sum(len(each.scores) for each in self._kept.values()) > _KEPT:
                self._kept.popitem(last=False)
        return found

    def lines(self, hits: Hits, recording: int, most: int, *, with_sources: bool = False) -> list[Found]:
        """Give the first lines of a recording in which hits begin, at most so many, with what stands around them.

        What they rest on is looked up ``with_sources`` only.
        """
        return self.lines_of(hits, [recording], most, with_sources=with_sources).get(recording, [])

    def lines_of(
        self, hits: Hits, recordings: Sequence[int], most: int, *, with_sources: bool = False
    ) -> dict[int, list[Found]]:
        """Give the same of several recordings, by their numbers: all are asked for at once."""
        return lines_of(self._index.database, hits.needles, recordings, most, with_sources=with_sources)

    def notes(self, hits: Hits, recording: int) -> list[Row]:
        """Give the notes of a recording in which words were found: id, kind, title, text, at, until, is_approximate."""
        body = self._index.database.bodies_of([recording], "notes").get(recording)
        if body is None:
            return []
        places = {body.line_at(begin) for begin, _ in hits_in(body.folded, hits.needles)}
        return self._index.rows(
            "SELECT id, kind, title, text, at, until, is_approximate FROM note"
            " WHERE recording = ? AND n IN (SELECT value FROM json_each(?)) ORDER BY n",
            recording,
            json.dumps(sorted(places)),
        )

    def cited_notes(self, hits: Hits, recording: int) -> list[tuple[Row, tuple[Citation, ...]]]:
        """Give these notes, each with what it rests on, and what it claims does."""
        asked = (
            "SELECT DISTINCT source, locator FROM cites JOIN statement USING (unit)"
            " WHERE unit = ? AND part = ? AND n = place ORDER BY source, locator"
        )
        found = []
        for note in self.notes(hits, recording):
            rows = self._index.rows(asked, recording, f"note {note['id']}")
            found.append((note, tuple(Citation(row["source"], row["locator"] or None) for row in rows)))
        return found

    def by_rank(self, hits: Hits, among: AbstractSet[int]) -> list[int]:
        """Put recordings in order: those that answer best first."""
        places = self._places("title_order, slug")
        return sorted(among, key=lambda each: (-hits.scores.get(each, 0.0), places.get(each, 0)))

    def by_date(self, among: AbstractSet[int]) -> list[int]:
        """Put recordings in order: the earliest first, those without a date last."""
        places = self._places("earliest IS NULL, earliest, title_order, slug")
        return sorted(among, key=lambda each: places.get(each, 0))

    def _ordered(self, kind: str, found: list[tuple[bool, int]]) -> list[int]:
        """Put things in order: those whose names were found first, else as their list has them."""

        def find() -> dict[int, int]:
            return {number: place for place, number in enumerate(things(self._index, kind, "listed"))}

        places = remembered(self._index, ("places", kind), find)
        return [number for _, number in sorted(found, key=lambda each: (each[0], places.get(each[1], 0)))]

    def _places(self, order: str) -> dict[int, int]:
        def find() -> dict[int, int]:
            rows = self._index.rows(f"SELECT id FROM recording ORDER BY {order}")  # noqa: S608  # one of two constants
            return {row["id"]: place for place, row in enumerate(rows)}

        return remembered(self._index, ("places", order), find)

    def _find(self, needles: tuple[str, ...], *, is_quoted: bool) -> Hits:
        tally = _Tally()
        title_ends = BORDER.encode()
        for unit, kind, owner, folded in self._index.database.bodies(self._terms(needles)):
            count = count_in(folded, needles)
            if not count:
                continue
            if kind == "lines":
                tally.passages[unit] = count
                tally.sizes[unit] = len(folded)
            elif kind == "notes":
                tally.noted[unit] = count
            elif kind == "record":
                is_title = bool(count_in(folded.partition(title_ends)[0], needles))
                tally.records[unit] = _TITLE if is_title else _RECORD
            else:
                is_name = bool(count_in(folded.partition(title_ends)[0], needles))
                tally.things.setdefault(kind, []).append((not is_name, owner))
        usual = sum(tally.sizes.values()) / max(len(tally.sizes), 1)
        scores = {unit: _score(count, tally.sizes[unit] / usual) for unit, count in tally.passages.items()}
        for unit, more in tally.records.items():
            scores[unit] = scores.get(unit, 0.0) + more
        ordered = {kind: self._ordered(kind, found) for kind, found in tally.things.items()}
        return Hits(needles, tally.passages, scores, tally.noted, ordered, is_quoted)

    def _terms(self, needles: tuple[str, ...]) -> Terms | None:
        """Give what is looked for by its letters; None where that cannot be, or nearly every recording has it."""
        if self._has_words is None:
            self._has_words = self._index.database.finds_letters()
        if not self._has_words:
            return None
        terms: Terms = []
        for needle in needles:
            letters = letters_in(needle)
            if len(letters) < TRIGRAM:
                terms += _short_terms(needle)
            elif (window := self._rarest(letters)) is None:
                return None
            else:
                terms.append([window])
        return terms

    def _rarest(self, letters: str) -> str | None:
        """Give the part of a needle that is probably in the fewest bodies; None where it is in most."""
        sample = self._sampled()
        counts = [sample[letters[at : at + TRIGRAM]] for at in range(len(letters) - TRIGRAM + 1)]
        if len(counts) <= _RARE_WINDOW and min(counts) * _FREQUENT > sample.total() > 0:
            return None
        size = min(_WINDOW if min(counts) else _RARE_WINDOW, len(counts))
        starts = [at for at in range(len(counts) - size + 1) if min(counts) in counts[at : at + size]]
        best = min(starts, key=lambda at: sum(counts[at : at + size]))
        return letters[best : best + size + TRIGRAM - 1]

    def _sampled(self) -> Counter[str]:
        """Count the trigrams in some of the recordings, once: a guess is enough."""
        if self._sample is None:
            sample: Counter[str] = Counter()
            rows = self._index.rows(
                "SELECT folded FROM body WHERE kind = 'lines' AND unit % ? = 0 LIMIT ?",
                max(1, len(self._index.recordings) // _SAMPLED),
                _SAMPLED,
            )
            for row in rows:
                letters = letters_of(row["folded"][:_SAMPLE])
                sample.update(map("".join, zip(letters, letters[1:], letters[2:], strict=False)))
            if not rows:
                return sample
            self._sample = sample
        return self._sample


def _are_whole(needles: Sequence[str]) -> bool:
    return all(needle.startswith(" ") and needle.endswith(" ") for needle in needles)


def _whole_where_short(needle: str) -> str:
    return whole(needle.strip()) if len(letters_in(needle)) < TRIGRAM else needle


def _short_terms(needle: str) -> Terms:
    """Give what is looked for where a needle has two letters at most: see ``letters_of``."""
    words = needle.replace(MARK, " ").split()
    terms = [[whole(word) for word in words]]
    if len(words) > 1:
        terms.append([whole(letters_in(needle))])
    return terms


def _score(count: int, length: float) -> float:
    return count * (_SATURATION + 1) / (count + _SATURATION * (1 - _LENGTH + _LENGTH * length))
