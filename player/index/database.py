"""Asks and changes the index of an archive: a SQLite file in the cache, which several threads and servers share.

Where the cache cannot be written, the index lives in the memory of its process; where the file is damaged, it is thrown
away, for all that is in it can be derived again. Both are told once, in the log.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import sqlite3
import threading
from array import array
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, TypeVar
from weakref import WeakSet

from player.archive.gate.shown import Audience
from player.errors import reason, shown
from player.index import opening, schema, sqlite_connection
from player.index.store import BusyIndexError, DamagedIndexError, Store
from player.search.bodies import Body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from player.index.sqlite_connection import Connection
    from player.index.store import Terms

_log = logging.getLogger(__name__)
_Value = TypeVar("_Value")

# How often one begins again whose index turned out damaged: it may be so, and then the disk be full.
_ATTEMPTS: Final = 3
# Those of this process: see ``_close_all``.
_there: Final[WeakSet[Database]] = WeakSet()
# How long readers are waited for, in seconds, before what they still see is overwritten.
_READERS: Final = 1.0


class Database(Store):
    """Connections to the index of the archive at ``root``, of what an audience may see, one for each thread."""

    def __init__(self, root: Path, audience: Audience = Audience.VISITORS) -> None:
        self._begin(opening.place(root, audience))
        if self.path is None:
            self._live_in_memory("there is no home folder")
        else:
            opening.sweep(self.path)

    @classmethod
    def at(cls, path: Path | None) -> Database:
        """Give the one in the file at ``path``, or a new one in memory, which nothing outlives."""
        found = cls.__new__(cls)
        found._begin(path)  # noqa: SLF001  # of its own class
        if path is None:
            found._memory = opening.in_memory()  # noqa: SLF001  # likewise
        return found

    def _begin(self, path: Path | None) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._threads = threading.local()
        self._memory: Connection | None = None
        _there.add(self)

    @property
    def is_in_memory(self) -> bool:
        """Tell whether it dies with this process."""
        return self._memory is not None

    def rows(self, sql: str, *parameters: Any) -> list[sqlite3.Row]:
        """Give what a query finds.

        :raise DamagedIndexError: where the index is damaged; it was thrown away, and the next look makes it again.
        """
        try:
            return self._connection().execute(sql, parameters).fetchall()
        except sqlite3.DatabaseError as error:
            if not self.mend(error):
                raise
            raise DamagedIndexError from None

    def decoded(self, text: str, decode: Callable[[str], _Value]) -> _Value:
        """Give the value that was written as ``text``.

        :raise DamagedIndexError: as for ``rows``.
        """
        try:
            return decode(text)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            self.mend(sqlite3.DatabaseError(f"malformed value: {error}"))
            raise DamagedIndexError from None

    def each(self, sql: str, *parameters: Any) -> Iterator[sqlite3.Row]:
        """Give what a query finds, one row after another: for rows that are large, or very many.

        :raise sqlite3.DatabaseError: where it meets damage; ``mend`` says whether to try again.
        """
        yield from self._connection().execute(sql, parameters)

    def bodies(self, terms: Terms | None) -> Iterator[sqlite3.Row]:
        """Give the bodies in which something may be, as ``each`` gives them."""
        if terms is None:
            return self.each(sqlite_connection.ALL)
        return self.each(sqlite_connection.FOUND, sqlite_connection.matched(terms))

    def bodies_of(self, units: Sequence[int], kind: str) -> dict[int, Body]:
        """Give the bodies of a kind of some units, by the numbers of these."""
        sql = "SELECT unit, starts, folded FROM body WHERE kind = ? AND unit IN (SELECT value FROM json_each(?))"
        rows = self.rows(sql, kind, json.dumps(list(units)))
        return {row["unit"]: Body(row["folded"], array("I", row["starts"])) for row in rows}

    def finds_letters(self) -> bool:
        """Tell whether this SQLite had FTS5 when the index was made, and tell in the log where it had not."""
        if self.row("SELECT 1 FROM sqlite_master WHERE name = 'words'") is not None:
            return True
        _log.warning(
            "SQLite %s has no full-text search by trigrams (FTS5, since 3.34): each search reads all words, "
            "which takes longer",
            sqlite3.sqlite_version,
        )
        return False

    @contextmanager
    def writing(self, *, is_shown: bool = True) -> Iterator[Connection]:
        """Change the index: all that is done within, or nothing. Whoever writes at the same time is waited for.

        What no page shows (``is_shown``) leaves its generation as it is.

        :raise sqlite3.DatabaseError: where it cannot be written; ``mend`` says whether to try again.
        """
        with self._lock:
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                if is_shown:
                    connection.execute(schema.SET_META, ("generation", str(secrets.randbits(62))))
                connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # a full disk may have ended it already
                    connection.execute("ROLLBACK")
                raise

    def purge(self) -> bool:
        """Overwrite what is left in the file of what was taken out of the index; tell whether nothing is.

        SQLite overwrites rows that are deleted (``secure_delete``). But FTS5 only notes down that a text went, until
        what it holds is merged; and pages as they were stay in the log beside the file as long as somebody reads.

        :raise sqlite3.DatabaseError: where it cannot be written.
        """
        with self.writing(is_shown=False) as connection:
            connection.merge_letters()
        connection.execute(f"PRAGMA busy_timeout = {_READERS * 1000:.0f}")
        try:
            is_busy = bool(connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])
        finally:
            connection.execute(f"PRAGMA busy_timeout = {opening.PATIENCE * 1000:.0f}")
        return not is_busy

    def patiently(self, do: Callable[[], _Value]) -> _Value:
        """Do what reads and writes the index; where it turns out damaged, or its disk full, do it again from the start.

        :raise DamagedIndexError: where it is damaged each time.
        """
        for _ in range(_ATTEMPTS - 1):
            try:
                return do()
            except DamagedIndexError:
                continue
            except sqlite3.DatabaseError as error:
                if not self.mend(error):
                    raise
        return do()

    def mend(self, error: Exception) -> bool:
        """Make an index that failed usable again, empty; tell whether that was possible, so that one may try again."""
        with self._lock:
            if self._memory is not None or self.path is None or isinstance(error, sqlite3.ProgrammingError):
                return False
            if _is_damage(error):
                _log.warning("%s: the index is damaged (%s) and is made again", shown(self.path), error)
                self._forget()
                if opening.remove(self.path):
                    return True
            if isinstance(error, sqlite3.IntegrityError) or _is_busy(error):
                return False
            self._live_in_memory(str(error))
            return True

    def check(self) -> None:
        """See to it that the file is whole, and throw it away where it is not."""
        # Not quick_check, which finds fault with sound tables whose key is not their first columns (SQLite 3.40.1).
        found = self.rows("PRAGMA integrity_check(1)")
        if self._memory is None and (not found or found[0][0] != "ok"):
            self.mend(sqlite3.DatabaseError("malformed"))

    def clear(self) -> None:
        """Throw away what is in the index."""
        with self._lock:
            if self._memory is not None:
                self._memory = opening.in_memory()
            elif self.path is not None:
                self._forget()
                opening.remove(self.path)

    def sweep(self, unused: float) -> None:
        """Remove the files that other versions of the program left, where nobody wrote to them for so long."""
        if self.path is not None:
            opening.sweep(self.path, unused)

    def remove_idle(self) -> None:
        """Remove the other files of the same archive that nobody keeps up to date."""
        if self.path is not None:
            opening.remove_idle(self.path)

    def _connection(self) -> Connection:
        """Give this thread's connection: to the file that is there now, should another server have made it again."""
        if self._memory is not None:
            return self._memory
        assert self.path is not None  # noqa: S101  # for mypy: it is in memory where there is no path
        held: tuple[Connection, object] | None = getattr(self._threads, "held", None)
        if held is not None and held[1] == _identity(self.path):
            return held[0]
        if held is not None:
            held[0].close()
        with self._lock:
            try:
                connection = opening.open_file(self.path)
            except sqlite3.DatabaseError as error:
                if _is_busy(error):
                    raise BusyIndexError from None
                if not self.mend(error):
                    raise
                return self._connection()
            except OSError as error:
                self._live_in_memory(reason(error))
                return self._connection()
        self._threads.held = connection, _identity(self.path)
        return connection

    def _forget(self) -> None:
        held = getattr(self._threads, "held", None)
        self._threads.held = None
        if held is not None:
            held[0].close()

    def _live_in_memory(self, why: str) -> None:
        with self._lock:
            if self._memory is None:
                _log.warning(
                    "%s: the index cannot be kept (%s) and is made again whenever the program starts; "
                    "set PLAYER_CACHE to a folder that can be written",
                    "the cache" if self.path is None else shown(self.path.parent),
                    why,
                )
                self._memory = opening.in_memory()


def _close_all() -> None:
    """Close the files before this process is forked: the other would take its locks for its own.

    https://www.sqlite.org/howtocorrupt.html, section 2.6. Each opens them again when it needs them.
    """
    for each in list(_there):
        each._forget()  # noqa: SLF001  # of this module


os.register_at_fork(before=_close_all)


def _identity(path: Path) -> object:
    try:
        state = os.stat(path)  # noqa: PTH116  # Path.stat takes half as long again, and every query asks
    except OSError:
        return None
    return state.st_dev, state.st_ino


def _is_damage(error: Exception) -> bool:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    # What lies there may be somebody else's database.
    is_foreign = code == sqlite3.SQLITE_ERROR and str(error).startswith(("no such table", "no such column"))
    return is_foreign or code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def _is_busy(error: Exception) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
