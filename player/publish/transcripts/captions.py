"""Writes WebVTT as viewers of other sites take it: captions and nothing else, each with who says it.

The archive's own WebVTT has a header, comments, names of lines and the times of words, as the specification allows.
Ramp 3.3.0 takes such a file for an invalid one, and what shows captions as plain text shows the times of words in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from player.publish.transcripts.subrip import spoken
from player.timecode import vtt

if TYPE_CHECKING:
    from player.publish.transcripts.exported import Exported

_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def write(exported: Exported) -> bytes:
    """Write the lines that are timed, below what has to be known first."""
    captions = (f"{vtt(start)} --> {vtt(end)}\n{said.translate(_ESCAPES)}\n" for start, end, said in spoken(exported))
    return "\n".join(("WEBVTT\n", *captions)).encode()
