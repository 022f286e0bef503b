"""Finds places in an archive by its index: moments, what points at a recording, whom a source names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from player.archive.references import NOTE
from player.index import values

if TYPE_CHECKING:
    from player.archive.chronology import Entry
    from player.archive.dossiers import Dossier
    from player.archive.sets import PassageSet
    from player.index.store import Store


@dataclass(frozen=True)
class Moment:
    """A line or an annotation of a recording: when it begins, in milliseconds, None where nobody knows.

    Of an annotation its title and number; of a line whether its time is approximate, and the page on which it begins.
    """

    at: int | None
    title: str | None = None
    number: int | None = None
    is_approximate: bool = False
    page: str | None = None


def moment(database: Store, slug: str, part: str) -> Moment | None:
    """Find a line of a recording by its id, or a note by ``note-`` and its id; None where there is none."""
    if part.startswith(NOTE):
        sql = (
            "SELECT at, note.title, number FROM note JOIN recording ON recording.id = note.recording "
            "WHERE slug = ? AND note.id = ?"
        )
        found = database.row(sql, slug, part.removeprefix(NOTE))
        return None if found is None else Moment(found["at"], found["title"], found["number"])
    sql = (
        "SELECT start, is_approximate, page FROM line JOIN recording ON recording.id = line.recording "
        "WHERE slug = ? AND line.id = ?"
    )
    found = database.row(sql, slug, part)
    if found is None:
        return None
    return Moment(found["start"], is_approximate=bool(found["is_approximate"]), page=found["page"])


def dossiers_about(database: Store, slug: str) -> list[Dossier]:
    """Give the dossiers that point at a recording, in the order of their names."""
    return _about(database, "dossier", slug)


def sets_with(database: Store, slug: str) -> list[PassageSet]:
    """Give the sets that have a passage of a recording, in the order of their names."""
    return _about(database, "set", slug)


def entries_about(database: Store, slug: str) -> list[Entry]:
    """Give the entries of the chronology that point at a recording, in the order of time."""
    return _about(database, "entry", slug)


def named_in_source(database: Store, source: str) -> list[str]:
    """List the ids of the people whom the bibliography names in what it says of a source, in the order of theirs."""
    # A source says one thing, in the order of the file: the number of the one is that of the other.
    sql = (
        "SELECT person FROM thing AS source JOIN names ON names.unit = source.unit AND place = source.n "
        "JOIN thing ON thing.kind = 'person' AND thing.id = person "
        "WHERE source.kind = 'source' AND source.id = ? ORDER BY thing.n"
    )
    return [row["person"] for row in database.rows(sql, source)]


def _about(database: Store, kind: str, slug: str) -> list[Any]:
    sql = (
        "SELECT value FROM pointer JOIN thing ON thing.number = pointer.thing JOIN unit ON unit.id = thing.unit "
        "WHERE pointer.slug = ? AND thing.kind = ? ORDER BY unit.name, n"
    )
    return [database.decoded(row["value"], values.decode) for row in database.rows(sql, slug, kind)]
