"""Lines are placed where they are said, and nothing is placed that is not: by the command, in sounds of known truth.

Each sound takes about half a minute, so a few are drawn; ``make bench`` has them all.
"""

from __future__ import annotations

import os
import random
from itertools import product
from typing import TYPE_CHECKING, Any, Final

import dialogues
import hard_sounds
import pytest
from placed_score import LIMITS, MOST_WRONG, score, typed
from programs import program
from spoken_archive import place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dialogues import Name, Sound

pytestmark = pytest.mark.long

#: How many sounds of each kind are drawn, and from which number; 99 for all.
FEW: Final = int(os.environ.get("PLAYER_TEST_SOUNDS", "2"))
SEED: Final = os.environ.get("PLAYER_TEST_SEED", "1963")
NAMES: Final[tuple[Name, ...]] = ("reading", "harbour")
#: Sounds in which nobody says any of the lines.
OTHERS: Final[dict[str, Callable[[Name], Sound]]] = {
    "noise": lambda _: dialogues.noise_alone(120),
    "hiss and silence": lambda _: dialogues.hiss_and_silence(300),
    "another recording": lambda name: dialogues.dialogue(_other(name)),
    "another recording in noise": lambda name: dialogues.dialogue(_other(name), 10),
}


def _other(name: Name) -> Name:
    return "harbour" if name == "reading" else "reading"


def drawn(*kinds: Iterable[Any]) -> list[tuple[Any, ...]]:
    """Draw a few of the cases that these kinds make; the same in each process that collects tests."""
    cases = list(product(*kinds))
    return random.Random(f"{SEED}{cases}").sample(cases, min(FEW, len(cases)))  # noqa: S311  # which, not a secret


@pytest.fixture(autouse=True)
def _flite() -> None:
    program("flite")


@pytest.mark.parametrize(("name", "snr"), drawn(NAMES, LIMITS))
def test_words_are_as_near_to_the_truth_as_was_promised(name: Name, snr: float | None) -> None:
    sound = dialogues.dialogue(name, snr)
    found = score(sound.lines, place(typed(sound.lines), sound.path))
    most, least = LIMITS[snr]
    assert found.mean <= most
    assert found.share_placed >= least
    assert found.share_wrong <= MOST_WRONG, found.wrong


@pytest.mark.parametrize(("name", "snr"), drawn(hard_sounds.CASES, (None, 10)))
def test_in_a_sound_that_misleads_what_is_placed_is_right(name: str, snr: float | None) -> None:
    case = hard_sounds.CASES[name](snr)
    found = case.score(place(typed(case.lines), case.sound.path))
    assert (found.wrong, found.unsaid) == ((), ())
    assert found.share_placed >= hard_sounds.FEWER.get(name, hard_sounds.LEAST)


@pytest.mark.parametrize(("name", "what"), drawn(NAMES, OTHERS))
def test_nothing_is_placed_where_nobody_says_it(name: Name, what: str) -> None:
    lines = typed(dialogues.dialogue(name).lines)
    placed = place(lines, OTHERS[what](name).path)
    assert [line.text for line, found in zip(lines, placed, strict=True) if found] == []
