"""A site of somebody else's: any HTML, at another host than the archive's."""

from __future__ import annotations

from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING

from stand_in import answering
from started import port_of

if TYPE_CHECKING:
    from collections.abc import Iterator


class OtherSite:
    """Serves what its ``body`` is at the moment, at an ``address`` whose host is not that of the archive."""

    def __init__(self, port: int) -> None:
        self.body = ""
        # The archive is at 127.0.0.1: for browsers another site, whose frames have third-party storage.
        self.address = f"http://localhost:{port}/"


@contextmanager
def other_site() -> Iterator[OtherSite]:
    """Serve one while it is needed."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            page = f"<!doctype html><html lang=en><title>A lesson</title><h1>A lesson</h1>{site.body}"
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with answering(Handler) as address:
        site = OtherSite(port_of(address))
        yield site
