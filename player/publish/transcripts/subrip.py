"""Writes SubRip (.srt), which nearly all players and editors of video read; webvtt-py writes its frame.

There is no specification, and no escapes that every program reads. Some take ``<b>`` for a tag and lose it; one of
WebVTT that is made of the file by a program that leaves ``<`` bare loses all up to the next ``>``. So that no word is
lost anywhere, ``<`` is ``&lt;``, as are an arrow and what would be read as another sign; ``player import`` reads these.
"""

from __future__ import annotations

import html
import io
import re
from typing import TYPE_CHECKING, Final

from player.publish.transcripts.exported_lines import by_turn
from player.publish.transcripts.marked_words import DOUBTED, has_signs, marked
from player.timecode import SECOND, vtt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from player.publish.transcripts.exported import Exported
    from player.publish.transcripts.exported_lines import ExportedLine

# Of what stands above the first line, a reader sees as much as this lasts.
_HEAD: Final = 4 * SECOND
_ESCAPE: Final = re.compile(r"&#?\w{1,32};?")
# SubStation's overrides, which some programs take from the text: a word joiner keeps them in it.
_OVERRIDE: Final = re.compile(r"\{(?=\\)")


def write(exported: Exported) -> bytes:
    """Write the lines that are timed, below what has to be known first, each with who says it."""
    import webvtt  # noqa: PLC0415  # 20 ms, which whoever takes another form does not pay

    captions = [webvtt.Caption(vtt(start), vtt(end), escaped(text)) for start, end, text in spoken(exported)]
    out = io.StringIO()
    webvtt.WebVTT(captions=captions).write(out, format="srt")
    return f"{out.getvalue()}\n".encode()


def spoken(exported: Exported) -> Iterator[tuple[int, int, str]]:
    """Give captions: when each begins and ends, and what it says."""
    if told := head(exported):
        yield told
    for line in exported.timed:
        yield line.start or 0, line.until or 1, said(line)


def head(exported: Exported) -> tuple[int, int, str] | None:
    """Give a caption that says what has to be known first, in brackets as what nobody says; None where nothing has."""
    timed = list(exported.timed)
    told = [f"[{notice}]" for notice in exported.notices]
    if has_signs(timed, with_unsure=False):
        told.append(f"[{DOUBTED}]")
    if count := exported.untimed:
        what = (
            "1 line is not here: nobody has said when it is"
            if count == 1
            else (f"{count} lines are not here: nobody has said when they are")
        )
        told.append(f"[{what} said.]")
    if not told:
        return None
    first = next((line.start for line in timed if line.start), None)
    return 0, min(_HEAD, first) if first else _HEAD, "\n".join(told)


def said(line: ExportedLine) -> str:
    """Give what a caption says of a line: each turn below the other, with who says it."""
    return "\n".join(_turn(turn) for turn in by_turn(line))


def _turn(line: ExportedLine) -> str:
    text = marked(line, with_unsure=False)
    return f"{line.voices[0]}: {text}" if line.voices else text


def escaped(text: str) -> str:
    """Give a text so that no program takes anything in it for a tag, a time or a sign, and nothing is lost."""
    text = _ESCAPE.sub(lambda match: f"&amp;{match[0][1:]}" if html.unescape(match[0]) != match[0] else match[0], text)
    return _OVERRIDE.sub("{\N{WORD JOINER}", text.replace("<", "&lt;").replace("-->", "--&gt;"))
