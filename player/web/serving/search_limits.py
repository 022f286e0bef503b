"""Limits the searches over everything that a server runs at a time: each may read all words that the archive holds."""

from __future__ import annotations

import os
import re
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from player.errors import PlayerError, ServeError, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

_VARIABLE: Final = "PLAYER_SEARCHES"
#: How many run at a time, if nothing else is said; others wait, so many of them and so long, in seconds.
SEARCHES: Final = 2
_WAITING: Final = 4
_PATIENCE: Final = 5.0
# More digits are a slip.
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)


class BusyError(PlayerError):
    """The server runs as many searches as it may."""

    status = 503


class Searches:
    """Lets ``most`` searches run at a time, and ``waiting`` ones wait."""

    def __init__(self, most: int, waiting: int = _WAITING, doing: str = "searches") -> None:
        self._running = threading.BoundedSemaphore(most)
        self._present = threading.BoundedSemaphore(most + waiting)
        self._doing = doing

    @classmethod
    def from_environment(cls) -> Searches:
        """Read PLAYER_SEARCHES.

        :raise ServeError: where it is not a whole number of one or more.
        """
        text = os.environ.get(_VARIABLE, "").strip()
        if text and not _NUMBER.fullmatch(text):
            remedy = "give a whole number, 1 or more, in at most four digits, or leave it unset"
            raise ServeError(f"{_VARIABLE} is {quoted(text)}; {remedy}")
        return cls(int(text or SEARCHES))

    @contextmanager
    def one(self) -> Iterator[None]:
        """Run one search within.

        :raise BusyError: where too many run and wait already.
        """
        busy = BusyError(f"the server is busy with other {self._doing}; try again in a few seconds")
        if not self._present.acquire(blocking=False):
            raise busy
        try:
            if not self._running.acquire(timeout=_PATIENCE):
                raise busy
            try:
                yield
            finally:
                self._running.release()
        finally:
            self._present.release()
