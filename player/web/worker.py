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

if TYPE_CHECKING:
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

    def run(self) -> None:
        """Serve until told to stop; then end the process, with whatever threads still wait for a client."""
        super().run()
        os._exit(0)

    def handle_quit(self, _signal: int, _frame: FrameType | None) -> None:
        """End the process at once."""
        os._exit(0)


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
