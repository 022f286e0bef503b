"""A passage of a recording into the address of its clip, as a page links to it: only where there will be one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import current_app, url_for

from player.audio.decode.stream import header
from player.clips.cut import Cut
from player.errors import ClipError
from player.timecode import SECOND, Span, fragment

if TYPE_CHECKING:
    from player.archive.recording import Recording
    from player.web.pages.lengths import Measured
    from player.web.serving.clip_limits import Limits


@dataclass(frozen=True)
class ClipLinks:
    """Where the clips of a page's recording are, of the sound in the ``version`` that the page was made for.

    ``address`` is that of a clip as MP3, still without its times. ``heard`` says how long the sound lasts, ``longest``
    how long a clip of it may be, in milliseconds.
    """

    address: str
    version: str
    heard: Measured
    longest: int

    @classmethod
    def of(cls, recording: Recording, version: str, heard: Measured) -> ClipLinks:
        """Give the links of a recording's page."""
        address = url_for("clips.send", slug=recording.slug, ext="mp3")
        limits: Limits = current_app.extensions["clip_limits"]
        longest = limits.longest if recording.media is None else limits.longest_of(header(recording.media))
        return cls(address, quote(version, safe=""), heard, longest)

    @property
    def beginning(self) -> Span | None:
        """The whole recording, or as much of it as a clip may hold; None where its length is not known.

        What a container states may be more than there is.
        """
        length = (self.heard.length or 0) - (0 if self.heard.is_counted else SECOND)
        return Span(0, min(length, self.longest)) if length > 0 else None

    def to(self, span: Span | None, ext: str = "mp3") -> str | None:
        """Give the address of a passage as a clip; None where nothing can be cut of it. It ends with the sound."""
        length = self.heard.length
        if span is None or (length is not None and span.start >= length):
            return None
        end = span.end if length is None else min(span.end, length)
        try:
            Cut((Span(span.start, end),), f".{ext}").check()
        except ClipError:
            return None
        return f"{self.address_as(ext)}?t={fragment(span.start)},{fragment(end)}&v={self.version}"

    def address_as(self, ext: str) -> str:
        """Give the address of clips in a format, still without their times."""
        return self.address.removesuffix("mp3") + ext
