"""Learns rules of how letters sound from a model's dictionary: ``python -m player.align.letter_learning en-us``.

Each word's letters are first set beside its sounds, a letter having none, one or two of them, by what goes together
most often (Viterbi training). Then, of each letter, what it sounds like is noted between ever more of its neighbours,
as long as that changes anything (see ``letter_rules.py``). A tenth of the words is left out, so that the rules
can be measured on them.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from hashlib import blake2b
from math import inf, log
from typing import TYPE_CHECKING, Final

from player.align.letter_rules import WIDTHS, Phones, contexts
from player.align.pronouncing import dictionary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

#: Which tenth of the words is held out: change it to draw another one.
SEED: Final = 1963
_PARTS: Final = 10

# A rule is noted for so many words at least: fewer are as often names that nobody pronounces by rule.
_FEWEST: Final[dict[str, int]] = {"en-us": 3, "fr-fr": 2}
# A second choice is noted where the first is at most so many times likelier.
_ODDS: Final = 8
# Training: how often over how many words; what a pairing that was never seen costs, in nats.
_ROUNDS, _SAMPLE, _UNSEEN = 5, 15_000, 12.0
# Words whose pairing costs more than this for each letter are abbreviations ("mt"), not spelled by sound.
_SPELLED: Final = 2.5

_Costs = dict[str, dict[Phones, float]]
_Pair = tuple[str, Phones]


def held_out(word: str) -> bool:
    """Whether a word is of the tenth that rules are not learned from."""
    digest = blake2b(f"{SEED}:{word}".encode(), digest_size=4).digest()
    return int.from_bytes(digest) % _PARTS == 0


def pairs(model: str) -> list[_Pair]:
    """Give the words of a model's dictionary that are small letters and no more, with their first pronunciation."""
    return [
        (word, tuple(ways[0].split()))
        for word, ways in sorted(dictionary(model).items())
        if word.isalpha() and word.islower()
    ]


def learned(model: str) -> Iterator[str]:
    """Learn the rules of a model: the lines of its file."""
    words = [pair for pair in pairs(model) if not held_out(pair[0])]
    costs = _trained(words)
    seen: dict[str, Counter[Phones]] = defaultdict(Counter)
    for word, phones in words:
        cost, sounds = _beside(word, phones, costs)
        if cost <= _SPELLED * len(word):
            for place, sound in enumerate(sounds):
                for name in contexts(word, place):
                    seen[name][sound] += 1
    yield f"# How letters sound, learned from the dictionary of {model} without a tenth of its words (seed {SEED})."
    yield f"# Made by: python -m player.align.letter_learning {model}"
    for name in sorted(_needed(seen, _FEWEST[model])):
        yield f"{name} {_written(seen[name])}".rstrip()


def _trained(words: Sequence[_Pair]) -> _Costs:
    """Find what it costs, as minus the logarithm of how often it happens, that a letter has certain sounds."""
    sample = words[:: max(1, len(words) // _SAMPLE)]
    together: dict[str, Counter[Phones]] = {letter: Counter() for word, _ in words for letter in word}
    for word, phones in sample:
        near = 1 / len(word)
        for place, letter in enumerate(word):
            for index in range(len(phones)):
                if abs((place + 0.5) / len(word) - (index + 0.5) / len(phones)) < near:
                    together[letter][phones[index : index + 1]] += 1
    for counts in together.values():
        counts[()] = counts.total() // 10 + 1
    for _ in range(_ROUNDS):
        costs = {letter: _cost(counts) for letter, counts in together.items()}
        together = {letter: Counter({(): 1}) for letter in together}
        for word, phones in sample:
            for letter, sound in zip(word, _beside(word, phones, costs)[1], strict=False):
                together[letter][sound] += 1
    return costs


def _cost(counts: Counter[Phones]) -> dict[Phones, float]:
    total = counts.total()
    return {sound: -log(count / total) for sound, count in counts.items()}


def _beside(word: str, phones: Phones, costs: _Costs) -> tuple[float, list[Phones]]:
    """Set the letters of a word beside its sounds at the least cost: an infinite one where there are too many."""
    best = [[inf] * (len(phones) + 1) for _ in range(len(word) + 1)]
    taken = [[0] * (len(phones) + 1) for _ in range(len(word) + 1)]
    best[0][0] = 0.0
    for place, letter in enumerate(word):
        known, row, following, counts = costs[letter], best[place], best[place + 1], taken[place + 1]
        for index, cost in enumerate(row):
            if cost == inf:
                continue
            for count in range(min(2, len(phones) - index) + 1):
                total = cost + known.get(phones[index : index + count], _UNSEEN)
                if total < following[index + count]:
                    following[index + count], counts[index + count] = total, count
    sounds: list[Phones] = []
    index = len(phones)
    for place in range(len(word), 0, -1):
        count = taken[place][index]
        sounds.append(phones[index - count : index])
        index -= count
    return best[-1][-1], sounds[::-1]


def _needed(seen: Mapping[str, Counter[Phones]], fewest: int) -> set[str]:
    """Choose the rules that say something else than a wider one, and those on the way to them."""
    needed: set[str] = set()
    for name, counts in seen.items():
        if counts.total() < fewest and len(name) > len(".x"):
            continue
        above = wider(name)
        if above is None:
            needed.add(name)
        elif _first(seen[above]) != _first(counts):
            step: str | None = name
            while step is not None and step not in needed:
                needed.add(step)
                step = wider(step)
    return needed


def wider(name: str) -> str | None:
    """Name the rule that looks at the next fewer letters; None for a letter alone."""
    before, _, rest = name.partition(".")
    width = WIDTHS.index((len(before), len(rest) - 1))
    if width == 0:
        return None
    fewer_before, fewer_after = WIDTHS[width - 1]
    return f"{before[len(before) - fewer_before :]}.{rest[: fewer_after + 1]}"


def _ranked(counts: Counter[Phones]) -> list[tuple[Phones, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _first(counts: Counter[Phones]) -> Phones:
    return _ranked(counts)[0][0]


def _written(counts: Counter[Phones]) -> str:
    (first, most), *others = _ranked(counts)
    if not others or most > _ODDS * others[0][1]:
        return " ".join(first)
    second, count = others[0]
    return f"{' '.join(first)}|{most / count:.1f} {' '.join(second)}"


if __name__ == "__main__":
    print("\n".join(learned(sys.argv[1])))  # noqa: T201  # what is asked for
