"""Examines the parts of an archive side by side, in processes: reading text keeps a processor busy.

Each process is handed a few parts at a time over a pipe, and hands back what it found. It ends when the pipe does, so
that none outlives a parent that is killed; Ctrl-C is the parent's business.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from contextlib import suppress
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Final, Self, cast

from player.checks.kept import Row, row
from player.errors import CheckError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection
    from pathlib import Path

    from player.checks.examine import Examiner
    from player.checks.walking import Part, Walk

    #: Makes what examines an archive, in the process that is to do it: a function of a module, so that it can be named.
    MakeExaminer = Callable[[Path, Walk], Examiner]

# A process takes a third of a second to start: what fewer parts take is done sooner without.
_FEW: Final = 100
_BATCH: Final = 20
# More at once hardly help: the disk, and the one that writes, are shared.
_MOST: Final = 8


def examined(root: Path, parts: Sequence[Part], seen: Walk, make: MakeExaminer) -> Iterator[list[Row]]:
    """Examine parts of the archive at ``root``, and give what was found about a few of them at a time."""
    batches = [parts[at : at + _BATCH] for at in range(0, len(parts), _BATCH)]
    count = min(_processors(), _MOST, len(batches))
    if len(parts) < _FEW or count < 2:  # noqa: PLR2004  # one is this one
        examiner = make(root, seen)
        yield from (_examined(root, batch, seen, examiner) for batch in batches)
        return
    with _Workers(count, root, seen, make) as workers:
        yield from workers.results(batches)


class _Workers:
    """The processes, each with this end of its pipe."""

    def __init__(self, count: int, root: Path, seen: Walk, make: MakeExaminer) -> None:
        # Not by fork: that copies locks that another thread may hold.
        context = multiprocessing.get_context("spawn")
        self._pipes: list[Connection] = []
        self._processes = []
        for _ in range(count):
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(theirs, root, seen, make), daemon=True)
            process.start()
            theirs.close()
            self._pipes.append(ours)
            self._processes.append(process)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.terminate()
            process.join()

    def results(self, batches: Sequence[Sequence[Part]]) -> Iterator[list[Row]]:
        """Hand out batches as long as there are some, and give what comes back.

        :raise CheckError: where a process ended, which none does by itself.
        """
        waiting = list(reversed(batches))
        busy = self._pipes[: len(batches)]
        for pipe in busy:
            pipe.send(waiting.pop())
        while busy:
            for pipe in cast("list[Connection]", wait(busy)):
                try:
                    found = pipe.recv()
                except EOFError:
                    raise CheckError("a process that reads the archive was ended from outside; try again") from None
                if isinstance(found, BaseException):
                    raise found
                if waiting:
                    pipe.send(waiting.pop())
                else:
                    busy.remove(pipe)
                yield found


def _work(pipe: Connection, root: Path, seen: Walk, make: MakeExaminer) -> None:
    """Examine what comes through the pipe, until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    examiner = make(root, seen)
    with suppress(EOFError, OSError):
        while True:
            batch = pipe.recv()
            answer: list[Row] | Exception
            try:
                answer = _examined(root, batch, seen, examiner)
            except Exception as error:  # noqa: BLE001  # whatever it is, the parent raises it
                answer = error
            pipe.send(answer)


def _examined(root: Path, parts: Sequence[Part], seen: Walk, examiner: Examiner) -> list[Row]:
    return [row(part, examiner.examine(part), seen, root) for part in parts]


def _processors() -> int:
    """Tell how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
