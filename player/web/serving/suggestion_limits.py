"""Limits what listeners may suggest: how much at once, how many an hour and a day, how many wait at a time."""

from __future__ import annotations

import threading
import time
from collections import deque
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from player.errors import PlayerError
from player.web.serving.access_log import network

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: How many may wait at a recording.
WAITING: Final = 200
#: How many are taken in a day, and of one network in an hour.
IN_A_DAY: Final = 500
OF_A_NETWORK: Final = 20
#: The most characters of a note, of a name, and of the words: so many more than the line has.
NOTE: Final = 1000
NAME: Final = 80
MORE_WORDS: Final = 500
#: The most bytes that are read of what is sent: a line that is a page long, and its note.
BODY: Final = 50_000

_HOUR: Final = 3600.0
_DAY: Final = 86_400.0


class TooManyError(PlayerError):
    """So many were suggested lately that no more are taken at the moment."""

    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, message: str, wait: int) -> None:
        super().__init__(message)
        #: In how many seconds to try again.
        self.wait = wait


class NoRoomError(PlayerError):
    """So many wait that no more are taken until somebody has looked at them, or there is no room on the disk."""

    status = HTTPStatus.INSUFFICIENT_STORAGE


class Taken:
    """The suggestions of the last day, by the networks that they came from, as this process has taken them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._taken: deque[tuple[float, str]] = deque()

    @contextmanager
    def one(self, address: str) -> Iterator[None]:
        """Take one of whoever asks from ``address`` within; nobody else's is taken meanwhile. One that fails is none.

        :raise TooManyError: where there were too many.
        """
        asker = network(address)
        with self._lock:
            now = self._clock()
            while self._taken and now - self._taken[0][0] >= _DAY:
                self._taken.popleft()
            if len(self._taken) >= IN_A_DAY:
                raise TooManyError("so many suggestions came today that no more are taken; come back tomorrow", 3600)
            if sum(each == asker and now - when < _HOUR for when, each in self._taken) >= OF_A_NETWORK:
                raise TooManyError("that are many suggestions within an hour; send the next one later", 600)
            yield
            self._taken.append((now, asker))
