"""Lists the places that name a person or cite a source, page by page of the archive, without reading its files.

A place is a line, a note with its claims, or a part of a record, a dossier, a set or a shared file: it counts once,
however often it names the person.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from player.archive.statements import LINE, Spot
from player.index.remembered import remembered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.index.index import Index
    from player.index.store import Row

# What names a person, or cites a source, but for what is said of that person or source itself.
_PLACES: Final = """
WITH place (unit, n, locator) AS (
    SELECT unit, place, '' FROM names WHERE ?1 = 'person' AND person = ?2
    UNION ALL SELECT unit, place, locator FROM cites WHERE ?1 = 'source' AND source = ?2
)
"""
# In the order in which they are listed: recordings in order of time, the chronology, dossiers, sets, people, sources.
_UNITS: Final = """
SELECT unit.id, unit.kind, unit.name, coalesce(title, thing.name, '') AS title
FROM unit LEFT JOIN recording ON recording.id = unit.id
    LEFT JOIN thing ON unit.kind IN ('dossier', 'set') AND thing.unit = unit.id
ORDER BY CASE unit.kind WHEN 'recording' THEN 0 WHEN 'chronology' THEN 1 WHEN 'dossier' THEN 2 WHEN 'set' THEN 3
    WHEN 'people' THEN 4 WHEN 'sources' THEN 5 ELSE 6 END, earliest IS NULL, earliest, title_order, unit.name
"""
_COUNTS: Final = (
    _PLACES
    + """
SELECT place.unit, count(DISTINCT coalesce(spot_name || ' ' || part, CAST(place.n AS TEXT))) AS count
FROM place LEFT JOIN statement ON statement.unit = place.unit AND statement.n = place.n
WHERE (spot_kind IS NULL OR spot_kind <> ?1 OR spot_name <> ?2) GROUP BY place.unit
"""
)
_PLACES_IN_UNITS: Final = """
WITH place (unit, n, locator) AS (
    SELECT unit, place, '' FROM names
    WHERE ?1 = 'person' AND person = ?2 AND unit IN (SELECT value FROM json_each(?3))
    UNION ALL SELECT unit, place, locator FROM cites
    WHERE ?1 = 'source' AND source = ?2 AND unit IN (SELECT value FROM json_each(?3))
)
"""
# What a record, its notes and the shared files say comes before the lines of the transcript, each in order.
_IN_UNITS: Final = (
    _PLACES_IN_UNITS
    + """
SELECT place.unit, place.n, place.locator, statement.kind, statement.title, spot_kind, spot_name, part, at,
    line.id AS line, line.start AS start, line.is_approximate, line.page, line.text, line.is_unchecked,
    recording.slug, recording.language
FROM place LEFT JOIN recording ON recording.id = place.unit
    LEFT JOIN statement ON statement.unit = place.unit AND statement.n = place.n
    LEFT JOIN line ON line.recording = place.unit AND line.n = -place.n - 1
WHERE (spot_kind IS NULL OR spot_kind <> ?1 OR spot_name <> ?2)
ORDER BY place.n < 0, abs(place.n), place.locator
"""
)


@dataclass
class Place:
    """A place that names or cites: what it is called there, and for a source the locators by which it cites it.

    ``language`` is that of the words of a line; None where they are the archive's own. The time of a line may be
    approximate, and it may be on a ``page`` of the transcript's document. It ``is_unchecked`` where its words are a
    machine's that nobody has heard or reviewed.
    """

    spot: Spot
    kind: str
    title: str
    language: str | None = None
    is_approximate: bool = False
    page: str | None = None
    is_unchecked: bool = False
    locators: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Group:
    """The places in one recording, dossier or shared file: its unit, and how many there are."""

    unit: int
    kind: str
    name: str
    title: str
    count: int


@dataclass(frozen=True)
class Shown:
    """The places of a group that are on a page; the group ``is_continued`` where others are on the page before."""

    group: Group
    places: Sequence[Place]
    is_continued: bool


def groups(index: Index, kind: str, name: str) -> list[Group]:
    """List where a person is named (``kind`` is person) or a source cited (source), by its id."""
    counts = {row["unit"]: row["count"] for row in index.rows(_COUNTS, kind, name)}
    units = remembered(index, ("units",), lambda: _units(index))
    return [replace(group, count=counts[group.unit]) for group in units if group.unit in counts]


def _units(index: Index) -> list[Group]:
    return [Group(row["id"], row["kind"], row["name"], row["title"], 0) for row in index.rows(_UNITS)]


def places(index: Index, kind: str, name: str, found: Sequence[Group], start: int, stop: int) -> list[Shown]:
    """Give those places of the groups that were ``found`` which are counted from ``start`` up to ``stop``."""
    wanted = []
    before = 0
    for group in found:
        first, last = max(start - before, 0), min(stop - before, group.count)
        if first < last:
            wanted.append((group, first, last))
        before += group.count
    units = json.dumps([group.unit for group, _, _ in wanted])
    held: dict[int, dict[Spot, Place]] = {}
    for row in index.rows(_IN_UNITS, kind, name, units):
        place = _place(row)
        place = held.setdefault(row["unit"], {}).setdefault(place.spot, place)
        if row["locator"] and row["locator"] not in place.locators:
            place.locators.append(row["locator"])
    return [
        Shown(group, list(held.get(group.unit, {}).values())[first:last], is_continued=first > 0)
        for group, first, last in wanted
    ]


def _place(row: Row) -> Place:
    if row["line"] is not None:
        spot = Spot("recording", row["slug"], ("cue", row["line"]), row["start"])
        known = (bool(row["is_approximate"]), row["page"], bool(row["is_unchecked"]))
        return Place(spot, LINE, row["text"], row["language"], *known)
    part = tuple(row["part"].split(" ")) if row["part"] else ()
    return Place(Spot(row["spot_kind"], row["spot_name"], part, row["at"]), row["kind"], row["title"])
