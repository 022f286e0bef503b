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
# Captions whose first lines are the last of the one before, where nothing else shows that they roll. In what is only
# said twice there are two soon: "No." and "No.\nI was at home."
_FEWEST: Final = 3
# Of those with several lines, how many do so where captions roll: after a pause some do not. Of all captions, so many
# where nothing else shows it.
_MOST: Final = 0.6


def unrolled(lines: Sequence[ImportedLine]) -> tuple[list[ImportedLine], tuple[Remark, ...]]:
    """Give captions with what each says first, where they roll; else the same. Empty ones, which clear the screen, go.

    What is really said twice has times of its own, and stays; so does what another voice says.
    """
    shown = [line for line in lines if line.text]
    if not _roll(shown):
        return shown, ()
    kept: list[ImportedLine] = []
    again: list[int] = []
    before: ImportedLine | None = None
    is_cleared = True
    for line in lines:
        if not line.text:
            is_cleared = True
            continue
        texts = line.text.split("\n")
        common = 0 if before is None else _common(before, line)
        if common == len(texts) and before is not None and (is_cleared or _is_new(line, before)):
            common -= 1
        if common < len(texts):
            kept.append(_without(line, texts, common))
        if common and line.origin is not None:
            again.append(line.origin)
        before = line
        is_cleared = False
    what = f"what {len(again):,} captions say again, because they roll up the screen"
    return kept, (Remark(Deed.LEFT_OUT, what, tuple(again)),)


def _roll(lines: Sequence[ImportedLine]) -> bool:
    """Tell whether captions roll: most that have several lines begin with the last ones of the caption before.

    For most of these their times show it too; else nearly every caption has to do so.
    """
    several = rolled = signs = 0
    for before, line in pairwise(lines):
        if "\n" not in line.text:
            continue
        several += 1
        texts = line.text.split("\n")
        common = _common(before, line)
        if not 0 < common < len(texts):
            continue
        rolled += 1
        # Words that are timed below words that are not; or what is above was there by itself for a moment.
        is_timed = bool(line.words) and not any(_of(line.words, texts, 0, common)[1:])
        signs += is_timed or _is_moving(before)
    if not rolled or rolled < _MOST * several:
        return False
    return 2 * signs >= rolled or rolled >= max(_FEWEST, _MOST * (len(lines) - 1))


def _common(before: ImportedLine, line: ImportedLine) -> int:
    """Count the lines at the beginning of a caption that are the last ones of the caption before, in the same voice."""
    above, texts = before.text.split("\n"), line.text.split("\n")
    for count in range(min(len(above), len(texts)), 0, -1):
        if above[-count:] == texts[:count] and (
            not (before.turns or line.turns) or _voices(before)[-count:] == _voices(line)[:count]
        ):
            return count
    return 0


def _voices(line: ImportedLine) -> list[list[str | None]]:
    """Give for each of the lines of a caption the voices that say it; none where none is known."""
    found: list[list[str | None]] = [[] for _ in range(line.text.count("\n") + 1)]
    at = row = 0
    for turn in line.turns:
        begins = max(line.text.find(turn.text, at), at)
        row += line.text.count("\n", at, begins)
        last = row + turn.text.count("\n")
        for each in found[row : last + 1]:
            each.append(turn.speaker)
        at, row = begins + len(turn.text), last
    return found


def _is_new(line: ImportedLine, before: ImportedLine) -> bool:
    """Tell whether a caption that shows nothing but what was there says its last line again.

    Its words have times of their own; or it shows all of several lines for longer than a moment: one would have rolled
    away if nothing had been said. A line alone below which nothing was, is the same one only after a moment.
    """
    texts = line.text.split("\n")
    if any(_of(line.words, texts, len(texts) - 1, len(texts))[1:]):
        return True
    if _is_moving(line) or len(texts) != before.text.count("\n") + 1:
        return False
    return len(texts) > 1 or not _is_moving(before)


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
