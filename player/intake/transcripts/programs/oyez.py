"""Reads the transcripts of arguments that Oyez gives as JSON: sections of turns, each of a speaker and blocks of text.

Times are seconds; a block has no times of its words. The date stands in the title: ``Oral Argument - June 2, 1971``.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from player.intake.transcripts.cleaning import clean, name_of
from player.intake.transcripts.imported import Imported
from player.intake.transcripts.programs.json_values import looks_like, moment, nothing, parsed, string, table, tables
from player.intake.transcripts.programs.words import line_of
from player.intake.transcripts.told import Told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from player.intake.transcripts.imported import ImportedLine

NAME: Final = "oyez"
SUFFIXES: Final = (".json",)
_DATE: Final = re.compile(r"\b([A-Z][a-z]{2,8}) ([0-9]{1,2}), ([0-9]{4})\b")
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def is_one(path: Path, content: bytes) -> bool:  # noqa: ARG001  # the name says nothing
    """Tell whether a file seems to be Oyez's."""
    return looks_like(content, b'"turns"', b'"text_blocks"')


def read(path: Path, content: bytes) -> Imported:
    """Read a file."""
    told = Told()
    whole = table(parsed(path, content, told))
    transcript = table(whole.get("transcript")) or whole
    lines = tuple(
        line
        for section in tables(transcript.get("sections"))
        for turn in tables(section.get("turns"))
        for line in _turn(turn, told)
    )
    if not lines:
        raise nothing(path, "a transcript of Oyez has turns with blocks of text")
    occasion, case = clean(string(whole.get("title"))), clean(string(transcript.get("title")))
    title = ": ".join(dict.fromkeys(part for part in (case, occasion) if part))
    length = moment(transcript.get("duration"), told)
    return Imported(
        "JSON by Oyez",
        lines,
        told.remarks(),
        language="en",
        title=title or None,
        date=_date(occasion),
        length=length if length is not None and length > 0 else None,
    )


def _turn(turn: dict[str, object], told: Told) -> Iterator[ImportedLine]:
    speaker = name_of(string(table(turn.get("speaker")).get("name")))
    is_first = True
    for block in tables(turn.get("text_blocks")):
        start, end = moment(block.get("start"), told), moment(block.get("stop"), told)
        line = line_of((), told, text=string(block.get("text")), start=start, end=end, speaker=speaker)
        if line is None:
            told.left_out("block without words", "blocks without words")
            continue
        yield replace(line, opens_paragraph=is_first)
        is_first = False


def _date(text: str) -> str | None:
    match = _DATE.search(text)
    if match is None or match[1] not in _MONTHS:
        return None
    try:
        return dt.date(int(match[3]), _MONTHS.index(match[1]) + 1, int(match[2])).isoformat()
    except ValueError:
        return None
