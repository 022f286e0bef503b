"""Measures how well words are pronounced that the rules were not learned from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from player.align.letter_learning import held_out, pairs
from player.align.pronouncing import by_rule, dictionary

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from player.align.letter_rules import Phones


@dataclass(frozen=True)
class Score:
    """Of ``words`` words, how many phones of a hundred are wrong in the best of the ways; how many words are right."""

    words: int
    phone_error_rate: float
    right: float

    def __str__(self) -> str:
        return (
            f"{self.phone_error_rate:.1f} % of phones wrong, {self.right:.0f} % of words right, of {self.words:,} words"
        )


@cache
def held(model: str) -> tuple[str, ...]:
    return tuple(word for word, _ in pairs(model) if held_out(word))


@cache
def kept(model: str) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({word: ways for word, ways in dictionary(model).items() if not held_out(word)})


def by_rules(model: str, ways: int) -> Callable[[str], Sequence[Phones]]:
    return lambda word: by_rule(word, model, kept(model))[:ways]


def by_names_of_letters(model: str) -> Callable[[str], Sequence[Phones]]:
    names = {word.removesuffix("."): ways[0].split() for word, ways in dictionary(model).items() if len(word) == 1}
    return lambda word: [tuple(phone for letter in word for phone in names.get(letter, ()))]


def score(model: str, words: Sequence[str], pronounced: Callable[[str], Sequence[Phones]]) -> Score:
    wrong = phones = right = 0
    for word in words:
        true = [tuple(way.split()) for way in dictionary(model)[word]]
        errors, length = min((_distance(way, said), len(way)) for way in true for said in pronounced(word) or [()])
        wrong += errors
        phones += length
        right += errors == 0
    return Score(len(words), 100 * wrong / phones, 100 * right / len(words))


def _distance(one: Sequence[str], other: Sequence[str]) -> int:
    """Count the phones to be changed, added or left out (Levenshtein)."""
    row = list(range(len(other) + 1))
    for count, phone in enumerate(one, 1):
        following = [count]
        for place, there in enumerate(other):
            following.append(min(row[place + 1] + 1, following[-1] + 1, row[place] + (phone != there)))
        row = following
    return row[-1]
