"""Does work side by side in processes: reading text keeps a processor busy, and Python runs one thread at a time.

Each process is handed a batch at a time over a pipe, and hands back an answer. It ends when the pipe does, so that none
outlives a parent that is killed; Ctrl-C is the parent's business.
"""

from __future__ import annotations

import gc
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
from contextlib import suppress
from functools import partial
from pickle import PicklingError
from typing import TYPE_CHECKING, Any, Final, Generic, Self, TypeVar, cast

from player.errors import ProcessError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

_Batch = TypeVar("_Batch")
_Answer = TypeVar("_Answer")

# More at once hardly help: the disk is shared, and so is the one that writes.
_MOST: Final = 8
# prctl(2): the signal that a process gets when the thread ends that started it.
_PR_SET_PDEATHSIG: Final = 1


def count() -> int:
    """Tell how many processes are worth starting: one for each processor that this one may use."""
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(there, _MOST)


def answers(
    batches: Sequence[_Batch],
    make: Callable[..., Callable[[_Batch], _Answer]],
    *arguments: Any,
    most: int | None = None,
) -> Generator[_Answer]:
    """Give the answer to each batch as it comes, in whatever order.

    In each process ``make``, a function of a module, makes of ``arguments`` what answers. Whatever it raises there is
    raised here. There are as many processes as ``count`` tells, or ``most`` where that is given.

    :raise ProcessError: where a process ended, which none does by itself.
    """
    if not batches:
        return
    with Processes(min(most or count(), len(batches)), make, *arguments) as processes:
        yield from processes.answers(batches)


def end_with_parent() -> None:
    """See to it that this process, which was started by ``answers``, ends with its parent even in the midst of work.

    A thread waits for that end. While a library works that lets no other thread run, Linux ends the process.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    be_ended_with_parent()
    threading.Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def be_ended_with_parent() -> None:
    """Have Linux end this process with its parent, at once where that has ended; it begins no thread."""
    parent = multiprocessing.parent_process()
    if parent is None or sys.platform != "linux":
        return
    import ctypes  # noqa: PLC0415  # 10 ms, which processes that answer soon need not spend

    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if not parent.is_alive():
        os._exit(1)


def end_with_others() -> None:
    """Do as ``end_with_parent`` does, and leave Ctrl-C, which reaches all processes of a terminal, to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()


def _end_after(sentinel: int) -> None:
    multiprocessing.connection.wait([sentinel])
    os._exit(1)


class Processes(Generic[_Batch, _Answer]):
    """Some processes that answer as those of ``answers`` do, as often as they are asked; they end with the block."""

    def __init__(self, number: int, make: Callable[..., Callable[[_Batch], _Answer]], *arguments: Any) -> None:
        self._number, self._make, self._arguments = number, make, arguments
        self._begin()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def _begin(self) -> None:
        ends = [multiprocessing.Pipe() for _ in range(self._number)]
        self._pipes = [ours for ours, _ in ends]
        self._processes = self._started([theirs for _, theirs in ends])
        for _, theirs in ends:
            theirs.close()

    def _end(self) -> None:
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.terminate()
            process.join()

    def _started(self, pipes: Sequence[Connection]) -> list[BaseProcess]:
        """Start what answers through the pipes."""
        return self._apart(pipes, self._make, self._arguments)

    @staticmethod
    def _apart(pipes: Sequence[Connection], make: Callable[..., Any], arguments: tuple[Any, ...]) -> list[BaseProcess]:
        """Start as many processes as there are pipes, each of which makes what answers."""
        # Not by fork: that would copy locks that another thread may hold.
        context = multiprocessing.get_context("spawn")
        processes: list[BaseProcess] = []
        for pipe in pipes:
            process = context.Process(target=_work, args=(pipe, make, arguments), daemon=True)
            process.start()
            processes.append(process)
        return processes

    def answers(self, batches: Sequence[_Batch]) -> Generator[_Answer]:
        """Give the answer to each batch as it comes; all have to be taken before more is asked."""
        waiting = list(reversed(batches))
        busy = self._pipes[: len(waiting)]
        for pipe in busy:
            pipe.send(waiting.pop())
        while busy:
            for pipe in cast("list[Connection]", multiprocessing.connection.wait(busy)):
                answer: _Answer = _received(pipe)
                if waiting:
                    pipe.send(waiting.pop())
                else:
                    busy.remove(pipe)
                yield answer


def _received(pipe: Connection) -> Any:
    try:
        answer, error = pipe.recv()
    except (EOFError, ConnectionResetError):
        raise ProcessError("a process that worked for this one was ended from outside; try again") from None
    if error is not None:
        raise error
    return answer


def _refused(error: Exception, _batch: Any) -> Any:
    raise error


def _work(pipe: Connection, make: Callable[..., Callable[[Any], Any]], arguments: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answer = made(make, arguments)
    gc.freeze()
    work(pipe, answer)


def made(make: Callable[..., Callable[[Any], Any]], arguments: tuple[Any, ...]) -> Callable[[Any], Any]:
    """Make what answers; where that fails, what raises the same whatever it is asked."""
    # What is read from files has no circles. By default, a tenth of the time goes to looking for some.
    gc.set_threshold(50_000, 20, 50)  # ``make`` may have another
    try:
        return make(*arguments)
    except Exception as error:  # noqa: BLE001  # whatever it is, the parent raises it
        return partial(_refused, error)


def work(pipe: Connection, answer: Callable[[Any], Any]) -> None:
    """Answer what comes through the pipe, until it is closed."""
    with suppress(EOFError, OSError):
        while True:
            batch = pipe.recv()
            result: tuple[Any, Exception | None]
            try:
                result = answer(batch), None
            except Exception as error:  # noqa: BLE001  # whatever it is, the parent raises it
                result = None, error
            try:
                pipe.send(result)
            except (AttributeError, TypeError, PicklingError):  # it cannot be sent
                pipe.send((None, RuntimeError(repr(result))))
