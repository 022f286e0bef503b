"""``/recordings/<slug>/clip.<ext>?t=25,80`` into a passage of the recording, as a file to keep.

The cut is the ``player clip`` command's own. A clip is at most ten minutes long, and a gigabyte once it is decoded, and
three are cut at a time, unless ``Limits`` say otherwise: sound is much work, and the address is open to everybody.
"""

from __future__ import annotations

import logging
import os
import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from flask import Blueprint, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge, ServiceUnavailable

from player import timecode
from player.audio.clip import clip_name
from player.audio.encode import FORMATS
from player.audio.probe import counted
from player.audio.stream import header
from player.errors import ArchiveError, NotFoundError, ServeError, TimecodeError, quoted
from player.web import media
from player.web.disposition import set_name
from player.web.kept_clips import PER_CUT, BusyError, KeptClips
from player.web.replaced import as_asked
from player.web.views import current_archive, media_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flask import Flask, Response

    from player.archive.recording import Recording
    from player.archive.sources import Source
    from player.audio.stream import Header

clips = Blueprint("clips", __name__)
_log = logging.getLogger(__name__)

_MEGABYTE = 1_000_000
_PATIENCE = 5  # seconds until a busy server is asked again
_NUMBER = re.compile(r"[0-9]{1,9}")
_EXAMPLE = "?t=25,80, from 0:25 to 1:20"


@dataclass(frozen=True)
class Limits:
    """How long a clip may be, how many are cut at a time, and how many megabytes of them are kept.

    ``decoded`` is how many megabytes of sound a clip may be before it is encoded: two minutes of eight channels at
    192 kHz, which a file of 70 kB can hold, are more than an hour of speech in 44.1 kHz.
    """

    minutes: int = 10
    cuts: int = 3
    megabytes: int = 256
    decoded: int = 1000

    def __post_init__(self) -> None:
        """Refuse what would allow no clip at all.

        :raise ServeError: where a number is too small; nothing need be kept.
        """
        for name, least, what in (
            ("minutes", 1, "minutes"),
            ("cuts", 1, "cuts"),
            ("megabytes", 0, "megabytes"),
            ("decoded", 1, "megabytes of decoded sound"),
        ):
            if getattr(self, name) < least:
                raise ServeError(f"a limit of {getattr(self, name)} {what} leaves no clip; give {least} or more")

    @classmethod
    def from_environment(cls) -> Limits:
        """Read PLAYER_CLIP_MINUTES, PLAYER_CLIP_CUTS, PLAYER_CLIP_MEGABYTES and PLAYER_CLIP_DECODED.

        What is not set is as by default.

        :raise ServeError: where one is no whole number, or too small.
        """
        return cls(**dict(_set_values(cls)))

    @property
    def answers(self) -> int:
        """How many answers may wait at a time for a clip to be cut."""
        return self.cuts * PER_CUT

    @property
    def longest(self) -> int:
        """How long a clip may be, in milliseconds."""
        return self.minutes * timecode.MINUTE

    def longest_of(self, header: Header) -> int:
        """How long a clip of a sound that is sampled so may be, in milliseconds."""
        return min(self.longest, self.decoded * _MEGABYTE * timecode.SECOND // (header.rate * header.frame))


def init_app(app: Flask, limits: Limits) -> None:
    """Let ``app`` cut clips within ``limits``."""
    app.extensions["clip_limits"] = limits
    app.extensions["kept_clips"] = KeptClips(limits.megabytes * _MEGABYTE, limits.cuts)
    app.register_blueprint(clips)


@clips.get("/recordings/<slug>/clip.<ext>")
def send(slug: str, ext: str) -> Response:
    """Send a passage of a recording as a file to keep, or the bytes of it that are asked for."""
    suffix = f".{ext}"
    if suffix not in FORMATS:
        known = ", ".join(f"clip{each}" for each in FORMATS)
        raise NotFoundError(f"no clip is made as {quoted(ext)}; ask for one of {known}")
    recording = current_archive().recording(slug)
    return as_asked(recording, media_of(recording), lambda _: _clip(recording, suffix))


def _clip(recording: Recording, suffix: str) -> Response:
    span = _span(recording)
    kept: KeptClips = current_app.extensions["kept_clips"]
    try:
        with kept.file(recording, span, suffix, _sources()) as clip:
            response = media.answer(clip.path, version=clip.version)
    except BusyError as busy:
        raise ServiceUnavailable(str(busy), retry_after=_PATIENCE) from None
    set_name(response, "attachment", clip_name(recording, span, suffix))
    return response


def _sources() -> Mapping[str, Source]:
    """Give the bibliography; where it cannot be read, a clip names its sources by their ids."""
    try:
        return current_archive().sources
    except ArchiveError as error:
        _log.warning("%s", error)
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
            f"the recording ends at {length}, the clip would go from {span}; end it at {length} or before"
        )
    _check_length(recording, span)
    return span


def _check_length(recording: Recording, span: timecode.Span) -> None:
    limits: Limits = current_app.extensions["clip_limits"]
    sampled = header(media_of(recording))
    longest = limits.longest_of(sampled)
    if span.duration <= longest:
        return
    why = ""
    if longest < limits.longest:
        channels = f"{sampled.channels} channel{'' if sampled.channels == 1 else 's'}"
        why = f" of this recording, for it may be {limits.decoded} MB of decoded sound ({channels}, {sampled.rate} Hz)"
    start, end = timecode.display(span.start), timecode.display(span.end)
    raise RequestEntityTooLarge(
        f"A clip can be {timecode.spoken(longest)} long{why}; this one would be {timecode.spoken(span.duration)}. "
        f"Ask for a shorter one, or cut it yourself from a copy of the archive: "
        f"player clip {recording.slug} --from {start} --to {end} -o clip.mp3"
    )


def _set_values(kind: type[Limits]) -> Iterator[tuple[str, int]]:
    for field in fields(kind):
        variable = f"PLAYER_CLIP_{field.name.upper()}"
        if text := os.environ.get(variable, "").strip():
            if not _NUMBER.fullmatch(text):
                raise ServeError(f"{variable} is {quoted(text)}; give a whole number, or leave it unset")
            yield field.name, int(text)
