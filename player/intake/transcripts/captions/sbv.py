"""Reads SBV, in which YouTube hands captions out: a line with two times, ``0:00:01.000,0:00:02.500``, and what is said.

There is no specification (https://support.google.com/youtube/answer/2734698 has an example). ``[br]`` is a line break.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from player.intake.transcripts.captions.captions import finished, lines_below
from player.intake.transcripts.captions.moments import COMMAED, pattern
from player.intake.transcripts.decoding import beginning, decoded
from player.intake.transcripts.imported import Imported
from player.intake.transcripts.told import Told

if TYPE_CHECKING:
    from pathlib import Path

NAME: Final = "sbv"
SUFFIXES: Final = (".sbv",)

_TIMING: Final = pattern(COMMAED)


def is_one(path: Path, content: bytes) -> bool:  # noqa: ARG001  # as every reader has it
    """Tell whether a line near the beginning is two times with a comma between them."""
    return _TIMING.search(beginning(content)) is not None


def read(path: Path, content: bytes) -> Imported:
    """Read a file.

    :raise ArchiveError: where it cannot be read; then nothing of it is.
    """
    text, remarks = decoded(path, content)
    told = Told()
    found = finished(path, lines_below(path, text, _TIMING, told), told)
    return Imported("SBV", found.lines, (*remarks, *found.remarks))
