"""Turns letters into sounds by rules that were learned from a model's own dictionary.

A rule says how a letter sounds between others: "n.ght" is the letter g with an n before and "ht" after it. Of the rules
that fit a letter, that with the most letters around it holds. What learns them is ``letter_learning.py``. The method is
Daelemans and van den Bosch, "Language-independent data-oriented grapheme-to-phoneme conversion" (1997).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: The sounds of a word, as the model names them.
Phones: TypeAlias = tuple[str, ...]

#: How many letters before and after it a rule looks at, the fewest first: what follows matters more.
WIDTHS: Final = ((0, 0), (0, 1), (1, 1), (1, 2), (1, 3), (2, 3), (2, 4), (3, 4), (3, 5), (4, 5))
#: Stands for the edge of a word, in as many places as a rule can look beyond it.
EDGE: Final = "_" * 5

# Of a word, so many of the likeliest second choices are tried, alone and in pairs.
_DOUBTS: Final = 3


@dataclass(frozen=True)
class Sound:
    """How a letter sounds by one rule; how it may sound otherwise, and how many times likelier the first is."""

    first: Phones
    second: Phones | None = None
    odds: float = 1.0


def contexts(word: str, place: int) -> Iterator[str]:
    """Give the names of the rules for the letter at ``place``, from the least to the most particular."""
    padded = f"{EDGE}{word}{EDGE}"
    middle = place + len(EDGE)
    for before, after in WIDTHS:
        yield f"{padded[middle - before : middle]}.{padded[middle : middle + after + 1]}"


def by_letters(word: str, model: str, ways: int) -> tuple[Phones, ...]:
    """Pronounce a word in small letters in at most so many ways, the likeliest first; none if a letter has no rule."""
    rules = rules_of(model)
    sounds: list[Sound] = []
    for place in range(len(word)):
        sound = None
        for name in contexts(word, place):
            if name not in rules:
                break
            sound = rules[name]
        if sound is None:
            return ()
        sounds.append(sound)
    doubtful = sorted((sound.odds, place) for place, sound in enumerate(sounds) if sound.second is not None)[:_DOUBTS]
    choices: list[tuple[float, frozenset[int]]] = [(1.0, frozenset())]
    choices += [(odds, frozenset({place})) for odds, place in doubtful]
    choices += [(a * b, frozenset({here, there})) for (a, here), (b, there) in combinations(doubtful, 2)]
    choices.sort(key=lambda choice: choice[0])
    said = dict.fromkeys(tuple(_said(sounds, changed)) for _, changed in choices)
    return tuple(phones for phones in said if phones)[:ways]


def _said(sounds: list[Sound], changed: frozenset[int]) -> Iterator[str]:
    for place, sound in enumerate(sounds):
        yield from (sound.second or () if place in changed else sound.first)


@cache
def rules_of(model: str) -> Mapping[str, Sound]:
    """Read the rules of a model, each line a rule's name and what it says: phones, and after a bar those of its second
    choice with the odds.
    """
    rules: dict[str, Sound] = {}
    seen: dict[str, Sound] = {}
    path = Path(__file__).with_name("letters") / f"{model}.txt"
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        name, _, sound = line.partition(" ")
        if sound not in seen:
            seen[sound] = _sound(sound)
        rules[name] = seen[sound]
    return MappingProxyType(rules)


def _sound(text: str) -> Sound:
    first, _, second = text.partition("|")
    odds, _, phones = second.partition(" ")
    return Sound(tuple(first.split()), tuple(phones.split()), float(odds)) if odds else Sound(tuple(first.split()))
