"""Answers ``/recordings/<slug>/cite?t=25,80`` with the passage's citation, as a page and for reference managers.

``?line=c7..c9`` names lines: what is not timed is cited by them, and the citation has the pages on which they begin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request, url_for

from player import timecode
from player.clips.provenance import clip_name
from player.errors import NotFoundError, quoted
from player.publish import bibliography, citation
from player.web.current import current_archive
from player.web.pages.as_of import at_version, cited_version, version_asked
from player.web.pages.citing import cited_passage, lines_named, passage_in
from player.web.pages.closures import refuse_withheld_words
from player.web.pages.embedded import can_be_embedded, code
from player.web.pages.this_line import page_address, passage_asked
from player.web.serving.disposition import set_name

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
    """Show the citation of a recording, or of the passage that ``?t=`` or ``?line=`` names."""
    recording, cited = _cited(slug)
    asked = passage_asked(cited.start, cited.end)
    # A frame has the words of today; and what is only for who prepares it, or was invited, is in none.
    is_framed = can_be_embedded() and not at_version() and (asked is not None or not request.args.get("line"))
    text = render_template(
        "cite.html",
        recording=recording,
        cited=cited,
        asked=request.args.get("t"),
        asked_line=request.args.get("line"),
        at_version=at_version(),
        styles=[(name, write(cited)) for name, write in citation.STYLES],
        embed_address=url_for("embed.page", slug=slug, t=asked) if is_framed else None,
        embed_code=str(code(recording, asked)) if is_framed else None,
        formats=[(name, ending, write(cited)) for name, ending, _, write in bibliography.FORMATS],
    )
    return _private(Response(text, mimetype="text/html"))


@cite.get("/recordings/<slug>/cite.<ending>")
def send(slug: str, ending: str) -> Response:
    """Send the same citation as a file."""
    for _, known, kind, write in bibliography.FORMATS:
        if ending == known:
            recording, cited = _cited(slug)
            response = Response(write(cited), mimetype=kind)
            set_name(response, "attachment", _name(recording, cited.start, cited.end, ending))
            return _private(response)
    known = ", ".join(f"cite.{each}" for _, each, _, _ in bibliography.FORMATS)
    raise NotFoundError(f"citations cannot be written as {quoted(ending)}; ask for one of {known}")


def _cited(slug: str) -> tuple[Record, citation.Cited]:
    """Give a recording, and what the citation that is asked for names.

    :raise TimecodeError: where the passage is none, or is not in the recording.
    :raise NotFoundError: where there is no such line.
    :raise WithheldError: where lines are asked for whose words are not for everybody.
    """
    stood = version_asked(slug)
    recording = stood.recording if stood else current_archive().record(slug)
    whole = stood.recording if stood else current_archive().recording(slug)
    asked, lines = request.args.get("t", ""), request.args.get("line", "")
    passage = passage_in(recording, *timecode.parse_fragment(asked), asked) if asked.strip() else (None, None)
    if lines:
        refuse_withheld_words(whole)
    version = stood.cited if stood else cited_version(recording)
    return recording, cited_passage(
        *(whole, passage, lines_named(whole, lines, is_today=stood is None) if lines else ()),
        *(page_address(recording, version), version),
    )


def _name(recording: Record, start: int | None, end: int | None, ending: str) -> str:
    if start is not None and end is not None:
        return clip_name(recording, timecode.Span(start, end), f".{ending}")
    return f"{recording.slug}.{ending}"


def _private(response: Response) -> Response:
    """Let no cache hand it to others: its addresses have the host that this client asked for, and the day is today."""
    response.headers["Cache-Control"] = "private, no-cache"
    return response
