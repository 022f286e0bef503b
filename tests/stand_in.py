"""A server on this machine that stands in for one elsewhere: it answers as a test says, and is silent of who went."""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator
    from http.server import BaseHTTPRequestHandler


class _Server(ThreadingHTTPServer):
    told: object = None

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


@contextmanager
def answering(
    handler: Callable[..., BaseHTTPRequestHandler], told: object = None, secured: ssl.SSLContext | None = None
) -> Iterator[str]:
    """Answer while it is needed, by https where it is ``secured``; give the address.

    The handler's ``server`` has what it is ``told``.
    """
    server = _Server(("127.0.0.1", 0), handler)
    server.told = told
    if secured is not None:
        server.socket = secured.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http{'' if secured is None else 's'}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
