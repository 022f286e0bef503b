"""Clients that hold a connection and do no more with it: listeners who paused, and requests that trickle in."""

from __future__ import annotations

import resource
import select
import socket
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMIT = 120  # seconds until a client is given up; nothing is measured by it


def can_open(count: int) -> bool:
    """Let this process open ``count`` files at a time; tell whether it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < count:
        if hard != resource.RLIM_INFINITY and hard < count:
            return False
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))
    return True


def has_come(file: int | socket.socket, seconds: float) -> bool:
    """Tell whether there is something to read, or an end, within so many seconds.

    Unlike ``select.select`` it takes files with numbers over 1,023, too, which a process of many tests may have.
    """
    look = select.poll()
    look.register(file, select.POLLIN)
    return bool(look.poll(1000 * seconds))


def listener(port: int, path: str, headers: str = "Range: bytes=0-\r\n") -> socket.socket:
    """Ask for a sound, and read nothing of the answer."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.settimeout(LIMIT)
    client.connect(("127.0.0.1", port))
    client.sendall(f"GET {path} HTTP/1.1\r\nHost: here\r\n{headers}\r\n".encode())
    return client


@contextmanager
def paused(port: int, path: str, count: int) -> Iterator[list[socket.socket]]:
    """Hold ``count`` listeners who have heard the beginning of a sound and paused."""
    with ExitStack() as held:
        clients = [held.enter_context(listener(port, path)) for _ in range(count)]
        for client in clients:
            assert client.recv(100).startswith(b"HTTP/1.1 206 ")
        yield clients


@contextmanager
def begun(port: int, count: int) -> Iterator[list[socket.socket]]:
    """Hold ``count`` clients that have sent the first bytes of a request."""
    with ExitStack() as held:
        clients = [
            held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=LIMIT)) for _ in range(count)
        ]
        for client in clients:
            client.sendall(b"GET / HT")
        yield clients
