"""Makes the list of recordings: which of them stand on the page, what stands for what, and what narrows the list."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from player.archive import dates
from player.archive.machine import LABEL
from player.index import cards, facets, lists
from player.index.remembered import remembered
from player.web.pages.listing import Asked, Order, Part

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from player.index.cards import Card
    from player.index.facets import Facet, Value
    from player.index.index import Index

ORDERS: Final = (
    Order("date", "Date", "↑", "earliest first", Order("latest", "Date", "↓", "latest first")),
    Order("title", "Title", "↓", "from A to Z"),
    Order("length", "Length", "↓", "longest first"),
    Order("added", "Newly added", "↓", "newest first"),
)
_PAGE: Final = 20
#: An archive of so few recordings is shown with all that each of them offers, and with nothing to narrow or sort it by.
_FEW: Final = 8
# How many values of a facet are on one page.
_VALUES: Final = 200


@dataclass(frozen=True)
class Row:
    """A recording as the list has it: the year and what else of its date, and the recordings that it has to do with.

    An undated one has no year, and says in ``rest`` before when it was made. ``stands_for`` is what it is a reading
    about, ``readings`` are those about it; ``moments`` counts its notes with a time.
    """

    card: Card
    year: str
    rest: str
    stands_for: Card | None
    readings: Sequence[Card]
    moments: int


@dataclass(frozen=True)
class Shelf:
    """A page of the list of recordings, of which there are ``total``; where these are few, it is another one.

    It ``is_whole`` once the whole archive has been read.
    """

    asked: Asked
    part: Part
    rows: Sequence[Row]
    facets: Sequence[Facet]
    total: int
    years: tuple[int, int] | None
    is_few: bool
    is_whole: bool

    @property
    def states(self) -> set[str]:
        """The states that are on the page, for the legend."""
        unchecked = {LABEL.lower() for row in self.rows if row.card.unchecked}
        return {row.card.state for row in self.rows} | unchecked


def shelf(index: Index, endpoint: str) -> Shelf:
    """Make the page of the list that the current request asks for; its links lead to ``endpoint``."""
    # Words are looked for by another page.
    asked = replace(Asked.read(ORDERS, facets.NAMES, endpoint=endpoint), words="")
    listed = lists.shelf(index, asked.chosen, asked.sort)
    total = len(index.recordings)
    part = Part.of(asked, len(listed.numbers), _PAGE)
    shown = lists.cards_of(index, listed.numbers[part.start : part.stop])
    is_few = total <= _FEW
    if is_few:
        shown.sort(key=lambda card: not card.has_sound)
    return Shelf(asked, part, _rows(index, shown), listed.facets, total, _years(index), is_few, index.is_whole)


def values(index: Index, asked: Asked, name: str) -> tuple[Part, Sequence[Value], Sequence[tuple[str, str]]]:
    """Give a page of all values of a facet, and what else is chosen, which a form with these has to carry along."""
    found = facets.values(index, name, asked.chosen, words=asked.named)
    part = Part.of(asked, len(found), _VALUES)
    shown = found[part.start : part.stop]
    here = {(name, value.value) for value in shown}
    return part, shown, [pair for pair in asked.chosen_pairs if pair not in here]


def _rows(index: Index, shown: Sequence[Card]) -> list[Row]:
    slugs = json.dumps([card.slug for card in shown])
    about: dict[str, list[Card]] = {}
    for row in index.rows(
        "SELECT surrogate_for, card FROM recording"
        " WHERE surrogate_for IN (SELECT value FROM json_each(?)) ORDER BY slug",
        slugs,
    ):
        about.setdefault(row["surrogate_for"], []).append(index.database.decoded(row["card"], cards.read))
    moments: Mapping[str, int] = {
        row["slug"]: row["count"]
        for row in index.rows(
            "SELECT slug, count(number) AS count FROM recording JOIN note ON recording = recording.id"
            " WHERE slug IN (SELECT value FROM json_each(?)) GROUP BY slug",
            slugs,
        )
    }
    return [
        Row(
            card,
            *_when(card.date),
            index.recordings.get(card.surrogate_for) if card.surrogate_for else None,
            about.get(card.slug, ()),
            moments.get(card.slug, 0),
        )
        for card in shown
    ]


def _when(date: str | None) -> tuple[str, str]:
    """Give the year and the rest; of what nobody knows the first day of, no year, and before when it was made."""
    if date is None:
        return "", ""
    return ("", dates.made(date)) if dates.has_open_start(date) else dates.calendar(date)


def _years(index: Index) -> tuple[int, int] | None:
    """Give the first and the last year of all recordings: of readings, only where there is nothing else."""

    def find() -> tuple[int, int] | None:
        (row,) = index.rows(
            "SELECT min(earliest) AS first, max(coalesce(latest, earliest)) AS last FROM recording"
            " WHERE earliest IS NOT NULL"
            " AND (kind <> 'reading' OR NOT EXISTS (SELECT 1 FROM recording WHERE kind <> 'reading'))"
        )
        return (int(row["first"][:4]), int(row["last"][:4])) if row["first"] else None

    return remembered(index, ("years",), find)
