"""Keeps what was found out about the parts of an archive, so that only what has changed is examined again."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from player.audio import cache
from player.checks.examined import Examined, IdsRead, ids_written, read, written
from player.checks.register import Ids

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator
    from pathlib import Path

    from player.checks.walking import Part, Walk

#: The table, for whoever makes the file that holds it. ids, notes: what others may point at, a line each.
TABLE: Final = """
CREATE TABLE IF NOT EXISTS examined (
    kind TEXT NOT NULL, name TEXT NOT NULL, key TEXT NOT NULL, sound TEXT, needs_sources INTEGER NOT NULL,
    ids TEXT, notes TEXT, value TEXT NOT NULL, PRIMARY KEY (kind, name)
)
"""


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
    """What is kept of the archive at ``root``, in the table of a database."""

    connection: sqlite3.Connection
    root: Path

    def stale(self, seen: Walk) -> list[Part]:
        """List the parts that have changed since they were kept, or are new; what is gone is kept no longer."""
        rows = self.connection.execute("SELECT kind, name, key, sound, needs_sources FROM examined").fetchall()
        known = {(kind, name): (key, sound, bool(needs)) for kind, name, key, sound, needs in rows}
        gone = known.keys() - seen.parts.keys()
        with self.connection:
            self.connection.executemany("DELETE FROM examined WHERE kind = ? AND name = ?", gone)
        return [
            part
            for part in seen.parts
            if part not in known or known[part][0] != seen.key(part, known[part][1], needs_sources=known[part][2])
        ]

    def put(self, rows: Iterable[Row]) -> None:
        """Keep what was found out about some parts."""
        with self.connection:
            self.connection.executemany("INSERT OR REPLACE INTO examined VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def ids(self, kind: str) -> dict[str, Ids]:
        """Give the ids in all parts of a kind, by the names of these."""
        rows = self.connection.execute("SELECT name, ids, notes FROM examined WHERE kind = ?", (kind,))
        return {name: Ids(_ids(ids), _ids(notes)) for name, ids, notes in rows}

    def listed(self, kind: str) -> Container[str] | None:
        """Give the ids in a file that all share; none where there is no such file, None where it cannot be read."""
        rows = self.connection.execute("SELECT ids FROM examined WHERE kind = ?", (kind,)).fetchall()
        if not rows:
            return ()
        return None if rows[0][0] is None else frozenset(rows[0][0].split("\n")) - {""}

    def all(self, kinds: Iterable[str]) -> Iterator[tuple[Part, Examined]]:
        """Give what is known of all parts of some kinds, one after another, by kind and name."""
        for kind in kinds:
            rows = self.connection.execute("SELECT name, value FROM examined WHERE kind = ? ORDER BY name", (kind,))
            for name, value in rows:
                yield (kind, name), read(value, self.root)


def _ids(text: str | None) -> Container[str] | None:
    return None if text is None else IdsRead(text)


@contextmanager
def opened(root: Path) -> Iterator[Kept]:
    """Open what is kept of the archive at ``root``, in the cache; where that cannot be written, nothing is kept."""
    folder = cache.folder()
    connection = None
    if folder is not None:
        name = hashlib.sha256(os.fsencode(root)).hexdigest()[:16]
        connection = _connected(folder / "checks-1" / f"{name}.sqlite")
    connection = connection or _prepared(sqlite3.connect(":memory:"))
    with closing(connection):
        yield Kept(connection, root)


def _connected(path: Path) -> sqlite3.Connection | None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return _prepared(sqlite3.connect(path))
    except (OSError, sqlite3.DatabaseError):
        return None


def _prepared(connection: sqlite3.Connection) -> sqlite3.Connection:
    connection.execute(TABLE)
    return connection
