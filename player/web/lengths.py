"""A recording into how long its sound lasts, in milliseconds, without a request that waits for ten hours of it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from flask import current_app

from player.audio import probe
from player.errors import AudioError

if TYPE_CHECKING:
    from player.archive.recording import Recording
    from player.audio.waveform_worker import WaveformWorker

_log = logging.getLogger(__name__)


def counted_length(recording: Recording) -> int | None:
    """Give the exact length; None where there is no sound, or where it would have to be decoded to be counted."""
    if recording.media is None or not recording.media.is_file():
        return None
    try:
        sound = probe.counted(recording.media)
    except AudioError as error:
        _log.warning("%s", error)
        return None
    return None if sound is None else sound.duration


def shown_length(recording: Recording) -> int | None:
    """Give the exact length where it is known, else what the container states, and see to it that it will be counted.

    None where there is no sound that can be read, or the container does not state it.
    """
    length = counted_length(recording)
    if length is not None or recording.media is None:
        return length
    try:
        length = probe.stated(recording.media)
    except AudioError:
        return None  # told by counted_length
    worker: WaveformWorker = current_app.extensions["waveform_worker"]
    worker.count(recording.media)
    return length
