"""Answers the desk's questions about sound: all of it, a passage to the sample, and how loud a passage is, to be drawn.

Who edits hears all of a recording, also what is closed: ``desk`` lets in nobody else. No request waits for a tape to be
decoded: until its samples are counted, which a thread does meanwhile, the answer is 202 with nothing in it.
"""

from __future__ import annotations

import re
import threading
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, current_app, jsonify, request

from player.audio import access, passage_outline, probe, segment
from player.audio.decode.samples import decode, sample_at
from player.audio.decode.stream import header
from player.desk.refusals import DeskError
from player.errors import NotFoundError, PlayerError, quoted
from player.timecode import LONGEST, SECOND, Span, display
from player.web.pages.desk_sound import held_of
from player.web.routes.desk import open_desk, refuse_strangers, refused
from player.web.serving import copies, media

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from player.audio.probe import Sound
    from player.audio.waveform_worker import WaveformWorker
    from player.web.serving.clip_limits import Limits

desk_sound = Blueprint("desk_sound", __name__)
desk_sound.before_request(refuse_strangers)
desk_sound.register_error_handler(PlayerError, refused)

_NUMBER: Final = re.compile(r"[0-9]{1,10}")
# Passages that are decoded at a time, of the server's four threads.
_AT_A_TIME: Final = threading.BoundedSemaphore(2)
# The longest passage that is sent, in milliseconds: to hear an edge takes half a second.
_LONGEST_HEARD: Final = 10 * SECOND


class _BusyError(DeskError):
    """Other passages are decoded at the moment."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


@desk_sound.get("/recordings/<slug>/edit/sound")
def sound(slug: str) -> Response:
    """Send the sound of a recording as it is held, or the bytes of it that are asked for."""
    return _as_asked(slug, media.answer)


@desk_sound.get("/recordings/<slug>/edit/access")
def access_copy(slug: str) -> Response:
    """Send a copy of it that browsers play exactly, the one of ``?v=``."""

    def answer(held: Path) -> Response:
        for copy in access.of(open_desk().archive.media, slug, held):
            if (version := copies.version(copy)) == request.args.get("v"):
                return media.answer(copy.path, version=version)
        raise NotFoundError("this copy of the sound is not there at the moment; load the desk again")

    return _as_asked(slug, answer, "of")


@desk_sound.get("/recordings/<slug>/edit/passage.wav")
def passage(slug: str) -> Response:
    """Send a passage of at most ten seconds as WAV: its first sample, and its last, are those of ``?from=&to=``."""
    return _as_asked(slug, partial(_counted, _passage))


@desk_sound.get("/recordings/<slug>/edit/outline")
def outline(slug: str) -> Response:
    """Send the levels of a passage: ``{"from", "to", "peaks"}``, times in milliseconds, levels from 0 to 255.

    A level is the square root of the loudness in its part of the passage (``passage_outline.levels``).
    """
    return _as_asked(slug, partial(_counted, _outline))


def _as_asked(slug: str, answer: Callable[[Path], Response], name: str = "v") -> Response:
    """Answer with what is made of a recording's sound, where it is still that of which the page has the version."""
    record = open_desk().archive.record(slug)
    held = held_of(record)
    if held is None:
        raise NotFoundError(f'the sound of "{record.title}" is not there at the moment; put it back')
    return media.as_asked(record, held, answer, name)


def _counted(answer: Callable[[Path, Sound, Span], Response], held: Path) -> Response:
    """Answer with what is made of the passage that is asked for; where it is not known yet what there is, with 202."""
    span = _span()
    counted = probe.counted(held)
    if counted is None:
        _worker().count(held)
        return _later(span)
    if span.start >= counted.duration:
        raise DeskError(f"The recording ends at {display(counted.duration)}", "Ask for a passage before that")
    return answer(held, counted, Span(span.start, min(span.end, counted.duration)))


def _passage(held: Path, counted: Sound, span: Span) -> Response:
    longest = min(_LONGEST_HEARD, _longest(held))
    if span.duration > longest:
        raise DeskError("This passage is too long to be sent", f"Ask for at most {longest} milliseconds")
    with _taking_turns():
        samples = decode(held, sample_at(span.start, counted.rate), sample_at(span.end, counted.rate))
    response = Response(segment.wav(samples), mimetype="audio/wav")
    response.cache_control.no_store = True
    return response


def _outline(held: Path, counted: Sound, span: Span) -> Response:
    points = _number("points")
    if not 1 <= points <= passage_outline.MOST:
        raise DeskError(f"{points} parts cannot be given", f"Ask for 1 to {passage_outline.MOST}")
    if span.duration <= min(passage_outline.LONGEST, _longest(held)):
        with _taking_turns():
            return _levels(span, passage_outline.levels(held, counted, span, points))
    look = _worker().look(held)
    if look.points is None:
        return _levels(span, []) if look.read is None else _later(span)
    return _levels(span, passage_outline.coarse_levels(look.points, counted, span, points))


@contextmanager
def _taking_turns() -> Iterator[None]:
    if not _AT_A_TIME.acquire(blocking=False):
        raise _BusyError("Other passages are being decoded", "Ask again in a second")
    try:
        yield
    finally:
        _AT_A_TIME.release()


def _longest(held: Path) -> int:
    """Give how long a passage may be that is decoded, in milliseconds: as a clip, the shorter the more channels."""
    limits: Limits = current_app.extensions["clip_limits"]
    return limits.longest_of(header(held))


def _levels(span: Span, levels: list[int]) -> Response:
    response = jsonify({"from": span.start, "to": span.end, "peaks": levels})
    response.cache_control.no_store = True
    return response


def _later(span: Span) -> Response:
    response = _levels(span, [])
    response.status_code = HTTPStatus.ACCEPTED
    return response


def _worker() -> WaveformWorker:
    worker: WaveformWorker = current_app.extensions["waveform_worker"]
    return worker


def _span() -> Span:
    """Give the passage that ``?from=`` and ``to=`` name.

    :raise DeskError: where it is none.
    """
    start, end = _number("from"), _number("to")
    if not start < end <= LONGEST:
        raise DeskError("This is no passage of a recording", "Let it end after it starts")
    return Span(start, end)


def _number(name: str) -> int:
    text = request.args.get(name, "")
    if not _NUMBER.fullmatch(text):
        what = f"{name} is {quoted(text)}, which is no whole number" if text else f"The address does not say {name}="
        raise DeskError(what, "Give whole numbers, as in ?from=25000&to=80000&points=800")
    return int(text)
