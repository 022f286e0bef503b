"""Asks for what is at an https address that a person names, and follows where it leads on, as far as it may.

An address may lead on only by https, and to none in a private network: a server elsewhere has no say in what this
machine asks for in its own. http is asked of this machine alone, where nobody is in between.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import urllib.error
import urllib.request
from typing import Any, Final
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from player.errors import AddError, printable, quoted

Answer = http.client.HTTPResponse | urllib.error.HTTPError

_TIMEOUT: Final = 60  # seconds without a byte
_LEADS: Final = 5
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_MOVED: Final = frozenset({301, 302, 303, 307, 308})


def is_address(text: str) -> bool:
    """Tell whether a text is meant as an address, and not as the name of a file."""
    return re.match(r"[a-z][a-z0-9+.-]*://", text, re.IGNORECASE) is not None


def noted(address: str) -> str:
    """Give an address as it may be kept and shown: without query and fragment, which may hold what is a secret."""
    parts = parsed(address)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))


def ask(address: str, shown: str, headers: dict[str, str]) -> Answer:
    """Ask for what is at an address, and follow where it leads on; ``shown`` is what messages call it.

    :raise AddError: where it leads where it may not.
    :raise OSError, HTTPException: where there is no answer.
    """
    named = parsed(address)
    here = address
    for _ in range(_LEADS + 1):
        parts = parsed(here)
        is_named = _place(parts) == _place(named)
        if not is_named and parts.scheme != "https":
            raise AddError(
                f"{shown}: it leads on to {noted(here)}, which is not https; name that yourself if you trust it"
            )
        answer = _asked(parts, headers, is_named=is_named)
        if answer.status not in _MOVED:
            return answer
        leads = answer.headers.get("Location", "")
        answer.close()
        if not leads or not leads.isprintable() or not leads.isascii() or " " in leads:
            break
        try:
            here = urljoin(here, leads)
        except ValueError:
            break
    raise AddError(f"{shown}: it leads on and on, or nowhere; name the address of the file itself")


def _asked(parts: SplitResult, headers: dict[str, str], *, is_named: bool) -> Answer:
    """Send one request, through the proxy that the system names if there is one; give the answer, whatever it is."""
    handlers: list[urllib.request.BaseHandler] = [_Stay()]
    if parts.hostname in _LOCAL:
        handlers.append(urllib.request.ProxyHandler({}))
    if not is_named:
        handlers.append(_Guard())
    asked = urllib.request.Request(urlunsplit(parts._replace(fragment="")), headers=headers)  # noqa: S310  # parsed
    try:
        answer: Answer = urllib.request.build_opener(*handlers).open(asked, timeout=_TIMEOUT)
    except urllib.error.HTTPError as error:
        return error
    return answer


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirection: that is ours to judge."""

    def redirect_request(self, *_: object) -> None:
        """Make no request of an answer that leads on, so that it is given as it is."""


class _Guard(urllib.request.HTTPSHandler):
    """Connects to no address of a private network."""

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Open a connection that asks first where it leads."""
        return self.do_open(_Guarded, req)


class _Guarded(http.client.HTTPSConnection):
    """A connection to the public network. Through a proxy, that judges."""

    _is_tunnelled = False

    def set_tunnel(self, *arguments: Any, **named: Any) -> None:
        """Connect through a proxy."""
        self._is_tunnelled = True
        super().set_tunnel(*arguments, **named)

    def connect(self) -> None:
        """Connect, unless the name stands for a private address; after that, as a name may stand for another by then.

        :raise AddError: where it does.
        """
        if not self._is_tunnelled:
            for *_, address in socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM):
                self._refuse_private(str(address[0]))
        super().connect()
        if not self._is_tunnelled:
            self._refuse_private(str(self.sock.getpeername()[0]))

    def _refuse_private(self, address: str) -> None:
        if not ipaddress.ip_address(address.partition("%")[0]).is_global:
            self.close()
            raise AddError(
                f"the address leads on to {printable(self.host)}, in a private network, which is not asked; "
                "name that address yourself if you trust it"
            )


def _place(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port


def parsed(address: str) -> SplitResult:
    """Take an address apart.

    :raise AddError: where it is none that may be asked.
    """
    try:
        parts = urlsplit(address)
        _ = parts.port
        (parts.hostname or "").encode("idna")  # as whatever asks for it does: no label is empty, or has 64 signs
    except ValueError:
        parts = urlsplit("")
    if not parts.hostname or not address.isprintable() or re.search(r"[\s\"<>\\^`{|}]", address):
        raise AddError(f"{quoted(address.partition('?')[0])} is not an address; write one that begins with https://")
    if parts.username is not None:
        raise AddError(
            f"{parts.hostname}: an address with a name or a password in it is not asked; fetch the file yourself"
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
        raise AddError(
            f"{parts.scheme}://{parts.hostname}: only https is asked, so that what comes is what was sent; "
            "fetch the file yourself, and add it"
        )
    return parts
