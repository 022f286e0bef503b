"""A sound replaced under an open page: the page says so, plays and cuts no other one, and can be loaded again."""

from __future__ import annotations

import math
import os
import wave
from array import array
from typing import TYPE_CHECKING

import pytest
from browser import talk
from browser.conftest import serving
from browser.player_page import begun, seek, until
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.long

#: Longer than what a browser loads ahead, and a moment that it has not loaded.
LONG, FAR = 600, 500_000
TOLD = (
    "The sound was replaced after this page was opened, and the old one is no longer available. "
    "The transcript and the notes can still be read."
)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    root = talk.write_archive(tmp_path / "archive")
    write(root / "media" / "talk.wav", LONG, 400)
    return root


@pytest.fixture
def served(archive: Path, tmp_path: Path) -> Iterator[str]:
    with serving(archive, tmp_path / "cache") as address:
        yield address


@pytest.fixture
def page(context: BrowserContext, served: str) -> Page:
    return begun(context, served)


def write(path: Path, seconds: int, pitch: int) -> None:
    second = array("h", (int(9_000 * math.sin(math.tau * pitch * at / talk.RATE)) for at in range(talk.RATE))).tobytes()
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(talk.RATE)
        file.writeframes(second * seconds)


def replace(archive: Path, seconds: int = LONG) -> None:
    """Put another sound there, as who has a better copy does."""
    new = archive / "media" / "new.wav"
    write(new, seconds, 900)
    os.utime(new, (1, 1))
    new.replace(archive / "media" / "talk.wav")


def until_told(page: Page) -> None:
    until(page, "!document.querySelector('.load-again').hidden")
    assert page.locator(".message").inner_text() == TOLD


@pytest.mark.parametrize("seconds", [LONG, LONG - 60])
def test_it_is_told_and_nothing_claims_to_play(page: Page, archive: Path, seconds: int) -> None:
    replace(archive, seconds)
    seek(page, FAR)
    until_told(page)
    assert page.evaluate("document.querySelector('audio').paused")
    assert page.locator(".controls .play").get_attribute("aria-label") == "Play the recording"
    # To press Play again plays no other sound beside these words.
    page.locator(".controls .play").click()
    until(page, "audio.paused && audio.error && !document.querySelector('.load-again').hidden")
    assert page.locator(".message").inner_text() == TOLD


def test_loaded_again_the_page_has_the_new_sound_at_the_same_place(page: Page, archive: Path) -> None:
    replace(archive)
    seek(page, FAR)
    until_told(page)
    before = page.locator("audio").get_attribute("src")
    page.get_by_role("button", name="Load again").click()
    page.wait_for_url("**/recordings/talk?t=500")
    until(page, f"audio.readyState >= 1 && Math.abs(audio.currentTime - {FAR / 1000}) < 0.1")
    assert page.locator("audio").get_attribute("src") != before
    page.locator(".controls .play").click()
    until(page, f"!audio.paused && audio.currentTime > {FAR / 1000 + 0.2}")
    expect(page.locator(".load-again")).to_be_hidden()
    assert page.locator(".message").inner_text() == ""


def test_loaded_again_what_is_searched_for_is_searched_for_again(page: Page, archive: Path) -> None:
    page.keyboard.type("/listener")
    until(page, "location.search.includes('q=listener')")
    replace(archive)
    seek(page, FAR)
    until_told(page)
    page.get_by_role("button", name="Load again").click()
    page.wait_for_url("**/recordings/talk?q=listener&t=500")


def test_where_the_same_file_is_back_the_sound_goes_on(page: Page, archive: Path) -> None:
    sound = archive / "media" / "talk.wav"
    os.link(sound, archive / "kept.wav")
    replace(archive)
    seek(page, FAR)
    until_told(page)
    (archive / "kept.wav").replace(sound)
    page.locator(".controls .play").click()
    until(page, f"!audio.paused && audio.currentTime > {FAR / 1000 + 0.2}")
    until(page, "document.querySelector('.load-again').hidden")


def test_a_clip_that_is_open_offers_nothing_of_another_sound(page: Page, archive: Path) -> None:
    page.keyboard.press("c")
    picker = page.locator("clip-picker")
    mp3 = picker.locator("a", has_text="MP3")
    address = str(mp3.get_attribute("href"))
    replace(archive)
    answer = page.request.get(f"{page.url.partition('/recordings')[0]}{address}")
    assert answer.status == 409
    seek(page, FAR)
    until_told(page)
    said = picker.locator(".status").inner_text()
    assert said == "The sound was replaced. Load the page again to make clips of the new one."
    for offer in (
        mp3,
        picker.locator("a", has_text="WAV"),
        picker.locator(".copy-link"),
        picker.locator(".copy-command"),
    ):
        expect(offer).to_be_hidden()


@pytest.mark.parametrize("has_script", [True, False])
def test_a_link_to_a_clip_is_refused_in_words_that_lead_to_the_new_one(
    browser: Browser, served: str, archive: Path, has_script: bool
) -> None:
    context = browser.new_context(java_script_enabled=has_script)
    page = context.new_page()
    page.goto(f"{served}/recordings/talk")
    cut = page.locator(".moments .cut").first
    address = f"{served}{cut.get_attribute('href')}"
    replace(archive)
    if has_script:
        page.goto(address)
    else:
        cut.click()
    assert page.get_by_role("heading", level=1).inner_text() == "The sound was replaced"
    page.get_by_role("link", name="A talk of tones").click()
    page.wait_for_url("**/recordings/talk")
    assert f"{served}{cut.get_attribute('href')}" != address
    context.close()


def test_a_drawing_of_another_sound_is_not_shown(context: BrowserContext, served: str, archive: Path) -> None:
    page = context.new_page()
    asked = []
    page.route("**/waveform.svg*", lambda route: asked.append(route))  # noqa: PLW0108  # Playwright marks what it is given
    page.goto(f"{served}/recordings/talk")
    while not asked:
        page.wait_for_timeout(10)
    plain = page.locator(".wave path").get_attribute("d")
    replace(archive)
    with page.expect_response("**/waveform.svg*") as answer:
        asked[0].continue_()
    assert answer.value.status == 409
    page.wait_for_timeout(50)
    assert page.locator(".wave path").get_attribute("d") == plain
