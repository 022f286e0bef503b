"""Reads the marks of a row as ``player.publish.transcripts.row_marks`` writes them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from player.archive.doubt_marks import is_mark, is_stale, mark_of
from player.archive.machine import UNKNOWN, MachineMade
from player.archive.references import parse_citation
from player.archive.transcript import Turn
from player.errors import quoted
from player.intake.transcripts.machines import machine_named
from player.publish.transcripts import row_marks
from player.spreadsheets import texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.archive.references import Citation

_VOICE: Final = re.compile(rf'{row_marks.VOICE} ([0-9]{{1,6}}) ("[^"\\]*(?:\\.[^"\\]*)*"):(?: (.*))?', re.DOTALL)
_AS_EXPORTED: Final = "write it as it was exported, or empty the cell"
_FLAGS: Final = (row_marks.PARAGRAPH, row_marks.APPROXIMATE, row_marks.CLOSED, row_marks.TRANSLATED)


class WrongMarkError(ValueError):
    """A mark cannot be read, or does not fit the words: what is wrong with it, and what to do."""


@dataclass
class Marks:
    """What the marks of a row say."""

    flags: set[str] = field(default_factory=set)
    citations: list[Citation] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    #: How many doubts are of other words than stand there now.
    stale: int = 0
    machine: MachineMade | None = None
    turns: tuple[Turn, ...] = ()


def marks_of(cell: str, words: Sequence[str]) -> Marks:
    """Read the marks of a row that says ``words``.

    :raise WrongMarkError: where one cannot be read.
    """
    found = Marks()
    voices: list[tuple[int, str]] = []
    for text in texts(cell):
        if text in _FLAGS:
            found.flags.add(text)
        elif text.startswith(row_marks.SOURCE) and (citation := parse_citation(text.removeprefix(row_marks.SOURCE))):
            found.citations.append(citation)
        elif text.startswith(row_marks.MACHINE):
            found.machine = machine_named(text.removeprefix(row_marks.MACHINE)) or MachineMade(UNKNOWN)
        elif is_mark(text) and (mark := mark_of(text)) is not None:
            if is_stale(mark, words):
                found.stale += 1
            else:
                found.doubts.append(text)
        elif (voice := _VOICE.fullmatch(text)) is not None:
            voices.append(_begin(text, voice, voices, words))
        else:
            raise WrongMarkError(f"the mark {quoted(text)} cannot be read", _AS_EXPORTED)
    if voices and voices[0][0]:
        raise WrongMarkError("the marks do not say who speaks first", _AS_EXPORTED)
    for at, (begin, name) in enumerate(voices):
        end = voices[at + 1][0] if at + 1 < len(voices) else len(words)
        found.turns = (*found.turns, Turn(name or None, " ".join(words[begin:end])))
    return found


def _begin(text: str, voice: re.Match[str], before: Sequence[tuple[int, str]], words: Sequence[str]) -> tuple[int, str]:
    """Give the word from which a voice speaks, counted from 0, and its name."""
    begin = int(voice[1]) - 1
    try:
        word = json.loads(voice[2])
    except ValueError:
        raise WrongMarkError(f"the mark {quoted(text)} cannot be read", _AS_EXPORTED) from None
    if not (before[-1][0] if before else -1) < begin < len(words) or words[begin] != word:
        what = f"the mark {quoted(text)} does not fit the words, which were changed"
        raise WrongMarkError(what, "correct its number and its word, or make a row of what each voice says")
    return begin, voice[3] or ""
