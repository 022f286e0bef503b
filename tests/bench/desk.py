"""From key to text on the screen: in the line in hand at the desk of 20,000 lines, and in a bare ``<textarea>`` of 20.

The two are typed into in turns in one run, so that whatever else the machine does falls on both.
"""

from __future__ import annotations

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

    from playwright.sync_api import BrowserContext, Page

LINES: Final = 20_000
PATIENCE: Final = 60_000  # milliseconds: a machine that is busy may take long over so many lines
ROUNDS: Final = 8
#: Keys that are typed in a round, so many milliseconds apart, as fast as a person types.
KEYS: Final = "ferry rope quay tide and "
APART: Final = 80
MOST: Final = 2.0

_BARE: Final = f"<textarea rows=20 cols=80>{'A line of words about a ferry.&#10;' * 20}</textarea>"
# From the press to the first moment after the frame that shows it.
_TIMED: Final = """() => {
  window.times = [];
  addEventListener("keydown", ({ timeStamp }) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => times.push(performance.now() - timeStamp);
    port2.postMessage(null);
  }), true);
}"""


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
            desk = Desk(context.new_page(), site, long_talk.SLUG).open()
            desk.press("End", ",", "Enter")
            desk.page.evaluate(_TIMED)
            yield from _compared(desk.page, _bare(context))


def _bare(context: BrowserContext) -> Page:
    page = context.new_page()
    page.set_content(_BARE)
    page.locator("textarea").focus()
    page.evaluate(_TIMED)
    return page


def _compared(desk: Page, bare: Page) -> Iterator[str]:
    for _ in range(ROUNDS):
        for page in (desk, bare):
            page.bring_to_front()
            page.keyboard.type(KEYS, delay=APART)
    (ours, most), (theirs, their_most) = (_figures(page.evaluate("times")) for page in (desk, bare))
    yield f"desk: from key to text on the screen, {ROUNDS * len(KEYS)} keys each, ms, limit {MOST:.0f}x at 95 %"
    yield f"  {'':36}{'median':>8}{'95 %':>8}"
    yield f"  {f'the desk of {LINES:,} lines':36}{ours:8.1f}{most:8.1f}"
    yield f"  {'a textarea of 20 lines':36}{theirs:8.1f}{their_most:8.1f}"
    yield f"  {'':36}{ours / theirs:7.2f}x{most / their_most:7.2f}x"


def _figures(times: list[float]) -> tuple[float, float]:
    return statistics.median(times), statistics.quantiles(times, n=20, method="inclusive")[-1]
