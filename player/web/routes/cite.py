"""Answers ``/recordings/<slug>/cite?t=25,80`` with the passage's citation, as a page and for reference managers."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request

from player import timecode
from player.clips.provenance import clip_name
from player.errors import NotFoundError, TimecodeError, quoted
from player.publish import bibliography, citation
from player.web.current import current_archive
from player.web.pages.sound import counted_length
from player.web.serving.disposition import set_name
from player.web.serving.public_address import public_address

if TYPE_CHECKING:
    from flask import Flask

    from player.archive.recording import Record

cite = Blueprint("cite", __name__)


def init_app(app: Flask) -> None:
    """Let ``app`` give citations."""
    app.jinja_env.globals["reading_notice"] = f"{citation.NOTICE}."
    app.register_blueprint(cite)


@cite.get("/recordings/<slug>/cite")
def page(slug: str) -> Response:
    """Show the citation of a recording, or of the passage that ``?t=`` names."""
    recording = current_archive().record(slug)
    start, end = _passage(recording)
    cited = _cite(recording, start, end)
    text = render_template(
        "cite.html",
        recording=recording,
        cited=cited,
        asked=request.args.get("t"),
        styles=[(name, write(cited)) for name, write in citation.STYLES],
        formats=[(name, ending, write(cited)) for name, ending, _, write in bibliography.FORMATS],
    )
    return _private(Response(text, mimetype="text/html"))


@cite.get("/recordings/<slug>/cite.<ending>")
def send(slug: str, ending: str) -> Response:
    """Send the same citation as a file."""
    for _, known, kind, write in bibliography.FORMATS:
        if ending == known:
            recording = current_archive().record(slug)
            start, end = _passage(recording)
            response = Response(write(_cite(recording, start, end)), mimetype=kind)
            set_name(response, "attachment", _name(recording, start, end, ending))
            return _private(response)
    known = ", ".join(f"cite.{each}" for _, each, _, _ in bibliography.FORMATS)
    raise NotFoundError(f"citations cannot be written as {quoted(ending)}; ask for one of {known}")


def _cite(recording: Record, start: int | None, end: int | None) -> citation.Cited:
    address = public_address("recordings.recording", slug=recording.slug)
    if start is not None:
        address += f"#t={timecode.fragment(start)}{'' if end is None else f',{timecode.fragment(end)}'}"
    return citation.cite(recording, address, dt.datetime.now(dt.UTC).date(), start, end)


def _passage(recording: Record) -> tuple[int | None, int | None]:
    """Give the passage that ``?t=`` asks for; (None, None) for the whole recording.

    :raise TimecodeError: where it is none, or is not in the recording.
    """
    asked = request.args.get("t", "")
    if not asked.strip():
        return None, None
    start, end = timecode.parse_fragment(asked)
    length = counted_length(recording)
    # The last millisecond may be there in part.
    if length is not None and (start >= length or (end is not None and end > length + 1)):
        raise TimecodeError(
            f"the recording ends at {timecode.display(length)}, and {quoted(asked)} goes beyond; "
            f"end the passage at {timecode.display(length)} or before"
        )
    return start, end


def _name(recording: Record, start: int | None, end: int | None, ending: str) -> str:
    if start is not None and end is not None:
        return clip_name(recording, timecode.Span(start, end), f".{ending}")
    return f"{recording.slug}.{ending}"


def _private(response: Response) -> Response:
    """Let no cache hand it to others: its addresses have the host that this client asked for, and the day is today."""
    response.headers["Cache-Control"] = "private, no-cache"
    return response
