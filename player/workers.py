"""Has the same done to many recordings, here or elsewhere, and gives what came of each, in their order.

What is done is a function of a module. What it is done to, a task, is a small value: the archive, a slug, and how.
Both can be pickled, so that another process may do it, on this machine or one that sees the same folder. A task
is begun again where what did it was ended from outside, so whatever is made has to be put in place as a whole.
"""

from __future__ import annotations

from collections import Counter, deque
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

import player
from player.errors import ClusterError, PlayerError, ProcessError, shown_from

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Executor, Future

    #: Is told how many tasks are done, and how many there are.
    Tell = Callable[[int, int], object]

_Task = TypeVar("_Task")
_Answer = TypeVar("_Answer")

#: So often a task is begun again after what did it was ended from outside; as often as Dask does unless it is told.
AGAIN: Final = 3
#: Stands for what came of a task whose process was ended from outside.
LOST: Final = ProcessError("a process that worked for this one was ended from outside")


class Workers:
    """Does tasks one after another, in this process; the classes made of it have others do them."""

    def done(
        self, work: Callable[[_Task], _Answer], tasks: Sequence[_Task], tell: Tell = lambda _done, _there: None
    ) -> Iterator[tuple[_Task, _Answer | PlayerError]]:
        """Give what came of each task in their order: what ``work`` gives, or why it could not be done.

        Where what is given is not taken to its end, or the user interrupts, nothing else is begun.

        :raise ClusterError: where those who do it are gone; what is done is done.
        """
        for number, task in enumerate(tasks, 1):
            outcome = attempted(work, task)
            tell(number, len(tasks))
            yield task, outcome

    def everywhere(self, work: Callable[..., object], *asked: object) -> None:
        """Have something done once by each who keeps a cache that is not this process's own: here, by none."""

    def stop(self) -> None:
        """End at once what is being done, which goes on where it was when it is begun again; else it is finished."""


def attempted(work: Callable[[_Task], _Answer], task: _Task) -> _Answer | PlayerError:
    """Do a task, and give what came of it."""
    try:
        return work(task)
    except PlayerError as refusal:
        return refusal


class Elsewhere:
    """Does tasks in another process than the one that asks, and tells of files as that one would."""

    def __init__(self, work: Callable[[Any], Any]) -> None:
        self._work = work
        self._version = player.__version__
        self._reader = Path.cwd()

    def __call__(self, task: Any) -> Any:
        """Do a task, and give what came of it; by another version of the program, nothing is done."""
        if self._version != player.__version__:
            return ClusterError(
                f"a worker has version {player.__version__} of the program, and this is {self._version}"
            )
        with shown_from(self._reader):
            return attempted(self._work, task)


class ByExecutor(Workers):
    """Has tasks done by executors of ``concurrent.futures``, at most ``ahead`` of them handed over at a time."""

    #: How many seconds nothing may come of any task before it is looked whether anybody is at work; None: without end.
    patience: float | None = None

    def __init__(self, ahead: int) -> None:
        self._ahead = ahead

    def done(
        self, work: Callable[[_Task], _Answer], tasks: Sequence[_Task], tell: Tell = lambda _done, _there: None
    ) -> Iterator[tuple[_Task, _Answer | PlayerError]]:
        """Do as ``Workers.done`` does, several at a time."""
        from concurrent.futures import FIRST_COMPLETED, wait  # noqa: PLC0415  # 8 ms, which one task need not spend

        elsewhere = Elsewhere(work)
        waiting = deque(range(len(tasks)))
        running: dict[Future[_Answer | PlayerError], int] = {}
        outcomes: dict[int, _Answer | PlayerError] = {}
        lost: Counter[int] = Counter()
        given = done = 0
        try:
            while waiting or running:
                while waiting and len(running) < self._ahead and waiting[0] < given + self._ahead:
                    number = waiting.popleft()
                    running[self._begin(elsewhere, tasks[number])] = number
                ended, _ = wait(running, timeout=self.patience, return_when=FIRST_COMPLETED)
                if not ended:
                    self._look()
                again = []
                for future in ended:
                    number = running.pop(future)
                    outcome = self._outcome(future)
                    if outcome is LOST:
                        lost[number] += 1
                        if lost[number] <= AGAIN:
                            again.append(number)
                            continue
                        outcome = ProcessError(f"{lost[number]} processes were ended from outside while they did this")
                    outcomes[number] = outcome
                    done += 1
                    tell(done, len(tasks))
                waiting.extendleft(sorted(again, reverse=True))
                while given in outcomes:
                    yield tasks[given], outcomes.pop(given)
                    given += 1
        finally:
            for future in running:
                future.cancel()

    def _begin(self, work: Elsewhere, task: Any) -> Future[Any]:
        """Hand a task over."""
        raise NotImplementedError

    def _look(self) -> None:
        """Look whether anybody is still at work, after some seconds in which nothing was done."""

    def _outcome(self, future: Future[Any]) -> Any:
        """Give what came of a task; ``LOST`` where it is to be begun again."""
        return future.result()


class Here(ByExecutor):
    """Has tasks done by a ``number`` of processes of this machine, which end with the block, and with this process.

    Each is the only one of its executor: where it is ended from outside, what it did is begun again, and nothing else.
    One executor for all would take from all of them what they do; and in Python 3.11 a task that is handed to
    it in the moment in which one of its processes ends may fail with an error of its own, or never be answered.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self._idle: list[Executor] = []
        self._busy: dict[Future[Any], Executor] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # After Ctrl-C what is being made is finished, and nothing else is begun.
        for executor in (*self._idle, *self._busy.values()):
            executor.shutdown(cancel_futures=True)

    def stop(self) -> None:
        """Do as ``Workers.stop`` does: end all processes that this one has begun."""
        import multiprocessing  # noqa: PLC0415  # as below

        for child in multiprocessing.active_children():
            child.terminate()

    def _begin(self, work: Elsewhere, task: Any) -> Future[Any]:
        from concurrent.futures import BrokenExecutor  # noqa: PLC0415  # as above

        executor = self._idle.pop() if self._idle else _process()
        try:
            future = executor.submit(work, task)
        except BrokenExecutor:
            # Its process was ended while it had nothing to do.
            executor.shutdown(wait=False)
            executor = _process()
            future = executor.submit(work, task)
        self._busy[future] = executor
        return future

    def _outcome(self, future: Future[Any]) -> Any:
        from concurrent.futures import BrokenExecutor  # noqa: PLC0415  # as above

        executor = self._busy.pop(future)
        try:
            outcome = future.result()
        except BrokenExecutor:
            executor.shutdown(wait=False)
            return LOST
        self._idle.append(executor)
        return outcome


def _process() -> Executor:
    import multiprocessing  # noqa: PLC0415  # as below
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415  # 20 ms, which one task need not spend

    from player.processes import end_with_others  # noqa: PLC0415  # as above

    # Not by fork: that would copy locks that another thread may hold.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(1, mp_context=context, initializer=end_with_others)
