"""The desk of a long recording: lines are there wherever the window is, and words are found in all of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import long_talk
import pytest
from browser.desk_site import Desk, serving_desk
from browser.player_page import LIMIT, until
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext

pytestmark = pytest.mark.long

#: Those of 1,200 lines that end with "at long last".
LAST = ("500", "1,000")
MANY = 1200


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory, context: BrowserContext) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("long")
    root = long_talk.write_archive(folder / "archive", MANY)
    with serving_desk(root, folder / "cache") as site:
        context.set_default_timeout(LIMIT)
        opened = Desk(context.new_page(), site, long_talk.SLUG).open()
        yield opened
        assert opened.errors == []


def order(desk: Desk) -> list[str]:
    """The lines that have rows, as they follow each other; that in hand is marked."""
    lines = "[...document.querySelectorAll('.row:not([hidden]), .hand')]"
    found: list[str] = desk.page.evaluate(f"{lines}.map(({{ dataset }}) => dataset.line ?? 'in hand')")
    return found


def test_words_are_found_in_all_lines_as_they_are_at_the_desk(desk: Desk) -> None:
    desk.press("l").type("AT lóng last")
    desk.says(".sought", "2 places")
    for number, line in ((1, LAST[0]), (2, LAST[1]), (1, LAST[0])):
        desk.press("Enter")
        desk.says(".sought", f"{number} of 2")
        desk.says(".place", f"Line {line} of 1,200")
        expect(desk.page.locator(".words .now").first).to_have_text("at")
        desk.told(re.compile(f"^{number} of 2. Line {line}: .* at long last.$"))
    # The lines beside it are there, and what is looked for is still in its field.
    expect(desk.page.locator(".row[data-line=L499]")).to_be_in_viewport()
    expect(desk.page.get_by_label("Look for", exact=True)).to_be_focused()
    desk.press("Shift+Enter")
    desk.says(".sought", "2 of 2")
    desk.press("Escape")
    expect(desk.words).to_be_focused()
    desk.press("m")
    desk.says(".sought", "1 of 2")
    desk.press("Shift+M")
    desk.says(".sought", "2 of 2")
    expect(desk.words).to_be_focused()
    # What is typed counts at once, written or not.
    desk.press("Home", "Enter", "End").type(" At long last").press("Escape")
    desk.says(".sought", "3 places")
    desk.page.get_by_role("button", name="Look for words").click()
    desk.type("no such words")
    desk.says(".sought", "Not found")
    desk.page.get_by_role("button", name="Close").click()
    expect(desk.page.locator(".finding")).to_be_hidden()


def test_on_a_small_screen_the_words_that_are_found_are_in_view(desk: Desk) -> None:
    desk.page.set_viewport_size({"width": 320, "height": 568})
    desk.press("l").type("at long last")
    for number, line in ((1, LAST[0]), (2, LAST[1])):
        desk.press("Enter")
        desk.says(".sought", f"{number} of 2")
        desk.says(".place", f"Line {line} of 1,200")
        expect(desk.page.locator(".hand .said")).to_be_in_viewport(ratio=1)
    foot = desk.page.locator(".base .bar").bounding_box()
    said = desk.page.locator(".hand .said").bounding_box()
    assert foot
    assert said
    assert said["y"] + said["height"] <= foot["y"]
    # What is typed does not scroll the page either.
    before = desk.page.evaluate("scrollY")
    desk.type("s of all")
    assert desk.page.evaluate("scrollY") == before


def test_wherever_the_window_is_there_are_lines_and_not_all_have_rows(desk: Desk) -> None:
    row = "document.elementFromPoint(innerWidth / 3, innerHeight / 2)?.closest('.row')"
    for share in (0.5, 0.9, 0.2):
        desk.page.evaluate(f"scrollTo(0, {share} * document.documentElement.scrollHeight)")
        until(desk.page, f"{row}")
        shown = int(desk.page.evaluate(f"{row}.dataset.line.slice(1)"))
        assert abs(shown - share * MANY) < MANY / 10
        assert len(order(desk)) < MANY / 2
    # The line in hand is where it was.
    assert order(desk)[:2] == ["in hand", "L2"]


def test_lines_that_come_before_the_one_in_hand_stand_before_it(desk: Desk) -> None:
    desk.press("Backspace")
    desk.says(".place", "Line 1 of 1,199")
    desk.press("u")
    desk.says(".place", "Line 1 of 1,200")
    desk.press(".", ",", ".")
    desk.says(".place", "Line 2 of 1,200")
    assert order(desk)[:3] == ["L1", "in hand", "L3"]
    # Another takes the first line away and back, while the second is in hand.
    desk.page.evaluate(
        """async () => {
          const { address, token } = document.querySelector("desk-text").dataset;
          const step = async (body, state) => {
            const headers = { "Content-Type": "application/json", "If-Match": `"${state}"`, "X-Desk": token };
            return (await fetch(`${address}/steps`, { method: "POST", headers, body: JSON.stringify(body) })).json();
          };
          const { state } = await (await fetch(`${address}/state`)).json();
          const removed = await step({ do: "remove", id: "L1" }, state);
          await document.querySelector("desk-text").catchUp();
          await step({ do: "undo" }, removed.state);
          await document.querySelector("desk-text").catchUp();
        }"""
    )
    desk.says(".place", "Line 2 of 1,200")
    assert order(desk)[:3] == ["L1", "in hand", "L3"]
    assert order(desk)[1:] == ["in hand", *(f"L{number}" for number in range(3, len(order(desk)) + 1))]


def test_the_place_of_what_is_typed_is_as_high_as_its_text(desk: Desk) -> None:
    height = "document.querySelector('.typed').offsetHeight"
    fits = (
        f"{height} === document.querySelector('.typed > .words').offsetHeight"
        " && document.querySelector('.typed').getBoundingClientRect().bottom"
        " <= document.querySelector('.mode').getBoundingClientRect().top"
    )
    desk.press("Enter", "End")
    one = desk.page.evaluate(height)
    desk.type(" and many more words about ferries and quays" * 3)
    until(desk.page, f"{height} > {one} && {fits}")
    wide = desk.page.evaluate(height)
    desk.page.set_viewport_size({"width": 500, "height": 800})
    until(desk.page, f"{height} > {wide} && {fits}")
    desk.page.set_viewport_size({"width": 1280, "height": 800})
    until(desk.page, f"{height} === {wide} && {fits}")
    desk.press("Control+a").type("One line.")
    until(desk.page, f"{height} === {one} && {fits}")
