"""A server on this machine that gives parts of the files of a folder, well or as badly as a test says."""

from __future__ import annotations

import hashlib
import re
import socket
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

from stand_in import answering

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator
    from pathlib import Path


@dataclass
class Distant:
    """What is served, and how: ``fate`` is done by the name of a fault, to the next ``times`` requests for bytes."""

    folder: Path
    address: str = ""
    fate: str = ""
    times: int = 1 << 30
    #: What was asked: method, path, and the bytes that were sent.
    asked: list[tuple[str, str, int]] = field(default_factory=list)
    pace: float = 0.0
    #: What one that is mute waits for.
    speaks: threading.Event = field(default_factory=threading.Event)

    @property
    def sent(self) -> int:
        """How many bytes were sent of all files together."""
        return sum(size for _, _, size in self.asked)

    def take(self) -> str:
        """Give the fault that the next answer has."""
        if not self.fate or self.times <= 0:
            return ""
        self.times -= 1
        if self.fate == "mute":
            self.speaks.wait(60)
        return self.fate


def _tag(path: Path) -> str:
    """Give an entity tag: of what is in a file, or of one that is large, of when it was written."""
    state = path.stat()
    told = path.read_bytes() if state.st_size < 1 << 22 else repr((state.st_size, state.st_mtime_ns)).encode()
    return f'"{hashlib.sha256(told).hexdigest()[:16]}"'


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # as servers have it: a body would wait 40 ms for its head to be acknowledged
    server: Any

    def do_HEAD(self) -> None:
        self._answer(is_head=True)

    def do_GET(self) -> None:
        self._answer(is_head=False)

    def _answer(self, *, is_head: bool) -> None:
        told: Distant = self.server.told
        path = told.folder / self.path.removeprefix("/")
        told.asked.append((self.command, self.path, 0))
        fate = told.take()
        if fate.isdigit():
            self._plain(int(fate))
            return
        if not path.is_file():
            self._plain(404)
            return
        size, tag = path.stat().st_size, _tag(path)
        if self.headers.get("If-Match", tag) != tag and fate != "knows no conditions":
            self._plain(412)
            return
        found = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        first, last = (int(found[1]), min(int(found[2] or size), size - 1)) if found else (0, size - 1)
        self.send_response(206 if found and fate != "knows no ranges" else 200)
        if found and fate != "knows no ranges":
            self.send_header("Content-Range", f"bytes {first}-{last}/{size}")
        if fate != "has no tag":
            self.send_header("ETag", tag)
            self.send_header("Last-Modified", formatdate(path.stat().st_mtime, usegmt=True))
        with path.open("rb") as file:
            file.seek(first)
            part = file.read(0 if is_head else last + 1 - first)
        self.send_header("Content-Length", str(last + 1 - first))
        self.end_headers()
        if is_head:
            return
        time.sleep(told.pace)
        if fate == "silent":
            time.sleep(60)
        if fate == "torn":
            part = part[: len(part) // 2]
        with suppress(OSError):
            self.wfile.write(part)
            told.asked.append((self.command, self.path, len(part)))
        if fate == "torn":
            self.close_connection = True
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)

    def _plain(self, status: int) -> None:
        self.send_response(status)
        if status // 100 == 3:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def distant(folder: Path, secured: ssl.SSLContext | None = None) -> Iterator[Distant]:
    """Serve the files of a folder, by https where it is ``secured``."""
    folder.mkdir(exist_ok=True)
    told = Distant(folder)
    with answering(_Handler, told, secured) as told.address:
        yield told
