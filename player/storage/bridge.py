"""Hands ffmpeg what lies elsewhere: an address of this process, which passes on the parts that ffmpeg asks for.

So ffmpeg reads of a sound what it needs, jumps in it as in a file, and knows neither keys nor the world outside: it is
let speak to this one address. That is good for one run, and only for processes of the same user.
"""

from __future__ import annotations

import os
import re
import secrets
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from typing import TYPE_CHECKING, Any, Final

from player.storage import objects
from player.storage.faults import StorageError
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.storage.addresses import Address
    from player.storage.looks import Look

_RANGE: Final = re.compile(r"bytes=(\d{1,18})-(\d{0,18})")
# Bytes that are fetched at a time: few at first, as ffmpeg may jump.
_FIRST: Final = 1 << 15
_MOST: Final = 1 << 18
# Bytes on their way to ffmpeg: what it has not taken when it jumps was fetched in vain.
_AHEAD: Final = 1 << 15


@value
class _Part:
    """What one run of ffmpeg may read: ``head``, and pieces of an object; ``faults`` is what it could not be given.

    It reads all of it, in order, where it ``is_part`` of the object; else it may jump.
    """

    address: Address
    seen: Look
    head: bytes
    pieces: tuple[range, ...]
    is_part: bool
    faults: list[StorageError]

    @property
    def size(self) -> int:
        """How many bytes it is."""
        return len(self.head) + sum(map(len, self.pieces))

    def read(self, first: int, most: int) -> bytes:
        """Give what is at a place of it: so many bytes, or fewer, but some.

        :raise StorageError: where they cannot be had.
        """
        if first < len(self.head):
            return self.head[first : first + most]
        at = first - len(self.head)
        for piece in self.pieces:
            if at < len(piece):
                wanted = piece[at : at + most]
                return objects.read(self.address, self.seen, wanted.start, wanted.stop)
            at -= len(piece)
        return b""


class Bridge:
    """The parts that are handed out at the moment, and the server that gives them, which starts with the first."""

    def __init__(self) -> None:
        self._parts: dict[str, _Part] = {}
        self._lock = threading.Lock()
        self._server: _Server | None = None
        self._of = 0

    def given(
        self, address: Address, seen: Look, pieces: Sequence[range], *, is_part: bool, head: bytes = b""
    ) -> list[str]:
        """Give ffmpeg's arguments that make a head and some pieces an input, all that there is of it."""
        with self._lock:
            # A process that was forked from this one has no thread that serves.
            if self._server is None or self._of != os.getpid():
                self._server, self._of = _Server(self._parts), os.getpid()
                threading.Thread(target=self._server.serve_forever, daemon=True).start()
            name = secrets.token_urlsafe(24)
            self._parts[name] = _Part(address, seen, head, tuple(pieces), is_part, [])
            port = self._server.server_address[1]
        # A part is read from its first byte to its last, and no proxy of the environment's is asked.
        way = ["-seekable", "0"] if is_part else ["-recv_buffer_size", str(_AHEAD)]
        return [*way, "-http_proxy", "none", "-i", f"http://127.0.0.1:{port}/{name}"]

    def over(self, arguments: Sequence[str]) -> None:
        """End the parts that these arguments name.

        :raise StorageError: where one could not be given.
        """
        names = [each.rpartition("/")[2] for each in arguments if each.startswith("http://127.0.0.1:")]
        parts = [part for name in names if (part := self._parts.pop(name, None)) is not None]
        for part in parts:
            for fault in part.faults:
                raise fault.with_traceback(None)


class _Fetch(threading.Thread):
    """Fetches some bytes of a part."""

    def __init__(self, part: _Part, first: int, most: int) -> None:
        super().__init__(daemon=True)
        self._wanted = part, first, most
        self._found = b""
        self._fault: StorageError | None = None
        self.start()

    def run(self) -> None:
        """Fetch them."""
        part, first, most = self._wanted
        try:
            self._found = part.read(first, most)
        except StorageError as fault:
            self._fault = fault

    def result(self) -> bytes:
        """Wait for them.

        :raise StorageError: where they cannot be had.
        """
        self.join()
        if self._fault is not None:
            raise self._fault.with_traceback(None)
        return self._found


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, parts: dict[str, _Part]) -> None:
        self.parts = parts
        super().__init__(("127.0.0.1", 0), _Handler)

    def server_bind(self) -> None:
        """Take a port, without asking the network what this machine is called."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Tell whether a process of this user asks: the address stands in the list of processes, for all to see."""
        return _is_own(client_address[1], request.getsockname()[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: an ffmpeg that has read enough goes away."""


def _is_own(port: int, to: int) -> bool:
    """Tell whether the connection from one port to another is of this user; where that cannot be known, it is."""
    try:
        lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        return True
    wanted = f"0100007F:{port:04X} 0100007F:{to:04X} "
    for line in lines:
        if wanted in line:
            fields = line.split()
            return int(fields[7]) in {os.getuid(), os.geteuid()}
    return False


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # the first bytes would wait 40 ms for the head to be acknowledged
    server: _Server

    def do_GET(self) -> None:  # http.server's own name
        """Give the bytes that are asked for."""
        part = self.server.parts.get(self.path.removeprefix("/"))
        found = _RANGE.fullmatch(self.headers.get("Range", "bytes=0-"))
        size = 0 if part is None else part.size
        first = int(found[1]) if found else 0
        if part is None or first >= size:
            self.send_response(404 if part is None else 416)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if not part.is_part:
            # Little on its way: what is not read was fetched in vain. Of what is read to its end, a buffer that is full
            # would wait 40 ms each time for ffmpeg's end to say that it has read.
            self.request.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _AHEAD)
        stop = min(size, int(found[2]) + 1) if found and found[2] else size
        self.send_response(206)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Range", f"bytes {first}-{stop - 1}/{size}")
        self.send_header("Content-Length", str(stop - first))
        self.end_headers()
        self._send(part, first, stop)

    def _send(self, part: _Part, first: int, stop: int) -> None:
        self.close_connection = True
        piece, coming = _FIRST, _Fetch(part, first, min(_FIRST, stop - first))
        while True:
            try:
                found = coming.result()
            except StorageError as fault:
                part.faults.append(fault)
                return
            first += len(found)
            piece = min(2 * piece, _MOST)
            is_more = bool(found) and first < stop
            # What is read to its end is fetched while ffmpeg takes what came before; else that may be in vain.
            if is_more and part.is_part:
                coming = _Fetch(part, first, min(piece, stop - first))
            try:
                self.wfile.write(found)
            except (BrokenPipeError, ConnectionResetError):
                return
            if not is_more:
                return
            if not part.is_part:
                coming = _Fetch(part, first, min(piece, stop - first))

    def log_message(self, *_: object) -> None:
        """Say nothing."""
