"""Opens the file of an index, makes it where it is not there, and removes it: a SQLite database in the cache."""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from player.archive.gate.shown import Audience
from player.index import schema
from player.index.sqlite_connection import Connection
from player.roots import cache_folder

if TYPE_CHECKING:
    from pathlib import Path

_FOLDER: Final = "index"
#: How long one waits, in seconds, while another process writes: a batch at a time, mostly for less than a second.
PATIENCE: Final = 30.0
# How long one waits to open it: whoever only wants to read is not kept for longer.
_OPENING: Final = 5.0
# The index that another version of the program made is removed when nobody has used it for so long, in seconds.
_OUT_OF_USE: Final = 30 * 24 * 3600
# How long a server has, in seconds, to lock the index that it opened.
_BEGINNING: Final = 30.0
# Kilobytes of pages that each of some twenty threads keeps; the system keeps the file too.
_PAGES: Final = 512
# What is left of a file after -wal and -shm were merged into it.
_BESIDE: Final = ("-wal", "-shm", "-journal")
# The end of the name of an index for those who see drafts: its file may be read by nobody else.
_DRAFTS: Final = "-drafts"
_OWN_EYES: Final = 0o600


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


def place(root: Path, audience: Audience = Audience.VISITORS) -> Path | None:
    """Say where the index of the archive at ``root`` lies; None where the user has no home folder.

    What editors see beyond what visitors do is in a file of its own.
    """
    folder = cache_folder()
    if folder is None:
        return None
    drafts = _DRAFTS if audience is Audience.EDITORS else ""
    return folder / _FOLDER / f"{name_of(root)}-{schema.fingerprint()}{drafts}.sqlite"


def files_of(root: Path) -> list[Path]:
    """List the indexes of an archive that are there: for visitors, for editors, those of other versions."""
    folder = cache_folder()
    if folder is None:
        return []
    return sorted((folder / _FOLDER).glob(f"{name_of(root)}-*.sqlite"))


def is_of_this_version(path: Path) -> bool:
    """Tell whether this version of the program reads the index at ``path``."""
    return path.stem.removesuffix(_DRAFTS).endswith(f"-{schema.fingerprint()}")


def lock_of(path: Path) -> Path:
    """Say which file is locked by the process that keeps the index at ``path`` up to date."""
    return path.with_suffix(".lock")


def is_kept(path: Path) -> bool:
    """Tell whether a process keeps the index at ``path`` up to date."""
    try:
        with lock_of(path).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def name_of(root: Path) -> str:
    """Name the archive at ``root`` in the names of what is kept of it."""
    return hashlib.sha256(os.fsencode(os.path.realpath(root))).hexdigest()[:16]


def open_file(path: Path) -> Connection:
    """Open the index at ``path``, with its tables.

    :raise sqlite3.DatabaseError: where it is damaged, cannot be written, or is not let go of by another process.
    :raise OSError: where its folder cannot be made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if _is_emptied(path):
        remove(path)
    if path.stem.endswith(_DRAFTS):
        # What SQLite keeps beside a file gets the permissions of that file. One that is there must not be opened here:
        # to close it would take the locks of all other connections of this process (https://www.sqlite.org/howtocorrupt.html,
        # section 2.2), and another process would clear away what they use.
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _OWN_EYES))
    connection = _prepared(
        sqlite3.connect(path, timeout=_OPENING, isolation_level=None, check_same_thread=False, factory=Connection)
    )
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        if not _is_made(connection):
            _make(connection)
        _refuse_cut_short(connection, path)
        # A file that can be read only is found out now, not when a reader needs what is not in it.
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
        connection.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000:.0f}")
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


def in_memory() -> Connection:
    """Make an index that lives as long as its connection."""
    connection = _prepared(
        sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False, factory=Connection)
    )
    schema.create(connection)
    return connection


def _prepared(connection: Connection) -> Connection:
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{_PAGES}")
    connection.execute("PRAGMA temp_store = MEMORY")
    # What is deleted is overwritten: words that are closed must not stay in pages that are free. Some systems have it
    # so by default, others not.
    connection.execute("PRAGMA secure_delete = ON")
    return connection


def sweep(path: Path, unused: float = _OUT_OF_USE) -> None:
    """Remove what other versions of the program left for this archive, and nobody has used for ``unused`` seconds."""
    archive = path.name.partition("-")[0]
    with suppress(OSError):
        for other in path.parent.glob(f"{archive}-*.sqlite"):
            if not is_of_this_version(other) and time.time() - _used(other) > unused and not is_kept(other):
                remove(other)


def _used(path: Path) -> float:
    """Say when an index was last written, in seconds since 1970: what is new lies in a file beside it at first."""
    log = path.with_name(f"{path.name}-wal")
    return max(each.stat().st_mtime for each in (path, log) if each == path or each.exists())


def remove_idle(path: Path) -> None:
    """Remove the other indexes of the same archive that nobody keeps up to date: they may hold what is closed by now.

    Whoever needs one makes it again. One that was opened a moment ago is left to who did: nobody has locked it yet, and
    the first look at the archive takes out what is closed.
    """
    archive = path.name.partition("-")[0]
    for other in path.parent.glob(f"{archive}-*.sqlite"):
        if other != path and not (is_kept(other) or _was_opened_lately(other)):
            remove(other)


def _was_opened_lately(path: Path) -> bool:
    """Tell whether somebody began to use the index at ``path`` within the last seconds: SQLite then makes ``-shm``."""
    with suppress(OSError):
        return abs(time.time() - path.with_name(f"{path.name}-shm").stat().st_mtime) < _BEGINNING
    return False
