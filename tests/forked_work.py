"""Small work for tests of processes that are forked: done in those, which import this."""

from __future__ import annotations

import os
import subprocess
import time
from typing import TYPE_CHECKING

from player.errors import AudioError
from player.files import temporary_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def telling(folder: Path) -> Callable[[float], tuple[int, int]]:
    """Tell who made what answers, and who answers, each having waited; who that is stands in ``folder``."""
    maker = os.getpid()

    def tell(seconds: float) -> tuple[int, int]:
        (folder / f"{os.getpid()}").touch()
        time.sleep(seconds)
        return maker, os.getpid()

    return tell


def holding(folder: Path) -> Callable[[float], None]:
    """Hold a temporary folder, and a program that runs; who does so stands in ``folder``, and which program it is."""

    def hold(seconds: float) -> None:
        with temporary_folder("to be held"), subprocess.Popen(["/bin/sleep", str(seconds)]) as program:
            try:
                (folder / f"{os.getpid()}").touch()
                (folder / f"{program.pid}").touch()
                time.sleep(seconds)
            finally:
                program.kill()

    return hold


def preparing(folder: Path) -> Callable[[float], None]:
    """Make ready for long; who does so stands in ``folder``."""
    (folder / f"{os.getpid()}").touch()
    time.sleep(600)
    return lambda _: None


def refusing(when: str) -> Callable[[str], str]:
    """Refuse at once, or what is asked."""
    if when == "made":
        raise AudioError("this is refused")

    def refuse(asked: str) -> str:
        raise AudioError(f"{asked} is refused")

    return refuse


def ending(folder: Path) -> Callable[[str], str]:
    """End the process that is asked to, however it is: the one that leads, or one that follows."""
    leader = os.getpid()

    def end(who: str) -> str:
        (folder / f"{os.getpid()}").touch()
        while len(list(folder.iterdir())) < 2:  # until both are at work
            time.sleep(0.01)
        if (who == "leader") == (os.getpid() == leader):
            os.kill(os.getpid(), 9)
        time.sleep(600)
        return who

    return end
