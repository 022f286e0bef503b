"""Takes captions apart that roll up a screen, as YouTube's automatic ones do, so that each line is said once.

There each line is written three times: with the times of its words, below the line before it; by itself, for 10
milliseconds; and above the line after it.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from player.archive.transcript import Turn
from player.intake.transcripts.imported import Deed, Remark

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from player.intake.transcripts.imported import ImportedLine

#: Milliseconds that a caption lasts which only moves what is on the screen; YouTube's last 10.
_MOVE: Final = 20
# Captions whose first lines are the last of the one before, where nothing else shows that they roll.
_FEWEST: Final = 2
# Of those with several lines, how many do so where captions roll: after a pause some do not.
_MOST: Final = 0.6


def unrolled(lines: Sequence[ImportedLine]) -> tuple[list[ImportedLine], tuple[Remark, ...]]:
    """Give captions with what each says first, where they roll; else the same. Empty ones, which clear the screen, go.

    What is really said twice has times of its own, and stays.
    """
    shown = [line for line in lines if line.text]
    if not _roll(shown):
        return shown, ()
    kept: list[ImportedLine] = []
    again: list[int] = []
    before: list[str] = []
    is_cleared = True
    for line in lines:
        if not line.text:
            is_cleared = True
            continue
        texts = line.text.split("\n")
        common = _common(before, texts)
        if common == len(texts) and (is_cleared or _is_new(line, before)):
            common -= 1
        if common < len(texts):
            kept.append(_without(line, texts, common))
        if common and line.origin is not None:
            again.append(line.origin)
        before = texts
        is_cleared = False
    what = f"what {len(again):,} captions say again, because they roll up the screen"
    return kept, (Remark(Deed.LEFT_OUT, what, tuple(again)),)


def _roll(lines: Sequence[ImportedLine]) -> bool:
    """Tell whether captions roll: most that have several lines begin with the last ones of the caption before."""
    several = rolled = signs = 0
    for before, line in pairwise(lines):
        if "\n" not in line.text:
            continue
        several += 1
        texts = line.text.split("\n")
        common = _common(before.text.split("\n"), texts)
        if not 0 < common < len(texts):
            continue
        rolled += 1
        # Words that are timed below words that are not; or what is above was there by itself for a moment.
        is_timed = bool(line.words) and not any(_of(line.words, texts, 0, common)[1:])
        signs += is_timed or _is_moving(before)
    return rolled >= _MOST * several and rolled > 0 and (signs > 0 or rolled >= _FEWEST)


def _common(before: Sequence[str], texts: Sequence[str]) -> int:
    """Count the lines at the beginning of a caption that are the last ones of the caption before."""
    for count in range(min(len(before), len(texts)), 0, -1):
        if before[-count:] == texts[:count]:
            return count
    return 0


def _is_new(line: ImportedLine, before: Sequence[str]) -> bool:
    """Tell whether a caption that shows nothing but what was there says its last line again.

    Its words have times of their own; or it shows all of several lines for longer than a moment: one would have rolled
    away if nothing had been said.
    """
    texts = line.text.split("\n")
    if any(_of(line.words, texts, len(texts) - 1, len(texts))[1:]):
        return True
    return len(texts) > 1 and len(texts) == len(before) and not _is_moving(line)


def _is_moving(line: ImportedLine) -> bool:
    return line.start is not None and line.end is not None and line.end - line.start <= _MOVE


def _without(line: ImportedLine, texts: Sequence[str], count: int) -> ImportedLine:
    """Give a caption without its first lines."""
    if not count:
        return line
    words = _of(line.words, texts, count, len(texts))
    words = (words[0] or 0, *words[1:]) if any(time is not None for time in words) else ()
    text = "\n".join(texts[count:])
    return replace(line, text=text, words=words, turns=tuple(_turns(line, len(line.text) - len(text))))


def _turns(line: ImportedLine, begins: int) -> Iterator[Turn]:
    """Give what each voice says in a caption from a place of its text on."""
    at = 0
    for turn in line.turns:
        at = line.text.find(turn.text, at)
        text = line.text[max(at, begins) : at + len(turn.text)].strip()
        at += len(turn.text)
        if text:
            yield Turn(turn.speaker, text)


def _of(words: Sequence[int | None], texts: Sequence[str], first: int, last: int) -> tuple[int | None, ...]:
    """Give the times of the words in some of the lines of a caption."""
    if not words:
        return ()
    start = sum(len(text.split()) for text in texts[:first])
    return tuple(words[start : start + sum(len(text.split()) for text in texts[first:last])])
