"""The control of each line, "This line": met by whatever reads the page, and what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import talk
from browser.conftest import serving
from browser.player_page import PlayerPage, move
from playwright.sync_api import expect

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Locator

pytestmark = pytest.mark.long

LINE = talk.LINES[3]
NAME = f"This line, at 0:0{LINE.start // 1000}"
ON_SCREEN = """[...document.querySelectorAll(".cue")].filter((line) => {
  const { top, bottom } = line.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
})"""


def control(player: PlayerPage) -> Locator:
    return player.page.get_by_role("link", name=NAME, exact=True)


def until_added(player: PlayerPage) -> None:
    """Wait until each line on the screen has its control."""
    player.until(f"{ON_SCREEN}.length && {ON_SCREEN}.every((line) => line.querySelector('.this'))")


def test_every_line_that_can_be_read_has_one_and_nobody_has_to_point(player: PlayerPage) -> None:
    player.open(is_moved=False)
    until_added(player)
    named = player.page.evaluate(f"{ON_SCREEN}.map((line) => line.querySelector('.this').ariaLabel)")
    assert named[0] == "This line, at 0:00"
    assert len(set(named)) == len(named)
    player.page.evaluate("document.querySelector('.cue:last-of-type').scrollIntoView()")
    until_added(player)


def test_a_time_is_named_by_what_it_does(player: PlayerPage) -> None:
    player.open()
    link = player.page.get_by_role("link", name=f"Play from 0:0{LINE.start // 1000}", exact=True)
    assert link.get_attribute("href") == f"?t={LINE.start / 1000:g}#cue-{LINE.id}"
    assert player.time_of(LINE.id).inner_text().strip() == f"0:0{LINE.start // 1000}"
    session = player.page.context.new_cdp_session(player.page)
    tree = session.send("Accessibility.getFullAXTree")["nodes"]
    links = [
        node["name"]["value"] for node in tree if node.get("role", {}).get("value") == "link" and not node["ignored"]
    ]
    assert f"Play from 0:0{LINE.start // 1000}" in links


def test_it_shows_below_the_line_what_its_page_has_and_takes_it_away(player: PlayerPage) -> None:
    player.open()
    asked = control(player)
    asked.focus()
    player.press("Enter")
    found = player.page.locator("this-line .about-line")
    found.wait_for()
    assert player.page.evaluate("document.activeElement.className") == "this"
    assert asked.get_attribute("aria-expanded") == "true"
    assert player.page.locator(f"#cue-{LINE.id} + this-line").count() == 1
    assert found.locator(".address").inner_text().endswith(f"#t={LINE.start / 1000:g},{LINE.end / 1000:g}")
    expect(found.get_by_role("button", name="Copy link")).to_be_visible()
    player.press("Tab")
    assert player.page.evaluate("document.activeElement.closest('this-line') !== null")
    player.press("Escape")
    assert player.page.locator("this-line").count() == 0
    assert player.page.evaluate("document.activeElement.className") == "this"
    assert asked.get_attribute("aria-expanded") == "false"
    player.page.wait_for_url(lambda url: url.endswith(f"/recordings/{talk.SLUG}"))


def test_its_clip_opens_as_a_clip(player: PlayerPage) -> None:
    player.open()
    control(player).click()
    player.page.locator("this-line .cut").first.click()
    player.until("!document.querySelector('clip-picker').hidden")
    assert player.page.locator("clip-picker .moment").first.get_attribute("aria-valuenow") == str(LINE.start)


def test_it_can_be_asked_for_before_the_part_that_shows_it_is_there(player: PlayerPage) -> None:
    player.open(is_moved=False)
    until_added(player)
    control(player).evaluate("link => link.click()")
    player.page.locator("this-line .about-line").wait_for()


def test_where_it_does_not_come_the_page_of_the_line_is_linked(player: PlayerPage) -> None:
    player.open()
    player.page.route("**/lines/*", lambda route: route.abort())
    control(player).click()
    link = player.page.locator("this-line > a")
    link.filter(has_text="could not be loaded").wait_for()
    assert str(link.get_attribute("href")).endswith(f"/recordings/{talk.SLUG}/lines/{LINE.id}")
    player.errors.clear()


def test_it_is_no_text_to_find_select_or_copy(player: PlayerPage) -> None:
    player.open()
    until_added(player)
    assert not player.page.evaluate("window.find('This line')")
    player.page.evaluate("getSelection().selectAllChildren(document.querySelector('.transcript'))")
    assert "⋯" not in str(player.page.evaluate("getSelection().toString()"))


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_it_is_large_enough_to_press_and_in_the_window(player: PlayerPage, width: int) -> None:
    player.page.set_viewport_size({"width": width, "height": 800})
    player.open()
    until_added(player)
    box = control(player).bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 24
    assert box["x"] + box["width"] <= width
    assert player.page.evaluate("document.documentElement.scrollWidth") <= width


def test_where_nothing_plays_it_is_there_too(context: BrowserContext, tmp_path: Path) -> None:
    root = talk.write_archive(tmp_path / "archive")
    (root / "media" / "talk.wav").unlink()
    with serving(root, tmp_path / "cache") as address:
        page = context.new_page()
        page.goto(f"{address}/recordings/{talk.SLUG}")
        move(page)
        page.get_by_role("link", name=NAME, exact=True).click()
        page.locator("this-line .about-line").wait_for()
        assert not page.locator("this-line .cut").count()


def test_without_javascript_a_time_leads_to_what_there_is_about_its_line(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/recordings/{talk.SLUG}")
    looks = """each => {
      const { fontSize, paddingLeft } = getComputedStyle(each);
      return [each.getBoundingClientRect().x + parseFloat(paddingLeft), parseFloat(fontSize)];
    }"""
    (begins, size), (words, normal) = (page.locator(each).first.evaluate(looks) for each in (".hint", ".cue"))
    assert begins == pytest.approx(words, abs=1)
    assert size < normal
    page.locator(f"#cue-{LINE.id} .time").click()
    found = page.locator(f"#cue-{LINE.id} + noscript .about-line")
    found.wait_for()
    expect(found.get_by_role("link", name="Other styles")).to_be_visible()
    context.close()
