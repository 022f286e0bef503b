"""Answers ``/recordings/<slug>/lines/<id>`` with the page of one line: what it rests on, its clip, its link.

The address of a line that was divided, joined or removed leads to the line that has its words, or says that it is gone.
"""

from __future__ import annotations

from collections import Counter
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, render_template, request, url_for

from player.archive.transcript import Cue
from player.errors import ArchiveError, NotFoundError, quoted
from player.history import versions, whereabouts
from player.history.blocks_of_lines import line_in
from player.web.current import current_archive, current_index, hurried, media_of
from player.web.pages.as_of import as_of, at_version, cited_version, version_asked
from player.web.pages.closures import WithheldError, refuse_withheld_words
from player.web.pages.sound import ClipLinks, is_in_step, measured
from player.web.pages.this_line import this_line
from player.web.serving import media

if TYPE_CHECKING:
    from player.archive.recording import Recording
    from player.web.pages.as_of import AsOf

lines = Blueprint("lines", __name__)


@lines.get("/recordings/<slug>/lines/<name>")
def line(slug: str, name: str) -> Response:
    """Show one line of a recording."""
    stood = version_asked(slug)
    recording = stood.recording if stood else current_archive().recording(slug)
    refuse_withheld_words(recording)
    if recording.unread.transcript:
        raise NotFoundError(f'the transcript of "{recording.title}" cannot be read; its page says what can be read')
    there = recording.transcript.lines if recording.transcript else ()
    place = next((index for index, each in enumerate(there) if each.id == name), None)
    if place is None and stood is None and (moved := _moved(recording, name)) is not None:
        return moved
    if place is None:
        raise NotFoundError(f'"{recording.title}" has no line {quoted(name)}; its page shows all of its lines')
    response = Response(
        page_of(recording, place, stood, suggested=request.args.get("suggested") == "yes"), mimetype="text/html"
    )
    # The address to cite has the host that this client asked for, and the day is today.
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def page_of(recording: Recording, place: int, stood: AsOf | None = None, **told: Any) -> str:
    """Make the page of one line, which is at ``place``, with what it is ``told`` besides."""
    there = recording.transcript.lines if recording.transcript else ()
    with hurried():
        clips, has_edges = _sound(recording)
    clips = clips if stood is None or stood.is_today else None  # a clip has the words of today
    found = there[place]
    version = stood.cited if stood else cited_version(recording)
    return render_template(
        "line.html",
        recording=recording,
        line=this_line(recording, found, current_index().sources, clips, version),
        as_of=stood,
        at_version=at_version(),
        before=there[place - 1] if place else None,
        after=there[place + 1] if place + 1 < len(there) else None,
        has_edges=not isinstance(found, Cue) or (has_edges and found.has_length),
        **told,
    )


def _moved(recording: Recording, name: str) -> Response | None:
    """Lead to the line that has the words of one that had this name, or say that they are gone; None where neither is.

    Where any of the lines to which they went is not shown, there was none of this name, as far as anybody is told; nor
    where the line would not be shown in the version that last had it.
    """
    to = whereabouts.former(recording).get(name)
    number = whereabouts.last_with(recording, name)
    if to is None or recording.transcript is None:
        return None
    closed = {each.id for each in recording.shown.passages if each.words}
    texts = {each.id: each.text for each in recording.transcript.lines if each.id not in closed}
    if not texts.keys() >= set(to):
        return None
    words = _words(recording, name, number)
    # Lines that were joined may have been divided since, and the part with its words removed.
    common = {each: 1 if words is None else (Counter(texts[each].split()) & words).total() for each in to}
    best = max(to, key=lambda each: common[each], default=None)
    if best is not None and common[best]:
        response = Response(status=HTTPStatus.MOVED_PERMANENTLY)
        response.headers["Location"] = url_for("lines.line", slug=recording.slug, name=best)
        # It may come back: the archive may go back to a version that has it.
        response.headers["Cache-Control"] = "no-cache"
        return response
    try:
        last = None if number is None else as_of(recording.slug, str(number))
    except (NotFoundError, ArchiveError, WithheldError):
        return None
    lines = last.recording.transcript.lines if last and last.recording.transcript else ()
    if last is None or not any(line.id == name for line in lines):
        return None
    page = render_template("gone.html", recording=recording, name=name, last=last, there=best)
    return Response(page, HTTPStatus.GONE, mimetype="text/html")


def _words(recording: Recording, name: str, number: int | None) -> Counter[str] | None:
    """Give the words of a line in the version that last had it; None where nobody knows them, or there were none."""
    if number is None or recording.transcript is None:
        return None
    try:
        line = line_in(recording.transcript.path, versions.content(recording, number), name)
    except (NotFoundError, ArchiveError):
        return None
    return Counter(line.text.split()) if line and line.text.strip() else None


def _sound(recording: Recording) -> tuple[ClipLinks | None, bool]:
    """Give the clips that there are of the lines, and whether a passage can begin and end at lines."""
    heard = measured(recording)
    if not heard.is_there:
        return None, True
    if not is_in_step(recording):
        return None, False
    found = ClipLinks.of(recording, media.version(media_of(recording)), heard) if heard.is_readable else None
    return found, True
