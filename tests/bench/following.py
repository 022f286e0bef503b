"""How late the marked line is, in milliseconds of the wall, beside what timeupdate would have given in the same run."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from browser import talk
from browser.conftest import serving
from browser.get_browser import find_browser
from browser.hideable import hideable
from browser.player_page import PlayerPage
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

FRAME = 1000 / 60
#: Lines of a quarter of a second, one after another: forty changes in ten seconds.
LINES = {line.id: line.start for line in talk.LINES if talk.QUICK[0] <= line.start < talk.QUICK[1]}

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
    """Play the quick lines, seen and hidden, at two speeds; give a line of figures for each."""
    chromium = find_browser()
    if chromium is None:
        yield "following: no Chromium starts here; tests/browser/get_browser.py gets one"
        return
    yield f"following: lateness of the marked line, in ms (one frame is {FRAME:.1f}), over {len(LINES)} changes"
    yield f"  {'':12}{'median':>8}{'95 %':>8}{'worst':>8}{'missed':>8}    timeupdate: median, worst, missed"
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        archive = talk.write_archive(place / "archive")
        with (
            serving(archive, place / "cache") as site,
            sync_playwright() as playwright,
            hideable(playwright, chromium, place / "profile") as context,
        ):
            for is_hidden in (False, True):
                for speed in (1, 2):
                    player = PlayerPage(context.new_page(), site)
                    ours, theirs = _play(player, speed, is_hidden=is_hidden)
                    player.page.close()
                    yield f"  {'hidden' if is_hidden else 'seen'} {speed}x".ljust(14) + _row(ours, theirs, speed)


def _play(player: PlayerPage, speed: int, *, is_hidden: bool) -> tuple[list[Any], list[Any]]:
    player.page.bring_to_front()
    player.open(f"?t={talk.QUICK[0] / 1000 - 1.5}")
    player.page.evaluate(_BY_TIMEUPDATE, LINES)
    player.audio(f"audio.defaultPlaybackRate = audio.playbackRate = {speed}")
    player.button("play").click()
    if is_hidden:
        player.page.context.new_page().bring_to_front()
        player.until("document.hidden")
    player.marked()
    for second in (talk.QUICK[0] + 5_000, talk.QUICK[1] + 100):
        player.until(f"audio.currentTime * 1000 > {second}")
    player.ask("pauserequest")
    if is_hidden:
        player.page.context.pages[-1].close()
    return player.marked(), player.page.evaluate("noticed")


def _row(ours: list[Any], theirs: list[Any], speed: int) -> str:
    late, missed = _lateness(ours, speed)
    late_there, missed_there = _lateness(theirs, speed)
    figures = (statistics.median(late), statistics.quantiles(late, n=20)[-1], max(late))
    return (
        "".join(f"{figure:8.1f}" for figure in figures)
        + f"{missed:8}"
        + f"{statistics.median(late_there):22.0f}{max(late_there):7.0f}{missed_there:8}"
    )


def _lateness(seen: list[Any], speed: int) -> tuple[list[float], int]:
    late = [(each["at"] - LINES[each["line"]]) / speed for each in seen if each["line"] in LINES]
    return late, len(LINES) - len(late)
