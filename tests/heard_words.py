"""Judges words that a recogniser wrote by those that are said: which were found, how far off, which it should doubt."""

from __future__ import annotations

import re
import statistics
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from player.archive.line_marks import doubtful

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dialogues import Line

    from player.archive.transcript import Cue


@dataclass(frozen=True)
class Word:
    """A word as it is compared, when it begins in milliseconds, and whether the machine doubts it."""

    said: str
    start: int | None
    is_doubtful: bool = False


@dataclass(frozen=True)
class Hearing:
    """Of ``said`` words ``found`` were written, as those that are said; ``others`` were not, and doubted if so."""

    said: int
    written: int
    found: int
    errors: tuple[int, ...]
    wrong: int
    wrong_and_doubted: int
    right_and_doubted: int

    @property
    def share_found(self) -> float:
        """Give the share of the words said that were written, in percent."""
        return 100 * self.found / self.said if self.said else 0.0

    @property
    def mean(self) -> float:
        """Give how far off the starts of those are, in milliseconds."""
        return statistics.fmean(map(abs, self.errors)) if self.errors else 0.0


def compare(lines: Sequence[Line], words: Sequence[Word]) -> Hearing:
    """Set the words that were written beside those that are said."""
    truth = [
        Word(_folded(token), start)
        for line in lines
        for token, start in zip(line.text.split(), line.starts, strict=True)
        if _folded(token)
    ]
    pairs = SequenceMatcher(None, [word.said for word in truth], [word.said for word in words], autojunk=False)
    errors: list[int] = []
    matched: set[int] = set()
    for first, second, length in pairs.get_matching_blocks():
        for true, own in zip(truth[first : first + length], range(second, second + length), strict=True):
            matched.add(own)
            start = words[own].start
            if start is not None and true.start is not None:
                errors.append(start - true.start)
    wrong = [word for number, word in enumerate(words) if number not in matched]
    return Hearing(
        said=len(truth),
        written=len(words),
        found=len(matched),
        errors=tuple(errors),
        wrong=len(wrong),
        wrong_and_doubted=sum(word.is_doubtful for word in wrong),
        right_and_doubted=sum(words[number].is_doubtful for number in matched),
    )


def written(cues: Sequence[Cue]) -> list[Word]:
    """Give the words of a transcript."""
    words = []
    for cue in cues:
        tokens = cue.text.split()
        doubts = doubtful(cue)
        for number, (token, after) in enumerate(zip(tokens, cue.words or (None,) * len(tokens), strict=True)):
            if _folded(token):
                start = None if after is None else cue.start + after
                words.append(Word(_folded(token), start, number in doubts))
    return words


def spread(words: Sequence[Word], duration: int) -> list[Word]:
    """Spread words by their letters over the whole sound: the control."""
    scale = duration / max(1, sum(len(word.said) + 1 for word in words))
    placed, reached = [], 0
    for word in words:
        placed.append(Word(word.said, round(reached * scale), word.is_doubtful))
        reached += len(word.said) + 1
    return placed


def _folded(token: str) -> str:
    return re.sub(r"[^\w]", "", token.casefold())
