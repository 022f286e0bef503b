"""Lines are placed where they are said, and nothing is placed that is not: by the command, in sounds of known truth.

Each sound takes about half a minute, so one of each kind is drawn; ``make bench`` has them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import dialogues
import hard_sounds
import pytest
from placed_score import LIMITS, MOST_WRONG, score, typed
from programs import program
from spoken_archive import place

if TYPE_CHECKING:
    from collections.abc import Callable

    from dialogues import Name, Sound

pytestmark = pytest.mark.long

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


@pytest.fixture(autouse=True)
def _flite() -> None:
    program("flite")


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("snr", LIMITS)
def test_words_are_as_near_to_the_truth_as_was_promised(name: Name, snr: float | None) -> None:
    sound = dialogues.dialogue(name, snr)
    found = score(sound.lines, place(typed(sound.lines), sound.path))
    most, least = LIMITS[snr]
    assert found.mean <= most
    assert found.share_placed >= least
    assert found.share_wrong <= MOST_WRONG, found.wrong


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", hard_sounds.CASES)
@pytest.mark.parametrize("snr", [None, 10])
def test_in_a_sound_that_misleads_what_is_placed_is_right(name: str, snr: float | None) -> None:
    case = hard_sounds.CASES[name](snr)
    found = case.score(place(typed(case.lines), case.sound.path))
    assert (found.wrong, found.unsaid) == ((), ())
    assert found.share_placed >= hard_sounds.FEWER.get(name, hard_sounds.LEAST)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("what", OTHERS)
def test_nothing_is_placed_where_nobody_says_it(name: Name, what: str) -> None:
    lines = typed(dialogues.dialogue(name).lines)
    placed = place(lines, OTHERS[what](name).path)
    assert [line.text for line, found in zip(lines, placed, strict=True) if found] == []
