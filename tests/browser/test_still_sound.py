"""A sound that stands still while it plays, as WebKitGTK's does now and then after a jump, is loaded anew and goes on.

No browser does so at will: here the clock of Chromium's own sound is held, until the sound is sent to a place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser.player_page import LIMIT, begun, until
from browser.test_found_passages import SOUNDS
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.long

_HOLD = """
const own = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "currentTime");
window.held = own.get.call(audio);
window.address = audio.currentSrc;
audio.addEventListener("playing", () => (window.begun = own.get.call(audio)), { once: true });
Object.defineProperty(audio, "currentTime", {
  configurable: true,
  get: () => window.held,
  set(place) { delete audio.currentTime; audio.currentTime = place; },
});
"""
_GOES_ON = (
    "audio.currentSrc !== address && audio.currentSrc.includes('try=') && window.begun && audio.currentTime > begun"
)


def hold(page: Page, audio: str = "audio") -> None:
    """Let the sound stand still once it has played for a moment."""
    until(page, f"!{audio}.paused && {audio}.currentTime > 0.2", _HOLD.replace("audio", audio))


def goes_on(page: Page, audio: str = "audio") -> None:
    """Wait until it is heard again, from where it stood."""
    until(page, _GOES_ON.replace("audio", audio))
    assert page.evaluate("Math.abs(begun - held) < 0.1")


def test_on_a_recordings_page(context: BrowserContext, site: str) -> None:
    page = begun(context, site)
    hold(page)
    goes_on(page)
    expect(page.locator(".message")).to_have_text("")


def test_in_a_frame_of_another_site(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    page.goto(f"{site}/recordings/talk/embed")
    page.evaluate("document.querySelector('audio').play()")
    hold(page)
    goes_on(page)


def test_where_a_search_lists_it(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    page.add_init_script(SOUNDS)
    page.goto(f"{site}/search?q=turns")
    button = page.locator(".hit button.round").first
    button.click()
    expect(button).to_have_attribute("aria-label", "Pause", timeout=LIMIT)
    hold(page, "sounds[0]")
    goes_on(page, "sounds[0]")
