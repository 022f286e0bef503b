"""Finds places in an archive by its index: moments, what points at a recording, what names or cites something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from player.archive.references import NOTE
from player.archive.statements import LINE, Spot
from player.index import values

if TYPE_CHECKING:
    from player.archive.chronology import Entry
    from player.archive.dossiers import Dossier
    from player.index.database import Database

# Places of a recording's own page first, then those of the pages around it, each in the order of its file.
_PLACES = """
SELECT
    unit.kind AS unit_kind, place, statement.kind AS kind, statement.title AS title, spot_kind, spot_name, part, at,
    line.id AS cue, line.text AS said, line.start AS start,
    recording.slug AS slug, recording.language AS language, recording.title AS recording,
    thing.name AS dossier, {locator}
FROM {table} AS found
JOIN unit ON unit.id = found.unit
LEFT JOIN statement ON statement.unit = found.unit AND statement.n = place
LEFT JOIN line ON line.recording = found.unit AND line.n = -place - 1
LEFT JOIN recording ON recording.id = found.unit
LEFT JOIN thing ON thing.unit = found.unit AND thing.kind = 'dossier'
WHERE found.{key} = ? AND {condition}
ORDER BY
    CASE unit.kind WHEN 'recording' THEN 0 WHEN 'chronology' THEN 1 WHEN 'dossier' THEN 2 WHEN 'people' THEN 3 ELSE 4
    END,
    unit.name, place < 0, abs(place)
"""
_NAMING = _PLACES.format(
    table="names",
    key="person",
    locator="'' AS locator",
    condition="NOT (statement.spot_kind IS 'person' AND statement.spot_name IS found.person)",
)
_CITING = _PLACES.format(table="cites", key="source", locator="locator", condition="true")


@dataclass(frozen=True)
class Moment:
    """A line or an annotation of a recording: when it begins, in milliseconds, and an annotation's title and number."""

    at: int | None
    title: str | None = None
    number: int | None = None


@dataclass(frozen=True)
class Place:
    """A place that names or cites something, and under which heading it stands, where that is not its kind of page.

    ``language`` is that of a line of a recording; None where the words are the archive's own.
    """

    spot: Spot
    kind: str
    title: str
    heading: str | None = None
    language: str | None = None
    locator: str = ""


def moment(database: Database, slug: str, part: str) -> Moment | None:
    """Find a line of a recording by its id, or a note by ``note-`` and its id; None where there is none."""
    if part.startswith(NOTE):
        sql = (
            "SELECT at, note.title, number FROM note JOIN recording ON recording.id = note.recording "
            "WHERE slug = ? AND note.id = ?"
        )
        found = database.row(sql, slug, part.removeprefix(NOTE))
        return None if found is None else Moment(found["at"], found["title"], found["number"])
    sql = "SELECT start FROM line JOIN recording ON recording.id = line.recording WHERE slug = ? AND line.id = ?"
    found = database.row(sql, slug, part)
    return None if found is None else Moment(found["start"])


def dossiers_about(database: Database, slug: str) -> list[Dossier]:
    """Give the dossiers that point at a recording, in the order of their names."""
    return _about(database, "dossier", slug)


def entries_about(database: Database, slug: str) -> list[Entry]:
    """Give the entries of the chronology that point at a recording, in the order of time."""
    return _about(database, "entry", slug)


def naming(database: Database, person: str) -> list[Place]:
    """Give the places that name a person, but for what is said of the person among the people."""
    return [_place(row) for row in database.rows(_NAMING, person)]


def citing(database: Database, source: str) -> list[Place]:
    """Give the places that cite a source, once for each locator."""
    return [_place(row) for row in database.rows(_CITING, source)]


def citations(database: Database) -> dict[str, int]:
    """Count for each source the places that cite it: what is said of one thing in several sentences is one place."""
    sql = (
        "SELECT source, count(DISTINCT cites.unit || ' ' || coalesce(spot_name || ' ' || part, place)) AS places "
        "FROM cites LEFT JOIN statement ON statement.unit = cites.unit AND n = place GROUP BY source"
    )
    return {row["source"]: row["places"] for row in database.rows(sql)}


def named_in_source(database: Database, source: str) -> list[str]:
    """List the ids of the people whom the bibliography names in what it says of a source, in the order of theirs."""
    sql = (
        "SELECT DISTINCT person, thing.n FROM statement "
        "JOIN names ON names.unit = statement.unit AND place = statement.n "
        "JOIN thing ON thing.kind = 'person' AND thing.id = person "
        "WHERE statement.unit = (SELECT id FROM unit WHERE kind = 'sources') AND spot_name = ? ORDER BY thing.n"
    )
    return [row["person"] for row in database.rows(sql, source)]


def _about(database: Database, kind: str, slug: str) -> list[Any]:
    sql = (
        "SELECT value FROM pointer JOIN thing ON thing.number = pointer.thing JOIN unit ON unit.id = thing.unit "
        "WHERE pointer.slug = ? AND thing.kind = ? ORDER BY unit.name, n"
    )
    return [database.decoded(row["value"], values.decode) for row in database.rows(sql, slug, kind)]


def _place(row: Any) -> Place:
    heading = row["recording"] or row["dossier"]
    if row["place"] < 0:
        spot = Spot("recording", row["slug"], ("cue", row["cue"]), row["start"])
        return Place(spot, LINE, row["said"], heading, row["language"], row["locator"])
    spot = Spot(row["spot_kind"], row["spot_name"], tuple(row["part"].split()), row["at"])
    return Place(spot, row["kind"], row["title"], heading, None, row["locator"])
