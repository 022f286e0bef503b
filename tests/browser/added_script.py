"""A way to a server on which one address more is answered, with a script: a page takes none but of its own site."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK: Final = 256 * 1024


@contextmanager
def with_script(server: str, path: str, script: str) -> Iterator[str]:
    """Give an address that is as good as ``server``, and has ``script`` at ``path``; no other byte is changed."""
    place = urlsplit(server)
    content = script.encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/javascript\r\nContent-Length: {len(content)}\r\n\r\n"
    opened: set[socket.socket] = set()

    def bring(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while chunk := source.recv(_CHUNK):
                # Browsers ask for one thing at a time on a connection, and for this in one piece.
                if chunk.startswith(f"GET {path} ".encode()):
                    source.sendall(head.encode() + content)
                else:
                    target.sendall(chunk)
        for side in (source, target):
            with suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)
            side.close()

    def accept() -> None:
        with suppress(OSError):
            while True:
                client = listening.accept()[0]
                onward = socket.create_connection((place.hostname or "", place.port or 80))
                opened.update((client, onward))
                for pair in ((client, onward), (onward, client)):
                    threading.Thread(target=bring, args=pair, daemon=True).start()

    with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            # Closing it alone does not wake who accepts.
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()
            for side in opened:
                with suppress(OSError):
                    side.shutdown(socket.SHUT_RDWR)
