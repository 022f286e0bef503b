"""What is done to many is done alike in this process and in others: in order, and again where one was killed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import worked

from player.errors import AudioError, ProcessError
from player.workers import AGAIN, Here, Workers

if TYPE_CHECKING:
    from pathlib import Path

TASKS = list(range(10))


def told(there: Workers) -> tuple[list[tuple[int, Any]], list[tuple[int, int]]]:
    counted: list[tuple[int, int]] = []
    outcomes: list[tuple[int, Any]] = [
        (task, str(outcome) if isinstance(outcome, AudioError) else outcome)
        for task, outcome in there.done(worked.halved, TASKS, lambda done, there: counted.append((done, there)))
    ]
    return outcomes, counted


def test_each_task_is_answered_in_its_order_and_a_refusal_keeps_no_other_from_being_done() -> None:
    outcomes, counted = told(Workers())
    assert outcomes == [(task, f"{task} is odd" if task % 2 else task // 2) for task in TASKS]
    assert counted == [(number, 10) for number in range(1, 11)]
    with Here(2) as here:
        assert told(here) == (outcomes, counted)
        # They are there for more than one round.
        assert told(here) == (outcomes, counted)


@pytest.mark.long
def test_where_a_process_is_killed_what_it_did_is_done_again(tmp_path: Path) -> None:
    tasks = [(tmp_path, number, ()) for number in range(8)]
    with Here(2) as here:
        assert [outcome for _, outcome in here.done(worked.doomed, tasks)] == list(range(8))


@pytest.mark.long
def test_what_ends_each_process_that_does_it_is_told_and_the_rest_is_done(tmp_path: Path) -> None:
    tasks = [(tmp_path, number, (4,)) for number in range(8)]
    with Here(2) as here:
        outcomes = [outcome for _, outcome in here.done(worked.doomed, tasks)]
    assert isinstance(outcomes[4], ProcessError)
    assert "were ended from outside while they did this" in str(outcomes[4])
    assert outcomes[:4] + outcomes[5:] == [0, 1, 2, 3, 5, 6, 7]
    assert {number: len((tmp_path / f"{number}").read_text(encoding="utf-8").splitlines()) for number in range(8)} == {
        # The first time, each third ends its process; what others do beside it is not begun again.
        **{number: 1 if number % 3 else 2 for number in range(8)},
        4: AGAIN + 1,
    }


@pytest.mark.long
def test_processes_that_are_ended_side_by_side_take_nothing_from_others(tmp_path: Path) -> None:
    # Each of these ends its process the first time, while others begin, are at work, or end too.
    tasks = [(tmp_path, 3 * number, ()) for number in range(12)]
    with Here(4) as here:
        assert [outcome for _, outcome in here.done(worked.doomed, tasks)] == [task[1] for task in tasks]
    assert {begun.read_text(encoding="utf-8") for begun in tmp_path.iterdir()} == {"begun\n" * 2}


@pytest.mark.long
def test_files_are_told_of_as_the_one_who_asks_would_write_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "media").mkdir()
    with Here(1) as here:
        assert [name for _, name in here.done(worked.named, [tmp_path / "media" / "tape.wav"])] == ["media/tape.wav"]


@pytest.mark.long
def test_what_is_not_taken_is_not_begun(tmp_path: Path) -> None:
    fatal = ()
    tasks = [(tmp_path, 3 * number + 1, fatal) for number in range(50)]
    with Here(2) as here:
        outcomes = here.done(worked.doomed, tasks)
        next(outcomes)
        outcomes.close()  # type: ignore[attr-defined]  # a generator
    assert len(list(tmp_path.iterdir())) < 10
