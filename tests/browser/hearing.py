"""How far a media element's clock is from what is heard of it, measured beside a WAV that plays at the same time.

All elements feed one AudioWorklet, which records them, and their ``currentTime`` are read in one task. Where a burst
lies in what was recorded says which moment of the sound was heard then. No wall time is in it: what a slow machine
records is the same samples, later. Where it read the clocks too seldom, or one element waited for its data meanwhile,
it is told, and the jump is made again.
"""

from __future__ import annotations

import base64
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
from browser.added_script import with_script
from browser.bursts import SECONDS, Ear

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from playwright.sync_api import Page

#: Frames a second of what is recorded, as hearing.js has it.
RATE: Final = 48_000
#: The last so many readings of the clocks are compared: those of 480 ms. Firefox moves its clock on every 40 ms.
_READINGS: Final = 45
# A clock that was seen at fewer places meanwhile was read too seldom.
_PLACES: Final = 8
# Milliseconds by which two clocks may part between one half of the readings and the other.
_PARTING: Final = 10
# How often a jump that could not be measured is made again.
_AGAIN: Final = 5
# Frames between two readings, as recorder.js has them.
_TURN: Final = 512
# A burst that is less like itself than this (1: the same) was broken off while it was recorded.
_LIKENESS: Final = 0.7
_HERE: Final = Path(__file__).parent


class Runs(Protocol):
    """A page that runs the body of a function, as ``DrivenPage`` does."""

    def run(self, script: str, *arguments: Any) -> Any:
        """Run the body of a function, whose result may be a promise."""


class PlaywrightPage:
    """A page of Playwright as ``Runs``."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def run(self, script: str, *arguments: Any) -> Any:
        return self.page.evaluate(f"(given) => (function () {{ {script} }})(...given)", list(arguments))


@dataclass(frozen=True)
class Jump:
    """Where the elements are sent, in seconds (None: nowhere), and how.

    ``skip`` frames are not listened to after it. By ``asks``, the page is asked to jump with its own element, as its
    parts ask.
    """

    to: float | None
    is_playing: bool = False
    speed: int = 1
    skip: int = RATE // 10
    asks: bool = False

    def told(self) -> dict[str, Any]:
        names = {"to": self.to, "isPlaying": self.is_playing, "speed": self.speed, "skip": self.skip}
        return {**names, "asks": self.asks}


@dataclass(frozen=True)
class Heard:
    """What came of one jump: by element, how many ms its clock is ahead of what is heard of it.

    The control's clock is taken to be right. None where nothing of an element was heard.
    """

    jump: Jump
    ahead: tuple[float | None, ...]
    is_steady: bool


def from_the_beginning(speed: int = 1) -> list[Jump]:
    """Give what is done to hear the first seconds without any jump."""
    return [Jump(None, speed=speed, skip=RATE // 2), *(Jump(None, is_playing=True, speed=speed),) * 2]


def jumps(count: int, speed: int = 1, *, seconds: int = SECONDS, asks: bool = False) -> list[Jump]:
    """Spread jumps over the sound, in no order, every other one while it plays; each ends shortly before a burst.

    Every fourth is a short one, five seconds on or back, as keys make them: what is there is fetched already.
    """
    chance = np.random.default_rng([11, speed])
    places = np.linspace(2, seconds - 8, count).astype(int)
    chance.shuffle(places)
    for number in range(3, count, 4):
        places[number] = abs(places[number - 1] + (5 if number % 8 == 3 else -5))
    early = chance.uniform(0.25, 0.40, count) * speed
    return [
        Jump(round(1 + float(place - before), 3), is_playing=number % 2 == 1, speed=speed, asks=asks)
        for number, (place, before) in enumerate(zip(places, early, strict=True))
    ]


@contextmanager
def with_recorder(server: str) -> Iterator[str]:
    """Give an address of the server at which pages find the recorder too."""
    with with_script(server, "/recorder.js", (_HERE / "recorder.js").read_text(encoding="utf-8")) as address:
        yield address


def begin(page: Runs, sources: Sequence[str]) -> list[dict[str, Any]]:
    """Open elements, the first being the control, and give what is known of each; see ``open`` in hearing.js."""
    page.run((_HERE / "hearing.js").read_text(encoding="utf-8"))
    opened: list[dict[str, Any]] = page.run("return hearing.open(arguments[0])", list(sources))
    return opened


def start(page: Runs, plan: Sequence[Jump]) -> None:
    """Let the page begin with what is planned; it need not be waited for."""
    page.run("hearing.start(arguments[0])", [each.told() for each in plan])


def listen(page: Runs, plan: Sequence[Jump], seconds: int = SECONDS) -> list[Heard]:
    """Give what is heard of a plan that was started, in its order; what could not be measured is done again.

    :param seconds: how long the sound is.
    """
    ears = {speed: Ear(RATE, speed, seconds) for speed in {each.speed for each in plan}}
    found = _listen(page, plan, ears)
    for _ in range(_AGAIN):
        # What was to be heard before any jump is over.
        spoilt = [number for number, each in enumerate(found) if not each.is_steady and each.jump.to is not None]
        if not spoilt:
            break
        again = [plan[number] for number in spoilt]
        start(page, again)
        for number, each in zip(spoilt, _listen(page, again, ears), strict=True):
            found[number] = each
    return found


def _listen(page: Runs, plan: Sequence[Jump], ears: dict[int, Ear]) -> list[Heard]:
    found: list[Heard] = []
    near = 0.0
    is_over = False
    while not is_over:
        answer = page.run("return hearing.collect()")
        is_over = answer["isOver"]
        for told in answer["told"]:
            jump = plan[len(found)]
            near = jump.to if jump.to is not None else near + 1
            found.append(_heard(jump, told, near, ears[jump.speed]))
    assert len(found) == len(plan), (len(found), len(plan))
    return found


def _heard(jump: Jump, told: dict[str, Any], near: float, ear: Ear) -> Heard:
    found = [ear.find(np.frombuffer(base64.b64decode(packed), "<i2") / 32768, near + 0.5) for packed in told["tracks"]]
    # From the first burst on, so that whatever waited for its data between a burst and a reading is noticed.
    first = min((each[1] // _TURN for each in found if each), default=0)
    clocks = np.array(told["clocks"], float)
    clocks = clocks[min(first, max(0, len(clocks) - _READINGS)) :]
    control = found[0]
    if control is None:
        return Heard(jump, (None,) * len(found), is_steady=False)
    ahead: list[float | None] = []
    is_steady = control[2] >= _LIKENESS
    for clock, burst in zip(clocks.T, found, strict=True):
        if burst is None:
            ahead.append(None)
            continue
        apart = 1000 * (clock - clocks[:, 0])
        halves = [half.mean() for half in np.array_split(apart, 2)]
        is_parting = bool(abs(halves[0] - halves[1]) >= _PARTING * jump.speed)
        is_steady = is_steady and burst[2] >= _LIKENESS and len(set(clock)) >= _PLACES and not is_parting
        heard, control_heard = (each[0] - jump.speed * each[1] / RATE for each in (burst, control))
        ahead.append(float(apart.mean() - 1000 * (heard - control_heard)))
    return Heard(jump, tuple(ahead), is_steady)
