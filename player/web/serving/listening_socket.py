"""A host and a port into a socket that listens there, and into the address to open; what cannot be had, in words."""

from __future__ import annotations

import errno
import ipaddress
import socket
from typing import Final

from player.errors import ServeError

_BACKLOG: Final = 512
_LAST: Final = 65535  # the highest port


def listen(host: str, port: int) -> socket.socket:
    """Give a socket that listens at ``host`` and ``port``.

    :raise ServeError: where that cannot be, with what to do.
    """
    if not 0 <= port <= _LAST:
        raise ServeError(f"{port} is no port; choose one from 1024 to {_LAST}: --port 8001")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise ServeError(
            f'no computer is known as "{host}"; use --host 127.0.0.1 (this machine only) or 0.0.0.0 (every network)'
        ) from None
    family, kind, protocol, _, place = min(found, key=lambda entry: entry[0] != socket.AF_INET)
    listener = socket.socket(family, kind, protocol)
    try:
        # A port that a stopped server held a moment ago is free; one where a server listens is not.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise ServeError(_refusal(error, host, port)) from None
    return listener


def url(listener: socket.socket, host: str) -> str:
    """Give the address to open on this machine. For a ``host`` that means every network it is the loopback one."""
    place, port = listener.getsockname()[:2]
    bound = ipaddress.ip_address(place.partition("%")[0])
    if bound.is_unspecified:
        host = "127.0.0.1" if bound.version == 4 else "::1"  # noqa: PLR2004
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _refusal(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < _LAST else 8000
        return (
            f"port {port} on {host} is taken by another program; stop that one, or choose another port: "
            f"player serve --port {other} (or: make run PORT={other})"
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"this user may not listen on port {port}; choose one from 1024 to {_LAST}: --port 8000"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is not an address of this machine; use --host 127.0.0.1, or 0.0.0.0 for every network"
    return f"cannot listen on {host}, port {port} ({error}); choose another with --host and --port"
