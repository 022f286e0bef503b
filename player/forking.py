"""Does work side by side in processes that share in memory what one of them has imported and made.

The first makes ready what answers, forks the others, and then answers as they do. It is forked too, of who asks: so it
need not import what is there, and has no other process beside it that waits for its end. Who forks has one thread, so
that no lock is copied that another holds; where there are more, the first begins from nothing. Linux copies a page of
memory only once one of them writes to it. Where there is no Linux, each makes ready for itself.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
from typing import TYPE_CHECKING, Any, Final

from player import arenas
from player.processes import Processes, be_ended_with_parent, end_with_parent, made, work

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

# Whoever is forked hears them as soon as it knows what to do then.
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class Forked(Processes[Any, Any]):
    """Some processes that answer as those of ``Processes`` do.

    When they have answered ``most`` batches, others take their place: in memory that was used for long, what is in use
    lies between what is free.
    """

    def __init__(self, number: int, make: Callable[..., Callable[[Any], Any]], *arguments: Any, most: int) -> None:
        self._most = self._left = most
        super().__init__(number, make, *arguments)

    def answers(self, batches: Sequence[Any]) -> Generator[Any]:
        """Give the answer to each batch as it comes; all have to be taken before more is asked."""
        done = 0
        while done < len(batches):
            if not self._left:
                self._end()
                self._begin()
                self._left = self._most
            some = batches[done : done + self._left]
            self._left -= len(some)
            done += len(some)
            yield from super().answers(some)

    def _started(self, pipes: Sequence[Connection]) -> list[BaseProcess]:
        if sys.platform != "linux":
            return self._apart(pipes, _alone, (self._make, *self._arguments))
        asked = (self._make, self._arguments)
        if len(os.listdir("/proc/self/task")) > 1:  # noqa: PTH208  # how many there are: no path is wanted
            # Not a daemon: these may have no processes of their own.
            first: BaseProcess = multiprocessing.get_context("spawn").Process(target=_lead, args=([*pipes], [], *asked))
            first.start()
            return [first]
        first = multiprocessing.get_context("fork").Process(target=_lead, args=(pipes, self._pipes, *asked))
        gc.freeze()  # the first looks for circles in what is its own
        heard = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        try:
            first.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, heard)
        return [first]


def _alone(make: Callable[..., Any], *arguments: Any) -> Any:
    end_with_parent()
    return make(*arguments)


def _lead(
    pipes: Sequence[Connection], theirs: Sequence[Connection], make: Callable[..., Any], arguments: tuple[Any, ...]
) -> None:
    """Make ready what answers, and answer with others, each through a pipe of its own, until these are closed.

    ``theirs`` are the ends that belong to who asks.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
    # What it makes ready may be written where another copy is being made by then.
    be_ended_with_parent()
    for each in theirs:
        each.close()
    answer = made(make, arguments)
    gc.collect()
    arenas.give_back()
    gc.freeze()
    context = multiprocessing.get_context("fork")
    # Daemons: when this one ends, it ends them.
    others = [context.Process(target=_follow, args=(pipe, pipes, answer), daemon=True) for pipe in pipes[1:]]
    for process in others:
        process.start()
    _answer(pipes[0], pipes, answer)
    for process in others:
        process.join()


def _follow(pipe: Connection, pipes: Sequence[Connection], answer: Callable[[Any], Any]) -> None:
    # Ended as the first is, by an exception: what it has begun, such as an ffmpeg or a temporary folder, goes with it.
    _answer(pipe, pipes, answer)


def _answer(pipe: Connection, pipes: Sequence[Connection], answer: Callable[[Any], Any]) -> None:
    # As long as another holds its end too, whoever waits at the other end is not told that a process has ended.
    for other in pipes:
        if other is not pipe:
            other.close()
    end_with_parent()
    work(pipe, answer)
