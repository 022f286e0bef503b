"""From key to text on the screen: in the line in hand at the desk of 20,000 lines, and in a bare ``<textarea>`` of 20.

The two are typed into in turns in one run, so that whatever else the machine does falls on both. What is measured is
Chromium's own ``EventLatency``: from the moment at which it gets the key to that at which the frame is shown.
"""

from __future__ import annotations

import json
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import long_talk
from browser.desk_site import Desk, serving_desk
from browser.get_browser import find_browser
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

LINES: Final = 20_000
PATIENCE: Final = 60_000  # milliseconds: a machine that is busy may take long over so many lines
#: The first round warms up, and is left out.
ROUNDS: Final = 9
#: Words that are typed in a round, their letters so many milliseconds apart, as fast as a person types; and after each
#: so long a pause that the next letter falls where the word before is saved, and the answer comes in.
WORDS: Final = (("ferry ", 410), ("rope ", 430), ("quay ", 450), ("tide ", 470), ("and ", 490))
APART: Final = 80
MOST: Final = 2.0

_BARE: Final = f"<textarea rows=20 cols=80>{'A line of words about a ferry.&#10;' * 20}</textarea>"
_TRACED: Final = "input.scrolling"  # the least that has EventLatency in it


def measure() -> Iterator[str]:
    """Type into both; give the median and 95 % of each, and how many times as long the desk takes."""
    chromium = find_browser()
    if chromium is None:
        yield "desk: no Chromium starts here; tests/browser/get_browser.py gets one"
        return
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        root = long_talk.write_archive(place / "archive", LINES)
        with (
            serving_desk(root, place / "cache") as site,
            sync_playwright() as playwright,
            playwright.chromium.launch(executable_path=chromium) as browser,
        ):
            context = browser.new_context(viewport={"width": 1280, "height": 860})
            context.set_default_timeout(PATIENCE)
            bare = context.new_page()
            bare.set_content(_BARE)
            bare.locator("textarea").focus()
            desk = Desk(context.new_page(), site, long_talk.SLUG).open()
            desk.press("End", ",", "Enter")
            yield from _compared(browser, desk.page, bare)


def _compared(browser: Browser, desk: Page, bare: Page) -> Iterator[str]:
    times: dict[Page, list[float]] = {desk: [], bare: []}
    for turn in range(ROUNDS):
        for page in (desk, bare):
            page.bring_to_front()
            browser.start_tracing(page=page, categories=[_TRACED])
            for word, pause in WORDS:
                page.keyboard.type(word, delay=APART)
                page.wait_for_timeout(pause - APART)
            taken = _latencies(browser.stop_tracing())
            if turn:
                times[page] += taken
    (ours, most), (theirs, their_most) = (_figures(times[page]) for page in (desk, bare))
    yield f"desk: from key to text on the screen, {len(times[desk])} keys each, ms, limit {MOST:.0f}x at 95 %"
    yield f"  {'':36}{'median':>8}{'95 %':>8}"
    yield f"  {f'the desk of {LINES:,} lines':36}{ours:8.1f}{most:8.1f}"
    yield f"  {'a textarea of 20 lines':36}{theirs:8.1f}{their_most:8.1f}"
    yield f"  {'':36}{ours / theirs:7.2f}x{most / their_most:7.2f}x"


def _latencies(trace: bytes) -> Iterator[float]:
    """Give how long each key took that is in a trace, in milliseconds."""
    begun: dict[tuple[int, str], float] = {}
    for event in json.loads(trace)["traceEvents"]:
        if event["name"] != "EventLatency":
            continue
        of = event["pid"], json.dumps(event.get("id2", event.get("id")), sort_keys=True)
        kind = event.get("args", {}).get("event_latency", {}).get("event_type")
        if event["ph"] == "b" and kind == "KEY_PRESSED":
            begun[of] = event["ts"]
        elif event["ph"] == "e" and of in begun:
            yield (event["ts"] - begun.pop(of)) / 1000


def _figures(times: list[float]) -> tuple[float, float]:
    return statistics.median(times), statistics.quantiles(times, n=20, method="inclusive")[-1]
