"""Sends lines by time in front of the application, from what was prepared, with the headers of an answer before.

Finding a route, and all that an answer goes through, costs several times as much as to put a passage together. As with
kept pages (``player.web.serving.kept_pages``), the application answers first, and again as soon as anything that the
answer shows may have changed, or what is asked is not plain.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

from player.errors import PlayerError
from player.publish.api.asked import CUES_ASKED
from player.publish.api.cues import passage
from player.web.serving.conditions import CONDITIONS
from player.web.serving.headers import best_coding, compressed
from player.web.serving.kept_values import KeptValues
from player.web.serving.public_address import REFUSAL

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from flask import Flask

    from player.publish.api.cues import Addresses, Prepared
    from player.web.serving.kept_values import Kept

#: Where a request carries what it was answered from: what was prepared, and the addresses in the answer.
PASSAGES: Final = "player.kept_passages"
# Answers that are remembered; each is little beside what it is of.
_ANSWERS: Final = 2000
_ENDING: Final = "/cues"
_PLAIN: Final = frozenset(each.name for each in CUES_ASKED)
# Headers that differ from one passage to the next; the date is the server's to say.
_OWN: Final = frozenset({"content-length", "content-encoding", "date", "etag"})


def init_app(app: Flask) -> None:
    """Let ``app`` keep lines, and send them."""
    kept: KeptValues[Prepared] = KeptValues()
    app.extensions["kept_cues"] = kept
    # Flask's own way to put a middleware before an application.
    app.wsgi_app = SentPassages(app.wsgi_app)  # type: ignore[method-assign]  # Flask's own way to wrap it


class SentPassages:
    """Stands in front of an application."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app
        self._answers: dict[Hashable, tuple[weakref.ref[Kept[Prepared]], Addresses, list[tuple[str, str]]]] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Send lines of which nothing has changed; let the application answer the rest."""
        given = _given(environ)
        if given is None:
            return self._app(environ, start_response)
        asked = map(environ.get, ("PATH_INFO", "SCRIPT_NAME", "HTTP_HOST", "wsgi.url_scheme"))
        # Headers tell robots of what is asked for by which names; each language has lines of its own.
        key = (*asked, frozenset(given), tuple(given.get("language", ())))
        answered = self._answers.get(key)
        said = self._said(given, answered) if answered is not None else None
        if answered is not None and said is not None:
            return _sent(*said, best_coding(environ.get("HTTP_ACCEPT_ENCODING", "")), answered[2], start_response)
        sent: list[tuple[str, str]] = []

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            sent[:] = [header for header in headers if header[0].lower() not in _OWN]
            return start_response(status, headers, *more)

        answer = self._app(environ, start)
        if (found := environ.pop(PASSAGES, None)) is not None:
            if len(self._answers) >= _ANSWERS:
                self._answers.clear()
            kept, addresses = found
            self._answers[key] = weakref.ref(kept), addresses, sent
        return answer

    def _said(self, given: Mapping[str, list[str]], answered: tuple[Any, Addresses, Any]) -> tuple[bytes, str] | None:
        """Write the answer, and give its tag; None where the application has to answer."""
        kept: Kept[Prepared] | None = answered[0]()
        try:
            if kept is None or not kept.is_seen():
                return None
            return passage(kept.value, given, answered[1])
        except PlayerError:
            return None  # the application will say what is wrong


def _given(environ: WSGIEnvironment) -> dict[str, list[str]] | None:
    """Read what is asked for, where it is lines, plainly; else None."""
    is_plain = environ["REQUEST_METHOD"] == "GET" and environ.get("PATH_INFO", "").endswith(_ENDING)
    if not is_plain or not CONDITIONS.isdisjoint(environ) or REFUSAL in environ:
        return None
    given = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    return given if given.keys() <= _PLAIN else None


def _sent(
    said: bytes, name: str, coding: str | None, headers: list[tuple[str, str]], start_response: StartResponse
) -> Iterable[bytes]:
    tag = f'"{name}"'
    body = compressed(said, coding, is_quick=True) if coding is not None else None
    own = [("Content-Encoding", coding), ("ETag", f"W/{tag}")] if body is not None and coding else [("ETag", tag)]
    body = said if body is None else body
    start_response("200 OK", [*headers, *own, ("Content-Length", str(len(body)))])
    return (body,)
