"""What a search found is played where it is listed: one passage at a time, which stops at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser.player_page import LIMIT, until
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

# The page's sound is not part of the document.
SOUNDS = """
const { Audio } = window;
window.sounds = [];
window.Audio = function () {
  const sound = new Audio();
  window.sounds.push(sound);
  return sound;
};
"""


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that logs no error."""
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.add_init_script(SOUNDS)
    yield opened
    assert errors == []


@pytest.mark.long
def test_a_passage_is_played_in_its_list_and_stops_at_its_end(page: Page, site: str) -> None:
    page.goto(f"{site}/search?q=turns")
    hit = page.locator(".hit").first
    button = hit.locator("button.round")
    start, end = (int(button.get_attribute(f"data-{edge}") or 0) for edge in ("start", "end"))
    name = button.get_attribute("aria-label")
    button.click()
    expect(button).to_have_attribute("aria-label", "Pause", timeout=LIMIT)
    expect(hit).to_have_attribute("aria-current", "true")
    until(page, "sounds[0].paused && sounds[0].currentTime > 0")
    stopped = page.evaluate("sounds[0].currentTime * 1000")
    assert start < stopped
    # It is stopped by a timer; the next line has not been heard to its end.
    assert end <= stopped < end + (end - start)
    expect(button).to_have_attribute("aria-label", str(name))
    on = hit.get_by_role("link", name="Play on in the recording").get_attribute("href")
    assert on == f"/recordings/talk?t={end / 1000:g}"


@pytest.mark.long
def test_one_thing_plays_at_a_time_and_is_paused_and_sought(page: Page, site: str) -> None:
    page.goto(f"{site}/search?q=pitch")
    first, second = page.locator(".hit").nth(0), page.locator(".hit").nth(1)
    first.locator("button").click()
    expect(first).to_have_attribute("aria-current", "true")
    second.locator("button").click()
    expect(second.locator("button")).to_have_attribute("aria-label", "Pause", timeout=LIMIT)
    assert first.get_attribute("aria-current") is None
    expect(page.locator(".playing")).to_have_count(1)
    second.locator("button").click()
    until(page, "sounds[0].paused")
    assert page.evaluate("sounds.length") == 1
    second.get_by_role("slider").fill("500")
    start = int(second.locator("button").get_attribute("data-start") or 0)
    until(page, f"Math.abs(sounds[0].currentTime * 1000 - {start + 500}) < 1")
    expect(second.locator(".place")).to_contain_text("0:00 of")


@pytest.mark.long
def test_n_steps_through_what_was_found_but_not_while_typing(page: Page, site: str) -> None:
    page.goto(f"{site}/search?q=pitch")
    hits = page.locator(".hit")
    page.keyboard.press("n")
    expect(hits.nth(0).locator("button")).to_be_focused()
    page.keyboard.press("n")
    expect(hits.nth(1).locator("button")).to_be_focused()
    page.keyboard.press("N")
    expect(hits.nth(0).locator("button")).to_be_focused()
    field = page.get_by_role("searchbox", name="Search everything")
    field.fill("")
    field.type("n")
    expect(field).to_have_value("n")


@pytest.mark.long
def test_a_sound_that_is_not_there_any_more_is_told(page: Page, site: str) -> None:
    page.route("**/search/sound/**", lambda route: route.fulfill(status=404))
    page.goto(f"{site}/search?q=pitch")
    page.locator(".hit button").first.click()
    expect(page.locator(".trouble")).to_have_text(
        "This sound cannot be played here. Its page says why, and what else there is."
    )


@pytest.mark.long
def test_without_script_the_disc_leads_to_the_passage(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/search?q=pitch")
    page.locator(".hit a.round").first.click()
    assert "?t=" in page.url
    assert page.locator("audio").count() == 1
    context.close()
