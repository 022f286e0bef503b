"""A line is placed where two hear it, or where one that holds it for said finds that it fits as no other words do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from player.align.anchors import Heard
from player.align.confidence import Hearing, agreed

STARTS = (1000, 1300, 1600)
FREE = Hearing(STARTS, 2000, (1.0, 1.0, 1.0), 1.0)
FORCED = replace(FREE, is_forced=True)
UNHEARD = replace(FREE, starts=(0, 0, 0), sure=(0.0, 0.0, 0.0), ended=0.0)
ALONE = (UNHEARD, replace(FORCED, stands_out=5.0))
ROUGH = Heard(3, 1000, 2000, 0.95)


def test_two_that_agree_are_enough() -> None:
    found = agreed([FREE, FORCED])
    assert found is not None
    assert found[:2] == (list(STARTS), 2000)
    assert agreed([UNHEARD, FORCED], ROUGH) is not None


def test_one_that_has_to_find_it_somewhere_is_not_enough() -> None:
    assert agreed([UNHEARD, FORCED]) is None
    assert agreed([UNHEARD, replace(FORCED, stands_out=3.9)]) is None


def test_one_is_enough_where_no_other_words_fit_as_well() -> None:
    found = agreed(ALONE)
    assert found is not None
    assert found[:2] == (list(STARTS), 2000)


@pytest.mark.parametrize(
    "hearings",
    [
        (replace(FREE, starts=(9000, 9300, 9600), end=9900), ALONE[1]),
        (UNHEARD, replace(ALONE[1], starts=(1000, 1900, 2300))),
        (UNHEARD, replace(ALONE[1], fit=-3.0)),
        (UNHEARD, replace(ALONE[1], sure=(0.8, 1.0, 1.0))),
        (*ALONE, replace(ALONE[1], starts=(5000, 5300, 5600), end=6000)),
    ],
    ids=["surely elsewhere", "first word drawn out", "fits too little", "unsure", "in two places"],
)
def test_one_is_not_enough_where_anything_tells_against_it(hearings: tuple[Hearing, ...]) -> None:
    assert agreed(hearings) is None


def test_one_is_not_enough_where_the_rough_pass_has_it_begin_elsewhere() -> None:
    assert agreed(ALONE, replace(ROUGH, start=1600)) is None
    assert agreed(ALONE, replace(ROUGH, end=2600)) is not None
    assert agreed(ALONE, replace(ROUGH, start=1600, probability=0.8)) is not None


def test_one_is_not_enough_where_the_line_before_it_leaves_no_room() -> None:
    before = replace(FORCED, starts=(200, 400, 600), end=800)
    assert agreed(ALONE, before=[before]) is not None
    assert agreed(ALONE, before=[replace(before, end=900)]) is None
    assert agreed(ALONE, before=[replace(before, end=900, is_forced=False)]) is not None
