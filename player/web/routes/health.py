"""Answers ``/healthz`` with whether the archive can be read, for those who watch the server."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Response

from player.errors import ArchiveError
from player.web.current import current_archive

if TYPE_CHECKING:
    from flask import Flask

#: Where it is asked. No page leads there, and the access log leaves it out.
PATH: Final = "/healthz"


def init_app(app: Flask) -> None:
    """Let ``app`` be asked."""
    app.add_url_rule(PATH, "health", _answer)


def _answer() -> Response:
    try:
        current_archive().folders()
    except ArchiveError:
        text, status = "The archive's folder cannot be read; check that it is there.\n", HTTPStatus.SERVICE_UNAVAILABLE
    else:
        text, status = "The archive can be read.\n", HTTPStatus.OK
    return Response(text, status, {"Cache-Control": "no-store"}, mimetype="text/plain")
