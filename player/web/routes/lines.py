"""Answers ``/recordings/<slug>/lines/<id>`` with the page of one line: what it rests on, its clip, its link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template

from player.archive.transcript import Cue
from player.errors import NotFoundError, quoted
from player.web.current import current_archive, current_index, media_of
from player.web.pages.closures import refuse_withheld_words
from player.web.pages.sound import ClipLinks, is_in_step, measured
from player.web.pages.this_line import this_line
from player.web.serving import media

if TYPE_CHECKING:
    from player.archive.recording import Recording

lines = Blueprint("lines", __name__)


@lines.get("/recordings/<slug>/lines/<name>")
def line(slug: str, name: str) -> Response:
    """Show one line of a recording."""
    recording = current_archive().recording(slug)
    refuse_withheld_words(recording)
    if recording.unread.transcript:
        raise NotFoundError(f'the transcript of "{recording.title}" cannot be read; its page says what can be read')
    there = recording.transcript.lines if recording.transcript else ()
    place = next((index for index, each in enumerate(there) if each.id == name), None)
    if place is None:
        raise NotFoundError(f'"{recording.title}" has no line {quoted(name)}; its page shows all of its lines')
    clips, has_edges = _sound(recording)
    found = there[place]
    text = render_template(
        "line.html",
        recording=recording,
        line=this_line(recording, found, current_index().sources, clips),
        before=there[place - 1] if place else None,
        after=there[place + 1] if place + 1 < len(there) else None,
        has_edges=not isinstance(found, Cue) or (has_edges and found.has_length),
    )
    response = Response(text, mimetype="text/html")
    # The address to cite has the host that this client asked for, and the day is today.
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _sound(recording: Recording) -> tuple[ClipLinks | None, bool]:
    """Give the clips that there are of the lines, and whether a passage can begin and end at lines."""
    heard = measured(recording)
    if not heard.is_there:
        return None, True
    if not is_in_step(recording):
        return None, False
    found = ClipLinks.of(recording, media.version(media_of(recording)), heard) if heard.is_readable else None
    return found, True
