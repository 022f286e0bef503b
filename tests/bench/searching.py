"""What a keystroke in the search field costs the page, in milliseconds, over 8,000 lines whose every word is timed."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import long_talk
from browser.conftest import serving
from browser.get_browser import find_browser
from browser.player_page import PlayerPage
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

FRAME = 1000 / 60
#: Typed letter by letter, and taken away again: one letter finds most, a phrase across lines least.
QUERIES = ("ba", "banster", "at long last we meet", 'remark "at long last"', "séción", "nowhere at all", '"ba" "co"')
ROUNDS = 3

# Each key as the page gets it: the work it does at once, and what the frame that shows it takes.
_TYPE = """async (texts) => {
  const field = document.querySelector(".search input");
  const count = document.querySelector(".search .count");
  const costs = [];
  for (const text of texts) {
    await new Promise(requestAnimationFrame);
    await new Promise((done) => setTimeout(done));
    field.value = text;
    const begun = performance.now();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    const script = performance.now() - begun;
    await new Promise(requestAnimationFrame);
    const framed = performance.now();
    await new Promise((done) => setTimeout(done));
    costs.push({ text, script, frame: performance.now() - framed, count: count.textContent });
  }
  return costs;
}"""


def measure() -> Iterator[str]:
    """Type queries key by key, and give figures for the first key and all later ones."""
    chromium = find_browser()
    if chromium is None:
        yield "searching: no Chromium starts here; tests/browser/get_browser.py gets one"
        return
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        archive = long_talk.write_archive(place / "archive")
        with serving(archive, place / "cache") as site, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium)
            page = browser.new_page(viewport={"width": 1280, "height": 860})
            page.set_default_timeout(120_000)
            PlayerPage(page, site).open(slug=long_talk.SLUG)
            first, *_ = page.evaluate(_TYPE, ["m"])
            keys = [text for query in QUERIES for text in _typed(query)]
            later = [cost for _ in range(ROUNDS) for cost in page.evaluate(_TYPE, keys)]
            browser.close()
    yield f"searching: ms for a key, over {long_talk.LINES:,} lines (limit: one frame, {FRAME:.1f}, after the first)"
    yield f"  {'':34}{'median':>8}{'95 %':>8}{'worst':>8}"
    yield f"  {'the first key, which reads it all':34}{first['script']:8.1f}"
    yield "  " + f"{len(later)} later keys".ljust(34) + _row([cost["script"] for cost in later])
    yield "  " + "the frame that shows it".ljust(34) + _row([cost["frame"] for cost in later])
    worst = max(later, key=lambda cost: float(cost["script"]))
    yield f"  the worst: “{worst['text']}”, {worst['count']}"


def _typed(query: str) -> list[str]:
    """Give what stands in the field at each key: letter by letter, and back."""
    growing = [query[:end] for end in range(1, len(query) + 1)]
    return [*growing, *reversed(growing[:-1]), ""]


def _row(costs: list[float]) -> str:
    figures = (statistics.median(costs), statistics.quantiles(costs, n=20)[-1], max(costs))
    return "".join(f"{figure:8.1f}" for figure in figures)
