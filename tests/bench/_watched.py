"""What a command costs from its beginning to its end, with all processes that it starts: time and memory."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench._processes import memory, with_children

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Watched:
    """Seconds of the wall; megabytes (10^6 bytes) of all its processes together, at the most; what it said."""

    wall: float
    peak: float
    code: int
    said: str


def watched(command: Sequence[str], **variables: str) -> Watched:
    """Run a command, and ask ten times a second how much memory all its processes have.

    What several processes share is counted once (PSS); pages of files that are mapped count too.
    """
    begun = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, **variables}
    ) as process:
        peaks = [0.0]
        is_over = threading.Event()

        def look() -> None:
            while not is_over.wait(0.1):
                peaks.append(sum(map(_memory, with_children({process.pid}))))

        watcher = threading.Thread(target=look)
        watcher.start()
        said = process.communicate()[0]
        is_over.set()
        watcher.join()
    return Watched(time.perf_counter() - begun, max(peaks), process.returncode, said)


def _memory(process: int) -> float:
    with suppress(OSError, IndexError):  # it has ended since it was listed; what is a zombie has no memory
        return memory({process})
    return 0.0
