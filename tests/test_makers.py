"""Answers are made by the thread that has rested least, by all of them where there are as many, and they end."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

import pytest
from clip_server import until

from player.web.serving.makers import Makers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

COUNT: Final = 8


class Task:
    """What is done, and by which thread it was."""

    def __init__(self, do: Callable[[], object]) -> None:
        self._do = do
        self.by: int | None = None

    def service(self) -> None:
        self._do()
        self.by = threading.get_ident()


@pytest.fixture
def makers() -> Iterator[Makers]:
    found = Makers()
    found.set_thread_count(COUNT)
    until(lambda: found.active_count == 0)
    yield found
    found.set_thread_count(0)
    until(lambda: not found.threads)


def test_one_after_another_is_done_by_one(makers: Makers) -> None:
    done = set()
    for _ in range(3 * COUNT):
        task = Task(lambda: None)
        makers.add_task(task)
        until(lambda: makers.active_count == 0 and not makers.queue)
        done.add(task.by)
    assert len(done) == 1
    assert None not in done


def test_as_many_at_once_are_done_by_all(makers: Makers) -> None:
    together = threading.Barrier(COUNT, timeout=30)
    tasks = [Task(together.wait) for _ in range(2 * COUNT)]
    for task in tasks:
        makers.add_task(task)
    until(lambda: all(task.by for task in tasks))
    assert len({task.by for task in tasks}) == COUNT


def test_who_waits_for_some_time_is_not_woken_for_another(makers: Makers) -> None:
    with makers.lock:
        assert makers.queue_cv.wait(0.01) is False
    done = threading.Event()
    makers.add_task(Task(done.set))
    assert done.wait(30)
