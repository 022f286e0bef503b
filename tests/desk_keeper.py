"""Corrects the recording "tones" at the desk and writes it, doomed if that is asked; says what was kept once it is.

    python tests/desk_keeper.py ARCHIVE [MOMENT SIGNAL]

ends itself by a signal just before it does the MOMENT-th thing to a file of the archive. Where there is no room, it
says so, removes the file FILLER that the environment names, and does the step again.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tiny_engine import kill_before

from player.archive.archive import Archive
from player.desk.refusals import DeskFullError
from player.desk.working import WorkingCopy

if TYPE_CHECKING:
    from collections.abc import Callable

NAME: Final = "Ines Keeper"
NAMES: Final = ("opening", "first", "c3", "last")
#: Each is another line's, or the same line's once more.
STEPS: Final = tuple(
    {"do": "words", "id": NAMES[number % len(NAMES)], "turn": 0, "text": f"Words number {number} of the ferry."}
    for number in range(20)
)


def texts(copy: WorkingCopy) -> list[str]:
    """Give the words of the lines."""
    return [line.text for line in copy.lines]


def open_copy(root: Path) -> WorkingCopy:
    """Open the working copy."""
    archive = Archive(root)
    return WorkingCopy.opened(archive, archive.record("tones"), NAME)


def say(word: object) -> None:
    """Say that something is done, so that it is heard whatever comes next."""
    os.write(1, f"{word}\n".encode())


def with_room(do: Callable[[], object]) -> None:
    """Do something; where there is no room, say so, make some and do it again."""
    try:
        do()
    except DeskFullError as error:
        say(f"refused {int(error.status)}")
        Path(os.environ["FILLER"]).unlink()
        do()


if __name__ == "__main__":
    root, *doom = sys.argv[1:]
    if doom:
        sys.addaudithook(kill_before(str(Path(root)), int(doom[0]), int(doom[1])))
    copy = open_copy(Path(root))
    for number, step in enumerate(STEPS):
        with_room(lambda step=step: copy.step(step))  # type: ignore[misc]  # mypy infers no lambda with a default
        say(number)
    with_room(copy.write)
    say("written")
