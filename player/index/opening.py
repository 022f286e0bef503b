"""Opens the file of an index, makes it where it is not there, and removes it: a SQLite database in the cache."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from player.index import schema
from player.roots import cache_folder

if TYPE_CHECKING:
    from pathlib import Path

_FOLDER: Final = "index"
# How long one waits, in seconds, while another process writes; it writes a batch at a time, for less than a second.
_PATIENCE: Final = 30.0
# How long one waits to open it: whoever only wants to read is not kept for longer.
_OPENING: Final = 5.0
# The index that another version of the program made is removed when nobody has used it for so long, in seconds.
_OUT_OF_USE: Final = 30 * 24 * 3600
# Kilobytes of pages that each of some twenty threads keeps; the system keeps the file too.
_PAGES: Final = 512
# What is left of a file after -wal and -shm were merged into it.
_BESIDE: Final = ("-wal", "-shm", "-journal")


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


def place(root: Path) -> Path | None:
    """Say where the index of the archive at ``root`` lies; None where the user has no home folder."""
    folder = cache_folder()
    if folder is None:
        return None
    name = hashlib.sha256(os.fsencode(os.path.realpath(root))).hexdigest()[:16]
    return folder / _FOLDER / f"{name}-{schema.fingerprint()}.sqlite"


def open_file(path: Path) -> sqlite3.Connection:
    """Open the index at ``path``, with its tables.

    :raise sqlite3.DatabaseError: where it is damaged, cannot be written, or is not let go of by another process.
    :raise OSError: where its folder cannot be made.
    """
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


def in_memory() -> sqlite3.Connection:
    """Make an index that lives as long as its connection."""
    connection = _prepared(sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False))
    schema.create(connection)
    return connection


def _prepared(connection: sqlite3.Connection) -> sqlite3.Connection:
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{_PAGES}")
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def sweep(path: Path) -> None:
    """Remove what other versions of the program left for this archive and nobody has used for long."""
    archive = path.name.partition("-")[0]
    with suppress(OSError):
        for other in path.parent.glob(f"{archive}-*.sqlite"):
            if other != path and time.time() - other.stat().st_mtime > _OUT_OF_USE:
                remove(other)
