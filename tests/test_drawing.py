"""What a run has of the cases of a test is drawn by a seed: each value is there, another seed draws others."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from itertools import product
from pathlib import Path
from typing import Final

import pytest
from drawing import covering, drawn, some

FORMATS: Final = range(18)
BROWSERS: Final = ("Chromium", "Firefox", "WebKitGTK")
CASES: Final = [(("format", each), ("browser", name)) for each, name in product(FORMATS, BROWSERS)]
#: Tests of many cases, as a file of them.
FILE: Final = """
    import pytest
    @pytest.mark.sampled
    @pytest.mark.parametrize("kind", range(12))
    @pytest.mark.parametrize("browser", ["one", "two", "three"])
    def test_each(kind, browser):
        assert kind != 5
    @pytest.mark.sampled(2)
    @pytest.mark.parametrize("kind", range(9))
    def test_two(kind):
        pass
    @pytest.mark.parametrize("kind", range(4))
    def test_all(kind):
        pass
"""


@pytest.mark.parametrize("seed", range(20))
def test_each_value_is_drawn_by_every_seed_with_few_cases(seed: int) -> None:
    chosen = [CASES[place] for place in covering(CASES, seed=seed, is_whole=False)]
    assert {value for case in chosen for value in case} == {value for case in CASES for value in case}
    assert len(chosen) <= len(FORMATS) + 2
    assert chosen == [CASES[place] for place in covering(CASES, seed=seed, is_whole=False)], "and the same again"
    assert len(covering(CASES, 5, seed=seed, is_whole=False)) == 5
    assert len(covering(CASES, 30, seed=seed, is_whole=False)) == 30


@pytest.mark.sampled
def test_another_seed_draws_others_and_many_draw_all() -> None:
    each = [set(covering(CASES, seed=seed, is_whole=False)) for seed in range(100)]
    assert each[0] != each[1]
    assert set().union(*each) == set(range(len(CASES)))
    fours = [drawn(FORMATS, 4, seed=seed, is_whole=False) for seed in range(100)]
    assert all(len(set(four)) == 4 and four == sorted(four) for four in fours)
    assert {each for four in fours for each in four} == set(FORMATS)


def test_some_case_is_always_drawn() -> None:
    assert len(covering(CASES, 0, is_whole=False)) == 1
    assert covering([()], is_whole=False) == [0]
    assert covering([], is_whole=False) == []


def test_what_is_not_marked_draws_nothing(request: pytest.FixtureRequest) -> None:
    """Else ``make bench``, which does what is marked, would not do the whole of it."""
    with pytest.raises(RuntimeError, match=f"mark {request.node.name} sampled: it draws"):
        drawn(FORMATS, 4, is_whole=False)
    with pytest.raises(RuntimeError, match="make bench is to do all of it"):
        some(1, whole=2)
    request.node.add_marker("sampled")
    assert len(drawn(FORMATS, 4, is_whole=False)) == 4


def test_the_whole_is_all() -> None:
    assert covering(CASES, 3, is_whole=True) == list(range(len(CASES)))
    assert drawn(FORMATS, 4, is_whole=True) == list(FORMATS)
    assert drawn(FORMATS, 40, is_whole=False) == list(FORMATS)


@pytest.mark.long
def test_a_run_has_the_cases_of_its_seed_in_every_process_and_a_failure_tells_it(tmp_path: Path) -> None:
    (tmp_path / "test_many.py").write_text(textwrap.dedent(FILE), encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = sampled: some\n", encoding="utf-8")

    def ran(seed: str, whole: str = "", *more: str) -> tuple[set[str], str]:
        environment = {**os.environ, "PLAYER_TEST_SEED": seed, "PLAYER_TEST_WHOLE": whole}
        environment["PYTHONPATH"] = str(Path(__file__).parent)
        command = [sys.executable, "-m", "pytest", "-p", "drawing", "-v", "-p", "no:cacheprovider", *more]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, cwd=tmp_path)
        return set(re.findall(r"::(test_\w+\[[\w-]+\])", done.stdout)), done.stdout

    one, told = ran("7")
    assert "PLAYER_TEST_SEED=7" in told
    assert sum(name.startswith("test_all") for name in one) == 4
    assert sum(name.startswith("test_two") for name in one) == 2
    assert sum(name.startswith("test_each") for name in one) == 12
    assert {name.rpartition("-")[2] for name in one if name.startswith("test_each")} == {f"{at}]" for at in range(12)}
    assert ran("7", "", "-n", "2")[0] == one
    assert ran("8")[0] != one
    every, told = ran("7", "1")
    assert len(every) == 36 + 9 + 4
    assert "PLAYER_TEST_SEED=7 PLAYER_TEST_WHOLE=1" in told
    # One that is asked for by its name is had.
    for name in ("test_each[two-3]", "test_two[4]"):
        assert ran("7", "", f"test_many.py::{name}")[0] == {name}
