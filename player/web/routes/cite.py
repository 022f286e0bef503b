"""Answers ``/recordings/<slug>/cite?t=25,80`` with the passage's citation, as a page and for reference managers.

``?line=c7..c9`` names lines: what is not timed is cited by them, and the citation has the pages on which they begin.
"""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, render_template, request, url_for

from player import timecode
from player.archive.transcript import Cue
from player.clips.provenance import clip_name
from player.errors import NotFoundError, TimecodeError, quoted
from player.publish import bibliography, citation
from player.web.current import current_archive
from player.web.pages.as_of import at_version, cited_version, ends_now, version_asked
from player.web.pages.closures import refuse_withheld_words
from player.web.pages.embedded import can_be_embedded, code
from player.web.pages.machine_words import has_unchecked
from player.web.pages.sound import counted_length
from player.web.pages.this_line import line_address, page_address, passage_asked
from player.web.serving.disposition import set_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask

    from player.archive.recording import Record, Recording
    from player.archive.transcript import Line
    from player.web.pages.as_of import AsOf

cite = Blueprint("cite", __name__)

# After the end of any recording: what is cited from a moment on has no end.
_END: Final = sys.maxsize


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
    """
    stood = version_asked(slug)
    recording = stood.recording if stood else current_archive().record(slug)
    start, end = _passage(recording)
    lines = _lines(slug, stood)
    cues = [line for line in lines if isinstance(line, Cue)]
    if start is None and lines and len(cues) == len(lines):
        start = cues[0].start
        end = max(cue.span.end for cue in cues) if all(cue.has_length for cue in cues) else None
    asked = passage_asked(start, end)
    version = stood.cited if stood else cited_version(recording)
    page = page_address(recording, version)
    address = line_address(recording, lines[0].id, asked, version) if lines else f"{page}#t={asked}" if asked else page
    cited = citation.cite(
        *(recording, address, dt.datetime.now(dt.UTC).date(), start, end),
        pages=citation.pages_of(lines[0].page, lines[-1].page) if lines else None,
        is_approximate=any(cue.is_approximate for cue in cues),
        unchecked=_is_unchecked(stood.recording if stood else current_archive().recording(slug), lines, start, end),
        version=version.date if version else "",
    )
    return recording, cited


def _is_unchecked(recording: Recording, lines: Sequence[Line], start: int | None, end: int | None) -> bool:
    """Tell whether what is cited has words of a machine's that nobody has checked."""
    if lines:
        return any(line.is_unchecked for line in lines)
    span = None if start is None else timecode.Span(start, _END if end is None else end)
    return has_unchecked(recording, span)


def _lines(slug: str, stood: AsOf | None) -> Sequence[Line]:
    """Give the lines that ``?line=`` names, ``c7`` or from ``c7..c9``; none where it names none.

    They are those of today, or of the transcript as it ``stood``.

    :raise WithheldError: where the transcript is not for everybody.
    :raise NotFoundError: where one of them is not there, or the second comes before the first.
    """
    asked = request.args.get("line", "")
    if not asked:
        return ()
    recording = stood.recording if stood else current_archive().recording(slug)
    refuse_withheld_words(recording)
    lines = recording.transcript.lines if recording.transcript else ()
    first, dots, last = asked.partition("..")
    places = {line.id: place for place, line in enumerate(lines)}
    last = last if dots else first
    if stood is None:
        # What lines were called before leads to those that have their words.
        first = first if first in places else (ends_now(recording, first) or (first,))[0]
        last = last if last in places else (ends_now(recording, last) or (last,))[-1]
    for name in (first, last):
        if name not in places:
            raise NotFoundError(f'"{recording.title}" has no line {quoted(name)}; its page shows all of its lines')
    found = lines[places[first] : places[last] + 1]
    if not found:
        raise NotFoundError(f"the line {quoted(last)} comes before {quoted(first)}; ask for {last}..{first}")
    return found


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
