"""Keeps the index of an archive up to date from a process of its own, beside a server.

One process looks for all servers of an archive: it holds a lock, which the others wait for. It ends with the server
that started it, whose end of the pipe to its standard input closes then. Where the index lives in memory, a thread of
the server does the same.
"""

from __future__ import annotations

import fcntl
import logging
import os
import select
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from player.archive.archive import Archive
from player.archive.gate.shown import Audience
from player.audio.modesty import be_modest
from player.errors import PlayerError
from player.index import opening
from player.index.index import OFTEN, SHARE, Index
from player.index.store import IndexServerError

if TYPE_CHECKING:
    from collections.abc import Callable

_log = logging.getLogger(__name__)

# How often one who waits for the lock asks for it.
_PATIENCE: Final = 2.0
# Nor less often than this, in seconds, however long looking takes.
_SELDOM: Final = 60.0


class Watch:
    """A process that looks for the changes of an archive, and looks on until the server ends."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Start it, so that nobody has to look who only wants an answer."""
        try:
            self._index.look_if_small()
        except IndexServerError as error:
            # What there is to be read is read all the same.
            _log.warning("%s", error)
        if self._index.database.is_in_memory:
            threading.Thread(target=_look_on, args=(self._index, threading.Event().wait), daemon=True).start()
            self._index.is_watched = lambda: True
            return
        command = [sys.executable, "-m", __name__, str(self._index.archive.root), self._index.archive.audience.name]
        try:
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
        except OSError as error:
            _log.warning("changes in the archive are looked for at each request (%s)", error)
            return
        self._index.is_watched = self._is_alive
        self._index.database.may_lag = True

    def _is_alive(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            _log.warning("the process that looks for changes ended; they are looked for at each request")
            self._process = None
        return self._process is not None


def _look_on(index: Index, wait: Callable[[float], object]) -> None:
    """Look for changes for ever; ``wait`` waits for so many seconds, and ends all by raising.

    Where another server keeps the index, or that is on one that does not answer, this is tried again and again.
    """
    told = ""
    while True:
        pause = _PATIENCE
        try:
            with index.database.elected() as is_ours:
                if told:
                    _log.warning("the server of the index answers again")
                told = ""
                if is_ours:
                    _look_and_wait(index, wait)
        except IndexServerError as error:
            if str(error) != told:
                _log.warning("%s", error)
            told = str(error)
        except (PlayerError, OSError, sqlite3.Error):
            # Whatever it was, the next change deserves another look; the traceback says what to mend.
            _log.exception("the archive could not be looked at")
            pause = _SELDOM
        wait(pause)


def _look_and_wait(index: Index, wait: Callable[[float], object]) -> None:
    """Look for changes until something fails."""
    measuring: threading.Thread | None = None
    while True:
        index.look(lambda _done, _there: wait(0))
        next_look = time.monotonic() + min(max(OFTEN, index.look_seconds / SHARE), _SELDOM)
        if measuring is None or not measuring.is_alive():
            measuring = threading.Thread(target=_measure, args=(index,), daemon=True)
            measuring.start()
        while (rest := next_look - time.monotonic()) > OFTEN:
            wait(min(OFTEN, rest))
            index.glance()
        wait(max(0.0, next_look - time.monotonic()))


def _measure(index: Index) -> None:
    """Measure the sounds that take long, in a thread of its own: what is closed meanwhile is seen at once."""
    try:
        while index.measure_one():
            pass
    except (PlayerError, OSError, sqlite3.Error):
        _log.exception("a sound could not be measured")


class _OverError(Exception):
    """The server that this process looks for has ended."""


def _wait(index: Index, seconds: float) -> None:
    """Wait, or end: with the server, or where nobody else would see what is in the index."""
    has_ended = select.select([sys.stdin], [], [], seconds)[0] and not os.read(sys.stdin.fileno(), 1)
    if has_ended or index.database.is_in_memory:
        raise _OverError


def _locked(index: Index) -> IO[bytes] | None:
    """Wait until nobody else looks; None where no file can be locked, and everybody looks."""
    path = index.database.path
    if path is None or index.database.is_in_memory:
        return None
    try:
        lock = opening.lock_of(path).open("wb")
    except OSError:
        return None
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _wait(index, _PATIENCE)
        except OSError:  # a file system without locks
            return None
        else:
            return lock


def main(root: str, audience: str) -> None:
    """Keep the index of the archive at ``root``, as an audience sees it, until standard input ends."""
    logging.basicConfig(format="%(message)s")
    be_modest()
    with suppress(_OverError, KeyboardInterrupt, PlayerError):
        index = Index.of(Archive(Path(root), Audience[audience]))
        lock = _locked(index)
        index.database.check()
        _look_on(index, partial(_wait, index))
        del lock


if __name__ == "__main__":
    main(*sys.argv[1:])
