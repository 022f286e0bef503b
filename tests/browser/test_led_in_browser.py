"""A browser that is led to a signed address plays on after that is over: at the same place, paused or playing."""

from __future__ import annotations

import importlib.util
import shutil
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from browser import talk
from browser.conftest import serving
from browser.player_page import LIMIT, begun, seek, start_playing, until
from browser.test_found_passages import SOUNDS
from browser.test_replaced_sound import FAR, LONG, TOLD, write
from playwright.sync_api import expect
from programs import missing
from s3_server import s3
from signing_storage import BUCKET, Signing, signing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.long

AT_FAR = f"Math.abs(audio.currentTime - {FAR / 1000}) < 0.1"
HEARD_FAR = f"!audio.paused && audio.currentTime > {FAR / 1000 + 0.5}"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive whose recording is named as one in a bucket."""
    root = talk.write_archive(tmp_path / "archive")
    write(root / "media" / "talk.wav", LONG, 400)
    record = root / "transcripts" / "talk" / "recording.toml"
    record.write_text(record.read_text("utf-8").replace('"talk.wav"', f'"s3://{BUCKET}/talk.wav"'), "utf-8")
    return root


@pytest.fixture
def storage(tmp_path: Path, archive: Path) -> Iterator[Signing]:
    if importlib.util.find_spec("obstore") is None:
        missing("obstore is not installed (pip install -e '.[storage]')")
    with signing(tmp_path / "storage") as found:
        shutil.move(archive / "media" / "talk.wav", found.folder / BUCKET / "talk.wav")
        yield found


@pytest.fixture
def served(archive: Path, tmp_path: Path, storage: Signing) -> Iterator[str]:
    with serving(archive, tmp_path / "cache", 0, **storage.environment) as address:
        yield address


@pytest.fixture
def page(context: BrowserContext, served: str) -> Page:
    return begun(context, served)


def test_a_paused_listener_goes_on_at_the_same_place_after_the_address_is_over(page: Page, storage: Signing) -> None:
    page.locator(".controls .play").click()
    until(page, "audio.paused")
    before = storage.signatures
    storage.expire()
    seek(page, FAR)
    until(page, f"audio.paused && !audio.error && !audio.seeking && audio.readyState >= 2 && {AT_FAR}")
    assert len(storage.signatures) == len(before) + 1
    assert (before[-1], 403) in {(signature, status) for signature, _, status in storage.asked}
    assert page.locator(".message").inner_text() == ""
    assert page.locator(".controls .play").get_attribute("aria-label") == "Play the recording"
    page.locator(".controls .play").click()
    until(page, HEARD_FAR)


def test_who_listens_when_the_address_is_over_goes_on_listening(page: Page, storage: Signing) -> None:
    before = len(storage.signatures)
    storage.expire()
    seek(page, FAR)
    until(page, HEARD_FAR)
    assert len(storage.signatures) == before + 1
    assert page.locator(".message").inner_text() == ""


def test_what_comes_from_nowhere_is_told_and_not_asked_for_again_and_again(page: Page, storage: Signing) -> None:
    (storage.folder / BUCKET / "talk.wav").rename(storage.folder / BUCKET / "gone.wav")
    seek(page, FAR)
    until(page, "!!document.querySelector('.message').textContent")
    asked = len(storage.asked)
    page.wait_for_timeout(500)
    assert len(storage.asked) == asked
    assert TOLD not in page.locator(".message").inner_text()


def test_an_embedded_passage_goes_on_too(context: BrowserContext, served: str, storage: Signing) -> None:
    page = context.new_page()
    page.goto(f"{served}/recordings/talk/embed")
    page.locator(".cue .time").nth(2).click()
    until(page, "!audio.paused && audio.currentTime > 0")
    before = len(storage.signatures)
    storage.expire()
    page.evaluate(f"document.querySelector('audio').currentTime = {FAR / 1000}")
    until(page, HEARD_FAR)
    assert len(storage.signatures) == before + 1


def test_a_passage_that_a_search_found_goes_on_too(context: BrowserContext, served: str, storage: Signing) -> None:
    page = context.new_page()
    page.add_init_script(SOUNDS)
    button = page.locator("button.round").first
    for _ in range(LIMIT // 100):
        page.goto(f"{served}/search?q=turns")
        if button.count():
            break
        page.wait_for_timeout(100)  # the sound has yet to be measured
    button.click()
    until(page, "sounds[0]?.currentTime > 0 && sounds[0].paused && !sounds[0].seeking")
    before = len(storage.signatures)
    storage.expire()
    page.evaluate(f"sounds[0].currentTime = {FAR / 1000}")
    until(page, "sounds[0].src.includes('try=') && sounds[0].readyState >= 2 && !sounds[0].error")
    assert len(storage.signatures) == before + 1
    assert page.locator(".trouble").inner_text() == ""
    button.click()
    expect(button).to_have_attribute("aria-label", "Pause", timeout=LIMIT)


def test_without_javascript_a_reload_goes_on(browser: Browser, served: str, storage: Signing) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for count in (1, 2):
        with page.expect_response(
            lambda answer: urlsplit(answer.url).netloc == urlsplit(storage.address).netloc
        ) as got:
            page.goto(f"{served}/recordings/talk?t=500")
        assert got.value.status == 206
        assert len(storage.signatures) == count
        storage.expire()
    context.close()


def test_it_plays_from_a_storage_that_speaks_s3(context: BrowserContext, archive: Path, tmp_path: Path) -> None:
    told: list[tuple[str, int]] = []
    with s3() as storage:
        storage.put(archive / "media" / "talk.wav")
        with serving(archive, tmp_path / "cache", 0, **storage.environment, PLAYER_MEDIA="redirect") as address:
            page = context.new_page()
            page.on("response", lambda answer: told.append((answer.url, answer.status)))
            page.goto(f"{address}/recordings/talk")
            start_playing(page)
            seek(page, FAR)
            until(page, HEARD_FAR)
    led = [status for url, status in told if url.startswith(f"{address}/media/")]
    assert led
    assert set(led) == {302}
    assert {status for url, status in told if url.startswith(storage.address)} == {206}
