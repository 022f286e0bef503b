"""Answers ``/feed.xml`` with the recordings of an archive that asks for a feed, and with what apps then ask for.

``/feed/<slug>.<ending>`` is a recording's sound: apps want to see by its address what it is.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, current_app, jsonify, request

from player.errors import NotFoundError, quoted
from player.publish import chapters as chapter_list
from player.publish.artwork import picture as drawn
from player.publish.feed import KIND, written
from player.web.current import current_about, current_archive, current_index, media_of
from player.web.pages.feed import current_feed, feed_state, is_empty, sound_of
from player.web.pages.sound import is_in_step
from player.web.serving import copies, media
from player.web.serving.conditions import hold_against
from player.web.serving.disposition import set_name
from player.web.serving.kept_pages import Made
from player.web.serving.public_address import public_address

if TYPE_CHECKING:
    from flask import Flask

    from player.web.serving.kept_pages import KeptPages

_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
feed = Blueprint("feed", __name__)


def init_app(app: Flask) -> None:
    """Let ``app`` answer so."""
    app.register_blueprint(feed)


@feed.get("/feed.xml")
def send() -> Response:
    """Send the feed, or that of a ``?series=``; of a long one, the part that ``?page=`` names."""
    _refuse_unasked()
    series, number = _series(), _number()
    kept: KeptPages | None = current_app.extensions.get("kept_pages")
    # The addresses in it have the host that this client asked for.
    key = ("feed", series, number, public_address("feed.send"), request.script_root, current_archive().audience)
    make = partial(_made, series, number)
    if kept is not None:
        response = kept.answer(key, current_index().generation, partial(feed_state, series, number), make)
    else:
        response = Response(make().html, mimetype=KIND)
    if "ETag" not in response.headers:  # one that has changed too lately to be kept
        response.add_etag()
        hold_against(response)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _made(series: str | None, number: int) -> Made:
    found = current_feed(series, number)
    if series and not found.episodes and is_empty(series):
        raise _unknown(series)
    return Made(written(found).decode(), kind=KIND)


@feed.get("/feed.png")
def picture() -> Response:
    """Send the picture of the feed, or of that of a ``?series=``."""
    _refuse_unasked()
    series = _series()
    if series and is_empty(series):
        raise _unknown(series)
    response = Response(drawn(current_about().name, series), mimetype="image/png")
    response.headers["Cache-Control"] = "public, max-age=86400"
    response.add_etag()
    hold_against(response)
    return response


@feed.get("/feed/<slug>.<ending>")
def sound(slug: str, ending: str) -> Response:
    """Send the sound of a recording as the feed offers it, or the bytes of it that are asked for."""
    _refuse_unasked()
    record = current_archive().record(slug)
    offered = sound_of(record)
    if offered.ending != ending:
        raise NotFoundError(f'the feed has the sound of "{record.title}" as {slug}.{offered.ending}')
    if offered.is_copy:
        return copies.answer(record, media_of(record))
    response = media.answer_held(record, offered.path)
    set_name(response, "inline", f"{slug}.{ending}")
    return response


@feed.get("/recordings/<slug>/chapters.json")
def chapters(slug: str) -> Response:
    """Send the chapters of a recording: its parts and segments, or its annotated moments."""
    recording = current_archive().recording(slug)
    in_step = is_in_step(recording)
    if not chapter_list.chapters_of(recording, is_in_step=in_step):
        raise NotFoundError(f'"{recording.title}" has no chapters: neither parts nor notes with a time')

    def page(note: str | None) -> str:
        address = public_address("recordings.recording", slug=slug)
        return f"{address}#note-{note}" if note else address

    response = jsonify(chapter_list.as_json(recording, page, is_in_step=in_step))
    response.mimetype = chapter_list.KIND
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _series() -> str | None:
    return request.args.get("series") or None


def _number() -> int:
    asked = request.args.get("page") or "1"
    if not _NUMBER.fullmatch(asked):
        raise NotFoundError("the feed has parts by numbers, such as page=2")
    return int(asked)


def _unknown(series: str) -> NotFoundError:
    return NotFoundError(f"nothing of a series {quoted(series)} can be heard here")


def _refuse_unasked() -> None:
    if not current_about().feed:
        raise NotFoundError("this archive has no feed")
