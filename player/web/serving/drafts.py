"""Guards a server that shows drafts: it answers nobody but who has its token or its password, whatever they ask for.

A guard stands around all that makes or keeps answers, and behind the proxies' own headers, so that it sees the true
scheme and host. Everybody else is answered with the same page at every address: also at one that is not there, so that
nobody learns which are. What is answered to those who may ask is kept by nobody.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress
import secrets
import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

from player.errors import ServeError, quoted
from player.web.serving.access_log import network
from player.web.serving.passwords import digest, password_in
from player.web.serving.public_address import REFUSAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from player.web.serving.public_address import Site

#: What every answer carries, in place of what it says itself: that it is kept nowhere, found by no search engine, and
#: that its address is told to no other site.
ALWAYS: Final = {
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
#: How many wrong passwords are looked at within a minute: of one network, and of all.
ATTEMPTS: Final = 10
ALL_ATTEMPTS: Final = 100
#: The cookie of who has said a password. Browsers take one of such a name over TLS only.
COOKIE_OF_PASSWORD: Final = "__Secure-drafts"  # noqa: S105  # the name of a cookie

_LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")
_BYTES: Final = 32  # of a token
_TOKEN: Final = "token="  # noqa: S105  # the name of it in an address, not one
_TITLES: Final = frozenset(name.title() for name in ALWAYS)
_EMPTY: Final = ("Content-Length", "0")
_CHALLENGE: Final = ("WWW-Authenticate", 'Basic realm="Drafts", charset="UTF-8"')
_TEXT_OF_TOKEN: Final = "Open the address that was printed when this server was started."  # noqa: S105  # a sentence
_TEXT_OF_PASSWORD: Final = "Reload the page and enter the password."  # noqa: S105  # a sentence
#: How long a wrong one is counted, in seconds.
MINUTE: Final = 60.0
# A proxy that says one of these stands between the browser and a server that is for this machine alone.
_FORWARDED: Final = (
    *("HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO"),
    "HTTP_X_REAL_IP",
)
_PAGE: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<h1>{title}</h1>
<p>{text}</p>
"""


class Guard(ABC):
    """Lets those who may ask go on to an application that is at ``site``; their session ends with the server."""

    #: Whether those who may ask may also change the archive (``editors``).
    is_for_editing = False

    def __init__(self, site: Site) -> None:
        self.site = site
        self._session = secrets.token_urlsafe(_BYTES)

    @abstractmethod
    def told(self, address: str) -> tuple[str, str]:
        """Give the address to open where the server listens at ``address``, and a sentence on who may."""

    def around(self, app: WSGIApplication) -> WSGIApplication:
        """Give an application that lets those who may ask it go on to ``app``."""

        def guarded(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            return self._answer(app, environ, kept_by_nobody(start_response))

        return guarded

    @abstractmethod
    def _answer(self, app: WSGIApplication, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Let the application answer, or refuse."""

    def _has_session(self, environ: WSGIEnvironment, cookie: str) -> bool:
        """Tell whether a request comes with the session, in a cookie of this name."""
        there = (part.strip().partition("=") for part in environ.get("HTTP_COOKIE", "").split(";"))
        # Not any(): all are compared, in the same time wherever it stands.
        return sum(_is_same(value, self._session) for name, _, value in there if name == cookie) > 0


class TokenGuard(Guard):
    """Guards a server on the loopback: who opens the address with the ``token``, in a browser, may ask from then on."""

    def __init__(self, host: str, site: Site) -> None:
        super().__init__(replace(site, proxies=0))  # none is in front, whatever the public server's variables say
        self.token = secrets.token_urlsafe(_BYTES)
        self._names = {*_LOOPBACK, f"[{host}]" if ":" in host else host.lower()}

    def told(self, address: str) -> tuple[str, str]:
        """Give the address with the token."""
        return (
            f"{address}?{_TOKEN}{self.token}",
            "Drafts are shown to whoever opens this address on this machine. It is good until the player stops.",
        )

    def _answer(self, app: WSGIApplication, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        # A page elsewhere whose name is made to mean this machine (DNS rebinding) still says its own name here.
        is_local = REFUSAL not in environ and _name(environ["HTTP_HOST"]) in self._names
        if not is_local or any(name in environ for name in _FORWARDED):
            return _refused(environ, start, _TEXT_OF_TOKEN)
        # Cookies are the same for all ports of a host.
        cookie = f"drafts-{environ['SERVER_PORT']}"
        tokens, rest = _taken_out(environ.get("QUERY_STRING", ""))
        if tokens:
            if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or not _is_same(tokens[-1], self.token):
                return _refused(environ, start, _TEXT_OF_TOKEN)
            set_cookie = f"{cookie}={self._session}; Path=/; HttpOnly; SameSite=Strict"
            start("303 See Other", [("Location", location(environ, rest)), ("Set-Cookie", set_cookie), _EMPTY])
            return ()
        if self._has_session(environ, cookie):
            return app(environ, start)
        return _refused(environ, start, _TEXT_OF_TOKEN)


class PasswordGuard(Guard):
    """Guards a server at a public address: who says the password, over TLS, may ask. The user's name may be any."""

    def __init__(self, password: str, site: Site, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(site)
        self._password = digest(password)
        self._host = _name(urlsplit(site.url or "").netloc)
        self._attempts = Attempts(clock)

    def told(self, address: str) -> tuple[str, str]:
        """Give the public address; at the server's own nobody but the proxy is answered."""
        return f"{self.site.url}/", f"Drafts are shown to whoever knows the password. The proxy reaches it at {address}"

    def _answer(self, app: WSGIApplication, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        is_public = REFUSAL not in environ and _name(environ["HTTP_HOST"]) == self._host
        if not is_public or environ["wsgi.url_scheme"] != "https":
            return _refused(environ, start, "It is not here.")  # and nothing asks for a password in the clear
        if self._is_known(environ):
            return app(environ, start)
        said = _said(environ.get("HTTP_AUTHORIZATION", ""))
        if said is None:
            return _refused(environ, start, _TEXT_OF_PASSWORD, HTTPStatus.UNAUTHORIZED, [_CHALLENGE])
        is_right = self._attempts.judge(network(environ.get("REMOTE_ADDR", "")), lambda: self._is_right(environ, *said))
        if is_right is None:
            wait = "There were too many wrong passwords. Try again in a minute."
            again = [("Retry-After", f"{MINUTE:.0f}")]
            return _refused(environ, start, wait, HTTPStatus.TOO_MANY_REQUESTS, again)
        if not is_right:
            return _refused(environ, start, _TEXT_OF_PASSWORD, HTTPStatus.UNAUTHORIZED, [_CHALLENGE])
        path = f"{environ.get('SCRIPT_NAME', '')}/"
        session = self._session_of(environ)
        set_cookie = f"{COOKIE_OF_PASSWORD}={session}; Path={path}; Secure; HttpOnly; SameSite=Strict"

        def start_session(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start(status, [*headers, ("Set-Cookie", set_cookie)], *more)

        return app(environ, start_session)

    def _is_known(self, environ: WSGIEnvironment) -> bool:
        """Tell whether a request comes with a session."""
        return self._has_session(environ, COOKIE_OF_PASSWORD)

    def _is_right(self, environ: WSGIEnvironment, name: str, password: str) -> bool:  # noqa: ARG002  # any name will do
        """Tell whether somebody who says this may ask."""
        return hmac.compare_digest(digest(password), self._password)

    def _session_of(self, environ: WSGIEnvironment) -> str:  # noqa: ARG002  # all have the same
        """Give the session of who has said the right password."""
        return self._session


class Attempts:
    """The wrong passwords of the last minute. Where there were too many, none is looked at, not even the right one."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._wrong: deque[tuple[float, str]] = deque()

    def judge(self, asker: str, is_right: Callable[[], bool]) -> bool | None:
        """Tell whether a password is right that a network said; None where it may say none at the moment."""
        now = self._clock()
        with self._lock:
            while self._wrong and now - self._wrong[0][0] >= MINUTE:
                self._wrong.popleft()
            own = sum(each == asker for _, each in self._wrong)
            if own >= ATTEMPTS or len(self._wrong) >= ALL_ATTEMPTS:
                return None
            if is_right():
                return True
            self._wrong.append((now, asker))
            return False


def kept_by_nobody(start_response: StartResponse) -> Any:
    """Give what begins an answer in the same way, with the headers by which nobody keeps it or tells its address."""

    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        others = [(name, value) for name, value in headers if name.title() not in _TITLES]
        return start_response(status, [*others, *ALWAYS.items()], *more)

    return start


def guard_for(host: str, password_file: Path | None, site: Site) -> Guard:
    """Choose how a server of drafts at ``host`` is guarded.

    :raise ServeError: where it cannot be guarded there, or the password's file is not as it must be.
    """
    if password_file is None:
        refuse_other_hosts(host)
        return TokenGuard(host, site)
    refuse_without_tls(site)
    return PasswordGuard(password_in(password_file), site)


def refuse_other_hosts(host: str, what: str = "drafts are shown on this machine only") -> None:
    """Refuse a host at which others than this machine are heard.

    :raise ServeError: where it is one.
    """
    if not is_loopback(host):
        raise ServeError(
            f"{what}, and {quoted(host)} is not its loopback address; leave --host "
            "out, or give --password-file, PLAYER_URL=https://… and PLAYER_PROXIES for a proxy that handles TLS"
        )


def refuse_without_tls(site: Site, what: str = "to show drafts") -> None:
    """Refuse to ask for a password in the clear.

    :raise ServeError: where the site does not say that it is reached over TLS.
    """
    if site.url is None or not site.url.startswith("https://"):
        raise ServeError(
            "a password is asked for over TLS only, and PLAYER_URL does not say that the public address is https://…; "
            f"set it, or leave --password-file out {what} on this machine"
        )
    if not site.proxies:
        raise ServeError(
            "a password is asked for over TLS only, and PLAYER_PROXIES is not set, so that nothing says whether a "
            "request came over TLS; set it to the number of proxies in front, such as 1 for one nginx"
        )


def is_loopback(host: str) -> bool:
    """Tell whether a server that listens at ``host`` hears this machine only. Names but localhost may mean anything."""
    try:
        return host.lower() == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _refused(
    environ: WSGIEnvironment,
    start: StartResponse,
    text: str,
    status: HTTPStatus = HTTPStatus.FORBIDDEN,
    more: Sequence[tuple[str, str]] = (),
) -> Iterable[bytes]:
    """Answer with a page that says nothing of what is here."""
    body = _PAGE.format(title="You may not see this", text=text).encode()
    policy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    headers = [
        *(("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))),
        *(("Content-Security-Policy", policy), ("X-Content-Type-Options", "nosniff"), *more),
    ]
    start(f"{status.value} {status.phrase}", headers)
    return () if environ["REQUEST_METHOD"] == "HEAD" else (body,)


def _taken_out(query: str) -> tuple[list[str], str]:
    """Give the tokens in a query, and the query without them, otherwise as it is."""
    parts = query.split("&")
    tokens = [part.removeprefix(_TOKEN) for part in parts if part.startswith(_TOKEN)]
    return tokens, "&".join(part for part in parts if not part.startswith(_TOKEN))


def location(environ: WSGIEnvironment, query: str) -> str:
    """Give the address that was asked for, with another query: a path of this site, whatever it begins with."""
    path = f"{environ.get('SCRIPT_NAME', '')}{environ.get('PATH_INFO', '')}".lstrip("/")
    address = quote(path.encode("latin-1", "replace"), safe="/!$&'(),*;=:@~+")
    return f"/{address}?{query}" if query else f"/{address}"


def _name(host: str) -> str:
    """Give a host without its port."""
    return host if host.endswith("]") else host.rpartition(":")[0] or host


def _is_same(said: str, right: str) -> bool:
    """Compare in a time that does not tell how much of it is the same."""
    return hmac.compare_digest(said.encode("utf-8", "replace"), right.encode())


def _said(authorization: str) -> tuple[str, str] | None:
    """Give the name and the password that a request says (RFC 7617); None where it says none."""
    scheme, _, encoded = authorization.strip().partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, password = base64.b64decode(encoded.strip(), validate=True).decode("utf-8").partition(":")
    except (binascii.Error, ValueError):
        return None
    return (name, password) if colon else None
