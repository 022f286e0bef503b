"""Reads the transcript of a podcast as JSON: ``segments`` with ``startTime``, ``endTime``, ``body`` and ``speaker``.

A segment is a sentence or a single word, as its producer has it.
https://github.com/Podcastindex-org/podcast-namespace/blob/main/transcripts/transcripts.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from player.intake.transcripts.cleaning import name_of
from player.intake.transcripts.imported import Imported
from player.intake.transcripts.programs.json_values import looks_like, moment, nothing, parsed, string, table, tables
from player.intake.transcripts.programs.words import Word, are_single, line_of, lines_of
from player.intake.transcripts.told import Told

if TYPE_CHECKING:
    from pathlib import Path

NAME: Final = "podcast"
SUFFIXES: Final = (".json",)


def is_one(path: Path, content: bytes) -> bool:  # noqa: ARG001  # the name says nothing
    """Tell whether a file seems to be such a transcript."""
    return looks_like(content, b'"segments"', b'"startTime"', b'"body"')


def read(path: Path, content: bytes) -> Imported:
    """Read a file."""
    told = Told()
    words = [
        Word(
            string(each.get("body")),
            moment(each.get("startTime"), told),
            moment(each.get("endTime"), told),
            speaker=name_of(string(each.get("speaker"))),
        )
        for each in tables(table(parsed(path, content, told)).get("segments"))
    ]
    if are_single([word.text for word in words]):
        lines = tuple(lines_of(words, told))
    else:
        made = (
            line_of((), told, text=word.text, start=word.start, end=word.end, speaker=word.speaker) for word in words
        )
        lines = tuple(line for line in made if line is not None)
        told.left_out("line without words", "lines without words", count=len(words) - len(lines))
    if not lines:
        raise nothing(path, "such a transcript has segments with a body")
    return Imported("JSON of a podcast", lines, told.remarks())
