"""The page of a recording that was joined from several sounds, in a real browser: one clock, and its parts on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser.conftest import serving
from browser.player_page import LIMIT, PlayerPage
from browser.selecting import bar, button, copied, select
from browser.test_accessibility import MODES, found_by_axe
from side_tapes import SLUG, write_archive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext

pytestmark = pytest.mark.long

#: Where the second side begins, in milliseconds.
BOUNDARY = 2993


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over a recording of two sides."""
    root = write_archive(tmp_path_factory.mktemp("sides") / "archive")
    with serving(root, tmp_path_factory.getbasetemp() / "cache") as address:
        yield address


@pytest.fixture
def two_sides(context: BrowserContext, sides: str) -> Iterator[PlayerPage]:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    player = PlayerPage(context.new_page(), sides)
    yield player.open(slug=SLUG)
    assert player.errors == []


def test_a_part_in_the_list_leads_to_its_first_sample_and_plays_on(two_sides: PlayerPage) -> None:
    two_sides.page.locator("nav.parts").get_by_text("Side B").click()
    two_sides.until(f"audio.currentTime * 1000 >= {BOUNDARY}")
    assert two_sides.page.locator(".controls .elapsed").inner_text() >= "0:02"


def test_a_heading_leads_to_its_part_as_well(two_sides: PlayerPage) -> None:
    two_sides.page.locator("#part-2 .from").click()
    two_sides.until(f"audio.currentTime * 1000 >= {BOUNDARY}")


def test_the_strokes_stand_where_the_clock_has_the_parts(two_sides: PlayerPage) -> None:
    line = two_sides.page.locator(".part-start").bounding_box()
    timeline = two_sides.page.locator("time-line").bounding_box()
    assert line
    assert timeline
    share = (line["x"] + line["width"] / 2 - timeline["x"]) / timeline["width"]
    assert share == pytest.approx(BOUNDARY / 5493, abs=0.005)


def test_a_copied_quotation_names_the_part(two_sides: PlayerPage) -> None:
    select(two_sides, "bell")
    bar(two_sides).wait_for()
    assert "0:03 to 0:04 (Side B, 0:00 to 0:01)" in bar(two_sides).locator(".times").inner_text()
    button(two_sides, "Copy quote").click()
    two_sides.until("document.querySelector('.selection .status').textContent.includes('copied')")
    assert "(Tom, 0:03 to 0:04 (Side B, 0:00 to 0:01), A talk on the quay)" in copied(two_sides)


@pytest.mark.parametrize("width", [1280, 390])
def test_without_scripts_the_list_cues_up_a_part_and_shows_it(browser: Browser, sides: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=False)
    context.set_default_timeout(LIMIT)
    page = context.new_page()
    page.goto(f"{sides}/recordings/{SLUG}")
    page.locator("nav.parts").get_by_text("Side B").click()
    page.wait_for_url("**t=2.993#part-2")
    assert (page.locator("audio").get_attribute("src") or "").endswith("#t=2.993")
    assert page.locator("#part-2").inner_text().split() == ["Side", "B", "0:02"]
    context.close()


@pytest.mark.parametrize("mode", MODES)
def test_axe_finds_nothing_on_the_page(browser: Browser, sides: str, mode: str) -> None:
    context = browser.new_context(reduced_motion="reduce", **MODES[mode])
    context.set_default_timeout(LIMIT)
    page = context.new_page()
    if mode == "print":
        page.emulate_media(media="print")
    for address in (f"/recordings/{SLUG}", f"/recordings/{SLUG}/text"):
        page.goto(sides + address)
        assert found_by_axe(page) == []
    context.close()
