"""Keeps when what visitors see of each recording was changed last, also of those that are to be seen no longer.

Harvesters ask what has changed since they came last, and drop what is gone. Files do not tell: what is closed until a
day opens without being written, and what was removed has no file. So what was seen is kept, in a file beside the index;
where that is lost, all is new to them.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player.roots import cache_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

_FOLDER: Final = "changes"
_TABLES: Final = (
    # name: what it is called for good. slug: what it is called now, empty where it is gone. seen: what its files were
    # when it was described; digest: of the description, NULL where there is none any more. changed: in seconds since
    # 1970.
    (
        "CREATE TABLE IF NOT EXISTS entry (name TEXT PRIMARY KEY, slug TEXT NOT NULL, seen TEXT NOT NULL, digest TEXT, "
        "changed INTEGER NOT NULL) WITHOUT ROWID"
    ),
    "CREATE INDEX IF NOT EXISTS entry_by_change ON entry (changed, name)",
    "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
)
# How long another process that writes is waited for, in seconds.
_PATIENCE: Final = 30
_FIRST: Final = 0
_LAST: Final = 2**62


@dataclass(frozen=True)
class Change:
    """A recording that was changed at a moment, in seconds since 1970; ``is_gone`` where it is to be seen no longer."""

    name: str
    slug: str
    changed: int
    is_gone: bool


class Changes:
    """The changes of the archive at ``root``; in the memory of this process where nothing can be kept."""

    def __init__(self, root: Path) -> None:
        folder = cache_folder()
        name = hashlib.sha256(os.fsencode(os.path.realpath(root))).hexdigest()[:16]
        self._lock = threading.Lock()
        self._connection = _opened(None if folder is None else folder / _FOLDER / f"{name}.sqlite")

    def follow(
        self,
        state: str,
        there: Callable[[], Mapping[str, tuple[str, str]]],
        described: Callable[[str], str | None],
        now: int,
    ) -> bool:
        """Take up what has changed, unless the archive is still in the ``state`` in which that was done last.

        It is told whether anything had to be looked at.

        ``there`` gives what can be seen: by its name for good, its slug and what its files are. ``described`` gives
        what visitors are told of a slug, or None where that is nothing.
        """
        with self._writing() as base:
            row = base.execute("SELECT value FROM meta WHERE name = 'state'").fetchone()
            if row and row[0] == state:
                return False
            before = {row[0]: row[1:] for row in base.execute("SELECT name, slug, seen, digest FROM entry")}
            found = there()
            for name, (slug, seen) in found.items():
                known = before.get(name)
                if known and known[0] == slug and known[1] == seen and known[2] is not None:
                    continue
                told = described(slug)
                digest = None if told is None else hashlib.sha256(told.encode()).hexdigest()
                if known is None and digest is None:
                    continue
                if known is None or known[2] != digest:
                    base.execute(
                        "REPLACE INTO entry VALUES (?, ?, ?, ?, ?)", (name, slug if told else "", seen, digest, now)
                    )
                else:
                    base.execute("UPDATE entry SET slug = ?, seen = ? WHERE name = ?", (slug, seen, name))
            gone = [name for name, known in before.items() if known[2] is not None and name not in found]
            for name in gone:
                base.execute(
                    "UPDATE entry SET digest = NULL, slug = '', seen = '', changed = ? WHERE name = ?", (now, name)
                )
            base.execute("REPLACE INTO meta VALUES ('state', ?)", (state,))
        return True

    def withdrawn(self, names: Iterable[str], now: int) -> None:
        """Take up what is known to be gone though it was never seen here, by its name for good."""
        with self._writing() as base:
            for name in names:
                base.execute("INSERT OR IGNORE INTO entry VALUES (?, '', '', NULL, ?)", (name, now))

    def between(self, first: int | None, last: int | None, after: tuple[int, str] | None, most: int) -> list[Change]:
        """Give what was changed in a time, in the order of the changes, at most so many behind the one given."""
        moment, name = after or (_FIRST - 1, "")
        sql = (
            "SELECT name, slug, changed, digest IS NULL FROM entry "
            "WHERE changed BETWEEN ? AND ? AND (changed, name) > (?, ?) ORDER BY changed, name LIMIT ?"
        )
        bounds = (_FIRST if first is None else first, _LAST if last is None else last)
        with self._lock:
            rows = self._connection.execute(sql, (*bounds, moment, name, most)).fetchall()
        return [Change(name, slug, changed, bool(is_gone)) for name, slug, changed, is_gone in rows]

    def count(self, first: int | None, last: int | None, until: tuple[int, str] | None = None) -> int:
        """Count what was changed in a time; with ``until``, up to and with that one."""
        moment, name = until or (_LAST, "")
        sql = "SELECT count(*) FROM entry WHERE changed BETWEEN ? AND ? AND (changed, name) <= (?, ?)"
        bounds = (_FIRST if first is None else first, _LAST if last is None else last)
        with self._lock:
            return int(self._connection.execute(sql, (*bounds, moment, name)).fetchone()[0])

    def one(self, name: str) -> Change | None:
        """Give the change of the one with this name; None where there was none."""
        sql = "SELECT name, slug, changed, digest IS NULL FROM entry WHERE name = ?"
        with self._lock:
            row = self._connection.execute(sql, (name,)).fetchone()
        return None if row is None else Change(row[0], row[1], row[2], bool(row[3]))

    @property
    def earliest(self) -> int | None:
        """The moment of the first change that is known."""
        with self._lock:
            found = self._connection.execute("SELECT min(changed) FROM entry").fetchone()[0]
        return None if found is None else int(found)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")


def _opened(path: Path | None) -> sqlite3.Connection:
    """Open the file, or make a new one in the place of one that is damaged; in memory where it cannot be written."""
    if path is not None:
        for _ in range(2):
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                return _with_tables(path)
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError):
                    break
                path.unlink(missing_ok=True)
            except OSError:
                break
    return _with_tables(":memory:")


def _with_tables(place: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(place, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA secure_delete = ON")  # what a recording was called that is gone is not kept
        for statement in _TABLES:
            connection.execute(statement)
    except sqlite3.Error:
        connection.close()
        raise
    return connection
