"""Answers ``/recordings/<slug>/manifest.json`` and ``/iiif/collection.json`` as IIIF has it, Presentation 3.

A manifest is what viewers of libraries open: Ramp, Clover, the Universal Viewer. Nothing is in it that the page of the
recording does not show.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import ServiceUnavailable

from player.publish.iiif.collection import collection as written_collection
from player.publish.iiif.manifest import manifest as written_manifest
from player.publish.iiif.terms import KIND
from player.publish.transcripts.captions import write as write_captions
from player.web.current import current_archive
from player.web.pages.iiif import around, listed
from player.web.routes.downloads import PATIENCE, exported_of
from player.web.serving.search_limits import BusyError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from flask import Flask

    from player.web.serving.search_limits import Searches

iiif = Blueprint("iiif", __name__)

_PLAIN: Final = "application/json"


def init_app(app: Flask) -> None:
    """Let ``app`` answer so, and its pages lead there."""
    app.register_blueprint(iiif)
    app.jinja_env.globals["has_manifests"] = True


@iiif.get("/recordings/<slug>/manifest.json")
def manifest(slug: str) -> Response:
    """Send the manifest of a recording."""
    recording = current_archive().recording(slug)
    return _sent(written_manifest(recording, around(recording)))


@iiif.get("/recordings/<slug>/captions.vtt")
@iiif.get("/recordings/<slug>/captions.<language>.vtt")
def captions(slug: str, language: str | None = None) -> Response:
    """Send the words of a recording, or a translation of them, as viewers show them in step with its sound."""
    exported = exported_of(slug, language)
    limits: Searches = current_app.extensions["downloads"]
    try:
        with limits.one():
            return Response(write_captions(exported), mimetype="text/vtt")
    except BusyError as busy:
        raise ServiceUnavailable(str(busy), retry_after=PATIENCE) from None


@iiif.get("/iiif/collection.json")
def collection() -> Response:
    """Send the recordings and series of the archive, or of a ``?series=``; of many, a ``?page=`` at a time."""
    return _sent(written_collection(listed(request.args.get("series") or None, request.args.get("page"))))


def _sent(said: Mapping[str, Any]) -> Response:
    # Whoever asks for no type gets the plain one (section 7.2): Ramp 3.3.0 reads transcripts from no other.
    accepted = request.accept_mimetypes.best_match([_PLAIN, "application/ld+json", KIND], _PLAIN)
    response = Response(json.dumps(said, ensure_ascii=False, separators=(",", ":")))
    response.content_type = _PLAIN if accepted == _PLAIN else KIND
    response.vary.add("Accept")
    # The addresses in it have the host that this client asked for.
    response.headers["Cache-Control"] = "private, no-cache"
    return response
