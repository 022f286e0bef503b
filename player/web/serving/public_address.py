"""Gives the addresses by which pages are cited, from a request, the proxies before it and ``PLAYER_URL``.

Pages lead to each other by paths, below the prefix at which a proxy serves the archive. Only an address to cite names a
host: that of ``PLAYER_URL`` where it is set, else the one that the request names, and a request whose host is none is
refused. What proxies add to a request (``X-Forwarded-…``) counts only where ``PLAYER_PROXIES`` says how many of them
stand in front; from anybody else it would be the reader's own claim.
"""

from __future__ import annotations

import ipaddress
import logging
import os
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from flask import current_app, request, url_for
from werkzeug.middleware.proxy_fix import ProxyFix

from player.errors import PlayerError, ServeError, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from flask import Flask

_log = logging.getLogger(__name__)

_LABEL: Final = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST: Final = re.compile(
    rf"(?P<name>\[[0-9a-f:.]+\]|{_LABEL}(?:\.{_LABEL})*\.?)(?::(?P<port>[0-9]{{0,5}}))?", re.ASCII | re.IGNORECASE
)
_LONGEST_NAME: Final = 253  # of a host, RFC 1035
_LAST_PORT: Final = 65535
_PREFIX: Final = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)*")
_ADDRESS: Final = re.compile(r"(?P<scheme>https?)://(?P<host>[^/?#@\s]+)(?P<path>/[^?#\s]*)?", re.IGNORECASE)
_PORTS: Final = {"http": ":80", "https": ":443"}
_FEW: Final = re.compile(r"[0-9]")
#: The address of a recording, or of what is of one.
OF_A_RECORDING: Final = re.compile(r"/(?:recordings|media|search/sound)/(?P<slug>[^/]+)")
#: Where a request carries the path of the site, if what answers it is below that.
SITE_ROOT: Final = "player.site_root"
#: Where a request carries why its address is refused.
REFUSAL: Final = "player.addresses.refusal"


class AddressError(PlayerError):
    """A request names a host, or a proxy says how it came, in a way that leaves no address."""

    status = 400


@dataclass(frozen=True)
class Site:
    """Where the archive is in public, and how many proxies stand in front of it."""

    #: Such as ``https://example.org/tapes``; None where only requests say it.
    url: str | None = None
    proxies: int = 0

    @classmethod
    def from_environment(cls) -> Site:
        """Read PLAYER_URL and PLAYER_PROXIES.

        :raise ServeError: where one is not what it is to be.
        """
        proxies = os.environ.get("PLAYER_PROXIES", "").strip()
        if proxies and not _FEW.fullmatch(proxies):
            raise ServeError(
                f"PLAYER_PROXIES is {quoted(proxies)}; give the number of proxies in front, such as 1 for one nginx, "
                "or leave it unset"
            )
        url = os.environ.get("PLAYER_URL", "").strip()
        return cls(public_url(url) if url else None, int(proxies or 0))


def init_app(app: Flask, site: Site) -> None:
    """Let ``app`` see requests as they were made to ``site``. Templates get :func:`public_address`."""
    app.extensions["public_url"] = site.url
    app.jinja_env.globals["public_address"] = public_address
    app.before_request(_refuse)
    checked: WSGIApplication = _Checked(app.wsgi_app)
    count = site.proxies
    # Flask's own way to put a middleware before an application.
    app.wsgi_app = ProxyFix(checked, count, count, count, count, count) if count else checked  # type: ignore[assignment, method-assign]


def public_address(endpoint: str, **values: Any) -> str:
    """Give the address by which a page is cited: of PLAYER_URL where it is set, else of the request's own host."""
    path, root = url_for(endpoint, **values), site_root()
    # What is shown below another path to who is invited is cited where it will be, once it is public.
    below = path.removeprefix(request.script_root if path.startswith(f"{request.script_root}/") else root)
    public: str | None = current_app.extensions["public_url"]
    if public is not None:
        return f"{public}{below}"
    return f"{request.scheme}://{request.environ['HTTP_HOST'].removesuffix(_PORTS[request.scheme])}{root}{below}"


def within_archive(path: str, *, netloc: str = "") -> str | None:
    """Give the path in the archive of an address that somebody has: of PLAYER_URL, or as the current request was made.

    None where that leads to another host, or to something else on this one. An address without a host is one of these.
    """
    here = f"//{request.environ['HTTP_HOST']}{site_root()}"
    public: str | None = current_app.extensions["public_url"]
    for each in filter(None, (here, public)):
        ours = urlsplit(each)
        if netloc and _without_port(netloc) != _without_port(ours.netloc):
            continue
        if path.startswith(f"{ours.path}/"):
            return path.removeprefix(ours.path)
    return None


def _without_port(netloc: str) -> str | None:
    """Give a host as it is compared: without the port that its scheme has anyway, of either scheme."""
    named = host(netloc)
    return named and next((named.removesuffix(each) for each in _PORTS.values() if named.endswith(each)), named)


def site_root() -> str:
    """Give the path of the site that the current request is for: empty, or what a proxy puts before all paths."""
    root: str = request.environ.get(SITE_ROOT, request.script_root)
    return root


@lru_cache(maxsize=64)  # it takes as long as to put a hundred lines of the API together
def host(text: str) -> str | None:
    """Give a host, with its port where it has one, in its normal form; None where it can be none (RFC 9110, 7.2)."""
    found = _HOST.fullmatch(text)
    if found is None or len(found["name"]) > _LONGEST_NAME:
        return None
    name, port = found["name"].lower(), int(found["port"] or _LAST_PORT)
    try:
        if name.startswith("["):
            ipaddress.IPv6Address(name[1:-1])
        elif name.removesuffix(".").rpartition(".")[2].isdecimal():
            ipaddress.IPv4Address(name)
    except ValueError:
        return None
    if not 0 < port <= _LAST_PORT:
        return None
    return f"{name}:{port}" if found["port"] else name


def prefix(text: str) -> str | None:
    """Give the path below which an archive is served, without a slash at its end; None where it can be none."""
    return text.rstrip("/") if _PREFIX.fullmatch(text.rstrip("/")) else None


class _Checked:
    """An application that sees only a host, a scheme and a prefix which are some; others are refused."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        for name, read, otherwise, what in _PARTS:
            said = environ.get(name)
            if said is None and name == "HTTP_HOST" and environ.get("SERVER_PROTOCOL") == "HTTP/1.0":
                environ[name] = host(f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}") or otherwise
                continue
            found = read(said or "")
            if found is None:
                environ.setdefault(REFUSAL, what.format(quoted(said or "")))
            environ[name] = otherwise if found is None else found
        return self._app(environ, start_response)


def _scheme(text: str) -> str | None:
    return text.lower() if text.lower() in _PORTS else None


#: What only those can mend who run the proxy.
_OF_PROXY: Final = "the proxy in front sent "

_PARTS: Final = (
    ("HTTP_HOST", host, "localhost", "{} is not a host name; ask again by the name of the site, as a browser does"),
    ("wsgi.url_scheme", _scheme, "http", f"{_OF_PROXY}X-Forwarded-Proto: {{}}; it must send http or https"),
    (
        "SCRIPT_NAME",
        prefix,
        "",
        f"{_OF_PROXY}X-Forwarded-Prefix: {{}}; it must send a path of letters, digits and -._~, as in /tapes",
    ),
)


def _refuse() -> None:
    if why := request.environ.get(REFUSAL):
        if not why.startswith(_OF_PROXY):
            raise AddressError(why)
        _log.warning("%s", why)
        raise AddressError(why, visitors="the request was passed on to this server in a way that it cannot read")


def public_url(url: str, name: str = "PLAYER_URL") -> str:
    """Give an archive's public address in its normal form; ``name`` is what gave it.

    :raise ServeError: where it is none.
    """
    found = _ADDRESS.fullmatch(url)
    named = host(found["host"]) if found else None
    path = prefix(found["path"] or "") if found else None
    if found is None or named is None or path is None:
        raise ServeError(
            f"{name} is {quoted(url)}; give the archive's public address, such as https://example.org or "
            "https://example.org/tapes: a host as DNS has it, a path of letters, digits and -._~, and nothing after it"
        )
    scheme = found["scheme"].lower()
    return f"{scheme}://{named.removesuffix(_PORTS[scheme])}{path}"
