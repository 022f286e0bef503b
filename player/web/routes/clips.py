"""Answers ``/recordings/<slug>/clip.<ext>?t=25,80`` with a passage of the recording, as a file to keep.

With ``&format=copy`` an MP3 has the recording's own frames; where it cannot, its name does not say that it is a copy.

The cut is the ``player clip`` command's own. A clip is at most ten minutes long, and a gigabyte once it is decoded, and
three are cut at a time, unless ``Limits`` say otherwise: sound is much work, and the address is open to everybody.
"""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING

from flask import Blueprint, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge, ServiceUnavailable

from player import timecode
from player.audio.copied_kinds import SUFFIXES
from player.audio.decode.stream import header
from player.audio.formats import FORMATS
from player.audio.probe import counted
from player.clips.closed import refuse_closed
from player.clips.cut import Cut
from player.clips.defaults import COPY
from player.clips.provenance import clip_name
from player.errors import ArchiveError, ClipError, NotFoundError, TimecodeError, quoted
from player.web.current import current_archive, media_of
from player.web.serving import media
from player.web.serving.clip_limits import MEGABYTE
from player.web.serving.disposition import set_name
from player.web.serving.kept_clips import BusyError, KeptClips
from player.web.serving.media import as_asked
from player.web.serving.telling import tell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flask import Flask, Response

    from player.archive.recording import Recording
    from player.archive.sources import Source
    from player.audio.waveform_worker import WaveformWorker
    from player.web.serving.clip_limits import Limits

clips = Blueprint("clips", __name__)
_log = logging.getLogger(__name__)

_PATIENCE = 5  # seconds until a busy server is asked again
_LONG_PATIENCE = 60  # and one that has to decode a sound before
_EXAMPLE = "?t=25,80, from 0:25 to 1:20"


def init_app(app: Flask, limits: Limits) -> None:
    """Let ``app`` cut clips within ``limits``."""
    app.extensions["clip_limits"] = limits
    app.extensions["kept_clips"] = KeptClips(limits.megabytes * MEGABYTE, limits.cuts)
    app.register_blueprint(clips)


@clips.get("/recordings/<slug>/clip.<ext>")
def send(slug: str, ext: str) -> Response:
    """Send a passage of a recording as a file to keep, or the bytes of it that are asked for."""
    suffix = f".{ext}"
    if suffix not in FORMATS:
        known = ", ".join(f"clip{each}" for each in FORMATS)
        raise NotFoundError(f"clips cannot be made as {quoted(ext)}; ask for one of {known}")
    recording = current_archive().recording(slug)
    return as_asked(recording, media_of(recording), lambda _: _clip(recording, suffix))


def _clip(recording: Recording, suffix: str) -> Response:
    span = _span(recording)
    cut = _cut(span, suffix)
    _refuse_closed(recording, span)
    kept: KeptClips = current_app.extensions["kept_clips"]
    with busy(), kept.file(recording, cut, sources()) as clip:
        response = media.answer(clip.path, version=clip.version)
        as_copy = f"_{COPY}" if clip.is_copy else ""
    set_name(response, "attachment", clip_name(recording, span, f"{as_copy}{suffix}"))
    return response


def _cut(span: timecode.Span, suffix: str) -> Cut:
    """Give the cut that the address asks for.

    :raise ClipError: where it asks for a format that it cannot have.
    """
    asked = request.args.get("format", "")
    if not asked:
        return Cut((span,), suffix)
    if asked != COPY or suffix not in SUFFIXES:
        raise ClipError(
            f"a clip as {suffix} cannot be had with format={quoted(asked)}; leave that out, or ask for "
            f"{' or '.join(f'clip{each}' for each in SUFFIXES)} with format=copy"
        )
    return Cut((span,), suffix, 0, 0, is_copy=True)


def _refuse_closed(recording: Recording, span: timecode.Span) -> None:
    """Refuse a clip that runs into what is closed, also one that is kept from before.

    :raise ClosedError: where it does.
    """
    held = media_of(recording)
    if recording.shown.silenced and counted(held) is None:
        # Only where the sound ends tells whether what is closed is in it. Nobody waits for it to be decoded.
        worker: WaveformWorker = current_app.extensions["waveform_worker"]
        worker.count(held)
        why = "The sound of this recording is being measured; try again in a minute."
        raise ServiceUnavailable(why, retry_after=_LONG_PATIENCE)
    refuse_closed(recording, [span])


@contextlib.contextmanager
def busy() -> Iterator[None]:
    """Ask whoever comes while enough clips are being cut to come again.

    :raise ServiceUnavailable: where that is so.
    """
    try:
        yield
    except BusyError as error:
        raise ServiceUnavailable(str(error), retry_after=_PATIENCE) from None


def sources() -> Mapping[str, Source]:
    """Give the bibliography; where it cannot be read, a clip names its sources by their ids."""
    try:
        return current_archive().sources
    except ArchiveError as error:
        tell(_log, error)
        return {}


def _span(recording: Recording) -> timecode.Span:
    """Give the passage that ``?t=`` asks for.

    :raise TimecodeError: where it asks for none, or for more than there is.
    """
    asked = request.args.get("t", "")
    if not asked.strip():
        raise TimecodeError(f"the address does not say which passage; add it as in {_EXAMPLE}")
    start, end = timecode.parse_fragment(asked)
    if end is None:
        raise TimecodeError(f"{quoted(asked)} does not say where the clip ends; add it as in {_EXAMPLE}")
    span = timecode.Span(start, end)
    sound = counted(media_of(recording))
    if sound is not None and span.end > sound.duration + 1:  # the last millisecond may be there in part
        length = timecode.display(sound.duration)
        raise TimecodeError(
            f"the recording ends at {length}, but the clip would run from {span}; end it at {length} or before"
        )
    _check_length(recording, span)
    return span


def _check_length(recording: Recording, span: timecode.Span) -> None:
    limits: Limits = current_app.extensions["clip_limits"]
    sampled = header(media_of(recording))
    longest = limits.longest_of(sampled)
    if span.duration <= longest:
        return
    of_this, why = "", ""
    if longest < limits.longest:
        channels = f"{sampled.channels} channel{'' if sampled.channels == 1 else 's'}"
        of_this = " of this recording"
        why = f", because decoded it may take {limits.decoded} MB ({channels}, {sampled.rate} Hz)"
    start, end = timecode.display(span.start), timecode.display(span.end)
    raise RequestEntityTooLarge(
        f"A clip{of_this} can be at most {timecode.spoken(longest)} long{why}; this one would be "
        f"{timecode.spoken(span.duration)}. Ask for a shorter one, or cut it yourself from a copy of the archive: "
        f"player clip {recording.slug} --from {start} --to {end} -o clip.mp3"
    )
