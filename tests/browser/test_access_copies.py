"""Where a copy of the sound is more exact than the sound itself, the page plays that, and never falls silent for it."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from browser import talk
from browser.conftest import serving
from browser.player_page import LIMIT, begun, move, seek, start_playing, until, without_aac

from player.audio import access, ffmpeg

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.long

#: A moment that the browser has not loaded yet, and how long the sound is.
FAR, SECONDS = 2_000_000, 2_400
OFF = "after a jump, browsers play an MP3"


@pytest.fixture(scope="session")
def encoded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive whose recording is an MP3 of forty minutes, with the copy that it needs in ``media/access``."""
    root = talk.write_archive(tmp_path_factory.mktemp("copies") / "archive")
    held = root / "media" / "talk.mp3"
    source = ["-stream_loop", str(SECONDS // talk.SECONDS - 1), "-i", str(root / "media" / "talk.wav")]
    command = [ffmpeg.executable(), "-v", "error", *source, "-b:a", "24k", str(held)]
    subprocess.run(command, check=True, timeout=LIMIT / 1000)
    record = root / "transcripts" / talk.SLUG / "recording.toml"
    record.write_text(record.read_text(encoding="utf-8").replace("talk.wav", "talk.mp3"), encoding="utf-8")
    (root / "media" / "access").mkdir()
    access.make(held, root / "media" / "access" / "talk.m4a")
    return root


@pytest.fixture
def archive(encoded: Path, tmp_path: Path) -> Path:
    return shutil.copytree(encoded, tmp_path / "archive")


@pytest.fixture
def served(archive: Path, tmp_path: Path) -> Iterator[str]:
    with serving(archive, tmp_path / "cache", PLAYER_COPY_MEGABYTES="100") as address:
        yield address


@pytest.fixture
def page(context: BrowserContext, served: str) -> Page:
    return begun(context, served)


def played(page: Page) -> str:
    return (
        str(page.evaluate("document.querySelector('audio').currentSrc"))
        .partition("?")[0]
        .partition("//")[2]
        .partition("/")[2]
    )


def test_the_page_plays_the_copy_and_cuts_from_what_is_held(page: Page) -> None:
    assert played(page) == "media/talk/access"
    seek(page, FAR)
    until(page, f"!audio.paused && audio.currentTime > {FAR / 1000 + 0.2}")
    assert page.locator("inexact-sound").inner_text() == ""
    assert page.locator(".message").inner_text() == ""
    version = re.findall(r"of=([\w-]+)", page.content())[0]
    assert page.locator("clip-picker").get_attribute("data-version") == version
    assert all(f"v={version}" in str(link.get_attribute("href")) for link in page.locator(".cut").all())


@pytest.mark.parametrize("has_script", [True, False])
def test_a_browser_without_aac_plays_what_is_held_and_is_told_what_that_means(
    browser: Browser, served: str, has_script: bool
) -> None:
    context = browser.new_context(java_script_enabled=has_script)
    page = context.new_page()
    page.route("**/recordings/talk", without_aac)
    page.goto(f"{served}/recordings/talk")
    while not page.evaluate("document.querySelector('audio').readyState >= 1"):
        page.wait_for_timeout(10)
    assert played(page) == "media/talk"
    if has_script:
        move(page)
    assert OFF in page.locator("inexact-sound").inner_text()
    context.close()


def test_a_copy_that_is_removed_leaves_the_sound_that_it_was_made_from(page: Page, archive: Path) -> None:
    shutil.rmtree(archive / "media" / "access")
    seek(page, FAR)
    until(page, f"!audio.paused && audio.currentTime > {FAR / 1000 + 0.2}")
    assert played(page) == "media/talk"
    assert OFF in page.locator("inexact-sound").inner_text()
    assert page.locator(".message").inner_text() == ""


def test_where_the_sound_is_removed_too_the_page_says_so(page: Page, archive: Path) -> None:
    shutil.rmtree(archive / "media")
    seek(page, FAR)
    until(page, "document.querySelector('.message').textContent")
    assert page.locator(".message").inner_text().startswith("The sound file is not in the archive.")
    assert page.evaluate("document.querySelector('audio').paused")


def test_where_the_sound_is_replaced_its_copy_is_not_played_on(page: Page, archive: Path) -> None:
    held = archive / "media" / "talk.mp3"
    held.write_bytes(held.read_bytes()[: held.stat().st_size // 2])
    seek(page, FAR)
    until(page, "!document.querySelector('.load-again').hidden")
    assert page.locator(".message").inner_text().startswith("The sound was replaced after this page was opened")
    assert played(page) == "media/talk/access"


def test_without_a_copy_what_is_held_plays_until_one_is_made(
    context: BrowserContext, served: str, archive: Path
) -> None:
    shutil.rmtree(archive / "media" / "access")
    first = context.new_page()
    first.goto(f"{served}/recordings/talk")
    assert "A copy that does is being prepared" in first.locator(".inexact").inner_text()
    start_playing(first)
    later = context.new_page()
    while True:
        later.goto(f"{served}/recordings/talk")
        if later.locator("source").count():
            break
        later.wait_for_timeout(100)
    until(later, "audio.readyState >= 1")
    assert (played(first), played(later)) == ("media/talk", "media/talk/access")
    seek(first, FAR)
    until(first, f"!audio.paused && audio.currentTime > {FAR / 1000 + 0.2}")
    assert played(first) == "media/talk"


def test_after_a_network_that_was_not_there_the_copy_is_tried_again(context: BrowserContext, served: str) -> None:
    page = context.new_page()
    page.route("**/media/**", lambda route: route.abort())
    page.goto(f"{served}/recordings/talk")
    until(page, "document.querySelector('.message').textContent")
    assert page.locator(".message").inner_text().startswith("The connection to the archive was lost.")
    page.unroute("**/media/**")
    start_playing(page)
    assert played(page) == "media/talk/access"
