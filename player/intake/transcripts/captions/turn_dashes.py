"""Takes the dash from the head of turns whose voice the format names: Deepgram 2025 writes ``<v Speaker 0>- Yes.``"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from player.archive.transcript import Turn
from player.intake.transcripts.imported import Deed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.intake.transcripts.imported import ImportedLine
    from player.intake.transcripts.told import Told

_DASH: Final = "- "
#: Of fewer of the lines with a voice, a dash is of what is said.
_MOST: Final = 0.5


def without_dashes(lines: Sequence[ImportedLine], told: Told) -> list[ImportedLine]:
    """Give lines without the dashes that say what their voices say already: that somebody else speaks."""
    voiced = [line for line in lines if line.turns and line.turns[0].speaker is not None]
    dashed = [line for line in voiced if _is_dashed(line)]
    if not dashed or len(dashed) < _MOST * len(voiced):
        return list(lines)
    one, several = "dash before a turn whose voice is named", "dashes before turns whose voices are named"
    for line in dashed:
        told.add(Deed.LEFT_OUT, one, several, line.origin)
    return [_without(line) if _is_dashed(line) else line for line in lines]


def _is_dashed(line: ImportedLine) -> bool:
    """Tell whether a line is one turn, of a named voice, that begins with a dash."""
    return len(line.turns) == 1 and line.turns[0].speaker is not None and line.text.startswith(_DASH)


def _without(line: ImportedLine) -> ImportedLine:
    text = line.text.removeprefix(_DASH).lstrip()
    turns = (Turn(line.turns[0].speaker, text),)
    return replace(line, text=text, turns=turns, words=line.words[1:], word_confidences=line.word_confidences[1:])
