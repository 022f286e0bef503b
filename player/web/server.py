"""An application into a running server: gunicorn in this process, its threads in one worker.

Sound makes long answers, and a listener who pauses stops reading in the middle of one. Two things keep such
listeners from stopping the others. The threads that gunicorn has are many and only wait: how many answers are *made*
at a time is ``threads``, counted apart. And a client that takes nothing for a minute is let go, as is one that leaves
its request unfinished for so long.
"""

from __future__ import annotations

import errno
import ipaddress
import socket
import sys
import threading
from contextlib import closing
from struct import pack
from typing import TYPE_CHECKING, Any

from player.errors import ServeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

#: Threads of a worker: one for each answer that is being sent, however slowly. They are started when first needed.
SENDING = 256
#: Connections a worker keeps; those that wait for their next request need no thread.
CONNECTIONS = 1024
_BACKLOG = 512
_LAST = 65535  # the highest port


def announce(address: str) -> None:
    """Print where the player listens and how to stop it."""
    sys.stdout.write(f"The player is at {address} (press Ctrl-C to stop)\n")
    sys.stdout.flush()


def serve(
    app_factory: Callable[[], WSGIApplication],
    host: str,
    port: int,
    *,
    threads: int = 16,
    workers: int = 1,
    patience: int = 60,
    ready: Callable[[str], object] = announce,
) -> None:
    """Serve until SIGINT or SIGTERM, then return.

    ``app_factory`` is called once, after the port was found free and before a process is forked: it must start no
    thread. ``port`` 0 takes any free one. ``threads`` answers are made at a time in each worker. A client that takes
    no byte of its answer for ``patience`` seconds is let go. ``ready`` is called with the address once clients
    are heard.

    :raise ServeError: where the address cannot be had, in words.
    """
    try:
        from player.web import worker  # noqa: PLC0415  # it needs POSIX
    except ImportError:
        raise ServeError(
            "gunicorn does not run here; on Windows, run the player in WSL (the Windows Subsystem for Linux)"
        ) from None
    with closing(listen(host, port)) as listener:
        for wait in (socket.SO_SNDTIMEO, socket.SO_RCVTIMEO):  # connections inherit them
            listener.setsockopt(socket.SOL_SOCKET, wait, pack("ll", patience, 0))
        address = url(listener, host)
        app = _in_turn(app_factory(), threads)

        def when_ready(_arbiter: Any) -> None:
            ready(address)

        status = worker.run(
            app,
            bind=[f"fd://{listener.detach()}"],
            workers=workers,
            threads=SENDING,
            worker_connections=CONNECTIONS,
            keepalive=15,
            timeout=120,
            graceful_timeout=2,
            loglevel="warning",
            control_socket_disable=True,
            when_ready=when_ready,
        )
    if status:
        raise ServeError(f"the server stopped with code {status}; what happened is in the lines above")


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


def _in_turn(app: WSGIApplication, at_once: int) -> WSGIApplication:
    """Let ``at_once`` answers of ``app`` be made at a time. Sending them is outside: it costs a waiting thread."""
    turn = threading.BoundedSemaphore(at_once)

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with turn:
            return app(environ, start_response)

    return answer
