"""Reads what producers of WebVTT say in comments: how sure they are of a line, its language, how long the sound is.

Everything else in a comment is kept with the line below it, as ``player.archive.webvtt.comments`` reads it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from player.archive.webvtt.comments import Comments
from player.publish.transcripts.webvtt_head import TOLD_FIRST
from player.timecode import HOUR, MINUTE, SECOND

if TYPE_CHECKING:
    from player.archive.webvtt.blocks import Block
    from player.archive.webvtt.comments import About

_SAYS: Final = re.compile(
    r'(?P<key>word confidence|confidence|language|duration)[\t ]*:[\t ]*"?(?P<value>[^"]*)"?[\t ]*', re.IGNORECASE
)
_SURE: Final = re.compile(r"[01](?:\.[0-9]{1,20})?|\.[0-9]{1,20}")
_LENGTH: Final = re.compile(r"([0-9]{1,4}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?")
_UNKNOWN: Final = "-"


class Asides:
    """Collects the comments of a file, and gives those above a line."""

    def __init__(self) -> None:
        self._others = Comments(lambda *_: None)
        self.language: str | None = None
        self.length: int | None = None
        self.is_sure_of_any = False
        #: What has to be known of the recording, as this program puts it into a file that it sends.
        self.notices: list[str] = []
        self._confidence: float | None = None
        self._of_words: tuple[float | None, ...] = ()

    def add(self, block: Block) -> None:
        """Read a comment that is no line itself."""
        said = [line.removeprefix("NOTE").strip() for line in block.lines]
        if len(said) == 1 and said[0].startswith(TOLD_FIRST):
            self.notices.append(said[0].removeprefix(TOLD_FIRST).strip())
            return
        known = [match for match in map(_SAYS.fullmatch, filter(None, said)) if match is not None]
        if not known or len(known) < len(list(filter(None, said))):
            self._others.add(block)
            return
        if not all(self._read(match["key"].lower(), match["value"].strip()) for match in known):
            self._others.add(block)

    def _read(self, key: str, value: str) -> bool:
        """Take what a comment says; tell whether it can be read."""
        if key == "confidence":
            self._confidence = _sure(value)
            self.is_sure_of_any = True
            return self._confidence is not None
        if key == "word confidence":
            words = value.split()
            self._of_words = tuple(map(_sure, words))
            self.is_sure_of_any = True
            return all(sure is not None or word == _UNKNOWN for sure, word in zip(self._of_words, words, strict=True))
        if key == "language":
            self.language = value
            return True
        self.length = _length(value)
        return self.length is not None

    def for_line(self, *, is_timed: bool) -> About:
        """Give what is said of the line below, and forget it."""
        return self._others.for_cue() if is_timed else self._others.for_untimed()

    def confidence(self, text: str) -> tuple[float | None, tuple[float | None, ...]]:
        """Give how sure the producer is of the line below, which says ``text``, and of its words; and forget it."""
        sure, self._confidence = self._confidence, None
        each, self._of_words = self._of_words, ()
        return sure, each if len(each) == len(text.split()) else ()


def _sure(text: str) -> float | None:
    if _SURE.fullmatch(text) is None:
        return None
    number = float(text)
    return number if number <= 1 else None


def _length(text: str) -> int | None:
    match = _LENGTH.fullmatch(text)
    if match is None:
        return None
    hours, minutes, seconds, fraction = match.groups("0")
    return int(hours) * HOUR + int(minutes) * MINUTE + int(seconds) * SECOND + int(fraction[:3].ljust(3, "0"))
