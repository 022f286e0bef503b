"""What a browser asks of a server and is answered, overheard on the way. The way can be narrowed, and cut.

Both sides think that they speak with each other: not a byte is changed.
"""

from __future__ import annotations

import re
import socket
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK = 32 * 1024
_HEAD = 16 * 1024  # bytes; no head is longer
_REQUEST = re.compile(rb"(GET|HEAD) (\S+) HTTP/1\.1\r\n(.*?)\r\n\r\n", re.DOTALL)
_ANSWER = re.compile(rb"HTTP/1\.1 (\d{3}) [^\r]*\r\n(.*?)\r\n\r\n", re.DOTALL)


@dataclass
class Exchange:
    """One request and the head of its answer; a status of 0 until it is answered."""

    method: str
    address: str
    asked: dict[str, str]
    status: int = 0
    answered: dict[str, str] = field(default_factory=dict)


class Wiretap:
    """A way to the server at ``address`` that is itself at ``.address``."""

    def __init__(self, address: str) -> None:
        place = urlsplit(address)
        assert place.hostname
        assert place.port
        self._server = (place.hostname, place.port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._most = 0
        self._is_wide = threading.Event()
        self._is_wide.set()
        self.address = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        #: In the order in which they were asked.
        self.exchanges: list[Exchange] = []

    def narrow(self, most: int) -> None:
        """Let each connection bring so many bytes, and then nothing until ``widen``."""
        self._most = most
        self._is_wide.clear()

    def widen(self) -> None:
        self._is_wide.set()

    def cut(self) -> None:
        """End every connection there is, in the middle of what it brings."""
        for side in list(self._open):
            with suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._listening.close()
        self.widen()
        self.cut()

    def serve(self) -> None:
        """Take connections until ``close``."""
        with suppress(OSError):
            while True:
                client = self._listening.accept()[0]
                server = socket.create_connection(self._server)
                self._open |= {client, server}
                waiting: list[Exchange] = []
                for bring in (self._bring_requests, self._bring_answers):
                    threading.Thread(target=bring, args=(client, server, waiting), daemon=True).start()

    def _bring_requests(self, client: socket.socket, server: socket.socket, waiting: list[Exchange]) -> None:
        heard = b""
        with suppress(OSError):
            while chunk := client.recv(_CHUNK):
                heard += chunk
                while match := _REQUEST.search(heard):
                    heard = heard[match.end() :]
                    exchange = Exchange(match[1].decode(), match[2].decode(), _fields(match[3]))
                    self.exchanges.append(exchange)
                    waiting.append(exchange)
                server.sendall(chunk)
        self._end(client, server)

    def _bring_answers(self, client: socket.socket, server: socket.socket, waiting: list[Exchange]) -> None:
        heard, brought = b"", 0
        with suppress(OSError):
            while chunk := server.recv(_CHUNK):
                heard += chunk
                while match := _ANSWER.search(heard):
                    heard = heard[match.end() :]
                    exchange = waiting.pop(0)
                    exchange.status, exchange.answered = int(match[1]), _fields(match[2])
                heard = heard[-_HEAD:]
                brought += len(chunk)
                if brought > self._most:
                    self._is_wide.wait()
                client.sendall(chunk)
        self._end(client, server)

    def _end(self, *sides: socket.socket) -> None:
        for side in sides:
            self._open.discard(side)
            with suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)
            side.close()


@contextmanager
def overheard(address: str) -> Iterator[Wiretap]:
    """Stand between browsers and the server at an address."""
    tap = Wiretap(address)
    threading.Thread(target=tap.serve, daemon=True).start()
    try:
        yield tap
    finally:
        tap.close()


def _fields(head: bytes) -> dict[str, str]:
    lines = (line.partition(":") for line in head.decode("latin-1").splitlines())
    return {name.strip().lower(): value.strip() for name, _, value in lines}
