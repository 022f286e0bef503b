"""Shows a recording that is not public to who was invited to it, at the public server, below ``/invited/``.

Who opens the link, ``/invited/?token=…``, gets a cookie for what lies below ``/invited/``, and is led to the page of
the recording there, whose address holds no secret. What lies there is answered by an application of its own: it keeps
no pages, and its archive shows that one recording as its guest may see it, and of all others what visitors see. So no
page that was made for one is ever sent to another. A sound that is being sent is asked once a second whether the
invitation holds: one that was taken back, or is over, ends at once.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

from flask import Flask, request

from player.web.serving.drafts import Guard, kept_by_nobody, location
from player.web.serving.guests import GUEST, Guest, Guests, guest_of_request
from player.web.serving.public_address import OF_A_RECORDING, REFUSAL, SITE_ROOT, site_root
from player.web.serving.still_shown import MAY_GO_ON

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

#: Below what path a recording is shown to who is invited to it.
PREFIX: Final = "/invited"
#: Where a request below that path that comes with no invitation carries where it is led to; nothing, if it is refused.
LED_TO: Final = "player.led_to"
#: What the inner application has in common with the one around it: what knows, measures, makes and limits.
_SHARED: Final = (
    *("index", "search", "searches", "kept_searches", "waveform_worker", "access_worker"),
    *("clip_limits", "kept_clips"),
)


def init_app(app: Flask, make: Callable[[], Flask]) -> None:
    """Let ``app`` have who is invited answered by the application that ``make`` gives, once somebody is."""
    guests = app.extensions["guests"] = Guests(app.extensions["archive"])

    def inner() -> Flask:
        made = make()
        made.extensions.update({name: app.extensions[name] for name in _SHARED})
        return made

    app.wsgi_app = Door(app.wsgi_app, guests, inner)  # type: ignore[assignment, method-assign]  # Flask's own way to wrap it


def cookie_of(slug: str) -> str:
    """Give the name of the cookie of who is invited to a recording."""
    return f"invited-{slug}"


class Invited(Flask):
    """The application that answers guests: its pages lead to the one recording below ``/invited/``, else out of it."""

    def url_for(self, endpoint: str, **values: Any) -> str:
        """Give an address: that of anything but the recording is the public one."""
        address = super().url_for(endpoint, **values)
        guest = guest_of_request()
        if guest is None or not address.startswith(f"{request.script_root}/"):
            return address
        below = address.removeprefix(request.script_root)
        found = OF_A_RECORDING.match(below.partition("?")[0].partition("#")[0])
        return address if found and found["slug"] == guest.slug else f"{site_root()}{below}"


class InvitedGuard(Guard):
    """Stands around that application, and lets nobody in of whom it was not told that they are invited."""

    def told(self, address: str) -> tuple[str, str]:
        """Give no other address: it is behind the public server."""
        return address, "Who is invited has a link."

    def _answer(self, app: WSGIApplication, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if not isinstance(environ.get(GUEST), Guest):
            raise TypeError("nobody is answered here but who is invited")
        return app(environ, start)


class Door:
    """Stands in front of the public application: who is invited goes on to the other one, which is made when needed."""

    def __init__(self, app: WSGIApplication, guests: Guests, make: Callable[[], Flask]) -> None:
        self._app = app
        self._guests = guests
        self._make = make
        self._inner: Flask | None = None
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Let who is invited go on to the recording; lead others to what is public of it, or refuse them."""
        asked: str = environ.get("PATH_INFO", "")
        below = asked.removeprefix(PREFIX)
        if below == asked or not below.startswith("/"):
            return self._app(environ, start)
        start = kept_by_nobody(start)
        if below == "/" or REFUSAL in environ:
            return self._app(environ, start)
        found = OF_A_RECORDING.match(below)
        slug = found["slug"] if found else ""
        said = list(_secrets(environ, slug))
        guest = self._guests.guest(slug, said)
        if guest is None:
            is_led = environ["REQUEST_METHOD"] in {"GET", "HEAD"} and (not slug or self._guests.is_public(slug))
            to = location({**environ, "PATH_INFO": below}, environ.get("QUERY_STRING", "")) if is_led else ""
            method = "HEAD" if environ["REQUEST_METHOD"] == "HEAD" else "GET"
            told = {"PATH_INFO": f"{PREFIX}/", "QUERY_STRING": "", "REQUEST_METHOD": method, LED_TO: to}
            return self._app({**environ, **told}, start)
        environ.setdefault(MAY_GO_ON, []).append(lambda: self._guests.holds(slug, said))
        root = environ.get("SCRIPT_NAME", "")
        own = {"SCRIPT_NAME": f"{root}{PREFIX}", "PATH_INFO": below, SITE_ROOT: root, GUEST: guest}
        return self._application().wsgi_app({**environ, **own}, start)

    def _application(self) -> Flask:
        with self._lock:
            if self._inner is None:
                self._inner = self._make()
            return self._inner


def _secrets(environ: WSGIEnvironment, slug: str) -> Iterator[str]:
    """Give what a request says as the secret for a recording: a browser may have cookies of several paths."""
    for part in environ.get("HTTP_COOKIE", "").split(";"):
        name, _, value = part.strip().partition("=")
        if slug and name == cookie_of(slug):
            yield value
