"""How far the time that is shown is from what is heard, in ms, for each kind of sound an archive may hold.

"+": the clock runs ahead of the sound. All is measured against the player's own clips: what somebody cuts at a time
that a page shows is that much off. Goal on the player's pages: 10 ms at most, in each browser, after any jump. Peers:
no player known to us measures this.

``PLAYER_BENCH_JUMPS`` chooses how many jumps are made (100, half of them at double speed, and of both half while it
plays), and ``PLAYER_BENCH_BROWSERS`` in which browsers.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from bench import _browsers
from browser import hearing
from browser.burst_kinds import KINDS, control, write_archive
from browser.bursts import SECONDS, Ear
from browser.conftest import serving
from clipping import run
from tones import ffmpeg

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from browser.burst_kinds import Kind
    from browser.hearing import Heard

JUMPS: Final = int(os.environ.get("PLAYER_BENCH_JUMPS", "100"))
BROWSERS: Final = os.environ.get("PLAYER_BENCH_BROWSERS", "Chromium Firefox WebKitGTK").split()
SPEEDS: Final = (1, 2)
GOAL: Final = 10
#: Seconds whose bursts are looked for in clips.
_CLIPPED: Final = (3, SECONDS // 2, SECONDS - 3)
# Chromium keeps six connections to a server, and each element may hold one: the control, the control again, and these.
_TOGETHER: Final = 4
#: What is held, as an element without a page plays it; and what the element of the recording's page plays.
_WHERE: Final = {"held": "/media/", "page": "/recordings/"}
# Pages that are listened to at the same time.
_PAGES: Final = 6


@dataclass
class Figures:
    """What was heard of one kind of sound in one browser, in ms."""

    is_played: bool = False
    duration: float = 0
    begun: list[float | None] = field(default_factory=list)
    #: By speed, after each jump; None where nothing was heard.
    jumped: dict[int, list[float | None]] = field(default_factory=dict)
    #: Of the control, played a second time beside itself, from the beginning and after each jump.
    control: list[float] = field(default_factory=list)
    #: Jumps that could not be measured, however often.
    spoilt: int = 0


def measure() -> Iterator[str]:
    """Play, jump and listen; give a line for each kind of sound, browser, and way of playing it."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        archive = write_archive(place / "archive", KINDS)
        _make_copies(archive)
        offsets = {}
        yield f"heard: how late clips have what was written, in ms; a sound of {SECONDS} s with a burst at every second"
        for kind in KINDS:
            offsets[kind.slug], wrong = clipped(archive, kind, place)
            yield f"  {kind.name:28}{offsets[kind.slug]:9.2f}   samples between clip and linear decode: {wrong}"
        with serving(archive, place / "cache") as server, hearing.with_recorder(server) as site, ExitStack() as stack:
            for browser in _browsers.started(stack, place, BROWSERS):
                if browser.is_heard:
                    yield from _heard(browser, site, offsets)
                else:
                    yield from _landed(browser, site)


def _make_copies(archive: Path) -> None:
    told = run(archive, "access", "--all")
    assert told.exit_code == 0, told.output


def clipped(archive: Path, kind: Kind, place: Path) -> tuple[float, int]:
    """Say how late the bursts lie in the player's clips, in ms; and how many samples from the linear decode at most."""
    ear = Ear(kind.rate)
    linear = _decoded(next((archive / "media").glob(f"{kind.slug}.*")))
    late, wrong = [], []
    for second in _CLIPPED:
        target = place / "clip.wav"
        span = ("--from", f"{second - 0.4:.1f}", "--to", f"{second + 0.4:.1f}")
        told = run(archive, "clip", kind.slug, *span, "--output", str(target), "--bare", "--force")
        assert told.exit_code == 0, told.output
        samples = _decoded(target)
        found = ear.find(samples, second)
        assert found
        first = round((second - 0.4) * kind.rate)
        there = ear.find(linear[first : first + samples.size], second)
        assert there
        wrong.append(abs(found[1] - there[1]))
        late.append(1000 * ((first + found[1]) / kind.rate - found[0]))
    return statistics.fmean(late), max(wrong)


def _decoded(path: Path) -> Any:
    return np.frombuffer(ffmpeg("-i", str(path), "-f", "f32le", "-"), "<f4")


def _heard(browser: _browsers.Browser, site: str, offsets: dict[str, float]) -> Iterator[str]:
    yield (
        f"heard in {browser.name}: ms by which the clock is ahead of the sound; {JUMPS} jumps, "
        f"half at double speed, and of both half while playing; goal {GOAL}"
    )
    yield (
        f"  {'':28}{'played':>6}{'from 0':>9}{'median':>9}{'95 %':>9}{'worst':>9}{'worst 2x':>9}{'control':>9}"
        f"{'unheard':>9}{'spoilt':>8}{'duration':>11}"
    )
    batches = list(_batches())
    for at in range(0, len(batches), _PAGES):
        held, page = (_play(browser, site, where, batches[at : at + _PAGES], offsets) for where in _WHERE.values())
        for (kind, before), (_, after) in zip(held, page, strict=True):
            for word, figures in zip(_WHERE, (before, after), strict=True):
                yield f"  {kind.name:28}{word:>6}{_row(figures)}"


def _batches() -> Iterator[list[Kind]]:
    by_rate: dict[int, list[Kind]] = defaultdict(list)
    for kind in KINDS:
        by_rate[kind.rate].append(kind)
    for kinds in by_rate.values():
        for at in range(0, len(kinds), _TOGETHER):
            yield kinds[at : at + _TOGETHER]


def _play(
    browser: _browsers.Browser, site: str, where: str, batches: Sequence[Sequence[Kind]], offsets: dict[str, float]
) -> list[tuple[Kind, Figures]]:
    """Listen to some pages at once, at each speed, each of them with some kinds of one rate."""
    found = [[Figures() for _ in (0, 0, *kinds)] for kinds in batches]
    for speed in SPEEDS:
        plan = [*hearing.from_the_beginning(speed), *hearing.jumps(JUMPS // len(SPEEDS), speed)]
        with ExitStack() as stack:
            pages = [stack.enter_context(browser.opened(site)) for _ in batches]
            for page, kinds, figures in zip(pages, batches, found, strict=True):
                wav = f"/media/{control(kinds[0].rate)}"
                opened = hearing.begin(page, [wav, wav, *(f"{where}{kind.slug}" for kind in kinds)])
                for each, known in zip(figures, opened, strict=True):
                    each.is_played, each.duration = known["isPlayed"], known["duration"] or 0
                hearing.start(page, plan)
            for page, kinds, figures in zip(pages, batches, found, strict=True):
                late = [0, 0, *(offsets[kind.slug] for kind in kinds)]
                _note(figures, speed, hearing.listen(page, plan), late)
    return [
        pair for kinds, figures in zip(batches, found, strict=True) for pair in zip(kinds, figures[2:], strict=True)
    ]


def _note(found: Sequence[Figures], speed: int, heard: Sequence[Heard], late: Sequence[float]) -> None:
    """Add what was heard at one speed to the figures of each element, as against its clips, which are so late."""
    steady = [each for each in heard if each.is_steady]
    for number, figures in enumerate(found):
        by_jump = [(each.jump.to, _less(each.ahead[number], late[number])) for each in steady]
        figures.spoilt += len(heard) - len(steady)
        figures.begun += [ahead for to, ahead in by_jump if to is None]
        figures.jumped[speed] = [ahead for to, ahead in by_jump if to is not None]
        figures.control += [ahead for each in steady if (ahead := each.ahead[1]) is not None]


def _less(ahead: float | None, late: float) -> float | None:
    return None if ahead is None else ahead - late


def _row(figures: Figures) -> str:
    if not figures.is_played:
        return "   not played"
    once, twice = ([each for each in figures.jumped[speed] if each is not None] for speed in SPEEDS)
    unheard = sum(each is None for speed in SPEEDS for each in figures.jumped[speed])
    begun = [each for each in figures.begun if each is not None]
    return (
        f"{_worst(begun)}{_number(statistics.median(once) if once else None)}{_number(_most(once))}{_worst(once)}"
        f"{_worst(twice)}{_worst(figures.control)}{unheard:9}{figures.spoilt:8}{figures.duration:11.3f}"
    )


def _most(values: Sequence[float]) -> float | None:
    """Give what 95 of 100 are at most, whatever their sign."""
    return statistics.quantiles(map(abs, values), n=20, method="inclusive")[-1] if len(values) > 1 else None


def _worst(values: Sequence[float]) -> str:
    return _number(max(values, key=abs, default=None))


def _number(value: float | None) -> str:
    return f"{'-':>9}" if value is None else f"{value + 0.0:9.1f}"


# For each address: the duration stated; how far from where it was sent the clock is after a jump, at most; and where
# the clock is when it has ended, having been sent to a second before.
_LANDS = """
const [address, places] = arguments;
const once = (player, name) => new Promise((done) => player.addEventListener(name, done, { once: true }));
const measured = (async () => {
  const text = address.startsWith("/media/") ? "" : await (await fetch(address)).text();
  const found = new DOMParser().parseFromString(text, "text/html").querySelector("audio");
  const player = found ? document.importNode(found, true) : Object.assign(new Audio(), { src: address });
  const last = [...player.querySelectorAll("source")].at(-1) ?? player;
  const opened = Promise.race([once(player, "loadedmetadata"), once(last, "error").then(() => null)]);
  player.muted = true; // so that it plays without a gesture
  player.load();
  if (!(await opened)) return null;
  let off = 0;
  const sent = async (place) => {
    const sought = once(player, "seeked");
    player.currentTime = place;
    await sought;
    off = Math.max(off, Math.abs(player.currentTime - place));
  };
  const { duration } = player;
  for (const place of places) await sent(place);
  await sent(duration - 1);
  const ended = once(player, "ended");
  await player.play();
  await ended;
  return { duration, off, ended: player.currentTime };
})();
// In some files a jump, or the end, never comes.
return Promise.race([measured, new Promise((done) => setTimeout(done, 20_000, {}))]);
"""


def _landed(browser: _browsers.Browser, site: str) -> Iterator[str]:
    """Say where jumps land in a browser that is not heard, and where the end is."""
    yield f"{browser.name}: not heard; what it says of its clock, in s (the sound has {SECONDS})"
    yield f"  {'':28}{'played':>6}{'duration':>11}{'off after a jump':>18}{'at the end':>12}"
    places = [jump.to for jump in hearing.jumps(10)]
    with browser.opened(site) as page:
        for kind in KINDS:
            for word, where in _WHERE.items():
                told = page.run(_LANDS, f"{where}{kind.slug}", places)
                row = "   not played" if told is None else "   stuck"
                if told:
                    row = f"{told['duration']:11.3f}{told['off']:18.3f}{told['ended']:12.3f}"
                yield f"  {kind.name:28}{word:>6}{row}"
