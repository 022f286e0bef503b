"""Answers ``/recordings/<slug>/annotations.json`` with the notes of a recording as W3C Web Annotations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response

from player.errors import NotFoundError
from player.publish.web_annotations import KIND
from player.web.current import current_archive
from player.web.pages.web_annotations import written
from player.web.serving.conditions import hold_against

if TYPE_CHECKING:
    from flask import Flask

notes = Blueprint("notes", __name__)


def init_app(app: Flask) -> None:
    """Let ``app`` answer so."""
    app.register_blueprint(notes)
    app.jinja_env.globals["has_whole_addresses"] = True


@notes.get("/recordings/<slug>/annotations.json")
def send(slug: str) -> Response:
    """Send the notes that are shown of a recording; none where they are not for everybody."""
    recording = current_archive().recording(slug)
    if recording.unread.annotations:
        raise NotFoundError(f'the notes of "{recording.title}" cannot be read; its page says what can be read')
    response = Response(written(recording), content_type=KIND)
    # The addresses in it have the host that this client asked for.
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    hold_against(response)
    return response
