"""Writes a line of the access log for each request, in the Common Log Format of NCSA's httpd.

Who asked is known to a network, not to a person: an IPv4 address is kept to its first 24 bits, one of IPv6 to its first
48. What was searched for, which passage was heard, and where the reader came from are not written at all. What a client
says is percent-encoded, so that a line is always one line and a field one field.
"""

from __future__ import annotations

import ipaddress
import logging
import os
import sys
import time
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from player.errors import ServeError, quoted, reason
from player.web.routes.health import PATH

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from flask import Flask

#: What names standard error, as the place where the log goes.
STANDARD_ERROR: Final = "-"

_log = logging.getLogger(__name__)

_KEPT_BITS: Final = {4: 24, 6: 48}
_LONGEST: Final = 500  # signs of a path
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WITHOUT_BODY: Final = frozenset({"204", "304"})


class AccessLog:
    """Wraps an application, and logs each answer in a line; the answer itself goes on to the server untouched."""

    def __init__(self, app: WSGIApplication, place: str) -> None:
        """Write to ``place``, a file or ``-`` for standard error.

        :raise ServeError: where that file cannot be written.
        """
        self._app = app
        try:
            self._lines = _Lines(place)
        except OSError as error:
            raise ServeError(
                f"the access log {quoted(place)} cannot be written ({reason(error)}); name a file in a folder that "
                f"this user may write, or {STANDARD_ERROR} for standard error"
            ) from None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, and tell of it."""
        answer: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            answer[:] = status, headers
            return start_response(status, headers, *more)

        asked = environ.get("PATH_INFO", "")
        body = self._app(environ, start)
        if answer and asked != PATH:
            self._lines.add(line(environ, answer[0], answer[1], time.time()))
        return body


def init_app(app: Flask, place: str | None = None) -> None:
    """Let what ``app`` answers be logged at ``place``, or where PLAYER_ACCESS_LOG says; nowhere where neither says it.

    :raise ServeError: where it cannot be written there.
    """
    if place := place or os.environ.get("PLAYER_ACCESS_LOG", "").strip():
        # Flask's own way to put a middleware before an application.
        app.wsgi_app = AccessLog(app.wsgi_app, place)  # type: ignore[method-assign]  # Flask's own way to wrap it


def line(environ: WSGIEnvironment, status: str, headers: list[tuple[str, str]], moment: float) -> str:
    """Write the line of one answer, which was begun at ``moment``, in seconds since 1970."""
    method = environ.get("REQUEST_METHOD", "")
    length = next((value for name, value in headers if name.lower() == "content-length"), "-")
    if method == "HEAD" or status[:3] in _WITHOUT_BODY or length == "0":
        length = "-"
    path = _safe(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""))
    asked = f"{_safe(method)} {path[:_LONGEST]} {_safe(environ.get('SERVER_PROTOCOL', ''))}"
    return f'{network(environ.get("REMOTE_ADDR", ""))} - - [{_time(moment)}] "{asked}" {status[:3]} {length}'


def network(address: str) -> str:
    """Shorten the address of a client to its network; ``-`` where it is none."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "-"
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    kept = ipaddress.ip_network((found, _KEPT_BITS[found.version]), strict=False)
    return str(kept.network_address)


def _safe(text: str) -> str:
    return quote(text.encode("latin-1", "replace"), safe="/!$&'()+*,;=:@~")


def _time(moment: float) -> str:
    at = time.gmtime(moment)
    # strftime would write the month in the language of the server.
    return time.strftime(f"%d/{_MONTHS[at.tm_mon - 1]}/%Y:%H:%M:%S +0000", at)


class _Lines:
    """The place where lines go. A file is opened for each, so that one which was moved away is begun anew."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._has_warned = False
        self._append("")

    def add(self, text: str) -> None:
        """Write a line; where that cannot be, say so once and go on without."""
        try:
            self._append(f"{text}\n")
        except OSError as error:
            if not self._has_warned:
                self._has_warned = True
                _log.warning("the access log cannot be written (%s); requests are answered without it", reason(error))

    def _append(self, text: str) -> None:
        if self._place == STANDARD_ERROR:
            sys.stderr.write(text)
            sys.stderr.flush()
            return
        # In one write, so that what other processes of the server append stands before or after it.
        with open(self._place, "ab", buffering=0) as file:  # noqa: PTH123  # a name, as the operator gave it
            file.write(text.encode("ascii"))
