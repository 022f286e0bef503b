"""What axe finds on every page, and what it cannot see: focus that is covered, pages wider than the window."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from browser.player_page import LIMIT, PlayerPage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.long

READING = "/recordings/1963-11-05-attwood-reading"
PAGES = {
    "the shelf": "/",
    "about the archive": "/about",
    "accessibility": "/accessibility",
    "the reading": READING,
    "a line of it": f"{READING}/lines/day",
    "its text": f"{READING}/text",
    "a passage in a frame": f"{READING}/embed?t=25,80",
    "the tape's own record": "/recordings/1963-11-05-attwood",
    "a narrowed list": "/recordings/?kind=reading&tag=none",
    "all values of a facet": "/recordings/?all=person",
    "the sources": "/sources",
    "a source": "/sources/dobrynin-1962-10-27",
    "a person": "/people/attwood",
    "the chronology": "/chronology",
    "what a search found": "/search?q=tape",
    "a search that found nothing": '/search?q="no such words"',
    "accounts compared": "/dossiers/dobrynin-1962-10-27",
    "a basket": f"/basket?p={READING.rpartition('/')[2]}@25,46&p=none@1,2&p={READING.rpartition('/')[2]}@day",
    "a set": "/sets/where-sources-disagree",
    "an empty basket": "/basket",
    "an error": "/recordings/nowhere",
}
MODES: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}},
    "print": {},
}
#: The links and controls of the shipped page are more than these.
STOPS = 100
# Beside what is on by default: rules that axe holds back because they are new (WCAG 2.2) or experimental.
OPTIONS = {
    "resultTypes": ["violations"],
    "rules": {
        "target-size": {"enabled": True},
        "label-content-name-mismatch": {"enabled": True},
        "css-orientation-lock": {"enabled": True},
        "focus-order-semantics": {"enabled": True},
    },
}


@pytest.fixture(params=MODES)
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page in one of the modes."""
    context = browser.new_context(
        reduced_motion="reduce", **{"viewport": {"width": 1280, "height": 720}, **MODES[request.param]}
    )
    context.set_default_timeout(LIMIT)
    page = context.new_page()
    if request.param == "print":
        page.emulate_media(media="print")
    yield page
    context.close()


def found_by_axe(page: Page) -> list[str]:
    """Give what axe finds on a page, a line for each element. On paper nothing is pressed, and no target too small."""
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate(f"axe.run({json.dumps(OPTIONS)}).then(({{ violations }}) => violations)")
    if page.evaluate("matchMedia('print').matches"):
        found = [each for each in found if each["id"] != "target-size"]
    return [
        f"{each['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for each in found
        for node in each["nodes"]
    ]


@pytest.mark.sampled
@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_axe_finds_nothing(page: Page, shipped: str, address: str) -> None:
    page.goto(f"{shipped}{address}")
    assert found_by_axe(page) == []


@pytest.mark.sampled(7)
@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_no_page_is_wider_than_the_window(browser: Browser, shipped: str, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{shipped}{address}")
    for width, height in [(320, 256), (390, 800), (768, 1024), (1280, 720)]:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
    context.close()


# Of the focused element, the part in the window that something else lies over: "" for none.
COVERED = """() => {
  const { activeElement: focused } = document;
  if (focused === document.body) return "";
  const seen = ({ left, right, top, bottom }) => [
    [Math.max(left, 0) + 1, Math.max(top, 0) + 1], [Math.min(right, innerWidth) - 1, Math.min(bottom, innerHeight) - 1],
    [(Math.max(left, 0) + Math.min(right, innerWidth)) / 2, (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2],
  ];
  const boxes = [...focused.getClientRects()].filter(({ width, height }) => width && height);
  const points = boxes.flatMap(seen);
  const isOver = ([x, y]) => {
    const over = document.elementFromPoint(x, y);
    if (over === null) return false;
    return focused.contains(over) || over.contains(focused) || over.closest("label")?.contains(focused);
  };
  if (!points.length || points.some(isOver)) return "";
  const over = document.elementFromPoint(...points[0])?.outerHTML.slice(0, 80);
  return `${focused.outerHTML.slice(0, 120)} at ${points} lies under ${over}`;
}"""


# The same of each element that can have the focus, one after the other, as Tab would go; without a frame between them.
COVERED_OF_ALL = f"""() => [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")]
  .filter((each) => each.tabIndex >= 0 && !each.disabled && each.checkVisibility({{ visibilityProperty: true }}))
  .map((each) => {{
    each.focus();
    return ({COVERED})();
  }})"""


def test_the_focus_is_never_under_something_else(browser: Browser, shipped: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    player = PlayerPage(context.new_page(), shipped).open(slug=READING.rsplit("/", 1)[1])
    player.press("Tab")
    covered: list[str] = player.page.evaluate(COVERED_OF_ALL)
    assert len(covered) > STOPS
    assert [each for each in covered if each] == []
    assert player.page.evaluate("document.activeElement.matches(':focus-visible')")
    context.close()
