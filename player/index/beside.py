"""Reads for its owners what of an archive is not in the index: what visitors may not see of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from player.archive.gate.shown import Audience
from player.index.database import Database
from player.index.index import Index
from player.index.looking import Look
from player.index.reading import Reader

if TYPE_CHECKING:
    from player.index.looking import Unit
    from player.index.reading import Progress


class Beside:
    """An index in memory of all that another holds in part or not at all, as the archive's owners see it.

    ``numbers`` are those of its units in the other, ``unread`` what cannot be read of it, as visitors would be told.
    """

    def __init__(self, index: Index, progress: Progress | None = None) -> None:
        owners = index.archive.seen_by(Audience.OWNERS)
        rows = index.rows("SELECT id, kind, name FROM unit WHERE restricted ORDER BY kind = 'recording', kind, name")
        units: list[Unit] = [(row["kind"], row["name"]) for row in rows]
        self.numbers = frozenset(row["id"] for row in rows)
        self.index = Index(owners, Database.at(None))
        reader = Reader(owners, self.index.database)
        look = Look(dict.fromkeys(units, ""), {}, owners.day().isoformat())
        for done, unit in enumerate(units, start=1):
            reader.write([reader.read(unit, look)], reader.naming())
            if progress is not None:
                progress(done, len(units))
        faults = self.index.rows("SELECT fault FROM unit WHERE fault IS NOT NULL ORDER BY kind, name")
        self.unread: list[str] = [row["fault"] for row in faults]
