"""How words are pronounced that a model's dictionary lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phone_errors import by_names_of_letters, by_rules, held, kept, score

from player.align.letter_learning import SEED
from player.align.pronouncing import MODELS, WAYS
from player.align.word_parts import by_parts

if TYPE_CHECKING:
    from collections.abc import Iterator


def measure() -> Iterator[str]:
    """Give lines of figures, of the tenth of each dictionary from which the rules were not learned."""
    for model in MODELS.values():
        words = held(model)
        yield f"unknown words of {model} (a tenth of its dictionary, seed {SEED}), named letter by letter: " + str(
            score(model, words, by_names_of_letters(model))
        )
        for ways in range(1, WAYS + 1):
            yield f"  by rule, best of {ways}: {score(model, words, by_rules(model, ways))}"
        whole = [word for word in words if next(by_parts(word, kept(model)), None) is None]
        yield f"  of them those without a known part, as names: {score(model, whole, by_rules(model, WAYS))}"
