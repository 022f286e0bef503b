"""Writes passages as an edit list for editors' programs: CMX 3600, which nearly all of them read.

An event for each passage says from which source ("reel") what is taken, and where it goes on the timeline; comments,
which begin with an asterisk, name the file, the title and the words. Times are timecode, non-drop: hours, minutes,
seconds, frames. SMPTE has no document for the format; it is that of the CMX 3600 editor's manual.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from player.errors import ClipError
from player.timecode import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from player.clips.provenance import Provenance
    from player.timecode import Span

# An event has a number of three digits.
_MOST: Final = 999
# Where a timeline begins, by custom.
_BEGIN: Final = 3600
_DAY: Final = 24 * 3600


@dataclass(frozen=True)
class Event:
    """A passage in an edit list: its span, what it is called, what is known of it, and its recording's channels."""

    span: Span
    title: str
    said: Provenance
    channels: int


def edit_list(title: str, events: Sequence[Event], fps: str, gap: int) -> str:
    """Write events one after another, with ``gap`` milliseconds between two, at so many frames a second.

    :raise ClipError: where there are more than an edit list can number, or one is later than timecode goes.
    """
    if len(events) > _MOST:
        raise ClipError(f"an edit list has {_MOST} events at most, and these are {len(events)}; write several")
    lines = [f"TITLE: {_plain(title)}", "FCM: NON-DROP FRAME", ""]
    reels: dict[str, str] = {}
    clock = _Clock(fps)
    at, between = _BEGIN * clock.base, clock.frame(gap)
    for number, event in enumerate(events, 1):
        reel = reels.setdefault(event.said.recording, f"R{len(reels) + 1:03d}")
        first = clock.frame(event.span.start)
        # What is shorter than a frame is one.
        length = max(1, clock.frame(event.span.end) - first)
        times = " ".join(map(clock.timecode, (first, first + length, at, at + length)))
        track = "A" if event.channels == 1 else "AA"
        lines.append(f"{number:03d}  {reel:<8} {track:<5} C        {times}")
        lines += [f"* {name}: {_plain(text)}" for name, text in _comments(event) if text]
        at += length + between
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class _Clock:
    fps: str

    @property
    def rate(self) -> Fraction:
        """Give the frames a second: of those with decimals, video has a thousandth less than its timecode counts."""
        return Fraction(self.base * 1000, 1001) if "." in self.fps else Fraction(self.base)

    @property
    def base(self) -> int:
        """How many frames timecode counts as a second."""
        return round(float(self.fps))

    def frame(self, moment: int) -> int:
        """Give the frame that is nearest to a moment in milliseconds."""
        return int(moment * self.rate / SECOND + Fraction(1, 2))

    def timecode(self, frame: int) -> str:
        """Write a frame as ``01:00:02:12``.

        :raise ClipError: where that is a day or more.
        """
        seconds, left = divmod(frame, self.base)
        if seconds >= _DAY:
            raise ClipError("timecode ends after 24 hours, and a passage of this list is later; write several lists")
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}:{left:02d}"


def _comments(event: Event) -> Iterator[tuple[str, str | None]]:
    said = event.said
    yield "FROM CLIP NAME", said.media
    yield "SOURCE FILE", said.media
    yield "TITLE", event.title
    yield "NOT TO BE HANDED ON", "; ".join(said.closed or ())
    yield "NOTICE", said.notice
    yield "BEFORE YOU LISTEN", said.advice
    label = f"[{said.unchecked}] " if said.unchecked else ""
    yield "WORDS", (said.words and f"{label}{' '.join(said.words)}") or None
    yield "CITATION", said.citation


def _plain(text: str) -> str:
    """Write a text as one line, whatever is in it."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
