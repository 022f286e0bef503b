"""A sound that stands still while it plays, as WebKitGTK's does now and then after a jump, is loaded anew and goes on.

No browser does so at will: here the clock of Chromium's own sound is held, until the sound is sent to a place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import talk
from browser.player_page import LIMIT, begun, until
from browser.test_found_passages import SOUNDS
from playwright.sync_api import expect
from site_copy import copied, plain_server

if TYPE_CHECKING:
    from pathlib import Path

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


def test_at_the_speed_at_which_it_was_heard(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    page.goto(f"{site}/recordings/talk/embed")
    # As the browser's own control sets it: without its default.
    page.evaluate("(audio => { audio.playbackRate = 0.5; audio.play(); })(document.querySelector('audio'))")
    hold(page)
    goes_on(page)
    assert page.evaluate("document.querySelector('audio').playbackRate") == 0.5


def test_where_a_plain_server_sends_no_parts_and_it_is_in_memory(context: BrowserContext, tmp_path: Path) -> None:
    copied(talk.write_archive(tmp_path / "archive"), tmp_path / "public")
    with plain_server(tmp_path / "public") as address:
        page = context.new_page()
        page.goto(f"{address}/recordings/talk/")
        until(page, "audio.readyState >= 1 && audio.src.startsWith('blob:') && !audio.controls")
        page.evaluate("document.querySelector('audio').play()")
        hold(page)
        until(page, "window.begun && audio.currentTime > begun && audio.src === address")
