"""What a page of 8,000 lines costs: until it can be read, and at each change of the line that is marked.

And what one of 20,000 lines costs, ten hours of talk, beside what it cost when a line was more than its time and words.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import long_talk
from browser.conftest import serving
from browser.get_browser import find_browser
from browser.player_page import PlayerPage
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

PATIENCE = 60_000  # milliseconds: a machine that is busy may take long over 8,000 lines
OPENINGS = 5
CHANGES = 200
READABLE = 1500  # milliseconds from the first byte
SCRIPT = 0.05  # milliseconds of each change
MANY_LINES = 20_000
VIEWS = 5
#: What such a page of the same archive was while a line had its source, its clip and an element for its words: in
#: Chromium 156, on a busy machine of two processors on which it was ready after 0.73 s and had its first hit after
#: 1.86 s once it had not.
BEFORE = {"megabytes of HTML": 9.80, "elements": 91_699, "seconds to ready": 2.88, "seconds to the first hit": 4.73}

# The time that elements take when they are put into the page; the clock of a page has a step of 0.1 ms.
_TIMED = """
const define = customElements.define.bind(customElements);
window.connecting = 0;
customElements.define = (name, element) => {
  const own = element.prototype.connectedCallback;
  element.prototype.connectedCallback = function () {
    const begun = performance.now();
    own.call(this);
    connecting += performance.now() - begun;
  };
  define(name, element);
};
"""
_OPENED = """() => {
  const [{ responseStart, requestStart, domContentLoadedEventEnd, transferSize, decodedBodySize }] =
    performance.getEntriesByType("navigation");
  const [{ startTime }] = performance.getEntriesByName("first-contentful-paint");
  return {
    waited: responseStart - requestStart, painted: startTime - responseStart,
    ready: domContentLoadedEventEnd - responseStart, connecting, transferSize, decodedBodySize,
  };
}"""
_SIZES = """() => {
  const [{ domContentLoadedEventEnd, decodedBodySize }] = performance.getEntriesByType("navigation");
  return {
    "megabytes of HTML": decodedBodySize / 1e6, elements: document.querySelectorAll("*").length,
    "seconds to ready": domContentLoadedEventEnd / 1000,
  };
}"""
# When the page first says which hit of how many it shows, from when it was asked for.
_FIRST_HIT = """
window.hit = new Promise((done) => addEventListener("DOMContentLoaded", () => {
  const number = document.querySelector("transcript-search .number");
  new MutationObserver(() => number.textContent && done(performance.now())).observe(number, { childList: true });
}));
"""
# As the player tells the time at each frame; without a frame between, only what script does is timed.
_CHANGE = """(moments) => {
  const player = document.querySelector("recording-player");
  const begun = performance.now();
  for (const ms of moments) {
    player.dispatchEvent(new CustomEvent("timechange", { detail: { ms, heard: ms, playing: true, sought: false } }));
  }
  return (performance.now() - begun) / moments.length;
}"""
_CHANGE_BY_FRAMES = """async (moments) => {
  const player = document.querySelector("recording-player");
  let script = 0;
  for (const ms of moments) {
    await new Promise(requestAnimationFrame);
    const begun = performance.now();
    player.dispatchEvent(new CustomEvent("timechange", { detail: { ms, heard: ms, playing: true, sought: false } }));
    script += performance.now() - begun;
  }
  await new Promise(requestAnimationFrame);
  return script / moments.length;
}"""


def measure() -> Iterator[str]:
    """Open the page some times, then move the mark; give a line of figures for each."""
    chromium = find_browser()
    if chromium is None:
        yield "long_page: no Chromium starts here; tests/browser/get_browser.py gets one"
        return
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        archive = long_talk.write_archive(place / "archive")
        with (
            serving(archive, place / "cache") as site,
            sync_playwright() as playwright,
            playwright.chromium.launch(executable_path=chromium) as browser,
        ):
            yield from _opening(browser, site)
            yield from _changing(browser, site)
        many = long_talk.write_archive(place / "many", MANY_LINES)
        with (
            serving(many, place / "cache") as site,
            sync_playwright() as playwright,
            playwright.chromium.launch(executable_path=chromium) as browser,
        ):
            yield from _many(browser, site)


def _opening(browser: Browser, site: str) -> Iterator[str]:
    first, *others = [_open(browser, site) for _ in range(1 + OPENINGS)]
    middle = {name: statistics.median(each[name] for each in others) for name in first}
    size = f"{first['decodedBodySize'] / 1e6:.1f} MB, {first['transferSize'] / 1e3:.0f} kB over the wire"
    yield f"long_page: {long_talk.LINES:,} lines, every word timed; {size}; ms, medians of {OPENINGS} first views"
    yield f"  first byte after {middle['waited']:.0f} (of the first page after a start {first['waited']:.0f})"
    painted, ready = middle["painted"], middle["ready"]
    yield f"  from the first byte: text painted {painted:.0f}, all of it ready {ready:.0f}, limit {READABLE}"
    yield f"  script of the elements as the page opens {middle['connecting']:.0f}"


def _open(browser: Browser, site: str) -> dict[str, float]:
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    context.set_default_timeout(PATIENCE)
    player = PlayerPage(context.new_page(), site)
    player.page.add_init_script(_TIMED)
    player.open(slug=long_talk.SLUG)
    player.until("performance.getEntriesByName('first-contentful-paint').length")
    opened: dict[str, float] = player.page.evaluate(_OPENED)
    context.close()
    return opened


def _many(browser: Browser, site: str) -> Iterator[str]:
    """Open a page of 20,000 lines, plainly and with a search in its address; compare both with what they were."""
    views = [_view(browser, site) for _ in range(1 + VIEWS)][1:]
    yield f"long_page: {MANY_LINES:,} lines, medians of {VIEWS} views, limit 0.5x of before"
    for name, before in BEFORE.items():
        now = statistics.median(view[name] for view in views)
        yield f"  {name:26}{now:10,.2f}{before:12,.2f}{now / before:8.2f}x"


def _view(browser: Browser, site: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for query in ("", "?q=banster"):
        context = browser.new_context(viewport={"width": 1280, "height": 860})
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.add_init_script(_FIRST_HIT)
        page.goto(f"{site}/recordings/{long_talk.SLUG}{query}")
        if query:
            found["seconds to the first hit"] = page.evaluate("hit") / 1000
        else:
            found.update(page.evaluate(_SIZES))
        context.close()
    return found


def _changing(browser: Browser, site: str) -> Iterator[str]:
    player = PlayerPage(browser.new_page(viewport={"width": 1280, "height": 860}), site)
    player.open(slug=long_talk.SLUG)
    anywhere = [number * 7919 % long_talk.LINES * long_talk.LINE + 5 for number in range(CHANGES)]
    batches = [player.page.evaluate(_CHANGE, anywhere) for _ in range(9)]
    yield f"  a change of the marked line, mean of {CHANGES} places, median of {len(batches)} runs"
    yield "    peers: every line looked at 3.7 ms, a listener for each line 6.9 ms, the marking alone at best 0.0015 ms"
    yield f"    script of all that listens to the clock {statistics.median(batches):.3f} ms, limit {SCRIPT}"
    yield f"    while the line is followed {_followed(player):.3f} ms, with the layout of what is scrolled to"
    in_view = [number * long_talk.LINE + 5 for number in range(2, 8)] * 10
    player.page.evaluate("document.querySelector('recording-player').removeAttribute('data-begun')")
    player.page.evaluate("scrollTo(0, 0)")
    yield from _drawn(player.page, in_view)


def _followed(player: PlayerPage) -> float:
    """Time changes from line to line, each with a frame of its own and the page scrolled where that is needed."""
    player.seek(3_000_000)
    player.settle()
    moments = [3_000_000 + number * long_talk.LINE + 5 for number in range(CHANGES)]
    return float(player.page.evaluate(_CHANGE_BY_FRAMES, moments))


def _drawn(page: Page, moments: list[int]) -> Iterator[str]:
    """Trace what the browser does for a change: styles, layouts, and how many boxes each had to do anew."""
    session = page.context.new_cdp_session(page)
    events: list[dict[str, Any]] = []
    done: list[object] = []
    session.on("Tracing.dataCollected", lambda told: events.extend(told["value"]))
    session.on("Tracing.tracingComplete", lambda told: done.append(told))  # noqa: PLW0108  # Playwright marks it
    session.send(
        "Tracing.start",
        {"transferMode": "ReportEvents", "traceConfig": {"includedCategories": ["devtools.timeline"]}},
    )
    page.evaluate(_CHANGE_BY_FRAMES, moments)
    session.send("Tracing.end")
    while not done:
        page.wait_for_timeout(50)
    whole = [each for each in events if each.get("ph") == "X"]
    layouts = [each for each in whole if each["name"] == "Layout"]
    styles = [each for each in whole if each["name"] == "UpdateLayoutTree"]
    boxes = [each["args"]["beginData"]["dirtyObjects"] for each in layouts]
    counted = [each["args"].get("elementCount", 0) for each in styles]
    most = max(boxes, default=0)
    yield f"    {len(moments)} changes in view: {len(layouts)} layouts, {_median(layouts):.2f} ms, of at most {most}"
    yield "      boxes, all of the clock and the slider; limit: the two lines"
    yield f"      {len(styles)} styles, {_median(styles):.2f} ms, of at most {max(counted, default=0)} elements"


def _median(events: list[dict[str, Any]]) -> float:
    return float(statistics.median([each["dur"] / 1000 for each in events] or [0]))
