"""A day is over when it is over everywhere; a clock that went back or jumped opens nothing until it is confirmed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from player.archive.gate.clock import Clock

if TYPE_CHECKING:
    from pathlib import Path

DAY = 24 * 3600
NOON = dt.datetime(2041, 6, 30, 12, tzinfo=dt.UTC).timestamp()


class Time:
    """Two clocks that a test sets: that of the calendar, and the one that nobody sets."""

    def __init__(self) -> None:
        self.wall = NOON
        self.steady = 1000.0

    def passes(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def time() -> Time:
    return Time()


def clock(root: Path, time: Time) -> Clock:
    return Clock(root, lambda: time.wall, lambda: time.steady)


def test_a_day_begins_when_it_has_begun_everywhere(tmp_path: Path, time: Time) -> None:
    time.wall -= 1
    found = clock(tmp_path, time)
    assert found.day() == dt.date(2041, 6, 29)
    time.passes(1)
    assert clock(tmp_path, time).day() == dt.date(2041, 6, 30)


def test_days_go_by(tmp_path: Path, time: Time) -> None:
    found = clock(tmp_path, time)
    for passed in range(3):
        assert found.day() == dt.date(2041, 6, 30) + dt.timedelta(passed)
        time.passes(DAY)
    assert found.is_trusted


def test_a_clock_that_went_back_opens_nothing_until_it_is_confirmed(tmp_path: Path, time: Time) -> None:
    found = clock(tmp_path, time)
    found.day()
    time.wall -= 3 * DAY
    time.steady += 2
    assert found.day() == dt.date(2041, 6, 27)
    time.passes(10 * DAY)
    assert (found.day(), found.is_trusted) == (dt.date(2041, 6, 27), False)
    assert clock(tmp_path, time).day() == dt.date(2041, 6, 27)  # another process, or after a restart
    assert clock(tmp_path, time).confirm() == dt.date(2041, 7, 7)
    time.passes(2)
    assert (found.day(), found.is_trusted) == (dt.date(2041, 7, 7), True)


def test_a_clock_that_went_back_while_nothing_ran_is_not_trusted_either(tmp_path: Path, time: Time) -> None:
    clock(tmp_path, time).day()
    time.wall -= 2 * DAY
    found = clock(tmp_path, time)
    assert (found.day(), found.is_trusted) == (dt.date(2041, 6, 28), False)


def test_a_clock_that_jumped_opens_nothing_until_it_is_confirmed(tmp_path: Path, time: Time) -> None:
    found = clock(tmp_path, time)
    idle = clock(tmp_path, time)
    found.day()
    idle.day()
    time.wall += 2 * DAY
    time.steady += 2
    assert (found.day(), found.is_trusted) == (dt.date(2041, 6, 30), False)
    found.confirm()
    time.passes(2)
    # One that did not look meanwhile has not seen the jump, and need not.
    assert (idle.day(), idle.is_trusted) == (dt.date(2041, 7, 2), True)


def test_a_machine_that_slept_or_was_off_is_trusted(tmp_path: Path, time: Time) -> None:
    found = clock(tmp_path, time)
    found.day()
    time.passes(40 * DAY)
    assert found.is_trusted
    time.wall += 40 * DAY
    assert clock(tmp_path, time).is_trusted


def test_a_clock_that_is_set_right_by_a_moment_is_trusted(tmp_path: Path, time: Time) -> None:
    found = clock(tmp_path, time)
    found.day()
    time.wall -= 1
    time.steady += 2
    assert (found.day(), found.is_trusted) == (dt.date(2041, 6, 30), True)


@pytest.mark.parametrize("kept", ["", "[]", '{"day": "x"}', '{"day": "2041-06-30", "is_trusted": 1, "confirmed": 0}'])
def test_what_was_kept_and_cannot_be_read_is_kept_anew(tmp_path: Path, cache: Path, time: Time, kept: str) -> None:
    clock(tmp_path, time).day()
    path = next((cache / "clock").iterdir())
    path.write_text(kept, encoding="utf-8")
    assert clock(tmp_path, time).is_trusted
    assert "2041-06-30" in path.read_text(encoding="utf-8")


def test_without_a_folder_to_keep_it_in_the_clock_is_known_while_the_process_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, time: Time
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "file"))
    found = clock(tmp_path, time)
    found.day()
    time.wall -= 2 * DAY
    time.steady += 2
    assert (found.day(), found.is_trusted) == (dt.date(2041, 6, 28), False)
