"""Answers with the drawing of a sound's outline: flat where passages are closed, whatever is known of the sound."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Response, current_app, request

from player.audio import probe, silence, waveform
from player.audio.waveform_worker import Look
from player.web.serving import media

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.recording import Record
    from player.audio.waveform_worker import WaveformWorker


def answer(record: Record, held: Path) -> Response:
    """Draw the outline of a recording's sound: a plain line while it is being made, with 202, and where it cannot be.

    :raise AudioError: where the sound cannot be read.
    """
    silent = record.shown.silenced
    look = outline(record, held)
    response = Response(waveform.svg(look.points or (), look.read), mimetype="image/svg+xml")
    asked, now = request.args.get, media.version(held)
    if look.read is not None:
        response.status_code = HTTPStatus.ACCEPTED
        response.cache_control.no_store = True
    elif look.is_kept and asked("v") == now and asked("silent", "") == silence.version(silent):
        response.headers["Cache-Control"] = media.YEAR
    return response


def outline(record: Record, held: Path) -> Look:
    """Give the outline of a recording's sound as anybody may see it, and how far it is made.

    :raise AudioError: where the sound cannot be read.
    """
    silent = record.shown.silenced
    worker: WaveformWorker = current_app.extensions["waveform_worker"]
    look = worker.look(held)
    points = look.points
    if silent and points is not None:
        # Which part of it is where, is known only once its samples are counted.
        sound = probe.counted(held)
        if sound is None:
            worker.count(held)
            look = Look(read=1.0)
        else:
            known = silence.is_right(held, record.shown.timed_to, is_awaited=False)
            flat = waveform.silenced(points, silent, sound.duration) if known else ()
            look = Look(flat, is_kept=look.is_kept and known)
    return look
