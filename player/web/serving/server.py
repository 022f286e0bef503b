"""Serves an application: one process, one loop that holds all clients, a few threads that make answers.

A listener who pauses stops reading in the middle of a long answer. Waitress sends from one loop what its clients have
not yet taken, so that such a listener costs two descriptors and no thread, and hands it the sound as a file, through
``wsgi.file_wrapper``: whatever wraps the application must give that value on as it is, or every paused listener costs
the rest of the sound in memory. What else a client may cost is in ``clients``.
"""

from __future__ import annotations

import errno
import ipaddress
import logging
import resource
import signal
import socket
import sys
import time
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any, Final

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer

from player.arenas import keep_freed, share_one
from player.errors import ServeError
from player.web.serving.clients import Client, Patience
from player.web.serving.loop import Loop
from player.web.serving.makers import Makers

if TYPE_CHECKING:
    from collections.abc import Callable
    from wsgiref.types import WSGIApplication

#: Answers that are made at a time, besides those that wait for something.
THREADS: Final = 4
#: Clients that are kept at a time, where the machine lets this process open two files for each.
MOST: Final = 4096

_HEAD: Final = 32 * 1024  # bytes of a request before its body
_BODY: Final = 128 * 1024  # bytes of its body, which the player does not read
_NO_LIMIT: Final = 1 << 62
_LOOK: Final = 1  # seconds from one look at whose time is up to the next
_ENDING: Final = 0.5  # seconds that answers being made have when the server is told to stop
_BACKLOG: Final = 512  # connections that wait to be taken
_LAST_PORT: Final = 65535
_EACH: Final = 2  # descriptors of a client: its connection and the file that it is sent
_OWN: Final = 256  # descriptors for everything else: files being read, ffmpeg's pipes, the cache
# With room for fewer clients than these, a server turns listeners away; the operator should know.
_FEW: Final = 1024


_log = logging.getLogger(__name__)


def announce(address: str, *more: str) -> None:
    """Print where the player is and how to stop it, and what ``more`` there is to know, each in a line."""
    sys.stdout.writelines(f"{line}\n" for line in (f"The player is at {address} (press Ctrl-C to stop)", *more))
    sys.stdout.flush()


def serve(
    app_factory: Callable[[], WSGIApplication],
    host: str,
    port: int,
    *,
    threads: int = THREADS,
    most: int = MOST,
    patience: Patience = Patience(),  # noqa: B008  # it is frozen
    ready: Callable[[str], object] = announce,
) -> None:
    """Serve until SIGINT or SIGTERM, then return; the process is to end, and hears no other.

    ``app_factory`` is called once, after the port was found free. ``port`` 0 takes any free one. ``threads`` answers
    are made at a time, and ``most`` clients kept. ``ready`` is called with the address once clients are heard.

    :raise ServeError: where the address cannot be had, in words.
    """
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a request that waits its turn is no news
    share_one()
    keep_freed()
    with closing(listen(host, port)) as listener:
        try:
            _on_signals(signal.default_int_handler)
            app = app_factory()
            with closing(_Server(app, listener, threads, room_for(most), patience)) as server:
                _on_signals(lambda *_: server.loop.stop())
                ready(url(listener, host))
                server.run()
        except KeyboardInterrupt:
            return


def listen(host: str, port: int) -> socket.socket:
    """Give a socket that listens at ``host`` and ``port``.

    :raise ServeError: where that cannot be, with what to do.
    """
    if not 0 <= port <= _LAST_PORT:
        raise ServeError(f"{port} is not a port number; choose one from 1024 to {_LAST_PORT}: --port 8001")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise ServeError(
            f'the host "{host}" was not found; use --host 127.0.0.1 (this machine only) or 0.0.0.0 (every network)'
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
        host = "127.0.0.1" if bound.version == 4 else "::1"  # noqa: PLR2004  # IPv4
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def room_for(wanted: int) -> int:
    """Give how many clients can be kept, ``wanted`` at most, after raising the limit of descriptors as far as needed.

    Where that is few, say so, and what to do.
    """
    needed = _OWN + _EACH * wanted
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if _is_less(soft, needed):
        with suppress(ValueError, OSError):  # macOS may allow less than it says
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard if _is_less(hard, needed) else needed, hard))
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    room = max(1, (soft - _OWN) // _EACH) if _is_less(soft, needed) else wanted
    if room < min(wanted, _FEW):
        sys.stderr.write(
            f"This process may open {soft:,} files at a time, so it serves {room:,} clients at most; to serve "
            f"{wanted:,}, raise the limit to {needed} (ulimit -n {needed}, or LimitNOFILE={needed} in a systemd unit)\n"
        )
    return room


def _on_signals(do: Any) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, do)


class _Server(TcpWSGIServer):  # type: ignore[misc]  # waitress has no types
    def __init__(
        self, app: WSGIApplication, listener: socket.socket, threads: int, most: int, patience: Patience
    ) -> None:
        settings = Adjustments(
            sockets=[listener],
            asyncore_use_poll=True,  # select() knows 1,024 descriptors
            clear_untrusted_proxy_headers=False,  # the application says whom it trusts
            ident="tape-player",
            inbuf_overflow=_NO_LIMIT,  # no temporary files: there may be no place for them
            outbuf_overflow=_NO_LIMIT,
            outbuf_high_watermark=_NO_LIMIT,
            log_socket_errors=False,  # a client that goes away is no news
            max_request_header_size=_HEAD,
            max_request_body_size=_BODY,
            server_name=listener.getsockname()[0],
        )
        self.patience = patience
        self.most = most
        self._next_look = 0.0
        self._has_warned = False
        self.makers = Makers()
        place = (listener.family, listener.type, listener.proto, listener.getsockname())
        super().__init__(
            app, {}, _sock=listener, dispatcher=self.makers, adj=settings, sockinfo=place, bind_socket=False
        )
        self.channel_class = Client
        self.loop = Loop(self._map, self.trigger.pull_trigger)
        self.makers.set_thread_count(threads)

    def run(self) -> None:
        """Serve until the loop is told to stop."""
        self.loop.run(self)

    def pull_trigger(self) -> None:
        """Leave it to the client to say that its answer is made."""

    def fix_addr(self, addr: tuple[Any, ...]) -> tuple[Any, ...]:
        """Give the address of a client; one of IPv4 as such, whichever way it came."""
        with suppress(ValueError):
            if mapped := getattr(ipaddress.ip_address(addr[0]), "ipv4_mapped", None):
                return str(mapped), *addr[1:]
        return addr

    def readable(self) -> bool:
        """Tell whether another client may come in, once a second or when all places are taken after making room."""
        now = time.time()
        if self._is_full or now >= self._next_look:
            self._next_look = now + _LOOK
            self.maintenance(now)
        return self.accepting and not self._is_full

    @property
    def _is_full(self) -> bool:
        return len(self.active_channels) >= self.most

    def maintenance(self, now: float) -> None:
        """Let go of the clients whose time is up, or who are sent what was closed meanwhile.

        When all places are taken, those go that did nothing for longest.
        """
        for client in list(self.active_channels.values()):
            if not client.may_go_on:
                client.let_go()
        waiting = [client for client in self.active_channels.values() if not client.is_served]
        for client in waiting:
            if now - client.since > client.patience(self.patience):
                client.let_go()
        if self._is_full:
            spare = max(1, self.most // 8)
            for client in sorted(waiting, key=lambda each: each.since)[:spare]:
                client.let_go()
            if not self._has_warned:
                self._has_warned = True
                _log.warning("all %d client connections are in use; idle ones are closed", self.most)

    def close(self) -> None:
        """Let everybody go, now; a thread that still makes an answer ends with the process."""
        _on_signals(signal.SIG_IGN)
        self.makers.set_thread_count(0)
        for client in list(self.active_channels.values()):
            client.let_go()
        wasyncore.dispatcher.close(self)
        with self.makers.lock:
            is_over = self.makers.thread_exit_cv.wait_for(lambda: not self.makers.threads, _ENDING)
        if is_over:
            self.trigger.close()  # who makes an answer still pulls it


def _refusal(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < _LAST_PORT else 8000
        return (
            f"port {port} on {host} is taken by another program; stop that one, or choose another port: "
            f"player serve --port {other} (or: make run PORT={other})"
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"this user may not listen on port {port}; choose one from 1024 to {_LAST_PORT}: --port 8000"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is not an address of this machine; use --host 127.0.0.1, or 0.0.0.0 for every network"
    return f"cannot listen on {host}, port {port} ({error}); choose another with --host and --port"


def _is_less(limit: int, needed: int) -> bool:
    return limit != resource.RLIM_INFINITY and limit < needed
