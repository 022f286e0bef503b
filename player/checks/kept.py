"""Keeps what was found out about the parts of an archive, so that only what has changed is examined again.

What is about things that visitors may not see stays in the memory of its process: no file of the cache has any of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import merge
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from player.checks.examined import Examined, IdsRead, ids_written, read, written
from player.checks.register import Ids

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator
    from pathlib import Path

    from player.checks.walking import Part, Walk
    from player.index.store import Row as Found
    from player.index.store import Store, Writing

_KEEP: Final = """
INSERT INTO examined (kind, name, key, sound, needs_sources, ids, notes, value) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (kind, name) DO UPDATE SET key = excluded.key, sound = excluded.sound,
    needs_sources = excluded.needs_sources, ids = excluded.ids, notes = excluded.notes, value = excluded.value
"""
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
    is_kept: bool = True


def row(part: Part, found: Examined, seen: Walk, root: Path) -> Row:
    """Write what was found out about a part, as of the walk after which it was read."""
    # No file's key is empty: what may be otherwise at another time is examined again.
    key = seen.key(part, found.sound, needs_sources=found.needs_sources) if found.is_lasting else ""
    ids, notes = ids_written(found.ids), ids_written(found.notes)
    return Row(*part, key, found.sound, found.needs_sources, ids, notes, written(found, root), found.is_kept)


@dataclass(frozen=True)
class Kept:
    """What is kept of the archive at ``root``, in the database of its index, and here what may not be kept there.

    All methods may raise ``DamagedIndexError`` where that is damaged, and was thrown away.
    """

    database: Store
    root: Path
    _here: dict[Part, Row] = field(default_factory=dict, repr=False)

    def stale(self, seen: Walk) -> list[Part]:
        """List the parts that have changed since they were kept, or are new; what is gone is kept no longer.

        What may not be kept is always among them.
        """
        rows = self.database.rows("SELECT kind, name, key, sound, needs_sources FROM examined")
        known = {(row["kind"], row["name"]): row for row in rows}
        gone = known.keys() - seen.parts.keys()
        if gone:
            with self.database.writing(is_shown=False) as connection:
                connection.executemany("DELETE FROM examined WHERE kind = ? AND name = ?", gone)
        self._here.clear()
        return [part for part in seen.parts if part not in known or not _is_current(known[part], part, seen)]

    def put(self, rows: Iterable[Row]) -> None:
        """Keep what was found out about some parts."""
        put = list(rows)
        with self.database.writing(is_shown=False) as connection:
            insert(connection, put)
        self._here.update({(row.kind, row.name): row for row in put if not row.is_kept})

    def ids(self, kind: str) -> dict[str, Ids]:
        """Give the ids in all parts of a kind, by the names of these."""
        rows = self.database.rows("SELECT name, ids, notes FROM examined WHERE kind = ?", kind)
        here = (row for row in self._here.values() if row.kind == kind)
        return {
            **{row["name"]: Ids(_ids(row["ids"]), _ids(row["notes"])) for row in rows},
            **{row.name: Ids(_ids(row.ids), _ids(row.notes)) for row in here},
        }

    def listed(self, kind: str) -> Container[str] | None:
        """Give the ids in a file that all share; none where there is no such file, None where it cannot be read."""
        here = self._here.get((kind, ""))
        row = self.database.row("SELECT ids FROM examined WHERE kind = ?", kind) if here is None else None
        if here is None and row is None:
            return ()
        ids: str | None = here.ids if here is not None else row["ids"] if row is not None else None
        return None if ids is None else frozenset(ids.split("\n")) - {""}

    def all(self, kinds: Iterable[str]) -> Iterator[tuple[Part, Examined]]:
        """Give what is known of all parts of some kinds, one after another, by kind and name."""
        for kind in kinds:
            names = sorted(name for of, name in self._here if of == kind)
            here = ((name, self._read(self._here[kind, name].value)) for name in names)
            for name, found in merge(self._of_database(kind), here, key=itemgetter(0)):
                yield (kind, name), found

    def _of_database(self, kind: str) -> Iterator[tuple[str, Examined]]:
        sql = "SELECT name, value FROM examined WHERE kind = ? AND name > ? ORDER BY name LIMIT ?"
        row = self.database.row("SELECT name, value FROM examined WHERE kind = ? AND name = ''", kind)
        rows = [row] if row is not None else self.database.rows(sql, kind, "", _BATCH)
        while rows:
            for row in rows:
                yield row["name"], self.database.decoded(row["value"], self._read)
            rows = self.database.rows(sql, kind, rows[-1]["name"], _BATCH)

    def _read(self, text: str) -> Examined:
        return read(text, self.root)


def insert(connection: Writing, rows: Iterable[Row]) -> None:
    """Write rows within a change of the database; of what may not be kept, what was there before is taken out."""
    put = list(rows)
    kept = [row[:-1] for row in put if row.is_kept]
    connection.executemany(_KEEP, kept)
    others = [(row.kind, row.name) for row in put if not row.is_kept]
    connection.executemany("DELETE FROM examined WHERE kind = ? AND name = ?", others)


def _is_current(row: Found, part: Part, seen: Walk) -> bool:
    return bool(row["key"] == seen.key(part, row["sound"], needs_sources=bool(row["needs_sources"])))


def _ids(text: str | None) -> Container[str] | None:
    return None if text is None else IdsRead(text)
