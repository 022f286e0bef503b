"""Says what a page has of a recording's sound: its name, how long it lasts, and where clips of it are.

No request waits for ten hours of sound to be decoded. A clip is linked only where there will be one.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from flask import current_app, url_for

from player import stamp
from player.audio import access, access_room, cache, probe, silence
from player.audio.copied_kinds import kind_of
from player.audio.decode.stream import header
from player.audio.formats import FORMATS
from player.clips.cut import Cut
from player.clips.defaults import COPY
from player.errors import AudioError, ClipError, shown
from player.timecode import SECOND, Span, fragment
from player.web.current import media_of
from player.web.serving import copies, media
from player.web.serving.telling import tell

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.gate.shown import Shown
    from player.archive.recording import Record, Recording
    from player.audio.copied_kinds import Kind
    from player.audio.decode.stream import Header
    from player.audio.formats import Format
    from player.audio.waveform_worker import WaveformWorker
    from player.web.serving.clip_limits import Limits

_log = logging.getLogger(__name__)

_NAME: Final = 12  # letters of a sound's name


def sound_name(path: Path) -> str:
    """Give the name by which browsers know the sound at ``path`` when they remember a place in it; "" where unreadable.

    It stays when the archive is edited, when its folder is moved and when it is served at another port; it differs
    between archives that give one slug to two recordings; and it says nothing of the server's folders.
    """
    try:
        return stamp.ends(path)[:_NAME]
    except (OSError, AudioError):
        return ""


def counted_length(recording: Record) -> int | None:
    """Give the exact length; None where there is no sound, or where it would have to be decoded to be counted."""
    if recording.media is None or not recording.media.is_file():
        return None
    try:
        sound = probe.counted(recording.media)
    except AudioError as error:
        tell(_log, error)
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


def measured(recording: Record) -> Measured:
    """Give the exact length where it is known, else what the container states, and see to it that it will be counted.

    None where there is no sound that can be read, or the container does not state it.
    """
    if recording.media is None:
        return Measured(is_there=False)
    if not recording.media.is_file():
        _log.warning(
            "%s: the sound of %s is missing; put the file there, or name another in recording.toml",
            shown(recording.media),
            recording.slug,
        )
        return Measured(is_there=False)
    try:
        if (sound := probe.counted(recording.media)) is not None:
            return Measured(is_there=True, is_readable=True, length=sound.duration, is_counted=True)
        length = probe.stated(recording.media)
    except AudioError as error:
        tell(_log, error)
        return Measured(is_there=True)
    worker: WaveformWorker = current_app.extensions["waveform_worker"]
    worker.count(recording.media)
    return Measured(is_there=True, is_readable=True, length=length)


@dataclass(frozen=True)
class Played:
    """What a page plays: the sound that is held, at ``address``; before it, if there is one, the ``copy`` of it.

    ``kind`` is the MIME type of the copy. ``fault`` says what is heard of the sound that is held otherwise than it
    should be, where a copy is better; it ``is_coming`` where none is there yet. Where nothing is, an archive may have a
    copy all the same, so that less has to be sent.

    Of a sound that ``is_silenced``, because passages of it are closed, nothing is played but the copy in which these
    are silent: ``address`` is that of the copy, and None while there is none. It ``is_coming``, or cannot be made.
    """

    address: str | None
    copy: str | None = None
    kind: str | None = None
    fault: str | None = None
    is_coming: bool = False
    is_silenced: bool = False

    @classmethod
    def of(cls, recording: Record, version: str) -> Played:
        """Give what the page of a recording plays, its sound being held in this ``version``."""
        held, slug = media_of(recording), recording.slug
        is_silenced = not recording.shown.sends_held
        address = None if is_silenced else url_for("recordings.sound", slug=slug, v=version)
        try:
            fault = None if is_silenced else access.needed(held)
            best = next(iter(copies.there_are(recording, held)), None)
            # The archive's own may only have to be compared.
            is_coming = (best is None or access_room.holds(best.path)) and copies.want(recording, held)
        except AudioError as error:
            tell(_log, error)
            return cls(address, is_silenced=is_silenced)
        if best is None:
            return cls(address, fault=fault, is_coming=is_coming, is_silenced=is_silenced)
        silent = silence.version(recording.shown.silenced) or None
        copy = url_for("recordings.access_copy", slug=slug, v=copies.version(best), of=version, silent=silent)
        if is_silenced:
            return cls(copy, kind=best.type, is_silenced=True)
        return cls(address, copy, best.type, fault)


def played_now(recording: Record) -> Played | None:
    """Give what a page plays of a recording's sound as it is now; None where there is none that anybody may hear."""
    if recording.media is None or not recording.media.is_file() or recording.shown.sound is not None:
        return None
    return Played.of(recording, media.version(media_of(recording)))


def wave_address(recording: Record, version: str) -> str:
    """Give the address of the drawing of a sound, held in this ``version``; another where other passages are closed."""
    silent = silence.version(recording.shown.silenced) or None
    return url_for("recordings.wave", slug=recording.slug, v=version, silent=silent)


@dataclass(frozen=True)
class ClipLinks:
    """Where the clips of a page's recording are, of the sound in the ``version`` that the page was made for.

    ``address`` is that of a clip as MP3, still without its times. ``heard`` says how long the sound lasts, ``longest``
    how long a clip of it may be, in milliseconds. ``shown`` is what may be shown of it: no clip crosses what is closed.
    """

    address: str
    version: str
    heard: Measured
    longest: int
    shown: Shown
    #: What passages can be had as, as the sound is held, without encoding them again.
    copies: Kind | None = None

    @classmethod
    def of(cls, recording: Recording, version: str, heard: Measured) -> ClipLinks:
        """Give the links of a recording's page."""
        address = url_for("clips.send", slug=recording.slug, ext="mp3")
        limits: Limits = current_app.extensions["clip_limits"]
        held = None if recording.media is None else header(recording.media)
        longest = limits.longest if held is None else limits.longest_of(held)
        return cls(address, quote(version, safe=""), heard, longest, recording.shown, _copies(recording.media, held))

    @property
    def formats(self) -> list[Format]:
        """The formats that the page offers clips in, the usual one first."""
        return [each for each in FORMATS.values() if each.is_offered]

    @property
    def beginning(self) -> Span | None:
        """The whole recording, or as much of it as a clip may hold; None where its length is not known.

        None too where a passage of that is closed. What a container states may be more than there is.
        """
        length = (self.heard.length or 0) - (0 if self.heard.is_counted else SECOND)
        whole = Span(0, min(length, self.longest)) if length > 0 else None
        return None if whole is None or self.shown.crosses(whole) else whole

    def to(self, span: Span | None, ext: str = "mp3") -> str | None:
        """Give the address of a passage as a clip; None where nothing can be cut of it. It ends with the sound."""
        length = self.heard.length
        if span is None or (length is not None and span.start >= length):
            return None
        end = span.end if length is None else min(span.end, length)
        if self.shown.crosses(Span(span.start, end)):
            return None
        try:
            Cut((Span(span.start, end),), f".{ext}").check()
        except ClipError:
            return None
        return f"{self.address_as(ext)}?t={fragment(span.start)},{fragment(end)}&v={self.version}"

    def copy_of(self, span: Span | None) -> str | None:
        """Give the address of a passage as it is held; None where there is no such clip of it."""
        encoded = self.to(span, self.copies.ext) if self.copies else None
        return None if encoded is None else f"{encoded}&format={COPY}"

    def address_as(self, ext: str) -> str:
        """Give the address of clips in a format, still without their times."""
        return self.address.removesuffix("mp3") + ext


def _copies(media: Path | None, held: Header | None) -> Kind | None:
    """Give the kind of copies that can be had of a sound; None where none can, as far as is known at once."""
    kind = None if held is None else kind_of(held)
    try:
        return kind if kind is not None and media is not None and kind.is_likely(media) else None
    except AudioError:
        return None


def is_in_step(found: Recording) -> bool:
    """Tell whether the transcript may follow the sound: only one that was timed to another file may not."""
    if found.media is None or not found.media.is_file() or found.transcript is None:
        return False
    bound = found.transcript.media_sha256
    try:
        return bound is None or bound == cache.digest(found.media)
    except AudioError as error:
        tell(_log, error)
        return False
