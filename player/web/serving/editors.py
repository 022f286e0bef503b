"""Guards a server at which an archive is edited: it knows who sits at each browser, and what comes from its own page.

A page of another site can have a browser send a request here, with the cookie of a browser that would send it along. So
a request that changes anything has to be JSON, to come from this site, and to carry a token that only a page of this
server holds: no form and no simple request of another site's is any of these.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from player.errors import ServeError
from player.web.serving.drafts import (
    COOKIE_OF_PASSWORD,
    PasswordGuard,
    TokenGuard,
    refuse_other_hosts,
    refuse_without_tls,
)
from player.web.serving.passwords import digest, folded, people_in, why_no_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from player.web.serving.drafts import Guard
    from player.web.serving.public_address import Site

#: Where a request carries who asks.
EDITOR: Final = "player.editor"
#: The header in which the desk's page sends its token.
TOKEN_HEADER: Final = "X-Desk"  # noqa: S105  # the name of a header

_BYTES: Final = 32  # of a key
_DEFAULT_PORTS: Final = {"http": ":80", "https": ":443"}


@dataclass(frozen=True)
class Editor:
    """Who asks: who edits, or is ``invited`` to the recording ``slug``; their pages carry the ``token``."""

    name: str
    role: Literal["editor", "invited"]
    slug: str | None
    token: str


class _Tokens:
    """Makes the token that the pages of each person carry; it is good until the server stops."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(_BYTES)

    def editor(self, name: str) -> Editor:
        token = hmac.new(self._key, name.encode(), hashlib.sha256).hexdigest()
        return Editor(name, "editor", None, token)


class EditingTokenGuard(TokenGuard):
    """Guards a server on the loopback at which one person edits, whom the command names."""

    is_for_editing = True

    def __init__(self, host: str, site: Site, name: str) -> None:
        super().__init__(host, site)
        self._editor = _Tokens().editor(name)

    def told(self, address: str) -> tuple[str, str]:
        """Give the address with the token."""
        opened, _ = super().told(address)
        return opened, (
            f"Whoever opens this address on this machine edits as {self._editor.name}, and sees drafts. It is good "
            "until the player stops."
        )

    def around(self, app: WSGIApplication) -> WSGIApplication:
        """Let the application know who asks."""

        def known(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
            environ[EDITOR] = self._editor
            return app(environ, start)

        return super().around(known)


class EditingPasswordGuard(PasswordGuard):
    """Guards a server at a public address at which several people edit, each with a name and a password."""

    is_for_editing = True

    def __init__(self, people: dict[str, str], site: Site) -> None:
        super().__init__(secrets.token_urlsafe(_BYTES), site)  # one that nobody knows
        self._digests = {folded(name): digest(password) for name, password in people.items()}
        tokens = _Tokens()
        self._editors = {folded(name): tokens.editor(name) for name in people}
        self._sessions = {folded(name): secrets.token_urlsafe(_BYTES) for name in people}

    def told(self, address: str) -> tuple[str, str]:
        """Give the public address; at the server's own nobody but the proxy is answered."""
        opened, _ = super().told(address)
        who = ", ".join(each.name for each in self._editors.values())
        return opened, f"Who may edit, each with a password: {who}. The proxy reaches it at {address}"

    def _is_known(self, environ: WSGIEnvironment) -> bool:
        there = [part.strip().partition("=") for part in environ.get("HTTP_COOKIE", "").split(";")]
        said = [value.encode("utf-8", "replace") for name, _, value in there if name == COOKIE_OF_PASSWORD]
        for name, session in self._sessions.items():
            if sum(hmac.compare_digest(each, session.encode()) for each in said):
                environ[EDITOR] = self._editors[name]
        return EDITOR in environ

    def _is_right(self, environ: WSGIEnvironment, name: str, password: str) -> bool:
        # As long for a name that nobody has.
        right = self._digests.get(folded(name), digest(secrets.token_urlsafe(_BYTES)))
        if not hmac.compare_digest(digest(password), right):
            return False
        environ[EDITOR] = self._editors[folded(name)]
        return True

    def _session_of(self, environ: WSGIEnvironment) -> str:
        return self._sessions[folded(environ[EDITOR].name)]


def editing_guard(host: str, password_file: Path | None, by: str | None, site: Site) -> Guard:
    """Choose how a server at ``host`` is guarded at which the archive is edited; ``by`` is who edits on this machine.

    :raise ServeError: where it cannot be guarded there, or the password's file is not as it must be.
    """
    if password_file is not None:
        refuse_without_tls(site, "to edit")
        return EditingPasswordGuard(people_in(password_file), site)
    if why := why_no_name(by or ""):
        raise ServeError(f"the name of who edits {why}; give it with --by NAME, for the history of each recording")
    refuse_other_hosts(host, "an archive is edited on this machine only")
    return EditingTokenGuard(host, site, (by or "").strip())


def is_from_here(environ: WSGIEnvironment) -> bool:
    """Tell whether a browser says that a request comes from a page of this server."""
    host, scheme = environ["HTTP_HOST"], environ["wsgi.url_scheme"]
    own = f"{scheme}://{host.removesuffix(_DEFAULT_PORTS.get(scheme, ''))}"
    origin, site = environ.get("HTTP_ORIGIN"), environ.get("HTTP_SEC_FETCH_SITE")
    if origin is None and site is None:
        return False
    return origin in (None, own) and site in (None, "same-origin")


def has_token(environ: WSGIEnvironment, editor: Editor) -> bool:
    """Tell whether a request carries the token of the pages that ``editor`` has."""
    said: str = environ.get(f"HTTP_{TOKEN_HEADER.upper().replace('-', '_')}", "")
    return hmac.compare_digest(said.encode("utf-8", "replace"), editor.token.encode())
