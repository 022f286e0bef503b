"""A recording into how long its sound lasts, in milliseconds, without a request that waits for ten hours of it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app

from player.audio import probe
from player.errors import AudioError, shown

if TYPE_CHECKING:
    from player.archive.recording import Record, Recording
    from player.audio.waveform_worker import WaveformWorker

_log = logging.getLogger(__name__)


def counted_length(recording: Record) -> int | None:
    """Give the exact length; None where there is no sound, or where it would have to be decoded to be counted."""
    if recording.media is None or not recording.media.is_file():
        return None
    try:
        sound = probe.counted(recording.media)
    except AudioError as error:
        _log.warning("%s", error)
        return None
    return None if sound is None else sound.duration


@dataclass(frozen=True)
class Measured:
    """Whether a sound is there, whether the server can read it, and how long it lasts, in milliseconds, if known.

    The length ``is_counted`` to the sample, or is what the container states.
    """

    is_there: bool
    is_readable: bool = False
    length: int | None = None
    is_counted: bool = False


def measured(recording: Recording) -> Measured:
    """Give the exact length where it is known, else what the container states, and see to it that it will be counted.

    None where there is no sound that can be read, or the container does not state it.
    """
    if recording.media is None:
        return Measured(is_there=False)
    if not recording.media.is_file():
        _log.warning(
            "%s: the sound of %s is not there; put it there, or name the file that is",
            shown(recording.media),
            recording.slug,
        )
        return Measured(is_there=False)
    try:
        if (sound := probe.counted(recording.media)) is not None:
            return Measured(is_there=True, is_readable=True, length=sound.duration, is_counted=True)
        length = probe.stated(recording.media)
    except AudioError as error:
        _log.warning("%s", error)
        return Measured(is_there=True)
    worker: WaveformWorker = current_app.extensions["waveform_worker"]
    worker.count(recording.media)
    return Measured(is_there=True, is_readable=True, length=length)
