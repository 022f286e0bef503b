"""Starts a cluster of Dask's on this machine: a scheduler and some workers, each a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LIMIT: Final = 600  # seconds until something is given up, on a machine that others keep busy; nothing is measured by it
_DASK: Final = (sys.executable, "-m", "dask")
#: Workers have one thread each, so that what is killed was doing one thing.
WORKER: Final = ("--nthreads", "1", "--no-dashboard", "--no-nanny", "--death-timeout", "20")


class Cluster:
    """A scheduler at an ``address``, and its workers, which can be started and ended one by one."""

    def __init__(self, folder: Path, stack: ExitStack, way: str = "tcp", **environment: str) -> None:
        self._folder, self._stack, self._environment = folder, stack, environment
        self.workers: list[subprocess.Popen[bytes]] = []
        folder.mkdir(exist_ok=True)
        asked = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--dashboard-address", "127.0.0.1:0")
        command = (*_DASK, "scheduler", *asked, "--protocol", way)
        self.scheduler, said = self._start("scheduler", command, r"Scheduler at:\s+(t\w+://\S+)")
        self.address = said

    def add(self, *asked: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start a worker, and wait until the scheduler has it."""
        name = f"worker-{len(self.workers)}"
        command = (*_DASK, "worker", self.address, *(asked or WORKER), "--local-directory", str(self._folder / name))
        worker, _ = self._start(name, command, r"Registered to:\s+(t\w+://\S+)", **environment)
        self.workers.append(worker)
        return worker

    def _start(
        self, name: str, command: tuple[str, ...], sought: str, **environment: str
    ) -> tuple[subprocess.Popen[bytes], str]:
        log = self._folder / f"{name}.log"
        cache = {"PLAYER_CACHE": str(self._folder / f"{name}-cache")}
        with log.open("wb") as file:
            process = subprocess.Popen(
                command,
                cwd=self._folder,
                env={**os.environ, **cache, **self._environment, **environment},
                stdout=file,
                stderr=file,
            )
        self._stack.callback(ended, process)
        patience = time.monotonic() + LIMIT
        while not (found := re.search(sought, log.read_text(encoding="utf-8"))):
            assert process.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < patience, log.read_text(encoding="utf-8")
            time.sleep(0.05)
        return process, found[1]


def ended(process: subprocess.Popen[bytes]) -> None:
    """End a process, even one that has stopped."""
    if process.poll() is None:
        process.send_signal(signal.SIGKILL)
    process.wait()


@contextmanager
def cluster(folder: Path, workers: int = 0, way: str = "tcp", **environment: str) -> Iterator[Cluster]:
    """Start a scheduler, which is talked to in a ``way``, and some workers; all end with the block."""
    with ExitStack() as stack:
        there = Cluster(folder, stack, way, **environment)
        for _ in range(workers):
            there.add()
        yield there


def until(is_so: Callable[[], bool], what: str) -> None:
    """Wait until something is so."""
    patience = time.monotonic() + LIMIT
    while not is_so():
        assert time.monotonic() < patience, what
        time.sleep(0.02)
