"""Puts into a WebVTT file what has to be known before its words: each as a comment below its header.

Its cues and all else in it stay byte for byte as they are, and players show what they showed. What the file says above
its first line already is not said again; ``player import`` knows these comments, and leaves them out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from player.archive.webvtt.blocks import ARROW
from player.archive.webvtt.marking import above_lines, below_header

if TYPE_CHECKING:
    from collections.abc import Iterable

    from player.publish.transcripts.notices import Notice

#: What such a comment begins with.
TOLD_FIRST: Final = "told first:"


def with_notices(file: bytes, notices: Iterable[Notice]) -> bytes:
    """Give a file that says all of these."""
    said = [as_comment(str(notice)) for notice in notices]
    if not said:
        return file
    there = " ".join(above_lines(file).split())
    missing = [each for each in dict.fromkeys(said) if each not in there]
    return below_header(file, [f"{TOLD_FIRST} {each}" for each in missing]) if missing else file


def as_comment(notice: str) -> str:
    """Give a notice as a comment can have it: an arrow would end that."""
    return notice.replace(ARROW, "\N{RIGHTWARDS ARROW}")
