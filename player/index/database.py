"""Opens the index of an archive: a SQLite file in the cache, which several threads and servers share.

Where the cache cannot be written, the index lives in the memory of its process; where the file is damaged, it is thrown
away, for all that is in it can be derived again. Both are told once, in the log.
"""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import sqlite3
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, TypeVar

from player.audio import cache
from player.errors import PlayerError, reason, shown
from player.index import schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

_log = logging.getLogger(__name__)
_Value = TypeVar("_Value")

_FOLDER: Final = "index"
# How long one waits, in seconds, while another process writes; it writes a batch at a time, for less than a second.
_PATIENCE: Final = 30.0
# How long one waits to open it: whoever only wants to read is not kept for longer.
_OPENING: Final = 5.0
# The index that another version of the program made is removed when nobody has used it for so long, in seconds.
_OUT_OF_USE: Final = 30 * 24 * 3600
# How often one begins again whose index turned out damaged: it may be so, and then the disk be full.
_ATTEMPTS: Final = 3
# Kilobytes of pages that each of some twenty threads keeps; the system keeps the file too.
_PAGES: Final = 512
# What is left of a file after -wal and -shm were merged into it.
_BESIDE: Final = ("-wal", "-shm", "-journal")


class DamagedIndexError(PlayerError):
    """The index was damaged, and has been thrown away."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            "the index was damaged and is being made again; try again in a moment",
            visitors="The server is putting its lists in order. Try again in a moment.",
        )


class BusyIndexError(PlayerError):
    """The index cannot be opened, since another process does not let go of it."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            "another process holds the index; try again in a moment",
            visitors="The server is putting its lists in order. Try again in a moment.",
        )


class Database:
    """Connections to the index of the archive at ``root``, one for each thread."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.RLock()
        self._threads = threading.local()
        self._memory: sqlite3.Connection | None = None
        self.path = _place(root)
        if self.path is None:
            self._live_in_memory("there is no home folder")
        else:
            _sweep(self.path)

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

    def row(self, sql: str, *parameters: Any) -> sqlite3.Row | None:
        """Give the first row that a query finds; None where it finds none."""
        found = self.rows(sql, *parameters)
        return found[0] if found else None

    def each(self, sql: str, *parameters: Any) -> Iterator[sqlite3.Row]:
        """Give what a query finds, one row after another: for rows that are large, or very many.

        :raise sqlite3.DatabaseError: where it meets damage; ``mend`` says whether to try again.
        """
        yield from self._connection().execute(sql, parameters)

    @property
    def generation(self) -> int:
        """A number that is another one whenever anything in the index has changed."""
        found = self.row("SELECT value FROM meta WHERE name = 'generation'")
        return int(found["value"]) if found else 0

    @contextmanager
    def writing(self, *, is_shown: bool = True) -> Iterator[sqlite3.Connection]:
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
                    connection.execute("INSERT OR REPLACE INTO meta VALUES ('generation', ?)", (secrets.randbits(62),))
                connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # a full disk may have ended it already
                    connection.execute("ROLLBACK")
                raise

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

    def mend(self, error: sqlite3.DatabaseError) -> bool:
        """Make an index that failed usable again, empty; tell whether that was possible, so that one may try again."""
        with self._lock:
            if self._memory is not None or self.path is None or isinstance(error, sqlite3.ProgrammingError):
                return False
            if _is_damage(error):
                _log.warning("%s: the index is damaged (%s) and is made again", shown(self.path), error)
                self._forget()
                if remove(self.path):
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
                self._memory = _in_memory()
            elif self.path is not None:
                self._forget()
                remove(self.path)

    def _connection(self) -> sqlite3.Connection:
        """Give this thread's connection: to the file that is there now, should another server have made it again."""
        if self._memory is not None:
            return self._memory
        assert self.path is not None  # noqa: S101  # for mypy: it is in memory where there is no path
        held: tuple[sqlite3.Connection, object] | None = getattr(self._threads, "held", None)
        if held is not None and held[1] == _identity(self.path):
            return held[0]
        if held is not None:
            held[0].close()
        with self._lock:
            try:
                connection = _open(self.path)
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
                self._memory = _in_memory()


def remove(path: Path) -> bool:
    """Remove the file of an index and what SQLite keeps beside it; tell whether it is gone."""
    for each in (path, *(path.with_name(path.name + end) for end in _BESIDE)):
        with suppress(FileNotFoundError):
            try:
                each.unlink()
            except OSError:
                if each == path:
                    return False
    return True


def _place(root: Path) -> Path | None:
    folder = cache.folder()
    if folder is None:
        return None
    name = hashlib.sha256(os.fsencode(os.path.realpath(root))).hexdigest()[:16]
    return folder / _FOLDER / f"{name}-{schema.fingerprint()}.sqlite"


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    if _is_emptied(path):
        remove(path)
    connection = _prepared(sqlite3.connect(path, timeout=_OPENING, isolation_level=None, check_same_thread=False))
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        if not _is_made(connection):
            _make(connection)
        _refuse_cut_short(connection, path)
        # A file that can be read only is found out now, not when a reader needs what is not in it.
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
        connection.execute(f"PRAGMA busy_timeout = {_PATIENCE * 1000:.0f}")
    except BaseException:
        connection.close()
        raise
    return connection


def _is_emptied(path: Path) -> bool:
    """Tell whether somebody emptied the file: whoever still has it open would keep others from making it again."""
    try:
        return path.stat().st_size == 0 and path.with_name(path.name + "-wal").exists()
    except OSError:
        return False


def _make(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        if not _is_made(connection):  # another process may have been quicker
            schema.create(connection)
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def _is_made(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone() is not None


def _refuse_cut_short(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a file that has fewer pages than it says; SQLite would find out only when it needs one of them.

    :raise sqlite3.DatabaseError: where that is so.
    """
    pages, size = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    has_log = path.with_name(path.name + "-wal").exists()
    if not has_log and path.stat().st_size < pages * size:
        raise sqlite3.DatabaseError("malformed: its end is missing")


def _in_memory() -> sqlite3.Connection:
    connection = _prepared(sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False))
    schema.create(connection)
    return connection


def _prepared(connection: sqlite3.Connection) -> sqlite3.Connection:
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{_PAGES}")
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def _identity(path: Path) -> object:
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_dev, state.st_ino


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    # What lies there may be somebody else's database.
    is_foreign = code == sqlite3.SQLITE_ERROR and str(error).startswith(("no such table", "no such column"))
    return is_foreign or code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def _is_busy(error: sqlite3.DatabaseError) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def _sweep(path: Path) -> None:
    """Remove what other versions of the program left for this archive and nobody has used for long."""
    archive = path.name.partition("-")[0]
    with suppress(OSError):
        for other in path.parent.glob(f"{archive}-*.sqlite"):
            if other != path and time.time() - other.stat().st_mtime > _OUT_OF_USE:
                remove(other)


def several(sql: str, values: Sequence[Any]) -> str:
    """Put as many ``?`` as there are values where ``sql`` has ``{}``: values themselves never become part of it."""
    return sql.replace("{}", ", ".join("?" * len(values)))
