"""An empty page of a server that has some files, for what a browser makes of them without the player."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page


@contextmanager
def empty_page(browser: Browser, read: Callable[[str], bytes | None], kind: str) -> Iterator[Page]:
    """Open the page. ``read`` gives the file of a name, which is sent as ``kind``; where it gives None, the page is."""
    with served_page(read, kind) as address:
        page = browser.new_page()
        page.goto(address)
        yield page
        page.close()


@contextmanager
def served_page(read: Callable[[str], bytes | None] = lambda _: None, kind: str = "text/html") -> Iterator[str]:
    """Serve the page, and give its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = read(self.path.strip("/"))
            self.send_response(200)
            self.send_header("Content-Type", "text/html" if content is None else kind)
            sent = b"<!doctype html><title>empty</title>" if content is None else content
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()
