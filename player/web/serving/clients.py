"""Limits what a client of the server may cost: no thread, no other's turn, and memory only for a minute.

Waitress makes answers in a few threads, and one loop sends to all clients what they have not yet taken. These are its
classes with limits of our own:

- no answer waits in a thread until its client has read enough;
- of requests that are sent in one go the first is answered and the connection closed, after which the client asks
  again for the others (RFC 9112, section 9.3.2): no browser sends such;
- a file is sent a piece at a time, in turn with the others;
- a request has an end to its time as to its size;
- a sound that was closed meanwhile is not sent on.
"""

from __future__ import annotations

import socket
import struct
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from waitress.buffers import OverflowableBuffer, ReadOnlyFileBasedBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import ErrorTask, WSGITask

from player.web.serving.ahead import Ahead
from player.web.serving.headers import SECURITY
from player.web.serving.still_shown import MAY_GO_ON
from player.web.serving.window import READ, Window

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_TURN: Final = 4 * READ
_AT_ONCE: Final = struct.pack("ii", 1, 0)  # SO_LINGER: on close, drop what was not sent


@dataclass(frozen=True)
class Patience:
    """For how many seconds a client is kept that does nothing more."""

    #: Reads no more of a sound: a listener who paused. It costs two descriptors; a browser asks again for the rest.
    sound: int = 3600
    #: Reads no more of another answer, which waits in memory.
    text: int = 60
    #: Has begun a request and not ended it, however steadily it trickles in.
    request: int = 120
    #: Asks nothing.
    idle: int = 120
    #: Has its last answer, and does not close the connection.
    farewell: int = 2


class SentFile(ReadOnlyFileBasedBuffer):  # type: ignore[misc]  # waitress has no types
    """A sound that is being sent, as long as all who are ``asked`` say so. Once in a while others have their turn."""

    _given = 0

    def __init__(self, file: Any, block_size: int = READ, asked: Sequence[Callable[[], bool]] = ()) -> None:
        super().__init__(file, block_size)
        self._asked = asked
        self._is_window = isinstance(file, Window)

    @property
    def may_go_on(self) -> bool:
        """Whether it may still be sent."""
        return all(ask() for ask in self._asked)

    def get(self, numbytes: int = -1, skip: bool = False) -> Any:
        """Give what is to be sent next: of a window nothing is read, since it sends by itself."""
        return self if self._is_window else super().get(numbytes, skip)

    def send(self, to: socket.socket) -> int:
        """Send what can be sent now; give how many bytes that were."""
        if self._given >= _TURN:
            self._given = 0
            return 0
        sent: int = self.file.send(to, min(_TURN, self.remain))
        self._given += sent
        return sent


class _Request(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """A request as it comes in."""

    def __init__(self, adj: Any) -> None:
        super().__init__(adj)
        self.begun = time.time()

    def received(self, data: bytes) -> int:
        """Take in ``data``; give how much of it was taken. What follows a whole request ends the connection."""
        taken: int = super().received(data)
        if not self.completed or self.empty or taken >= len(data):
            return taken
        self.headers["CONNECTION"] = "close"
        return len(data)

    def parse_header(self, header_plus: bytes) -> None:
        """Read the head of the request.

        :raise ParsingError: where it is none; waitress lets some numbers and addresses of no meaning end in others.
        """
        try:
            super().parse_header(header_plus)
        except ValueError as error:
            raise ParsingError(str(error)) from None
        if self.body_rcv is None:
            self.expect_continue = False  # nothing more comes; waitress would begin to wait for it


class _Answer(WSGITask):  # type: ignore[misc]  # waitress has no types
    """A request that the application answers."""

    def get_environment(self) -> dict[str, Any]:
        """Describe the request."""
        environ: dict[str, Any] = super().get_environment()
        # Not by environ itself, which would hold itself in memory.
        asked: list[Callable[[], bool]] = []
        environ[MAY_GO_ON] = asked
        environ["wsgi.file_wrapper"] = partial(SentFile, asked=asked)
        return environ

    def set_close_on_finish(self) -> None:
        """Close the connection after this answer: not because it has no body, as that of a 304 (RFC 9112, 6.3)."""
        if self.has_body or self.version != "1.1" or self.request.headers.get("CONNECTION", "").lower() == "close":
            super().set_close_on_finish()


class _Refusal(ErrorTask):  # type: ignore[misc]  # waitress has no types
    """What is answered without the application, under the same policy as every page."""

    def __init__(self, channel: Client, request: _Request) -> None:
        super().__init__(channel, request)
        self.response_headers.extend(SECURITY.items())


class Client(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """A connection: its request, and what is still to be sent of the answer."""

    parser_class = _Request
    task_class = _Answer
    error_task_class = _Refusal
    current_outbuf_count: int
    close_when_flushed: bool
    _is_leaving = False

    def readable(self) -> bool:
        """Tell whether a request may come in. The last answer, then, was sent, and is no longer kept."""
        if self._is_leaving:
            return True
        if not super().readable():
            return False
        if self.current_outbuf_count:
            self.outbufs = [OverflowableBuffer(self.adj.outbuf_overflow)]
            self.current_outbuf_count = 0
        return True

    def send(self, data: Any, do_close: bool = True) -> int:
        """Send ``data``; give how many bytes were taken."""
        if isinstance(data, SentFile) and isinstance(data.file, Ahead):
            data.file.wake = partial(self.server.loop.changed, self)
        if not isinstance(data, SentFile):
            sent: int = super().send(data, do_close)
            return sent
        try:
            return data.send(self.socket)
        except BlockingIOError:
            return 0

    def writable(self) -> bool:
        """Tell whether there is something to send: not while what is next has yet to come from elsewhere."""
        first = self.outbufs[0] if self.outbufs and not self.will_close else None
        if isinstance(first, SentFile) and isinstance(first.file, Ahead) and first.file.is_waiting:
            return False
        return bool(super().writable())

    def handle_write(self) -> None:
        """Send what is to be sent; after the last answer say so, and wait for the client to close.

        To close while something still comes in would take the answer back (RFC 9112, section 9.6).
        """
        with self.requests_lock:
            is_last, self.close_when_flushed = self.close_when_flushed, False
        super().handle_write()
        if not is_last or not self.connected:
            return
        if self.total_outbufs_len:
            self.close_when_flushed = True
            return
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            self.handle_close()
        else:
            self._is_leaving = True
            self.last_activity = time.time()

    def handle_read(self) -> None:
        """Take in what the client sends; after its last answer to no purpose."""
        if not self._is_leaving:
            super().handle_read()
            return
        try:
            self.recv(self.adj.recv_bytes)
        except OSError:
            self.handle_close()

    def add_channel(self, map: Any = None) -> None:  # noqa: A002  # waitress's own name
        """Begin to wait for it."""
        super().add_channel(map)
        self.server.loop.changed(self)

    def service(self) -> None:
        """Have the application answer its request, in one of the threads."""
        try:
            super().service()
        finally:
            self.server.loop.changed(self)

    @property
    def is_served(self) -> bool:
        """Whether an answer is being made for it."""
        return bool(self.requests)

    @property
    def since(self) -> float:
        """Since when it does nothing more."""
        since: float = self.last_activity if self.request is None else self.request.begun
        return since

    def patience(self, limits: Patience) -> int:
        """Give how many seconds it may go on so."""
        if self._is_leaving:
            return limits.farewell
        if self.request is not None:
            return limits.request
        if not self.total_outbufs_len:
            return limits.idle
        return limits.sound if any(isinstance(each, SentFile) for each in self.outbufs) else limits.text

    @property
    def may_go_on(self) -> bool:
        """Whether what it is being sent may still be sent."""
        return all(each.may_go_on for each in self.outbufs if isinstance(each, SentFile))

    def let_go(self) -> None:
        """Close the connection at once, with whatever is still to be sent."""
        if self.total_outbufs_len:
            with suppress(OSError):
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        self.handle_close()

    def handle_expt(self) -> None:
        """Let go of a client that sends urgent data, which HTTP does not have."""
        self.let_go()
