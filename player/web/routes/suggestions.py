"""Takes what a listener suggests for a line: other words, a note, a name. It is kept, and shown at the desk alone.

A page of another site can have a browser send a form here. A browser says from where a form comes; one that does not
come from a page of this server is refused.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Flask, Response, current_app, redirect, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge

from player.archive import suggestions as kept
from player.errors import NotFoundError, PlayerError, quoted, reason, sentence
from player.files import new_file
from player.web.current import current_archive
from player.web.pages.closures import refuse_withheld_words
from player.web.pages.suggesting import seen_tag
from player.web.routes.lines import page_of
from player.web.serving import suggestion_limits as limits
from player.web.serving.editors import is_from_here
from player.web.serving.guests import guest_of_request

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from werkzeug.wrappers import Response as AnyResponse

    from player.archive.recording import Recording
    from player.archive.transcript import Line

suggestions = Blueprint("suggestions", __name__)
_log = logging.getLogger(__name__)

_BYTES: Final = 8  # of what a suggestion is called by
_MANY: Final = (
    "so many suggestions wait at this recording that no more are taken; come back when they have been looked at"
)
_FULL: Final = "this suggestion cannot be kept: there is no room for it; tell whoever keeps the archive"


class _StrangeError(PlayerError):
    """A form comes from elsewhere, or says what no form of these pages says."""

    status = HTTPStatus.FORBIDDEN


class _OtherwiseError(PlayerError):
    """What is suggested cannot be taken as it is."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class _ChangedError(PlayerError):
    """The line was changed after its page was made."""

    status = HTTPStatus.CONFLICT


def init_app(app: Flask) -> None:
    """Let ``app`` take suggestions."""
    app.extensions["suggestions_taken"] = limits.Taken()
    app.register_blueprint(suggestions)


@suggestions.errorhandler(_OtherwiseError)
@suggestions.errorhandler(_ChangedError)
@suggestions.errorhandler(limits.NoRoomError)
@suggestions.errorhandler(limits.TooManyError)
def _back_at_the_line(error: PlayerError) -> tuple[str, int, dict[str, str]]:
    """Say why a suggestion is not taken on the page of its line, with what was typed as it was typed."""
    wait = {"Retry-After": str(error.wait)} if isinstance(error, limits.TooManyError) else {}
    slug, name = (str((request.view_args or {})[each]) for each in ("slug", "name"))
    recording = current_archive().recording(slug)
    line = _shown_line(recording, name)
    place = recording.transcript.lines.index(line) if recording.transcript else 0
    try:
        typed = request.form.to_dict()
    except RequestEntityTooLarge:
        typed = {}
    return page_of(recording, place, refused=sentence(error.for_visitors), typed=typed), error.status, wait


@suggestions.post("/recordings/<slug>/lines/<name>/suggestions")
def suggest(slug: str, name: str) -> AnyResponse:
    """Keep what is suggested for a line, and lead back to its page, which says so."""
    if not _is_from_here():
        raise _StrangeError("this does not come from a page of this archive; open the line's page and send it there")
    request.max_content_length = limits.BODY
    request.max_form_memory_size = limits.BODY
    if (request.content_length or 0) > limits.BODY:
        raise _OtherwiseError("this is far too long; say in the note what is wrong, in short")
    recording = current_archive().recording(slug)
    line = _shown_line(recording, name)
    suggestion = _suggestion(line, request.form)
    taken: limits.Taken = current_app.extensions["suggestions_taken"]
    with taken.one(request.environ.get("REMOTE_ADDR", "")):
        _keep(recording.folder, suggestion)
    address = url_for("lines.line", slug=slug, name=name, suggested="yes", _anchor="suggested")
    return redirect(address, HTTPStatus.SEE_OTHER, Response)


def _is_from_here() -> bool:
    """Tell whether a browser says that this comes from a page of this server.

    What says from which site it comes is enough: where a page may not be told to other sites, its form says that its
    origin is null.
    """
    if (site := request.headers.get("Sec-Fetch-Site")) is not None:
        return site == "same-origin"
    return is_from_here(request.environ)


def _shown_line(recording: Recording, name: str) -> Line:
    """Give the line as whoever asks is shown it.

    :raise NotFoundError: where no such line is shown.
    """
    refuse_withheld_words(recording)
    closed = {each.id for each in recording.shown.passages if each.words}
    lines = recording.transcript.lines if recording.transcript else ()
    line = next((each for each in lines if each.id == name and name not in closed), None)
    if line is None:
        raise NotFoundError(f'"{recording.title}" has no line {quoted(name)}; its page shows all of its lines')
    return line


def _suggestion(line: Line, form: Mapping[str, str]) -> kept.Suggestion:
    """Make a suggestion of what a form says.

    :raise PlayerError: where it cannot be one.
    """
    seen = tuple(turn.text for turn in line.turns)
    if form.get("seen") != seen_tag(line):
        raise _ChangedError("the line was changed since you opened its page; look at the words that it has now")
    said = tuple(_text(form.get(f"turn-{number}", "")) for number in range(len(seen)))
    guest = guest_of_request()
    note, name = _text(form.get("note", "")), _text(guest.name if guest else form.get("name", ""))
    if len("".join(said)) > len("".join(seen)) + limits.MORE_WORDS:
        raise _OtherwiseError("these are far more words than the line has; say in the note what is missing, in short")
    if len(note) > limits.NOTE or len(name) > limits.NAME:
        raise _OtherwiseError(
            f"the note or the name is too long; a note has at most {limits.NOTE} characters, a name {limits.NAME}"
        )
    if not any(said):
        raise _OtherwiseError("there are no words in it; write what you hear, or say in the note that nothing is said")
    if [each.split() for each in said] == [each.split() for each in seen] and not note:
        raise _OtherwiseError("nothing in it differs from the line; change its words, or write a note")
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    return kept.Suggestion(secrets.token_hex(_BYTES), line.id, now, seen, said, note or None, name or None)


def _text(said: str) -> str:
    """Give what somebody typed as one line of text, without signs that cannot be seen.

    :raise _OtherwiseError: where it cannot be written into a file.
    """
    text = " ".join(said.split())
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _OtherwiseError("this has signs in it that are none; type it again") from None
    return "".join(sign for sign in text if sign.isprintable() or sign in _JOINING)


# They are part of words of Persian, Hindi and other languages, and of the order in which Arabic and Hebrew are read.
_JOINING: Final = "\u200c\u200d\u200e\u200f"


def _keep(folder: Path, suggestion: kept.Suggestion) -> None:
    """Put a suggestion into the folder of its recording, whole or not at all.

    :raise NoRoomError: where there is no room for it.
    """
    if len(kept.names(folder)) >= limits.WAITING:
        raise limits.NoRoomError(_MANY, visitors=_MANY)
    try:
        place = kept.place_of(folder, suggestion.id)
        place.parent.mkdir(exist_ok=True)
        with new_file(place) as beside, beside.open("wb") as file:
            file.write(kept.written(suggestion))
            file.flush()
            os.fsync(file.fileno())
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else "its folder is a link"
        _log.error("a suggestion to %s cannot be kept (%s); check that the server may write there", folder.name, why)
        raise limits.NoRoomError(_FULL, visitors=_FULL) from None
