"""What a command costs from its beginning to its end, with all processes that it starts: time and memory."""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bench._processes import begun, memory, with_children

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# kcmp(2), which has no function in the C library: whether two processes have the same memory.
_KCMP: Final = {"x86_64": 312, "aarch64": 272}.get(platform.machine())
_MEMORY: Final = 1
_LIBRARY: Final = ctypes.CDLL(None)


@dataclass(frozen=True)
class Watched:
    """Seconds of the wall and of the processors; megabytes (10^6 bytes) at the most: of all its processes together,
    and of them one by one, where what they share counts for each; its code; what it said.
    """

    wall: float
    cpu: float
    peak: float
    apart: float
    code: int
    said: str


def watched(command: Sequence[str], **variables: str) -> Watched:
    """Run a command, and ask ten times a second how much memory all its processes have.

    What several processes share is counted once (PSS); pages of files that are mapped count too.
    """
    begun, before = time.perf_counter(), _processors()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, **variables}
    ) as process:
        peaks = [(0.0, 0.0)]
        is_over = threading.Event()

        def look() -> None:
            while not is_over.wait(0.1):
                found = [_memory(each) for each in _apart(with_children({process.pid}))]
                peaks.append((sum(shared for shared, _ in found), sum(own for _, own in found)))

        watcher = threading.Thread(target=look)
        watcher.start()
        said = process.communicate()[0]
        is_over.set()
        watcher.join()
    together, apart = (max(each) for each in zip(*peaks, strict=True))
    took = _processors() - before
    return Watched(time.perf_counter() - begun, took, together, apart, process.returncode, said)


def _processors() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _apart(processes: Iterable[int]) -> Iterator[int]:
    """Leave out who has the memory of another, as a process that was begun (vfork) has until its program is there.

    Counted as one of its own, it was 80 MB more for a moment. Whoever began it comes first: were it asked before, its
    program could be there before the other is asked, and that memory counted twice. Numbers of processes begin anew.
    """
    found: list[int] = []
    for process in sorted(processes, key=begun):
        if _KCMP is None or not any(_LIBRARY.syscall(_KCMP, process, other, _MEMORY, 0, 0) == 0 for other in found):
            found.append(process)
            yield process


def _memory(process: int) -> tuple[float, float]:
    with suppress(OSError, IndexError):  # it has ended since it was listed; what is a zombie has no memory
        return memory({process}), memory({process}, "Rss")
    return 0.0, 0.0
