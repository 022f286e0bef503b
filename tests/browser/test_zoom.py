"""At 400 % zoom, and with the text spacing that a reader may set, nothing on any page is cut, covered or out of reach.

1280 by 1024 at 400 % are 320 by 256 (WCAG 2.2, 1.4.10 Reflow); the spacing is that of 1.4.12 Text Spacing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser.player_page import LIMIT, PlayerPage
from browser.test_accessibility import COVERED, PAGES, READING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.long

SMALL = {"width": 320, "height": 256}
ALL = {
    **PAGES,
    "how to cite it": f"{READING}/cite?t=25,80",
    "people": "/people",
}
SPACING = """
* { letter-spacing: .12em !important; line-height: 1.5 !important; word-spacing: .16em !important; }
p { margin-block-end: 2em !important; }
"""

# Text that is cut by its box: what is for screen readers alone is not there to be seen; a note that shows its beginning
# has a link to the rest.
_CUT = """() => {
  const unseen = ".unseen, .fold, .more-name, .passage-name, [aria-hidden=true], .jump-to-main";
  const isUnseen = (each) => each.closest(unseen);
  const clips = (each) => ["clip", "hidden"].some((way) => getComputedStyle(each).overflow.includes(way));
  const isOpened = (each) => each.closest(".cue > .note:not(:target)");
  return [...document.querySelectorAll("body *")].filter((each) => each.checkVisibility() && clips(each))
    .filter((each) => !isUnseen(each) && !isOpened(each) && each.clientWidth > 1 && each.textContent.trim())
    .filter((each) => each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1)
    .map((each) => each.outerHTML.slice(0, 100));
}"""

# Text that lies over other text: boxes of words that share more than a hair, but not those of the page that scrolls
# below the transport.
_OVERLAID = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const hidden = ".unseen, .fold, .more-name, .passage-name, .jump-to-main, noscript, "
    + ".note:not(:target) :is(.ties, .claims .from)";
  const isOfTransport = ({ holder }) => holder.closest(".transport") !== null;
  const boxes = [];
  while (walker.nextNode()) {
    const text = walker.currentNode;
    const holder = text.parentElement;
    if (!text.data.trim() || !holder.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    if (holder.closest(hidden)) continue;
    const range = new Range();
    range.selectNodeContents(text);
    // What a note hides of itself, and of the rest of its row, is not seen; nor is what has scrolled away in a frame.
    const clip = holder.closest(".note:not(:target) :is(.body, .from), .embedded .words")?.getBoundingClientRect();
    // A box of a line of text is higher than its letters: a fifth on either side may be shared.
    for (const box of range.getClientRects()) {
      const { left } = box;
      const top = Math.max(box.top, clip?.top ?? -Infinity);
      const right = Math.min(box.right, clip?.right ?? Infinity);
      const bottom = Math.min(box.bottom, clip?.bottom ?? Infinity);
      const fifth = (bottom - top) / 5;
      if (right - left < 2 || bottom - top < box.height / 2) continue;
      boxes.push({ text, holder, left: left + 1, right: right - 1, top: top + fifth, bottom: bottom - fifth });
    }
  }
  const found = [];
  for (const [index, one] of boxes.entries()) {
    for (const other of boxes.slice(index + 1)) {
      if (one.text === other.text || isOfTransport(one) !== isOfTransport(other)) continue;
      if (one.left >= other.right || other.left >= one.right) continue;
      if (one.top >= other.bottom || other.top >= one.bottom) continue;
      found.push([one, other].map(({ text }) => text.data.trim().slice(0, 40)).join(" / "));
    }
  }
  return found;
}"""


@pytest.fixture(params=["as it is", "spaced"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page at 400 %, with the page's own spacing or with the reader's."""
    context = browser.new_context(
        viewport={"width": SMALL["width"], "height": SMALL["height"]}, reduced_motion="reduce"
    )
    context.set_default_timeout(LIMIT)
    page = context.new_page()
    if request.param == "spaced":
        page.add_init_script(f"""addEventListener("DOMContentLoaded", () => {{
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(`{SPACING}`);
            document.adoptedStyleSheets = [sheet];
        }})""")
    yield page
    context.close()


@pytest.mark.sampled
@pytest.mark.parametrize("address", ALL.values(), ids=ALL)
def test_nothing_is_cut_or_covered_or_scrolls_sideways(page: Page, shipped: str, address: str) -> None:
    page.goto(f"{shipped}{address}")
    for width, height in ((320, 256), (1280, 720)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(_CUT) == [], width
        assert page.evaluate(_OVERLAID) == [], width


@pytest.mark.sampled(12)
@pytest.mark.parametrize("address", ALL.values(), ids=ALL)
def test_the_focus_is_seen_wherever_tab_leads(page: Page, shipped: str, address: str) -> None:
    page.goto(f"{shipped}{address}")
    covered: list[str] = []
    while not covered or not page.evaluate("document.activeElement === document.body"):
        page.keyboard.press("Tab")
        covered.append(page.evaluate(COVERED))
    assert [each for each in covered if each] == []


@pytest.mark.parametrize("unfolded", [False, True])
def test_the_transport_leaves_room_for_the_text(page: Page, shipped: str, *, unfolded: bool) -> None:
    player = PlayerPage(page, shipped).open(slug=READING.rsplit("/", 1)[1])
    if unfolded:
        player.unfold()
        assert player.page.locator("#closely").evaluate("each => each.scrollWidth <= each.clientWidth")
    box = player.page.locator(".transport").bounding_box()
    assert box
    assert box["height"] <= SMALL["height"] * (0.8 if unfolded else 0.55)
    assert player.page.evaluate(_OVERLAID) == []
    assert player.page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]


@pytest.mark.sampled
@pytest.mark.parametrize("key", ["v", "?", "c", "/"])
def test_what_opens_over_the_page_fits_too(page: Page, shipped: str, key: str) -> None:
    player = PlayerPage(page, shipped).open("#t=30", slug=READING.rsplit("/", 1)[1])
    player.press(key)
    player.settle()
    assert player.page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]
    assert player.page.evaluate(_CUT) == []
    for _ in range(30):
        player.press("Tab")
        assert player.page.evaluate(COVERED) == ""
