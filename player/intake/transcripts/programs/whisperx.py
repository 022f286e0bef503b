"""Reads what WhisperX writes as JSON: segments with speakers, and words with times, scores and speakers of their own.

Words that could not be aligned, such as numbers, have no times. https://github.com/m-bain/whisperX
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from player.archive.machine import MachineMade
from player.intake.transcripts.cleaning import name_of
from player.intake.transcripts.imported import Imported
from player.intake.transcripts.language_tags import tag_of
from player.intake.transcripts.programs.json_values import looks_like, moment, nothing, parsed, string, table, tables
from player.intake.transcripts.programs.whisper import Segment, lines_of_segment, words_of
from player.intake.transcripts.programs.words import lines_of
from player.intake.transcripts.told import Told

if TYPE_CHECKING:
    from pathlib import Path

NAME: Final = "whisperx"
SUFFIXES: Final = (".json",)


def is_one(path: Path, content: bytes) -> bool:  # noqa: ARG001  # the name says nothing
    """Tell whether a file seems to be WhisperX's."""
    marks = (b'"segments"', b'"word_segments"'), (b'"segments"', b'"words"', b'"score"')
    return any(looks_like(content, *each) for each in marks)


def read(path: Path, content: bytes) -> Imported:
    """Read a file."""
    told = Told()
    document = parsed(path, content, told)
    whole = table(document)
    segments = tables(whole.get("segments"))
    lines = [
        line
        for each in segments
        for line in lines_of_segment(
            Segment(
                string(each.get("text")),
                moment(each.get("start"), told),
                moment(each.get("end"), told),
                name_of(string(each.get("speaker"))),
                None,
                words_of(each.get("words"), told),
            ),
            told,
        )
    ]
    if not lines:
        lines = list(lines_of(words_of(whole.get("word_segments"), told), told))
    if not lines:
        raise nothing(path, "a file of WhisperX's has segments with text")
    return Imported(
        "JSON by WhisperX",
        tuple(lines),
        told.remarks(),
        language=tag_of(whole.get("language")),
        machine=MachineMade("WhisperX"),
    )
