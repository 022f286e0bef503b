"""Gunicorn, told by keyword: its application, and a threaded worker that idle clients cannot hold up."""

from __future__ import annotations

import errno
import os
import socket
import struct
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

from player.web.headers import SECURITY

if TYPE_CHECKING:
    import logging
    from types import FrameType
    from wsgiref.types import WSGIApplication

_LINGER = 2.0  # seconds a closing connection waits for its client to close too
_AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: on close, drop what was not sent


def run(app: WSGIApplication, **settings: Any) -> int:
    """Run gunicorn on ``app`` until it is told to stop; give its exit code. A setting it does not know is left out."""
    try:
        _Server(app, settings).run()
    except SystemExit as stopped:
        return stopped.code if isinstance(stopped.code, int) else int(stopped.code is not None)
    return 0


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    def __init__(self, app: WSGIApplication, settings: dict[str, Any]) -> None:
        self._app = app
        self._settings = {"worker_class": Worker, **settings}
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._settings.items():
            if name in self.cfg.settings:  # the control socket, and its switch, came with gunicorn 25
                self.cfg.set(name, value)

    def load(self) -> WSGIApplication:
        return self._app


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """A threaded worker that lets go of a client that stopped reading, without stopping for the others or at the end.

    Gunicorn's own waits up to two seconds for a client to close, in the one thread that also accepts the next; and
    its process does not end before every thread has.
    """

    def init_process(self) -> None:
        """Begin to serve; a client that was let go is no news."""
        self.log.error_log.addFilter(_is_news)
        super().init_process()

    def handle(self, conn: Any) -> Any:
        """Answer one request on ``conn``, and see its client off in this thread when it is the last."""
        result = super().handle(conn)
        if result is False:
            _see_off(conn.sock)
        return result

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Answer ``req``; a client that takes nothing for the time that SO_SNDTIMEO gives is cut off."""
        try:
            return super().handle_request(req, conn)
        except BlockingIOError:
            with suppress(OSError):
                conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
                conn.sock.shutdown(socket.SHUT_RDWR)
            raise ConnectionResetError(errno.ECONNRESET, "the client stopped reading") from None

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Refuse what is not HTTP, under the same policy as every page."""
        super().handle_error(req, _UnderPolicy(client), addr, exc)

    def run(self) -> None:
        """Serve until told to stop; then end the process, with whatever threads still wait for a client."""
        super().run()
        os._exit(0)

    def handle_quit(self, _signal: int, _frame: FrameType | None) -> None:
        """End the process at once."""
        os._exit(0)


class _UnderPolicy:
    """A socket that puts the security headers into the one answer that gunicorn writes to it by itself."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def sendall(self, answer: bytes) -> None:
        """Send ``answer``, a head and a body, with the headers at the end of its head."""
        head, end, body = answer.partition(b"\r\n\r\n")
        policy = "".join(f"\r\n{name}: {value}" for name, value in SECURITY.items()).encode("latin-1")
        self._client.sendall(head + policy + end + body)


def _is_news(record: logging.LogRecord) -> bool:
    """Tell a line of the log from one that only says that SO_RCVTIMEO has passed."""
    return record.exc_info is None or not isinstance(record.exc_info[1], BlockingIOError)


def _see_off(client: socket.socket) -> None:
    """Say that nothing more comes, and wait a little for the client to close (RFC 9112, section 9.6)."""
    until = time.monotonic() + _LINGER
    with suppress(OSError):
        client.shutdown(socket.SHUT_WR)
        while (left := until - time.monotonic()) > 0:
            client.settimeout(left)
            if not client.recv(4096):
                break
    with suppress(OSError):
        client.shutdown(socket.SHUT_RDWR)
