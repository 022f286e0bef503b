"""Reads SubRip (.srt): a number, a line with two times, what is said, an empty line; as programs and people write it.

There is no specification (https://docs.fileformat.com/video/srt/ describes it). With a comma or a full stop, without
numbers or empty lines, with or without tags, in any usual encoding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from player.intake.transcripts.captions.captions import finished, lines_below
from player.intake.transcripts.captions.moments import ARROWED, UNREADABLE, pattern
from player.intake.transcripts.decoding import beginning, decoded
from player.intake.transcripts.imported import Imported
from player.intake.transcripts.told import Told

if TYPE_CHECKING:
    from pathlib import Path

NAME: Final = "srt"
SUFFIXES: Final = (".srt",)

_TIMING: Final = pattern(ARROWED)
_LIKE_A_TIMING: Final = pattern(f"(?:{ARROWED}|{UNREADABLE})")


def is_one(path: Path, content: bytes) -> bool:
    """Tell whether a line near the beginning has two times with an arrow between them."""
    return _TIMING.search(beginning(content)) is not None and path.suffix.lower() != ".vtt"


def read(path: Path, content: bytes) -> Imported:
    """Read a file.

    :raise ArchiveError: where it cannot be read; then nothing of it is.
    """
    text, remarks = decoded(path, content)
    told = Told()
    found = finished(path, lines_below(path, text, _LIKE_A_TIMING, told, are_numbered=True), told)
    return Imported("SubRip", found.lines, (*remarks, *found.remarks))
