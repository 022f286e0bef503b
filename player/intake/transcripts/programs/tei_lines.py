"""Puts the lines of TEI together: what several voices say in one, and all in the order of their times."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from player.archive.doubt_marks import mark_of, written
from player.archive.transcript import Turn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.intake.transcripts.imported import ImportedLine


def joined(line: ImportedLine, turn: ImportedLine) -> ImportedLine:
    """Give a line in which another voice speaks as well."""
    turns = (*(line.turns or (Turn(None, line.text),)), *(turn.turns or (Turn(None, turn.text),)))
    before = len(line.text.split())
    moved = (_behind(comment, before) for comment in turn.comments)
    comments = tuple(dict.fromkeys((*line.comments, *moved)))
    return replace(line, text=f"{line.text}\n{turn.text}", turns=turns, words=(), comments=comments)


def _behind(comment: str, before: int) -> str:
    """Give what is said of words, counted from the first of the line, where so many stand before them."""
    mark = mark_of(comment)
    return comment if mark is None else written(replace(mark, first=mark.first + before, last=mark.last + before))


def in_order(lines: Sequence[ImportedLine]) -> list[ImportedLine]:
    """Put lines in the order of their starts; one without follows the one that it follows."""
    keyed, last = [], -1
    for line in lines:
        last = last if line.start is None else line.start
        keyed.append((last, line))
    return [line for _, line in sorted(keyed, key=lambda each: each[0])]
