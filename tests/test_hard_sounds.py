"""Sounds that mislead have the truth of every line that is said in them, and of no other."""

from __future__ import annotations

import hard_sounds
import numpy as np
import pytest
from programs import program


@pytest.mark.sampled(4)
@pytest.mark.long
@pytest.mark.parametrize("name", hard_sounds.CASES)
def test_what_is_said_is_in_the_sound_where_the_truth_has_it(name: str) -> None:
    program("flite")
    case = hard_sounds.CASES[name](None)
    samples = np.abs(case.sound.samples().astype(float))
    assert len({line.id for line in case.lines}) == len(case.lines)
    assert {line.id for line in case.sound.lines} >= case.said
    for line in case.lines:
        assert len(line.text.split()) == len(line.starts)
        if line.id in case.said:
            assert samples[line.start * 16 : line.end * 16].mean() > 200
