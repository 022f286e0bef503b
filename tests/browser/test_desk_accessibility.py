"""What axe finds at the desk in each of its states, where the focus goes, and what a screen reader is told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pytest
import small_archive
from browser.desk_site import Desk, serving_desk
from browser.player_page import LIMIT
from browser.test_accessibility import COVERED, COVERED_OF_ALL, found_by_axe
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from browser.desk_site import DeskSite
    from playwright.sync_api import Browser, BrowserContext

pytestmark = pytest.mark.long

MODES: Final[dict[str, dict[str, Any]]] = {
    "light": {"viewport": {"width": 1280, "height": 1000}},
    "dark": {"viewport": {"width": 1280, "height": 1000}, "color_scheme": "dark"},
    # As high as what is looked at: a button that the foot of the page covers in part is no small target.
    "narrow": {"viewport": {"width": 390, "height": 1800}},
}
LOOKS: Final = "**/edit/state?since=*"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskSite]:
    folder = tmp_path_factory.mktemp("desk")
    small_archive.write_archive(folder / "archive")
    with serving_desk(folder / "archive", folder / "cache") as site:
        yield site


@pytest.mark.parametrize("mode", MODES)
def test_axe_finds_nothing_in_any_state(browser: Browser, site: DeskSite, mode: str) -> None:
    context = browser.new_context(reduced_motion="reduce", **MODES[mode])
    context.set_default_timeout(LIMIT)
    desk = Desk(context.new_page(), site).open("#cue-first")
    found = {"reading": found_by_axe(desk.page)}
    desk.press("w", "v").type(f"too, {mode}").press("Enter").told(re.compile("^Another reading"))
    desk.press("d").told(re.compile("^(Doubtful|Not doubtful)"))
    found["doubtful"] = found_by_axe(desk.page)
    desk.press("Enter")
    found["typing"] = found_by_axe(desk.page)
    desk.press("Escape", "n")
    found["a note"] = found_by_axe(desk.page)
    desk.press("Escape", "l").type("the")
    expect(desk.page.locator(".sought")).to_have_text(re.compile("place"))
    found["the search"] = found_by_axe(desk.page)
    desk.press("Escape", "?")
    found["keys"] = found_by_axe(desk.page)
    desk.press("Escape")
    # The same line in another window, which has not seen it.
    other = Desk(context.new_page(), site)
    other.page.route(LOOKS, lambda route: route.fulfill(status=204))
    other.open("#cue-last")
    desk.open("#cue-last").press("Enter", "End").type(f" {mode}").press("Escape")
    desk.says(".state", re.compile("^Saved"))
    expect(desk.page.locator(".unwritten")).to_have_text(re.compile("2 lines"))
    other.press("Enter", "End").type(" mine").press("Escape")
    expect(other.page.get_by_role("heading", name=re.compile("^This line was changed elsewhere"))).to_be_focused()
    found["two versions"] = found_by_axe(other.page)
    other.page.unroute(LOOKS)
    other.press("2")
    expect(other.words).to_be_focused()
    assert [(state, each) for state, all_ in found.items() for each in all_] == []
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= MODES[mode]["viewport"]["width"]
    assert desk.errors + other.errors == []
    context.close()


def test_tab_goes_from_the_head_through_the_line_in_hand_and_is_never_covered(
    context: BrowserContext, site: DeskSite
) -> None:
    desk = Desk(context.new_page(), site).open("#cue-first")
    desk.page.evaluate("document.activeElement.blur(); document.querySelector('.jump-to-main').focus()")
    seen: list[str] = []
    while "Write to the archive" not in seen and len(seen) < 60:
        desk.press("Tab")
        name = "each => each.getAttribute('aria-label') ?? each.textContent.trim()"
        seen.append(desk.page.evaluate(f"({name})(document.activeElement)"))
        assert desk.page.evaluate(COVERED) == ""
    expected = ["The recording’s page", "Words of line 2, Ada", "Type", "Doubtful", "Undo", "Write to the archive"]
    assert [each for each in seen if each in expected] == expected
    # The times of other lines are no stops: there may be 20,000.
    assert not [each for each in seen if re.fullmatch(r"\d+:\d\d", each)]


def test_keys_can_be_turned_off_but_for_those_that_nobody_presses_by_chance(
    context: BrowserContext, site: DeskSite
) -> None:
    desk = Desk(context.new_page(), site).open("#cue-opening")
    desk.press("?")
    desk.page.get_by_role("checkbox", name="Single keys are on").focus()
    desk.press("Space", "Escape", ".")
    desk.says(".place", "Line 1 of 4")
    desk.press("Enter")
    expect(desk.field).to_be_focused()
    desk.press("Escape")
    # Each key has a button, also then.
    desk.page.locator(".base .keys").get_by_role("button", name="next line").focus()
    desk.press("Enter")
    desk.says(".place", "Line 2 of 4")
    desk.open("#cue-opening").press(".")
    desk.says(".place", "Line 1 of 4")


def test_every_key_that_is_listed_has_a_button(context: BrowserContext, site: DeskSite) -> None:
    desk = Desk(context.new_page(), site).open()
    desk.press("?")
    sheet = desk.page.get_by_role("dialog", name="Keys")
    keys = sheet.locator("section", has_not=desk.page.get_by_role("heading", name="In the text")).locator("li")
    assert keys.count() > 40
    assert keys.count() == keys.locator("button").count()
    desk.press("Escape")
    assert desk.focused == "p.words"


def test_a_word_that_is_taken_is_said(context: BrowserContext, site: DeskSite) -> None:
    desk = Desk(context.new_page(), site).open("#cue-last")
    desk.press("w").told("end.")
    desk.press("q").told("The")
    desk.press("Shift+W").told("The end.")
    expect(desk.words).to_have_attribute("aria-describedby", "desk-mode")
    desk.says("#desk-mode .word", re.compile("^Words 1 to 2 of"))


@pytest.mark.parametrize("line", ["#cue-opening", "#cue-last"])
def test_at_400_percent_the_foot_covers_neither_the_line_nor_the_focus(
    browser: Browser, site: DeskSite, line: str
) -> None:
    """WCAG 1.4.10 and 2.4.11: a window of 1280 by 1024 is one of 320 by 256 at 400 %."""
    context = browser.new_context(viewport={"width": 320, "height": 256}, reduced_motion="reduce")
    context.set_default_timeout(LIMIT)
    desk = Desk(context.new_page(), site).open(line)
    fixed = """() => [...document.querySelectorAll("body *")].reduce((sum, each) => {
      const { position } = getComputedStyle(each);
      const { height, bottom, top } = each.getBoundingClientRect();
      const isHeld = position === "fixed" || (position === "sticky" && (bottom >= innerHeight - 1 || top <= 0));
      return sum + (isHeld && each.checkVisibility() ? height : 0);
    }, 0)"""
    assert desk.page.evaluate(fixed) < 256 / 4
    covered: list[str] = desk.page.evaluate(COVERED_OF_ALL)
    assert len(covered) > 30
    assert [each for each in covered if each] == []
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= 320
    # What is refused is in view all the same, and covers nothing that has the focus.
    desk.press("Shift+U")
    desk.refused(re.compile("Nothing was taken back"))
    expect(desk.page.locator(".base .fault")).to_be_in_viewport()
    assert [each for each in desk.page.evaluate(COVERED_OF_ALL) if each] == []
    context.close()


def test_axe_finds_nothing_where_undo_offers_what_was_written(context: BrowserContext, site: DeskSite) -> None:
    desk = Desk(context.new_page(), site).open("#cue-last")
    desk.press("Enter", "End").type(" offered").press("Escape")
    desk.unwritten(re.compile("lines? (is|are) not in"))
    desk.press("Control+Enter")
    desk.says(".state", re.compile("^Written to the archive"))
    desk.press("u")
    expect(desk.page.get_by_role("button", name="Take it back")).to_be_focused()
    desk.told(re.compile("^Take back what you wrote on .*The same key does it, Escape leaves it.$"))
    assert found_by_axe(desk.page) == []
    desk.press("Escape")
    expect(desk.words).to_be_focused()
