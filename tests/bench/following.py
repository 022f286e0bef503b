"""How late the marked line is, in milliseconds of the wall, beside what timeupdate would have given in the same run.

Peers, measured the same way: pages that listen to timeupdate 170 ms, hyperaudio-lite 9 ms, and at double speed 239 ms.
"""

from __future__ import annotations

import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import long_talk
from browser import talk
from browser.conftest import REPOSITORY, serving
from browser.get_browser import find_browser
from browser.hideable import hideable
from browser.player_page import PlayerPage
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import BrowserContext

FRAME = 1000 / 60
PATIENCE = 60_000  # milliseconds: a machine that is busy may take long over 8,000 lines


@dataclass(frozen=True)
class Passage:
    """What is played: from where to where in a recording, in milliseconds, and how its archive is made."""

    name: str
    slug: str
    start: int
    end: int
    archive: Callable[[Path], Path]


PASSAGES = (
    # Lines of a quarter of a second, one after another: forty changes in ten seconds.
    Passage("lines of 0.25 s", talk.SLUG, *talk.QUICK, talk.write_archive),
    Passage("the shipped reading", "1963-11-05-attwood-reading", 3_000, 63_000, lambda _: REPOSITORY),
    Passage(f"{long_talk.LINES:,} lines", long_talk.SLUG, 4_000_000, 4_030_000, long_talk.write_archive),
)

_STARTS = (
    """() => [...document.querySelectorAll(".cue")].map(({ id, dataset }) => [id.slice(4), Number(dataset.start)])"""
)

# What a page that listens to timeupdate sees: the last line that has started, whenever it is told.
_BY_TIMEUPDATE = """(starts) => {
  window.noticed = [];
  const audio = document.querySelector("audio");
  audio.addEventListener("timeupdate", () => {
    const at = audio.currentTime * 1000;
    const [line] = Object.entries(starts).findLast(([, start]) => start <= at) ?? [];
    if (line && noticed.at(-1)?.line !== line) noticed.push({ line, at });
  });
}"""


def measure() -> Iterator[str]:
    """Play each passage, seen and hidden, at two speeds; give a line of figures for each."""
    chromium = find_browser()
    if chromium is None:
        yield "following: no Chromium starts here; tests/browser/get_browser.py gets one"
        return
    yield f"following: lateness of the marked line, in ms (one frame is {FRAME:.1f})"
    yield f"  {'':33}{'lines':>6}{'median':>8}{'95 %':>8}{'worst':>8}{'missed':>8}    timeupdate: median, worst, missed"
    for passage in PASSAGES:
        with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
            place = Path(folder)
            archive = passage.archive(place / "archive")
            with (
                serving(archive, place / "cache") as site,
                hideable(playwright, chromium, place / "profile") as context,
            ):
                context.set_default_timeout(PATIENCE)
                yield from _passage(passage, context, site)


def _passage(passage: Passage, context: BrowserContext, site: str) -> Iterator[str]:
    for is_hidden in (False, True):
        for speed in (1, 2):
            player = PlayerPage(context.new_page(), site)
            lines, ours, theirs = _play(player, passage, speed, is_hidden=is_hidden)
            player.page.close()
            name = f"  {passage.name}, {'hidden' if is_hidden else 'seen'}, {speed}x"
            yield f"{name:35}{len(lines):6}" + _row(lines, ours, theirs, speed)


def _play(
    player: PlayerPage, passage: Passage, speed: int, *, is_hidden: bool
) -> tuple[dict[str, int], list[Any], list[Any]]:
    """Play the passage; give its lines with their starts, what the page marked, and what timeupdate would have."""
    player.page.bring_to_front()
    player.open(f"?t={passage.start / 1000 - 1.5}", passage.slug)
    lines = {name: start for name, start in player.page.evaluate(_STARTS) if passage.start <= start < passage.end}
    player.page.evaluate(_BY_TIMEUPDATE, lines)
    player.audio(f"audio.defaultPlaybackRate = audio.playbackRate = {speed}")
    player.button("play").click()
    if is_hidden:
        player.page.context.new_page().bring_to_front()
        player.until("document.hidden")
    player.marked()
    # A wait is given up after some seconds: the passage is waited for in parts.
    for moment in [*range(passage.start + 5_000, passage.end, 5_000), passage.end + 100]:
        player.until(f"audio.currentTime * 1000 > {moment}")
    player.ask("pauserequest")
    if is_hidden:
        player.page.context.pages[-1].close()
    return lines, player.marked(), player.page.evaluate("noticed")


def _row(lines: dict[str, int], ours: list[Any], theirs: list[Any], speed: int) -> str:
    late, missed = _lateness(lines, ours, speed)
    late_there, missed_there = _lateness(lines, theirs, speed)
    figures = (statistics.median(late), statistics.quantiles(late, n=20, method="inclusive")[-1], max(late))
    return (
        "".join(f"{figure:8.1f}" for figure in figures)
        + f"{missed:8}"
        + f"{statistics.median(late_there):22.0f}{max(late_there):7.0f}{missed_there:8}"
    )


def _lateness(lines: dict[str, int], seen: list[Any], speed: int) -> tuple[list[float], int]:
    late = [(each["at"] - lines[each["line"]]) / speed for each in seen if each["line"] in lines]
    return late, len(lines) - len(late)
