"""A sound of a kind that browsers do not play is no damaged one: the page says so, and offers clips of it that are."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest
from browser import talk
from browser.conftest import serving
from browser.player_page import LIMIT, until
from playwright.sync_api import expect

from player.audio import ffmpeg

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.long

#: File name -> how ffmpeg is to encode it; none of these plays in Chromium.
KINDS = {
    "aiff": ("sound.aiff", "pcm_s16be"),
    "apple lossless": ("sound.m4a", "alac"),
    "adpcm": ("sound.wav", "adpcm_ms"),
    "mp2": ("sound.mp2", "mp2"),
    "w64": ("sound.w64", "pcm_s16le"),
    "wma": ("sound.wma", "wmav2"),
}
SAID = "This browser cannot play this kind of sound file, but it can play clips of it as MP3 or WAV. "


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with the recording in each kind, the first of them with its transcript and notes."""
    root = talk.write_archive(tmp_path_factory.mktemp("unplayable") / "archive")
    whole = root / "transcripts" / talk.SLUG
    for number, (kind, (name, codec)) in enumerate(KINDS.items()):
        slug = kind.replace(" ", "-")
        media = root / "media" / f"{slug}-{name}"
        encode(root / "media" / "talk.wav", media, "-c:a", codec)
        folder = root / "transcripts" / slug
        folder.mkdir()
        for part in ("recording.toml", "transcript.vtt", "annotations.toml")[: None if number == 0 else 1]:
            text = (whole / part).read_text(encoding="utf-8")
            (folder / part).write_text(text.replace("talk.wav", media.name), encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def served(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(archive, tmp_path_factory.mktemp("cache")) as address:
        yield address


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page on which errors of the sound are expected."""
    return context.new_page()


def encode(source: Path, target: Path, *arguments: str) -> None:
    command = [ffmpeg.executable(), "-v", "error", "-i", str(source), *arguments, str(target)]
    subprocess.run(command, check=True, timeout=LIMIT / 1000)


def assert_clip(page: Page, address: str | None, kind: str) -> None:
    answer = page.request.get(urljoin(page.url, str(address)))
    assert (answer.status, answer.headers["content-type"]) == (200, kind)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("kind", KINDS)
def test_the_page_says_what_it_is_and_offers_clips(page: Page, served: str, kind: str) -> None:
    page.goto(f"{served}/recordings/{kind.replace(' ', '-')}")
    page.wait_for_selector(".message:not(:empty)")
    assert page.locator(".message").inner_text().startswith(SAID)
    assert "damaged" not in page.locator("body").inner_text()
    instead = page.locator(".instead:not([hidden])")
    expect(page.locator(".controls .clip")).to_be_visible()
    # Where nothing but counting tells how long it lasts, it is being counted since the page was asked for.
    for _ in range(LIMIT // 100):
        if instead.get_by_role("link").count():
            break
        page.wait_for_timeout(100)
        page.reload()
        page.wait_for_selector(".instead:not([hidden])", state="attached")
    assert_clip(page, instead.get_by_role("link", name="MP3").get_attribute("href"), "audio/mpeg")
    assert_clip(page, instead.get_by_role("link", name="WAV").get_attribute("href"), "audio/wav")


def test_its_lines_have_clips_and_so_has_any_moment_of_it(page: Page, served: str) -> None:
    page.goto(f"{served}/recordings/aiff")
    page.wait_for_selector(".message:not(:empty)")
    page.locator("#cue-L2 .this").click()
    page.locator("this-line .cut").first.click()
    picker = page.locator("clip-picker:not([hidden])")
    picker.wait_for()
    with page.expect_download() as download:
        picker.locator("a", has_text="WAV").click()
    start, end = (f"0m{moment // 1000:02d}s{moment % 1000:03d}" for moment in (talk.LINES[1].start, talk.LINES[1].end))
    assert download.value.suggested_filename == f"aiff_{start}-{end}.wav"
    page.goto(f"{served}/recordings/mp2")
    # Nothing but counting tells how long it lasts.
    for _ in range(LIMIT // 100):
        if page.locator("recording-player[data-duration]").count():
            break
        page.wait_for_timeout(100)
        page.reload()
    page.wait_for_selector(".message:not(:empty)")
    page.locator("input.position").fill("60000")
    page.locator(".controls .clip").click()
    picker.wait_for()
    assert "t=60,65" in str(picker.locator("a", has_text="MP3").get_attribute("href"))
    assert_clip(page, picker.locator("a", has_text="MP3").get_attribute("href"), "audio/mpeg")


@pytest.mark.parametrize("kind", ["aiff", "wma"])
def test_without_javascript_its_clips_are_there_too(browser: Browser, served: str, kind: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served}/recordings/{kind}")
    instead = page.locator(".instead", has_text="If nothing plays, this browser may not support this kind of sound")
    expect(instead).to_be_visible()
    assert_clip(page, instead.get_by_role("link", name="MP3").get_attribute("href"), "audio/mpeg")
    page.get_by_label("Clip: start and end").fill("0:25,1:20")
    for button, suffix in (("MP3", "mp3"), ("WAV, for editing", "wav")):
        with page.expect_download() as download:
            page.get_by_role("button", name=button, exact=True).click()
        assert download.value.suggested_filename == f"{kind}_0m25s000-1m20s000.{suffix}"
    if kind == "aiff":
        page.locator("#cue-L2 .time").click()
        assert_clip(page, page.locator(".about-line .cut").first.get_attribute("href"), "audio/mpeg")
    context.close()


def test_a_sound_that_plays_offers_nothing_instead(page: Page, served: str) -> None:
    page.goto(f"{served}/recordings/{talk.SLUG}")
    until(page, "audio.readyState >= 1")
    expect(page.locator(".instead")).to_be_hidden()


def test_where_it_cannot_be_decoded_any_further_the_server_is_asked_whether_it_can(page: Page, served: str) -> None:
    page.goto(f"{served}/recordings/{talk.SLUG}")
    until(page, "audio.readyState >= 1")
    # What a browser reports that has begun a sound and meets what it has no decoder for.
    page.evaluate("""() => {
        const audio = document.querySelector("audio");
        const error = { code: MediaError.MEDIA_ERR_DECODE, message: "" };
        Object.defineProperty(audio, "error", { get: () => error, configurable: true });
        audio.dispatchEvent(new Event("error"));
    }""")
    said = "This browser cannot decode the sound from here on, but it can play clips of it as MP3 or WAV. "
    until(page, f"document.querySelector('.message').textContent.startsWith({said!r})")
    expect(page.locator(".instead")).to_be_visible()


def test_the_shelf_offers_to_listen_to_what_can_be_read_and_says_which_cannot(page: Page, served: str) -> None:
    page.goto(f"{served}/")
    assert (
        page.locator("li.record", has_text="A file that is no sound")
        .locator(".action")
        .inner_text()
        .endswith("The sound cannot be read at the moment.")
    )
    assert page.locator("li.record", has_text="A talk of tones").count() == len(KINDS) + 1
    assert page.get_by_role("link", name="Listen").count() == len(KINDS) + 1
