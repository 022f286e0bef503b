"""Reads what is said in a cue of WebVTT, also what a browser takes for a tag and is none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from player.archive.transcript import Turn
from player.archive.webvtt.payload import Payload, read_any, read_usual
from player.intake.transcripts.captions.captions import MARKUP, in_lines
from player.intake.transcripts.imported import Deed

if TYPE_CHECKING:
    from player.intake.transcripts.told import Told

_IN_BRACKETS: Final = re.compile(r"<([^<>]*)(>?)")
# What most lines with a voice are: it alone says all of it, and nothing is escaped.
_ONE_VOICE: Final = re.compile(r"<v ([^\s<>&]+(?: [^\s<>&]+)*)>([^<&]+)(?:</v>)?")
_TAG: Final = re.compile(r"/?(?:[bciuv]|lang|ruby|rt)(?:[.\s].*)?|[0-9]+:[0-9:.,]*", re.DOTALL)


def words_of(below: str, start: int, end: int, line: int, told: Told) -> Payload:
    """Read what stands below the times of a cue, which are on ``line`` of the file.

    Where no voice is named there are no turns. What a browser would drop as a tag that it does not know, or as one
    without an end, is words.
    """
    if "<" not in below and "&" not in below:
        return Payload(in_lines(below), (), ())
    if (voiced := _ONE_VOICE.fullmatch(below)) is not None:
        text = in_lines(voiced[2])
        return Payload(text, (Turn(voiced[1], text),) if text else (), ())

    def report(down: int, *_: str) -> None:
        what = "within words, which browsers drop"
        told.add(Deed.LEFT_OUT, f"tag or time {what}", f"tags or times {what}", line + 1 + down)

    read = read_usual(below, start, end)
    if read is None:
        read = read_any(_IN_BRACKETS.sub(lambda match: _bracket(match, line, told), below), start, end, report)
    text, turns, words = read
    if not any(turn.speaker for turn in turns):
        turns = ()
    if "\n" in text or text[:1].isspace() or text[-1:].isspace():
        whole = in_lines(text)
        if whole != text:
            turns = tuple(Turn(turn.speaker, in_lines(turn.text)) for turn in turns)
        text = whole
    return Payload(text, turns, words)


def _bracket(match: re.Match[str], line: int, told: Told) -> str:
    """Give what stands in angle brackets as it is where it is a tag of WebVTT, and as words where it is none."""
    inner, closes = match.groups()
    if closes and _TAG.fullmatch(inner):
        return match[0]
    if closes and MARKUP.fullmatch(match[0]):
        return "\n" if inner[:2].lower() == "br" else ""
    what = "in angle brackets, which browsers take for a tag, kept as words"
    told.add(Deed.MENDED, f"place {what}", f"places {what}", line)
    return f"&lt;{inner}&gt;" if closes else f"&lt;{inner}"
