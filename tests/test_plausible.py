"""Words found in speech that is not theirs are left out: by their pace, and since nothing around them is near."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from player.align.asked import NotPlaced, Placed
from player.align.plausible import Loud, loud, plausible

if TYPE_CHECKING:
    from collections.abc import Callable

#: Four words of five phones each: 440 ms.
PHONES = (5, 5, 5, 5)
ALWAYS = Loud(np.arange(10_000))  # for 200 s


def line(start: int, *gaps: int) -> Placed:
    """Place four words so many milliseconds apart, the last of them as long."""
    words = [start]
    for gap in gaps:
        words.append(words[-1] + gap)
    return Placed(start, words[-1], tuple(words[:-1]), 1.0)


def steady(start: int) -> Placed:
    return line(start, 440, 440, 440, 440)


def kept(*lines: Placed | NotPlaced | None, sound: Loud = ALWAYS, fixed: tuple[int | None, ...] = ()) -> list[int]:
    """Give the numbers of the lines that stay placed."""
    found = plausible(lines, [PHONES] * len(lines), sound, fixed or [None] * len(lines))
    return [number for number, each in enumerate(found) if isinstance(each, Placed)]


def test_lines_that_follow_one_another_stay() -> None:
    assert kept(steady(1000), steady(3000), steady(6000), steady(9000)) == [0, 1, 2, 3]


def test_a_line_torn_apart_by_other_sound_is_left_out_and_one_with_a_pause_stays() -> None:
    torn = line(3000, 440, 440, 4440, 440)
    assert kept(steady(1000), torn, steady(11_000), steady(14_000)) == [0, 2, 3]
    heard = np.ones(10_000, np.int64)
    heard[4320 // 20 : 7900 // 20] = 0
    pausing = Loud(np.concatenate([[0], np.cumsum(heard)]))
    assert kept(steady(1000), torn, steady(11_000), steady(14_000), sound=pausing) == [0, 1, 2, 3]


def test_a_line_said_too_slowly_is_left_out() -> None:
    slow = line(3000, 850, 850, 850, 850)
    assert kept(steady(1000), slow, steady(8000), steady(10_000)) == [0, 2, 3]


def test_lines_far_from_all_others_are_left_out() -> None:
    lines: list[Placed | None] = [None] * 20
    lines[0], lines[2], lines[4] = steady(1000), steady(5000), steady(9000)
    lines[12], lines[19] = steady(60_000), steady(190_000)
    assert kept(*lines) == [0, 2, 4]


def test_what_a_person_has_timed_bears_out_what_is_beside_it() -> None:
    fixed = NotPlaced("it was timed before")
    assert kept(fixed, steady(3000), fixed, fixed, fixed) == []
    assert kept(fixed, steady(3000), fixed, fixed, fixed, fixed=(1000, None, 5000, None, None)) == [1]


def test_of_a_text_of_one_line_that_line_stays() -> None:
    assert kept(steady(5000)) == [0]


def test_short_lines_stand_beside_longer_ones_only() -> None:
    short = Placed(3000, 3440, (3000,), 1.0)
    tokens = [PHONES, (5,), PHONES]
    placed = (steady(1000), short, steady(5000))
    assert plausible(placed, tokens, ALWAYS, [None] * 3) == list(placed)
    alone = [replace(short, start=at, end=at + 440, words=(at,)) for at in (1000, 3000, 5000)]
    assert plausible(alone, [(5,)] * 3, ALWAYS, [None] * 3) == [None] * 3


@dataclass
class Held:
    """What ``loud`` wants of samples."""

    sound: Any

    def mapped(self) -> tuple[Any, Callable[[], object]]:
        return self.sound, lambda: None


@pytest.mark.parametrize("noise", [0, 30, 1000])
def test_what_is_louder_than_what_goes_on_all_the_time_is_heard(noise: int) -> None:
    sound = np.random.default_rng(1).normal(0, 1, 10 * 16_000) * noise
    sound[3 * 16_000 : 5 * 16_000] += 4000 * np.sin(np.arange(2 * 16_000))
    sound[52 * 1600 : 60 * 1600] += 4000 * np.sin(np.arange(8 * 1600))  # a fifth of a second later
    heard = loud(Held(sound.astype(np.int16)))  # type: ignore[arg-type]  # no file is needed
    assert heard.within(0, 2900) == 0
    assert heard.within(3000, 6000) == pytest.approx(3000, abs=40)
    assert heard.within(6100, 20_000) == 0


def test_of_a_sound_shorter_than_a_frame_nothing_is_heard() -> None:
    assert loud(Held(np.zeros(100, np.int16))).within(0, 1000) == 0  # type: ignore[arg-type]  # as above
