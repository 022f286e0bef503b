"""Keeps what was found out about the parts of an archive, so that only what has changed is examined again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from player.checks.examined import Examined, IdsRead, ids_written, read, written
from player.checks.register import Ids

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Container, Iterable, Iterator
    from pathlib import Path

    from player.checks.walking import Part, Walk
    from player.index.database import Database

# So many are read at a time, for all together take tens of megabytes.
_BATCH: Final = 200


class Row(NamedTuple):
    """A row of the table, as a process that examines hands it to the one that keeps it."""

    kind: str
    name: str
    key: str
    sound: str | None
    needs_sources: bool
    ids: str | None
    notes: str | None
    value: str


def row(part: Part, found: Examined, seen: Walk, root: Path) -> Row:
    """Write what was found out about a part, as of the walk after which it was read."""
    # No file's key is empty: what may be otherwise at another time is examined again.
    key = seen.key(part, found.sound, needs_sources=found.needs_sources) if found.is_lasting else ""
    ids, notes = ids_written(found.ids), ids_written(found.notes)
    return Row(*part, key, found.sound, found.needs_sources, ids, notes, written(found, root))


@dataclass(frozen=True)
class Kept:
    """What is kept of the archive at ``root``, in the database of its index.

    All methods may raise ``DamagedIndexError`` where that is damaged, and was thrown away.
    """

    database: Database
    root: Path

    def stale(self, seen: Walk) -> list[Part]:
        """List the parts that have changed since they were kept, or are new; what is gone is kept no longer."""
        rows = self.database.rows("SELECT kind, name, key, sound, needs_sources FROM examined")
        known = {(row["kind"], row["name"]): row for row in rows}
        gone = known.keys() - seen.parts.keys()
        if gone:
            with self.database.writing(is_shown=False) as connection:
                connection.executemany("DELETE FROM examined WHERE kind = ? AND name = ?", gone)
        return [part for part in seen.parts if part not in known or not _is_current(known[part], part, seen)]

    def put(self, rows: Iterable[Row]) -> None:
        """Keep what was found out about some parts."""
        with self.database.writing(is_shown=False) as connection:
            insert(connection, rows)

    def ids(self, kind: str) -> dict[str, Ids]:
        """Give the ids in all parts of a kind, by the names of these."""
        rows = self.database.rows("SELECT name, ids, notes FROM examined WHERE kind = ?", kind)
        return {row["name"]: Ids(_ids(row["ids"]), _ids(row["notes"])) for row in rows}

    def listed(self, kind: str) -> Container[str] | None:
        """Give the ids in a file that all share; none where there is no such file, None where it cannot be read."""
        row = self.database.row("SELECT ids FROM examined WHERE kind = ?", kind)
        if row is None:
            return ()
        return None if row["ids"] is None else frozenset(row["ids"].split("\n")) - {""}

    def all(self, kinds: Iterable[str]) -> Iterator[tuple[Part, Examined]]:
        """Give what is known of all parts of some kinds, one after another, by kind and name."""
        sql = "SELECT name, value FROM examined WHERE kind = ? AND name > ? ORDER BY name LIMIT ?"
        for kind in kinds:
            row = self.database.row("SELECT name, value FROM examined WHERE kind = ? AND name = ''", kind)
            rows = [row] if row is not None else self.database.rows(sql, kind, "", _BATCH)
            while rows:
                for row in rows:
                    yield (kind, row["name"]), self.database.decoded(row["value"], self._read)
                rows = self.database.rows(sql, kind, rows[-1]["name"], _BATCH)

    def _read(self, text: str) -> Examined:
        return read(text, self.root)


def insert(connection: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """Write rows within a change of the database."""
    connection.executemany("INSERT OR REPLACE INTO examined VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)


def _is_current(row: sqlite3.Row, part: Part, seen: Walk) -> bool:
    return bool(row["key"] == seen.key(part, row["sound"], needs_sources=bool(row["needs_sources"])))


def _ids(text: str | None) -> Container[str] | None:
    return None if text is None else IdsRead(text)
