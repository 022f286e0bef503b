"""A rough pass looks for no more lines at once than memory has room for, and in all of them for each line."""

from __future__ import annotations

import pytest

from player.align.placing import _rough_jobs

HOUR = 3_600_000


@pytest.mark.parametrize(("hours", "lines"), [(1, 617), (1, 700), (1, 701), (5, 3000), (10, 8000), (10, 20_000)])
def test_each_line_is_looked_for_around_its_place_and_few_at_once(hours: int, lines: int) -> None:
    jobs = [job.values for job in _rough_jobs(hours * HOUR, lines)]
    assert max(each["last"] - each["first"] + 1 for each in jobs) <= 700
    assert len(jobs) <= 2 * (hours * HOUR // 25_000 + 1)
    assert {name for each in jobs for name in (each["from"],)} == set(range(0, hours * HOUR - 5000, 25_000))
    for line in range(0, lines, 97):
        place = line * hours * HOUR // lines
        assert any(each["from"] <= place < each["to"] and each["first"] <= line <= each["last"] for each in jobs), line


def test_a_short_sound_has_one_pass() -> None:
    (job,) = _rough_jobs(7, 3)
    assert job.values == {"pass": "rough", "from": 0, "to": 7, "first": 0, "last": 2}
