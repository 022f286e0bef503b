"""Reads the transcript of a podcast as JSON: ``segments`` with ``startTime``, ``endTime``, ``body`` and ``speaker``.

A segment is a sentence or a single word, as its producer has it.
https://github.com/Podcastindex-org/podcast-namespace/blob/main/transcripts/transcripts.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from player.archive.machine import UNKNOWN, MachineMade
from player.intake.transcripts.cleaning import name_of
from player.intake.transcripts.imported import Deed, Imported, Remark
from player.intake.transcripts.machines import UNTOLD
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
    # Nobody but a machine times each word. Who wrote sentences, this format does not say.
    is_by_machine = are_single([word.text for word in words])
    if is_by_machine:
        lines = tuple(lines_of(words, told))
    else:
        made = (
            line_of((), told, text=word.text, start=word.start, end=word.end, speaker=word.speaker) for word in words
        )
        lines = tuple(line for line in made if line is not None)
        told.left_out("line without words", "lines without words", count=len(words) - len(lines))
    if not lines:
        raise nothing(path, "such a transcript has segments with a body")
    remarks = told.remarks() if is_by_machine else (*told.remarks(), Remark(Deed.READ, UNTOLD))
    return Imported("JSON of a podcast", lines, remarks, machine=MachineMade(UNKNOWN) if is_by_machine else None)
