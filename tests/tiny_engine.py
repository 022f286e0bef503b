"""A tiny engine of the tests' own, which hears tones: the n-th of its words is a second with a tone of 200 + 50 n Hz.

It stands in for a recogniser where what is tested is what is done with its answers. ``tones.write_tones`` makes such
sounds: one of twelve seconds says the first twelve words.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from player.align.asked import NotPlaced, Placed
from player.align.engines import DEFAULT, ENGINES, Ready
from player.align.pieces import Job
from player.align.samples import RATE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pytest

    from player.align.asked import SpokenLine
    from player.align.pieces import Work

NAME: Final = "tiny"
#: The environment variable that names a file in which a line is written for each piece that is done.
LOG: Final = "TINY_ENGINE_LOG"
#: The environment variable that says at the how manieth piece in that file the parent is ended by a signal.
KILLS: Final = "TINY_ENGINE_KILLS"
WORDS: Final = (
    *("quay", "tide", "ferry", "rope", "slip", "mole", "buoy", "lamp", "pier", "reef"),
    *("log", "dock", "mast", "keel", "sail", "oar", "deck", "hull", "net", "crane"),
)
_SECONDS: Final = 2  # of a piece; more where there would be more than _PIECES
_PIECES: Final = 600


def install(monkeypatch: pytest.MonkeyPatch | None = None) -> None:
    """Have ``player align`` use it unless another is named."""
    if monkeypatch is None:
        ENGINES[DEFAULT] = _ready
    else:
        monkeypatch.setitem(ENGINES, DEFAULT, _ready)


def _ready(_language: str, _model: Path | None) -> Ready:
    return Ready(f"numpy {np.__version__}", "of tones", place)


def place(lines: Sequence[SpokenLine], work: Work, language: str) -> list[Placed | NotPlaced | None]:
    """Place each line whose words are tones of seconds that follow one another, in order."""
    seconds = work.samples.length // RATE
    step = max(_SECONDS, seconds // _PIECES)
    jobs = [Job([first, min(first + step, seconds)], 1000 * step) for first in range(0, seconds, step)]
    results = work.done(jobs, "tiny_engine:hearing", {"language": language}, what="Listening")
    heard = [word for words in results for word in words]
    return [None if line.fixed is not None else _placed(line, heard) for line in lines]


def _placed(line: SpokenLine, heard: Sequence[str | None]) -> Placed | NotPlaced | None:
    wanted = [ways[0][0] if ways[0] else None for ways in line.words]
    if not wanted or any(word not in WORDS for word in wanted):
        return NotPlaced("not all of it is tones")
    starts = [at for at in range(len(heard)) if heard[at : at + len(wanted)] == wanted]
    if not starts:
        return None
    words = tuple(1000 * (starts[0] + number) for number in range(len(wanted)))
    return Placed(words[0], words[-1] + 1000, words, 0.9)


def hearing(samples: Any, _settings: Mapping[str, Any]) -> Callable[[Any], Any]:
    """Give the function that tells which word is in each of some seconds."""

    def do(values: Any) -> Any:
        if (log := os.environ.get(LOG)) is not None:
            with Path(log).open("a", encoding="utf-8") as file:
                file.write(f"{values[0]}\n")
            if (number := os.environ.get(KILLS)) and len(Path(log).read_bytes().split()) == int(number):
                os.kill(os.getppid(), signal.SIGKILL)
        return [_word(samples[at * RATE : (at + 1) * RATE]) for at in range(*values)]

    return do


def _word(second: Any) -> str | None:
    spectrum = np.abs(np.fft.rfft(second.astype(float)))
    number, rest = divmod(int(spectrum.argmax()) - 200, 50)
    is_tone = rest == 0 and 0 <= number < len(WORDS) and spectrum.max() > 20 * np.median(spectrum) + 1
    return WORDS[number] if is_tone else None


def kill_before(root: str, moment: int, number: int) -> Callable[[str, tuple[Any, ...]], None]:
    """Give an audit hook that sends this process a signal before it does the n-th thing to a file below a folder.

    At its end the process prints how many there were.
    """
    count = 0
    atexit.register(lambda: sys.stdout.write(f"things done: {count}\n"))

    def heard(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal count
        if event not in {
            "open",
            "os.rename",
            "os.remove",
            "os.mkdir",
            "os.rmdir",
            "os.link",
            "os.utime",
            "os.truncate",
        }:
            return
        if any(isinstance(each, (str, bytes)) and os.fsdecode(each).startswith(root) for each in arguments):
            count += 1
            if count == moment:
                os.kill(os.getpid(), number)

    return heard
