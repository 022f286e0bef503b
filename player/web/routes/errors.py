"""Answers a request that fails with a page that says what went wrong."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Response, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from player.archive import dates
from player.clips.closed import ClosedError
from player.errors import ArchiveError, AudioError, HiddenError, PlayerError, WithdrawnError, WriteError, sentence
from player.index.store import IndexServerError
from player.web.pages.closures import WithheldError
from player.web.serving.media import ReplacedError
from player.web.serving.other_sites import API
from player.web.serving.telling import for_the_log, tell_faults

if TYPE_CHECKING:
    from flask import Flask

    from player.archive.recording import Record

_log = logging.getLogger(__name__)

#: What an error of the API is (RFC 9457).
PROBLEM: Final = "application/problem+json"
# Seconds after which the server of the index may answer again.
_SOON: Final = 5
# In place of what Werkzeug says of these.
_MESSAGES: Final = {
    400: "The server cannot make sense of this request.",
    404: "There is no page at this address. Check it, or begin with the recordings.",
    405: "This address can be read, but nothing can be sent to it.",
}

# What lists the names that an address of these may have.
_LISTS: Final = {
    "context.person": ("context.people", "people"),
    "context.source": ("context.sources", "sources"),
    "context.dossier": ("context.dossiers", "dossiers"),
    "sets.page": ("sets.listed", "sets"),
}


def init_app(app: Flask) -> None:
    """Let ``app`` say what is wrong."""
    app.register_error_handler(PlayerError, refused)
    app.register_error_handler(IndexServerError, _away)
    app.register_error_handler(HiddenError, _hidden)
    app.register_error_handler(WithdrawnError, _withdrawn)
    app.register_error_handler(WithheldError, _withheld)
    app.register_error_handler(ClosedError, _withheld)
    app.register_error_handler(HTTPException, _answered)
    app.register_error_handler(Exception, _failed)
    app.after_request(_led_on)


def refused(error: PlayerError) -> tuple[str | Response, int]:
    """Say in words what was refused, and why. What only those can mend who keep the archive goes to the log."""
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("%s", for_the_log(error))
    what, status = ("A file in the archive has a fault" if isinstance(error, ArchiveError) else None), error.status
    is_own = status == HTTPStatus.INTERNAL_SERVER_ERROR  # what lies elsewhere says itself what is wrong there
    if isinstance(error, AudioError) and is_own and not isinstance(error, WriteError):
        # Whoever asks again once its keeper has put it right gets it.
        what, status = "The sound cannot be read", HTTPStatus.SERVICE_UNAVAILABLE
    replaced = error.recording if isinstance(error, ReplacedError) else None
    return _error_page(status, sentence(error.for_visitors), what, replaced)


def _away(error: IndexServerError) -> tuple[str | Response, int, dict[str, str]]:
    """Say that the lists are not to be had at the moment, and when to ask again."""
    return *refused(error), {"Retry-After": f"{_SOON}"}


def _hidden(error: HiddenError) -> tuple[str | Response, int]:
    """Say what is said where there is no such recording; where its record cannot be read, its keeper is told so."""
    tell_faults(_log, error.faults, is_open=False)
    return refused(error)


def _withdrawn(error: WithdrawnError) -> tuple[str | Response, int]:
    """Say that what was here was withdrawn, and when and why, and nothing of what it was."""
    if _is_json_asked():
        what = f"What was at this address was withdrawn on {dates.readable(error.date)}."
        return _told(error.status, "Withdrawn", " ".join(filter(None, (what, error.reason)))), error.status
    return render_template("withdrawn.html", withdrawn=error), error.status


def _withheld(error: WithheldError | ClosedError) -> tuple[str | Response, int]:
    """Say that this is not for everybody, why, and whom to ask."""
    if _is_json_asked():
        told = " ".join(filter(None, (sentence(error.for_visitors), error.reason)))
        return _told(error.status, error.label, told), error.status
    page = render_template(
        "error.html",
        status=error.status,
        heading=f"{error.label[:1].upper()}{error.label[1:]}",
        message=sentence(error.for_visitors),
        reason=error.reason,
        of=error,
        listed=None,
        recording=None,
    )
    return page, error.status


def _answered(error: HTTPException) -> tuple[str | Response, int] | Response:
    """Say in words what HTTP says in numbers."""
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return Response(status=error.code or 500, headers=dict(error.get_headers()))
    is_own = error.description != type(error).description
    message = error.description if is_own else _MESSAGES.get(error.code, f"{error.name}.")
    text, status = _error_page(error.code, message or error.name)
    kept = {name: value for name, value in error.get_headers() if name in {"Allow", "Content-Range", "Retry-After"}}
    if isinstance(text, Response):
        text.headers.extend(kept)
        return text, status
    return Response(text, status, kept)


def _led_on(response: Response) -> Response:
    """Lead a program on in JSON: what Werkzeug says of an address with two slashes, or with none, is a page."""
    is_led = HTTPStatus.MULTIPLE_CHOICES < response.status_code < HTTPStatus.BAD_REQUEST and response.location
    if is_led and _is_json_asked():
        status = HTTPStatus(response.status_code)
        told = _told(status, status.phrase, "It is at another address, which the header Location names.")
        response.set_data(told.get_data())
        response.content_type = told.content_type
    return response


def _failed(error: Exception) -> tuple[str | Response, int]:
    """Own up to a fault of the player's own; the traceback goes to the log."""
    _log.error("unexpected error", exc_info=error)
    if request.is_json and not _is_api():
        # A script asks. Nothing was done, for what is done is kept in one step.
        return jsonify(what="The player failed at this, and has noted it", remedy="Nothing was changed by it"), 500
    return _error_page(500, "The player failed at this, and has noted it. Try again later.")


def _is_json_asked() -> bool:
    """Tell whether a program asks, which reads JSON: by the end of the address, or by what it accepts before a page."""
    kinds = request.accept_mimetypes
    return _is_api() or request.path.endswith(".json") or kinds["application/json"] > kinds["text/html"]


def _is_api() -> bool:
    return f"{request.path}/".startswith(API)


def _told(status: int, heading: str, message: str) -> Response:
    """Say to a program in JSON what a page would say; to one that asks the API, as RFC 9457 has it."""
    if not _is_api():
        return jsonify(error=heading, message=message)
    response = jsonify(type="about:blank", title=HTTPStatus(status).phrase, status=status, detail=message)
    response.content_type = PROBLEM
    return response


def _error_page(
    status: int, message: str, what: str | None = None, recording: Record | None = None
) -> tuple[str | Response, int]:
    headings = {
        400: "That request cannot be read",
        403: "Closed",
        404: "Not in this archive",
        405: "Only reading is possible here",
        409: "The sound was replaced",
        412: "It has changed",
        413: "Too long for one clip",
        414: "Too much for one address",
        422: "That cannot be taken as it is",
        429: "Too many at once",
        507: "There is no room for it",
        502: "The sound cannot be had",
        503: "The server is busy",
        504: "The sound takes too long to come",
    }
    otherwise = (
        "Something went wrong" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "That request cannot be answered"
    )
    heading = what or headings.get(status, otherwise)
    if _is_json_asked():
        return _told(status, heading, message), status
    return render_template(
        "error.html",
        status=status,
        heading=heading,
        message=message,
        reason=None,
        recording=recording,
        of=None,
        listed=_LISTS.get(request.endpoint or "") if status == HTTPStatus.NOT_FOUND else None,
    ), status
