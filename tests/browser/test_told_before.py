"""What a listener should know first stands in the way of every way to play, until the listener goes on past it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser.conftest import serving
from browser.player_page import PlayerPage
from playwright.sync_api import expect
from told import write_told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext

ADVICE = "The end is loud. " * 20


@pytest.fixture(scope="module")
def advised(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over the small archive, whose recording has advice."""
    root = write_told(tmp_path_factory.mktemp("advised") / "archive", ADVICE.strip())
    with serving(root, tmp_path_factory.getbasetemp() / "cache") as address:
        yield address


def test_nothing_plays_past_advice_unasked(context: BrowserContext, advised: str) -> None:
    player = PlayerPage(context.new_page(), advised)
    page = player.page
    page.add_init_script("addEventListener('play', () => { window.played = true; }, true)")
    player.open("#t=5,7", slug="tones")
    onward = page.locator(".advised summary")

    def assert_held(way: str, *, is_led_there: bool = True) -> None:
        assert player.audio("audio.paused && !window.played"), way
        assert not is_led_there or page.evaluate("document.activeElement.textContent") == "Play all the same", way

    assert_held("the address")
    for key in (" ", "k", "a", "r"):
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press(key)
        assert_held(key)
    for name in (".controls .play", ".cue .time >> nth=1", ".moments a >> nth=0"):
        page.locator(name).click()
        assert_held(name, is_led_there=name != ".moments a >> nth=0")  # that leads to its note
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("c")
    page.locator("clip-picker .listen").click()
    assert_held("a clip")
    page.evaluate("document.querySelector('recording-player').dispatchEvent(new CustomEvent('playrequest'))")
    assert_held("the lock screen")
    onward.press("Enter")
    player.until("!audio.paused && window.played")
    expect(page.locator(".advised")).to_be_hidden()
    assert page.evaluate("document.activeElement.className") == "play"
    assert player.errors == []


@pytest.mark.long
def test_what_plays_by_the_browsers_own_keys_is_stopped(context: BrowserContext, advised: str) -> None:
    player = PlayerPage(context.new_page(), advised)
    player.open(slug="tones")
    player.page.evaluate("document.querySelector('audio').play().catch(() => {})")
    player.until("audio.paused && document.activeElement.matches('.advised summary')")
    assert player.now - 2_000 < 500


@pytest.mark.long
def test_without_script_the_browsers_control_is_behind_it(browser: Browser, advised: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{advised}/recordings/tones")
    expect(page.locator("audio")).to_be_hidden()
    page.locator(".advised summary").click()
    expect(page.locator("audio")).to_be_visible()
    context.close()
