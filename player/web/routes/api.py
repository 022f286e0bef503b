"""Answers ``/api/…`` with JSON for programs: the archive, its recordings, their lines by time, notes, and searches.

What each address takes and gives is declared in ``player/publish/api``; that is also what the OpenAPI document says.
"""

from __future__ import annotations

import datetime as dt
import json
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, current_app, request, url_for
from werkzeug.exceptions import ServiceUnavailable

from player.errors import NotFoundError, WithdrawnError, sentence
from player.index import facets
from player.publish import citation
from player.publish.api.asked import BY_ENDPOINT
from player.publish.api.cues import as_json, passage, span_asked
from player.publish.api.openapi import document
from player.publish.api.parameters import read
from player.publish.transcripts.json_lines import citation_said
from player.web.current import current_about
from player.web.pages import api as pages
from player.web.pages import api_found
from player.web.routes import notes
from player.web.routes.admission import moved_to
from player.web.routes.downloads import PATIENCE
from player.web.serving.headers import IS_QUICK
from player.web.serving.kept_passages import PASSAGES
from player.web.serving.public_address import public_address
from player.web.serving.search_limits import BusyError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Flask

    from player.web.serving.search_limits import Searches

api = Blueprint("api", __name__, url_prefix="/api")
# What is at ``/``, and at ``/api/``.
_LEADING: Final = frozenset({"recordings.shelf", "api.archive"})


def init_app(app: Flask) -> None:
    """Let ``app`` answer so, and lead programs there that begin at its first page."""
    app.register_blueprint(api)
    app.after_request(_lead)


def _lead(response: Response) -> Response:
    """Say where the API is described (RFC 8631), on the first page and on the API's."""
    if request.endpoint in _LEADING and response.status_code < HTTPStatus.BAD_REQUEST:
        response.headers.add("Link", f'<{url_for("api.described")}>; rel="service-desc"; type="application/json"')
    return response


def _of_recording(answer: Callable[..., Response]) -> Callable[..., Response]:
    """Lead to where a recording is now, where it was called otherwise before."""

    @wraps(answer)
    def answered(slug: str, **more: str) -> Response:
        try:
            return answer(slug, **more)
        except WithdrawnError:
            raise
        except NotFoundError:
            if (moved := moved_to(slug)) is None:
                raise
            return moved

    return answered


@api.get("/")
def archive() -> Response:
    """Say what the archive is."""
    _asked()
    return _sent(as_json(pages.archive()))


@api.get("/recordings")
def recordings() -> Response:
    """List the recordings."""
    asked = _asked()
    return _sent(as_json(pages.recordings(asked, _chosen(asked))))


@api.get("/recordings/<slug>")
@_of_recording
def recording(slug: str) -> Response:
    """Say all that is told of a recording."""
    _asked()
    try:
        return _sent(as_json(pages.one(slug)))
    except pages.NotYetError as error:
        # Who is told that nothing is there forgets it.
        raise ServiceUnavailable(sentence(str(error)), retry_after=PATIENCE) from None


@api.get("/recordings/<slug>/cues")
@_of_recording
def cues(slug: str) -> Response:
    """Give its lines, or some of them."""
    asked = _asked()
    span_asked(asked)
    kept = pages.kept_cues(slug, asked["language"])
    at = pages.addresses(slug, kept.value.version)
    said, tag = passage(kept.value, request.args.to_dict(flat=False), at)
    response = _sent(said)
    response.set_etag(tag)
    request.environ[IS_QUICK] = True
    # The next are sent in front of the application.
    request.environ[PASSAGES] = kept, at
    return response


@api.get("/recordings/<slug>/cues/<cue>")
@_of_recording
def cue(slug: str, cue: str) -> Response:
    """Give one line, with its citation."""
    asked = _asked()
    prepared = pages.kept_cues(slug, asked["language"]).value
    place = prepared.place_of(cue)
    lines, found = prepared.exported.lines, prepared.exported.recording
    line = lines[place]
    here = pages.addresses(slug, prepared.version)
    said = json.loads(prepared.one(place, here))
    cited = citation.cite(
        *(found, said["cue"]["passage"], dt.datetime.now(dt.UTC).date(), line.start, line.end),
        pages=line.page,
        is_approximate=line.is_approximate,
        unchecked=line.is_unchecked,
        version=prepared.version["date"] if prepared.version else "",
    )

    def at(number: int) -> str | None:
        within = 0 <= number < len(lines)
        name = lines[number].id if within else ""
        return public_address("api.cue", slug=slug, cue=name, language=asked["language"]) if within else None

    links = {"self": at(place), "recording": here.api, "prev": at(place - 1), "next": at(place + 1)}
    return _sent(as_json({**said, "citation": citation_said(cited), "links": links}))


@api.get("/recordings/<slug>/annotations", endpoint="annotations")
@_of_recording
def notes_of(slug: str) -> Response:
    """Give its notes as Web Annotations."""
    _asked()
    return notes.send(slug)


@api.get("/search")
def search() -> Response:
    """Search everything; as many at a time as the page of the search may."""
    asked = _asked()
    searches: Searches = current_app.extensions["searches"]
    try:
        with searches.one():
            return _sent(as_json(api_found.search(asked, _chosen(asked))))
    except BusyError as busy:
        raise ServiceUnavailable(str(busy), retry_after=PATIENCE) from None


@api.get("/openapi.json")
def described() -> Response:
    """Describe all of this."""
    _asked()
    return _sent(as_json(document(public_address("api.archive").removesuffix("/"), current_about().name)))


def _chosen(asked: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {name: asked[name] for name in facets.NAMES if asked[name]}


def _asked() -> dict[str, Any]:
    """Read what is asked of the current address.

    :raise AskedError: where it is nothing that it has.
    """
    declared = BY_ENDPOINT[request.endpoint or ""]
    return read(declared.parameters, request.args.to_dict(flat=False))


def _sent(said: str | bytes) -> Response:
    response = Response(said, content_type="application/json")
    # The addresses in it have the host that this client asked for.
    response.headers["Cache-Control"] = "private, no-cache"
    return response
