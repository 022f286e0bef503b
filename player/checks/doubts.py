"""Advises on what people say of single words of a transcript, where it is not read: of words that are others now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from player.archive.doubt_marks import DOUBTFUL
from player.archive.doubts import unread_marks
from player.errors import Advice, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from player.archive.transcript import Transcript


def doubt_advice(transcript: Transcript) -> Iterator[Advice]:
    """Give the marks of doubtful words, and of other readings, that are not read, and so not shown."""
    for line in transcript.lines:
        for comment, mark in unread_marks(line) if line.comments else ():
            example = (
                f'NOTE {DOUBTFUL} 2 "packet"' if comment.startswith(DOUBTFUL) else 'NOTE variant: 2 "packet": "pocket"'
            )
            what = f"line {line.id}: {quoted(comment)} is not read as a mark of words"
            remedy = f"write it as {example}; if it is no such mark, begin it with another word"
            if mark is not None:
                place = (
                    f"word {mark.first + 1}"
                    if mark.first == mark.last
                    else f"words {mark.first + 1} to {mark.last + 1}"
                )
                there = " ".join(line.text.split()[mark.first : mark.last + 1])
                now = f"there is {quoted(there)} now" if there else "the line has fewer words now"
                what = f"line {line.id}: {quoted(comment)} is of {place}, where {now}, and is not shown"
                remedy = "write the words as they are now, and their numbers, or remove it"
            yield Advice(transcript.path, line.line, what, remedy)
