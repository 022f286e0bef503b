"""What was cited of a transcript is found again, in a browser: its words, its version, its old addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser.conftest import serving
from browser.player_page import PlayerPage
from browser.selecting import bar, button, copied, select
from browser.test_accessibility import MODES, found_by_axe
from playwright.sync_api import expect
from storied_archive import write_storied

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def storied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of an archive whose transcript was changed."""
    folder = tmp_path_factory.mktemp("storied")
    with serving(write_storied(folder / "archive"), folder / "cache") as address:
        yield address


@pytest.fixture
def page(storied: str, browser: Browser) -> Iterator[PlayerPage]:
    """A page of it, which may write to the clipboard."""
    own = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    yield PlayerPage(own.new_page(), storied)
    own.close()


def quoted(player: PlayerPage, address: str, line: str) -> str:
    """Copy a quotation of a line as a page offers it."""
    player.open(address, "tones")
    select(player, line)
    bar(player).wait_for()
    button(player, "Copy quote").click()
    player.until("document.querySelector('.selection .status').textContent === 'Quote copied.'")
    return copied(player)


def test_a_quotation_names_the_version_of_its_words_and_leads_to_it(page: PlayerPage) -> None:
    site = page.site
    text = quoted(page, "", "last")
    ending = f"{site}/recordings/tones?as-of=3#t=8,10"
    assert text == f"“The end.” (Ada, 0:08 to 0:10, A tape of tones, transcript version of 29 November 2026). {ending}"
    text = quoted(page, "?as-of=1", "first")
    assert "One two trees.” (Ada, 0:02 to 0:04, A tape of tones, transcript version of 20 November 2026)." in text
    assert text.endswith(f" {site}/recordings/tones?as-of=1#t=2,4.5")


def test_an_earlier_version_is_cited_and_its_lines_are_told_of_as_they_were(page: PlayerPage) -> None:
    page.open("?as-of=1", "tones")
    select(page, "first")
    bar(page).wait_for()
    button(page, "Cite").click()
    citation = page.page.locator("dialog.how-to-cite citation-list .written").first.inner_text()
    assert "transcript version of November 20, 2026" in citation
    page.press("Escape")
    page.page.locator("#cue-first a.this").click()
    page.page.locator("this-line .address").wait_for()
    assert page.page.locator("this-line .words").text_content() == "One two trees."
    assert "?as-of=1#t=2,4.5" in page.page.locator("this-line .address").inner_text()


@pytest.mark.parametrize("has_script", [True, False])
def test_old_addresses_lead_on_or_say_that_the_line_is_gone(
    browser: Browser, storied: str, *, has_script: bool
) -> None:
    context = browser.new_context(java_script_enabled=has_script)
    try:
        page = context.new_page()
        page.goto(f"{storied}/recordings/tones#cue-first")
        assert page.locator(".cue:has(:target)").get_attribute("id") == "cue-a1"
        expect(page.locator(".lost")).to_be_hidden()
        page.goto(f"{storied}/recordings/tones#cue-c3")
        expect(page.locator(".lost")).to_be_visible()
        assert page.locator(".lost > a:visible").count() == 1
        page.locator(".lost > a:visible").click()
        expect(page.get_by_role("heading", name="No longer in the transcript")).to_be_visible()
        page.get_by_role("link", name="Read the line as it then stood").click()
        assert "A second voice." in page.locator(".cue:target").inner_text()
        page.goto(f"{storied}/recordings/tones/lines/first")
        page.wait_for_url(lambda url: url.endswith("/lines/a1"))
    finally:
        context.close()


@pytest.mark.parametrize("mode", MODES)
def test_axe_finds_nothing_on_pages_of_what_was(browser: Browser, storied: str, mode: str) -> None:
    context = browser.new_context(
        reduced_motion="reduce", **{"viewport": {"width": 1280, "height": 720}, **MODES[mode]}
    )
    try:
        page = context.new_page()
        if mode == "print":
            page.emulate_media(media="print")
        for address in ("?as-of=1", "#cue-c3", "/lines/c3", "/text?as-of=1", "/lines/first?as-of=1", "?as-of=3"):
            page.goto(f"{storied}/recordings/tones{address}")
            assert found_by_axe(page) == [], address
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") or mode == "print", address
    finally:
        context.close()
