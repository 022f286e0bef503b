"""Makes lines of the transcript of OHMS XML since version 6, which is WebVTT with footnotes in its comments.

``<c.1>`` is around what a footnote is to, ``<annotation ref="1">`` around the footnote, between the comments
ANNOTATIONS BEGIN and ANNOTATIONS END; ``<br>`` divides what is said.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from player.intake.transcripts.captions.vtt import read_text
from player.intake.transcripts.programs.ohms_index import plain

if TYPE_CHECKING:
    from pathlib import Path

    from player.intake.transcripts.imported import Imported

_ANNOTATIONS: Final = re.compile(r"NOTE[ \t]*\n?[ \t]*ANNOTATIONS BEGIN(.*?)(?:ANNOTATIONS END[^\n]*|\Z)", re.DOTALL)
_ANNOTATION: Final = re.compile(r'<annotation\s+ref="([^"<>]{1,20})"\s*>([^<]*(?:<(?!/?annotation)[^<]*)*)')
_BOUNDS: Final = re.compile(r"NOTE[ \t]*\n?[ \t]*TRANSCRIPTION (?:BEGIN|END)[^\n]*")
_BREAK: Final = re.compile(r"(?:[ \t]*<br[ \t]*/?>)+[ \t]*", re.IGNORECASE)
_REFERENCE: Final = re.compile(r"<c\.([0-9]{1,6})>")
_CUE: Final = re.compile(r"^[^\n]*-->", re.MULTILINE)


def read_vtt(path: Path, text: str, first_line: int) -> Imported:
    """Read such a transcript, of which the first line is ``first_line`` of the file."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    blank = len(text) - len(text.lstrip())
    first_line += text.count("\n", 0, blank)
    text = text[blank:]
    if not text.startswith("WEBVTT"):
        text, first_line = f"WEBVTT\n\n{text}", first_line - 2
    footnotes = {
        match[1]: plain(match[2]) for block in _ANNOTATIONS.finditer(text) for match in _ANNOTATION.finditer(block[1])
    }
    text = _ANNOTATIONS.sub(_emptied, text)
    text = _BOUNDS.sub(_emptied, text)
    cited = _cited(text, footnotes)
    found = read_text(path, _BREAK.sub(" ", text))
    move = first_line - 1
    lines = []
    for line in found.lines:
        notes = cited.get(line.origin or 0, ())
        origin = None if line.origin is None else line.origin + move
        lines.append(replace(line, origin=origin, comments=(*line.comments, *notes)))
    remarks = tuple(replace(each, lines=tuple(line + move for line in each.lines)) for each in found.remarks)
    return replace(found, lines=tuple(lines), remarks=remarks)


def _cited(text: str, footnotes: dict[str, str]) -> dict[int, tuple[str, ...]]:
    """Give the footnotes that each cue refers to, by the line of its times."""
    found: dict[int, tuple[str, ...]] = {}
    cues = [match.start() for match in _CUE.finditer(text)]
    line, before = 1, 0
    for place, start in enumerate(cues):
        line += text.count("\n", before, start)
        before = start
        end = cues[place + 1] if place + 1 < len(cues) else len(text)
        numbers = dict.fromkeys(_REFERENCE.findall(text, start, end))
        if numbers:
            found[line] = tuple(f"footnote {each}: {footnotes[each]}" for each in numbers if each in footnotes)
    return found


def _emptied(match: re.Match[str]) -> str:
    """Leave of a block its line ends."""
    return "\n" * match[0].count("\n")
