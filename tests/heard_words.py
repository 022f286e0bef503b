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
    """A word as it is compared, when it begins in milliseconds, whether the machine doubts it, and where it stands.

    That is its line, and its number among the words of the line.
    """

    said: str
    start: int | None
    is_doubtful: bool = False
    place: tuple[str, int] = ("", 0)


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
    def median(self) -> float:
        """Give how far off the starts of those are, in milliseconds.

        A mean would tell of words that are the same by chance.
        """
        return statistics.median(map(abs, self.errors)) if self.errors else 0.0


def compare(lines: Sequence[Line], words: Sequence[Word]) -> Hearing:
    """Set the words that were written beside those that are said."""
    said = truth(lines)
    both = pairs(said, words)
    errors = []
    for true, own in both:
        begins, begun = said[true].start, words[own].start
        if begins is not None and begun is not None:
            errors.append(begun - begins)
    matched = {own for _, own in both}
    wrong = [word for number, word in enumerate(words) if number not in matched]
    return Hearing(
        said=len(said),
        written=len(words),
        found=len(matched),
        errors=tuple(errors),
        wrong=len(wrong),
        wrong_and_doubted=sum(word.is_doubtful for word in wrong),
        right_and_doubted=sum(words[number].is_doubtful for number in matched),
    )


def truth(lines: Sequence[Line]) -> list[Word]:
    """Give the words that are said."""
    return [
        Word(folded(token), start, place=(line.id, number))
        for line in lines
        for number, (token, start) in enumerate(zip(line.text.split(), line.starts, strict=True))
        if folded(token)
    ]


def pairs(said: Sequence[Word], words: Sequence[Word]) -> list[tuple[int, int]]:
    """Give the numbers of the words that are the same, in order."""
    matcher = SequenceMatcher(None, [word.said for word in said], [word.said for word in words], autojunk=False)
    blocks = matcher.get_matching_blocks()
    return [(first + step, second + step) for first, second, length in blocks for step in range(length)]


def written(cues: Sequence[Cue]) -> list[Word]:
    """Give the words of a transcript."""
    words = []
    for cue in cues:
        tokens = cue.text.split()
        doubts = doubtful(cue)
        for number, (token, after) in enumerate(zip(tokens, cue.words or (None,) * len(tokens), strict=True)):
            if folded(token):
                start = None if after is None else cue.start + after
                words.append(Word(folded(token), start, number in doubts, (cue.id, number)))
    return words


def spread(words: Sequence[Word], duration: int) -> list[Word]:
    """Spread words by their letters over the whole sound: the control."""
    scale = duration / max(1, sum(len(word.said) + 1 for word in words))
    placed, reached = [], 0
    for word in words:
        placed.append(Word(word.said, round(reached * scale), word.is_doubtful))
        reached += len(word.said) + 1
    return placed


def folded(token: str) -> str:
    """Give a word as it is compared: without marks, in small letters."""
    return re.sub(r"[^\w]", "", token.casefold())
