"""Compares the running words of two texts, however each is divided into lines, punctuated or written in capitals.

What is counted is the longest common subsequence of their words, by the bit-parallel method of M. Crochemore et al.,
"A fast and practical bit-vector algorithm for the longest common subsequence problem", Information Processing Letters
80 (2001), 279-285. Passages that were moved have that in common only once, so pairs of neighbours are counted beside.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from player.letters import parts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# The bit vectors of more words take seconds: of these it is counted only how many are the same, which are never fewer.
_MOST: Final = 200_000


class Common(NamedTuple):
    """How many words two texts have in common, and how many each of them has."""

    both: int
    new: int
    old: int

    @property
    def of_new(self) -> float:
        """The share of the new text that is in the old one, from 0 to 1."""
        return self.both / self.new if self.new else 0.0

    @property
    def of_old(self) -> float:
        """The share of the old text that is in the new one, from 0 to 1."""
        return self.both / self.old if self.old else 0.0


def common(new: Iterable[str], old: Iterable[str]) -> Common:
    """Count the words that two texts, each given as lines, have in common, folded as search folds them."""
    ours, theirs = ([word for line in lines for word in parts_of(line)] for lines in (new, old))
    if max(len(ours), len(theirs)) > _MOST:
        return Common((Counter(ours) & Counter(theirs)).total(), len(ours), len(theirs))
    pairs = (Counter(pairwise(ours)) & Counter(pairwise(theirs))).total()
    return Common(max(_longest(ours, theirs), pairs), len(ours), len(theirs))


def _longest(ours: Sequence[str], theirs: Sequence[str]) -> int:
    """Give the length of the longest common subsequence: a bit of ``row`` that is 0 is one of its words."""
    places: dict[str, int] = {}
    for number, word in enumerate(theirs):
        places[word] = places.get(word, 0) | 1 << number
    whole = (1 << len(theirs)) - 1
    row = whole
    for word in ours:
        if word in places:
            there = row & places[word]
            row = ((row + there) | (row - there)) & whole
    return len(theirs) - row.bit_count()
