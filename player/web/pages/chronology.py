"""Makes the page of the chronology: its entries strand by strand, or all by date, under their years."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from player.index import lists
from player.index.facets import Facet, Value
from player.index.remembered import remembered
from player.web.pages.context import print_entry
from player.web.pages.listing import LISTED, Asked, Order, Part
from player.web.pages.prose import render
from player.web.pages.surroundings import Surroundings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

    from player.archive.chronology import Strand
    from player.index.index import Index
    from player.web.pages.context import PrintedEntry

# With more entries than these, there is a field to find one.
_FEW: Final = 20
_ORDERS: Final = (Order("strand", "Strand by strand"), Order("date", "All by date", "↓", "earliest first"))


@dataclass(frozen=True)
class Section:
    """Entries that follow one another: those of a strand, or of all where there is none, by year.

    Where others of the strand are on the page before, it ``is_continued``, and has no ``note``.
    """

    strand: Strand | None
    note: Markup | None
    is_continued: bool
    years: Sequence[tuple[int, Sequence[PrintedEntry]]]


@dataclass(frozen=True)
class PrintedChronology:
    """A page of the chronology; ``strands`` with where each begins. Where it ``is_long``, it can be searched."""

    part: Part
    sections: Sequence[Section]
    strands: Sequence[tuple[Strand, str]]
    facets: Sequence[Facet]
    total: int
    is_long: bool


def print_chronology(index: Index) -> PrintedChronology:
    """Make the page that the current request asks for."""
    strands = lists.strands(index)
    asked = Asked.read(_ORDERS if len(strands) > 1 else _ORDERS[:1], ("strand",))
    numbers = lists.entries(index, asked.sort, asked.chosen.get("strand", ()), asked.words)
    number = lists.number_of(index, "entry", asked.at) if asked.at else None
    part = Part.of(asked, len(numbers), LISTED, at=numbers.index(number) if number in numbers else None)
    before = lists.values_of(index, numbers[part.start - 1 : part.start]) if part.start else []
    around = Surroundings(index)
    disputing = remembered(index, ("disputing",), lambda: _disputing(index))
    entries = [
        print_entry(entry, disputing, around) for entry in lists.values_of(index, numbers[part.start : part.stop])
    ]
    sections = []
    if asked.sort == "date":
        sections = [Section(None, None, is_continued=False, years=_by_year(entries))] if entries else []
    else:
        for strand_id, of_strand in groupby(entries, key=lambda each: each.entry.strand):
            if (strand := strands.get(strand_id)) is None:
                continue  # it was not there a moment ago, when they were asked for
            is_continued = not sections and bool(before) and before[0].strand == strand_id
            note = render(strand.note) if strand.note and not is_continued else None
            sections.append(Section(strand, note, is_continued, _by_year(list(of_strand))))
    whole = len(index.entries)
    anchors = {section.strand.id for section in sections if section.strand} if part.last == 1 else set()
    links = [
        (strand, f"#strand-{name}" if name in anchors else asked.address(q=None, strand=name, sort=None))
        for name, strand in strands.items()
    ]
    chosen = [
        Value(name, strands[name].title if name in strands else name, len(numbers), is_chosen=True)
        for name in asked.chosen.get("strand", ())
    ]
    facets = [Facet("strand", tuple(chosen), len(strands))] if chosen else []
    return PrintedChronology(part, sections, links, facets, whole, is_long=whole > _FEW)


def _by_year(entries: Sequence[PrintedEntry]) -> list[tuple[int, list[PrintedEntry]]]:
    return [(year, list(each)) for year, each in groupby(entries, key=lambda each: each.year)]


def _disputing(index: Index) -> Mapping[str, Sequence[str]]:
    """Give for each entry those that say it is not so."""
    found: dict[str, list[str]] = {}
    for row in index.rows(
        "SELECT id, json_extract(value, '$.contradicts') AS against FROM thing WHERE kind = 'entry'"
        " AND json_extract(value, '$.contradicts') <> '[]' ORDER BY n"
    ):
        for name in json.loads(row["against"]):
            found.setdefault(name, []).append(row["id"])
    return found
