"""Writes what a row of a table has to say besides its cells, so that ``player import`` brings all of it back.

It is one cell, with a sign between any two::

    source: log, p. 2|doubtful: 2 "packet"|voice: 4 "Aye": Ben Reed|approximate|paragraph

Words are counted from 1, and the first of a voice is named, so that none is given to another where words were changed.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from player.archive.doubt_marks import Mark, written
from player.publish.transcripts.plain_signs import in_one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from player.archive.doubts import Doubt
    from player.archive.machine import MachineMade
    from player.publish.transcripts.exported_lines import ExportedLine

#: The column.
MARKS: Final = "marks"
SOURCE: Final = "source:"
VOICE: Final = "voice:"
MACHINE: Final = "machine:"
PARAGRAPH: Final = "paragraph"
APPROXIMATE: Final = "approximate"
CLOSED: Final = "closed"
TRANSLATED: Final = "translation"


def row_marks(line: ExportedLine, machine: MachineMade | None, *, is_translated: bool) -> Iterator[str]:
    """Give what is to be said of a line; of a ``machine`` that wrote the words, in each, since rows are taken out."""
    if line.is_closed:
        yield CLOSED
        return
    if is_translated:
        yield TRANSLATED
    if line.opens_paragraph:
        yield PARAGRAPH
    if line.is_approximate:
        yield APPROXIMATE
    for citation in line.citations:
        yield in_one_line(f"{SOURCE} {citation}")
    if len(line.turns) > 1:
        begin = 0
        for turn in line.turns:
            words = turn.text.split()
            yield f"{VOICE} {begin + 1} {json.dumps(words[0], ensure_ascii=False)}: {turn.speaker or ''}".rstrip()
            begin += len(words)
    words = line.text.split()
    for doubt in line.doubts:
        yield from _doubt(doubt, words)
    if machine is not None:
        yield in_one_line(f"{MACHINE} {machine}")


def _doubt(doubt: Doubt, words: Sequence[str]) -> Iterator[str]:
    named = " ".join(words[doubt.first : doubt.last + 1])
    if doubt.is_doubtful:
        yield written(Mark(doubt.first, doubt.last, named))
    for reading in doubt.readings:
        by = in_one_line(reading.by or "") or None
        if text := in_one_line(reading.text):
            yield written(Mark(doubt.first, doubt.last, named, text, by))
