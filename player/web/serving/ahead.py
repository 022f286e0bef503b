"""Sends what lies elsewhere: a piece is fetched while the one before is sent, by a few threads for all listeners.

The loop that holds all listeners never waits for a piece: a listener whose piece has not come is left until it has.
One who pauses costs a piece in memory, and no thread or connection elsewhere.
"""

from __future__ import annotations

import errno
import logging
import queue
import threading
from typing import TYPE_CHECKING, Final

from player.errors import AudioError
from player.web.serving.telling import tell
from player.web.serving.window import READ, Window

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from io import FileIO

    from player.elsewhere import Distant

#: Pieces that are fetched at a time.
THREADS: Final = 8

_log = logging.getLogger(__name__)
_wanted: Final[queue.SimpleQueue[Callable[[], None]]] = queue.SimpleQueue()
_lock = threading.Lock()
_working: Final[set[threading.Thread]] = set()


class Ahead(Window):
    """The bytes of ``file`` between two offsets, which lie elsewhere; ``there`` reads them."""

    def __init__(self, file: FileIO, there: Distant, span: range, name: str) -> None:
        super().__init__(file, span, name)
        self._there = there
        self._piece, self._from = b"", 0
        self._is_coming = False
        self._fault: AudioError | None = None
        #: Called by another thread when there is something to send.
        self.wake: Callable[[], object] = lambda: None

    @property
    def is_waiting(self) -> bool:
        """Whether nothing can be sent before a piece has come."""
        return self._is_coming

    def read(self, count: int = -1) -> bytes:
        """Give the next bytes: ``count`` or READ of them, whichever is less, and none at the end.

        :raise ConnectionResetError: where they cannot be had; the answer ends with it.
        """
        left = len(self._span) - self._at
        count = min(left, READ, left if count < 0 else count)
        if count <= 0:
            self.close()
            return b""
        try:
            found = self._there.read_at(count, self._span.start + self._at)
        except AudioError as fault:
            self._fault = fault
            found = b""
        self._at += len(found)
        return found or self._cut_off()

    def send(self, to: socket.socket, count: int) -> int:
        """Send the next ``count`` bytes, or fewer; give how many were sent, and stay in place.

        :raise BlockingIOError: where ``to`` takes none now, or there are none yet.
        :raise ConnectionResetError: where they cannot be had; the answer ends with it.
        """
        place = self._at - self._from
        if 0 <= place < len(self._piece):
            return to.send(memoryview(self._piece)[place : place + count])
        if self._fault is not None:
            self._cut_off()
        if not self._is_coming:
            self._piece, self._is_coming = b"", True
            _fetch(self._come)
        raise BlockingIOError(errno.EAGAIN, "it has not come yet")

    def _come(self) -> None:
        """Fetch the next piece, in a thread."""
        at = self._at
        try:
            found = self._there.read_at(min(READ, len(self._span) - at), self._span.start + at)
        except AudioError as fault:
            self._fault = fault
        except Exception as error:  # noqa: BLE001  # the thread is for all listeners, and this one waits for its word
            _log.error("unexpected error", exc_info=error)
            self._fault = AudioError("the rest cannot be had")
        else:
            self._piece, self._from = found, at
        self._is_coming = False
        self.wake()

    def _cut_off(self) -> bytes:
        if self._name and self._fault is not None:
            tell(_log, self._fault)
            self._name = ""
        raise ConnectionResetError(errno.ECONNRESET, "the rest cannot be had")


def _fetch(do: Callable[[], None]) -> None:
    """Have something fetched by one of the threads, which start as they are needed and end with the process."""
    _wanted.put(do)
    with _lock:
        if len(_working) < THREADS and _wanted.qsize():
            thread = threading.Thread(target=_work, daemon=True)
            _working.add(thread)
            thread.start()


def _work() -> None:
    while True:
        _wanted.get()()
