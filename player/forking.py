"""Does work side by side in processes that share in memory what one of them has imported and made.

The first makes ready what answers, forks the others, and then answers as they do. It has one thread when it forks, so
that no lock is copied that another holds. Linux copies a page of memory only once one of them writes to it. Where there
is no Linux, each makes ready for itself.
"""

from __future__ import annotations

import gc
import multiprocessing
import signal
import sys
from typing import TYPE_CHECKING, Any

from player import arenas
from player.processes import Processes, be_ended_with_parent, end_with_parent, made, work

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnContext
    from multiprocessing.process import BaseProcess


class Forked(Processes[Any, Any]):
    """Some processes that answer as those of ``Processes`` do."""

    def _started(
        self, context: SpawnContext, pipes: Sequence[Connection], make: Callable[..., Any], arguments: tuple[Any, ...]
    ) -> list[BaseProcess]:
        if sys.platform != "linux":
            return super()._started(context, pipes, _alone, (make, *arguments))
        # Not a daemon: these may have no processes of their own.
        first = context.Process(target=_lead, args=(list(pipes), make, arguments))
        first.start()
        return [first]


def _alone(make: Callable[..., Any], *arguments: Any) -> Any:
    end_with_parent()
    return make(*arguments)


def _lead(pipes: list[Connection], make: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """Make ready what answers, and answer with others, each through a pipe of its own, until these are closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    # What it makes ready may be written where another copy is being made by then.
    be_ended_with_parent()
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
