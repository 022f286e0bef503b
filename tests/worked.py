"""Small work for tests of workers: it counts what it does in a file, and ends its own process where it is told to."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from player.errors import AudioError, shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def halved(number: int) -> int:
    """Give half of an even number, and refuse others."""
    if number % 2:
        raise AudioError(f"{number} is odd")
    return number // 2


def doomed(task: tuple[Path, int, Sequence[int]]) -> int:
    """Give a number; its process is killed the first time, and each time for those that are always fatal."""
    folder, number, fatal = task
    with (folder / f"{number}").open("a", encoding="utf-8") as log:
        log.write("begun\n")
    is_first = (folder / f"{number}").read_text(encoding="utf-8") == "begun\n"
    if number in fatal or (is_first and number % 3 == 0):
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def named(path: Path) -> str:
    """Give a path as it is told of, from another folder than the reader's."""
    os.chdir(path.parent)
    return shown(path)
