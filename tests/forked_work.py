"""Small work for tests of processes that are forked, and a program that has some of it done, and has one thread.

``python forked_work.py WHAT FOLDER`` does it, and prints what came of it, as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from player.errors import AudioError
from player.files import temporary_folder
from player.forking import Forked
from player.index.database import Database

if TYPE_CHECKING:
    from collections.abc import Callable

LONG: Final = 600.0  # seconds: nobody waits for them


def telling(folder: Path) -> Callable[[float], tuple[int, int]]:
    """Tell who made what answers, and who answers, each having waited; who that is stands in ``folder``."""
    maker = os.getpid()

    def tell(seconds: float) -> tuple[int, int]:
        (folder / f"{os.getpid()}").touch()
        time.sleep(seconds)
        return maker, os.getpid()

    return tell


def numbering(folder: Path) -> Callable[[int], tuple[int, int, int]]:
    """Give back what is asked, with who made what answers, and who answers; who that is stands in ``folder``."""
    maker = os.getpid()

    def number(asked: int) -> tuple[int, int, int]:
        (folder / f"{os.getpid()}").touch()
        time.sleep(asked % 3 / 50)
        return asked, maker, os.getpid()

    return number


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
        with temporary_folder("to be left behind"):
            (folder / f"{os.getpid()} holds").touch()
            while len(list(folder.iterdir())) < 2 * 2:
                time.sleep(0.01)
            if (who == "leader") == (os.getpid() == leader):
                os.kill(os.getpid(), 9)
            time.sleep(LONG)
        return who

    return end


def opening(path: Path) -> Callable[[int], list[str]]:
    """Write to the index at ``path``, and tell which files of indexes were open before."""

    def write(number: int) -> list[str]:
        there = [f"{each.readlink()}" for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]
        with Database.at(path).writing() as connection:
            connection.execute("INSERT INTO meta VALUES (?, ?)", (f"{number}", "asked"))
        return [each for each in there if ".sqlite" in each]

    return write


def shared(folder: Path) -> object:
    """Have two answer, and then again."""
    with Forked(2, telling, folder, most=100) as there:
        return list(there.answers([0.2] * 6)), list(there.answers([0.2] * 4))


def working(folder: Path) -> object:
    """Work until this is ended."""
    with Forked(2, telling, folder, most=100) as there:
        return list(there.answers([LONG, LONG]))


def indexed(folder: Path) -> object:
    """Have an index open, and have others write to it; write to it in between."""
    path = folder / "index.sqlite"
    ours = Database.at(path)
    generations = set[int]()
    open_there: list[str] = []
    with Forked(1, opening, path, most=1) as there:
        for number in range(3):
            generations.add(ours.generation)
            with ours.writing() as connection:
                connection.execute("INSERT INTO meta VALUES (?, ?)", (f"before {number}", "asked"))
            for found in there.answers([number]):
                open_there += found
    count = ours.rows("SELECT count(*) AS count FROM meta WHERE value = 'asked'")[0]["count"]
    return open_there, len(generations), count


if __name__ == "__main__":
    done = {"shared": shared, "working": working, "indexed": indexed}[sys.argv[1]](Path(sys.argv[2]))
    sys.stdout.write(json.dumps(done))
