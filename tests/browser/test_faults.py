"""When there is no sound the page says why, and what still works."""

from __future__ import annotations

import json
import wave
from typing import TYPE_CHECKING

import pytest
from browser import talk
from browser.conftest import serving
from browser.player_page import PlayerPage, seek, start_playing, until
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page, Route

pytestmark = pytest.mark.long

#: More than Chromium loads ahead, and a moment that it has not loaded.
LONG, FAR = 600, 500_000


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page on which errors of the network are expected."""
    return context.new_page()


def open_and_wait(page: Page, address: str) -> str:
    page.goto(address)
    page.wait_for_selector(".message:not(:empty)")
    return page.locator(".message").inner_text()


def test_a_file_that_has_gone_is_said_to_be_missing(page: Page, site: str) -> None:
    page.route("**/media/talk*", lambda route: route.fulfill(status=404, body="gone"))
    said = open_and_wait(page, f"{site}/recordings/talk")
    assert said == "The sound file is not in the archive. The transcript and the notes can still be read."
    page.locator(".time").nth(3).click()
    page.wait_for_selector("#cue-L4[aria-current=true]")


def test_a_file_that_is_no_sound_is_told_apart(page: Page, site: str) -> None:
    said = open_and_wait(page, f"{site}/recordings/damaged")
    assert said == (
        "This browser cannot play this kind of sound file, and the server cannot read it either. "
        "The file may be damaged. The rest of the page can still be read."
    )
    assert page.locator(".warning").inner_text() == (
        "The server cannot read the sound file, so no clips can be cut from it."
    )
    assert page.locator("clip-picker, .clip, .instead, .to-cut").count() == 0


def test_a_server_that_fails_is_told_with_its_number(page: Page, site: str) -> None:
    page.route("**/media/talk*", lambda route: route.fulfill(status=503, body="busy"))
    assert "(status 503)" in open_and_wait(page, f"{site}/recordings/talk")


def test_a_lost_connection_is_told_and_play_tries_again(page: Page, site: str) -> None:
    page.route("**/media/talk*", lambda route: route.abort())
    assert "connection to the archive was lost" in open_and_wait(page, f"{site}/recordings/talk")
    page.unroute("**/media/talk*")
    start_playing(page)
    page.wait_for_selector(".message:empty", state="attached")


def test_going_offline_is_told_while_it_lasts(player: PlayerPage, context: BrowserContext) -> None:
    player.open()
    context.set_offline(True)
    player.until("document.querySelector('.message').textContent.startsWith('You are offline')")
    context.set_offline(False)
    player.until("document.querySelector('.message').textContent === ''")
    player.errors.clear()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive of this test's own, whose sound is longer than what a browser loads ahead."""
    root = talk.write_archive(tmp_path / "archive")
    with wave.open(str(root / "media" / "talk.wav")) as tones:
        head = tones.readframes(talk.RATE)
    with wave.open(str(root / "media" / "talk.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(talk.RATE)
        file.writeframes(head * LONG)
    return root


@pytest.fixture
def served(archive: Path, tmp_path: Path) -> Iterator[str]:
    with serving(archive, tmp_path / "cache") as address:
        yield address


def until_told(page: Page, beginning: str) -> None:
    until(page, f"document.querySelector('.message').textContent.startsWith({json.dumps(beginning)})")


def test_a_server_that_stops_in_mid_play_is_told_and_the_sound_goes_on_when_it_is_back(
    page: Page, archive: Path, tmp_path: Path
) -> None:
    with serving(archive, tmp_path / "cache") as address:
        page.goto(f"{address}/recordings/talk")
        start_playing(page)
    seek(page, FAR)
    until_told(page, "The archive is not responding. The sound will go on by itself once it does.")
    # Away for longer, and the browser gives up; what is tested is a server that comes back before.
    with serving(archive, tmp_path / "cache", int(address.rsplit(":", 1)[1])):
        until(page, f"!audio.paused && audio.currentTime > {FAR / 1000 + 0.3}")
        page.wait_for_selector(".message:empty", state="attached")


def test_a_file_deleted_in_mid_play_is_told_and_play_goes_on_from_there_when_it_is_back(
    page: Page, archive: Path, served: str
) -> None:
    page.goto(f"{served}/recordings/talk")
    start_playing(page)
    sound = archive / "media" / "talk.wav"
    kept = sound.rename(sound.with_name("kept"))
    seek(page, FAR)
    until_told(page, "The sound file is not in the archive. The transcript and the notes can still be read.")
    kept.rename(sound)
    page.keyboard.press(">")
    page.locator(".controls .play").click()
    until(page, f"!audio.paused && audio.currentTime > {FAR / 1000 + 0.3} && audio.playbackRate === 1.25")
    assert page.evaluate("document.querySelector('audio').currentTime") < FAR / 1000 + 60
    page.wait_for_selector(".message:empty", state="attached")


def test_offline_in_mid_play_what_is_loaded_plays_and_back_online_the_rest(
    page: Page, context: BrowserContext, served: str
) -> None:
    page.goto(f"{served}/recordings/talk")
    start_playing(page)
    context.set_offline(True)
    until_told(page, "You are offline. What has been loaded still plays.")
    until(page, "!audio.paused && audio.currentTime > 11")
    seek(page, FAR)
    page.wait_for_selector(f"#cue-{talk.LINES[-1].id}[aria-current=true]")
    context.set_offline(False)
    until(page, f"!audio.paused && audio.currentTime > {FAR / 1000 + 0.3}")
    page.wait_for_selector(".message:empty", state="attached")


def test_where_the_browser_has_given_up_offline_play_goes_on_from_there(player: PlayerPage) -> None:
    player.open()
    player.seek(50_000)
    player.page.route("**/media/talk*", lambda route: route.abort())
    player.audio("audio.load()")
    player.seek(50_000)
    player.until("document.querySelector('.message').textContent.startsWith('The connection to the archive was lost.')")
    player.page.unroute("**/media/talk*")
    player.button("play").click()
    player.until("!audio.paused && audio.currentTime > 50.2 && audio.currentTime < 60")
    player.errors.clear()


def test_a_sound_that_was_changed_is_told_and_both_it_and_the_text_remain(
    context: BrowserContext, archive: Path, served: str
) -> None:
    transcript = archive / "transcripts" / "talk" / "transcript.vtt"
    bound = f"WEBVTT\nLocal Usage Element: [Media SHA-256] {'0' * 64}\n"
    transcript.write_text(transcript.read_text("utf-8").replace("WEBVTT\n", bound, 1), encoding="utf-8")
    player = PlayerPage(context.new_page(), served).open()
    assert player.page.locator(".warning").inner_text() == (
        "This transcript was timed to a different sound file, so no line is marked while it plays, and "
        "the times beside the lines may be wrong. You can still listen and read."
    )
    player.press("k")
    player.until("audio.currentTime > 10.3")
    assert player.line is None
    assert player.page.locator(".cue").count() == len(talk.LINES)
    assert player.button("follow").count() == 0


def test_without_a_transcript_the_sound_the_notes_and_the_clips_remain(
    context: BrowserContext, archive: Path, served: str
) -> None:
    (archive / "transcripts" / "talk" / "transcript.vtt").unlink()
    player = PlayerPage(context.new_page(), served).open()
    assert (
        player.page.locator(".absent")
        .inner_text()
        .endswith("There is no transcript yet. The notes can be read, and clips can be cut by time.")
    )
    player.press("]")
    assert player.now == talk.NOTES["second"][0]
    player.press("k")
    player.until("!audio.paused")
    player.press("k")
    player.unfold()
    player.page.get_by_role("button", name="Start here").click()
    expect(player.page.locator("clip-picker a", has_text="MP3")).to_be_visible()
    assert player.errors == []


def test_a_file_that_the_record_names_and_the_archive_lacks_is_told_on_the_page(
    page: Page, archive: Path, served: str
) -> None:
    (archive / "media" / "talk.wav").unlink()
    page.goto(f"{served}/recordings/talk")
    said = page.locator(".provenance").inner_text()
    assert "The sound is missing at the moment. The transcript and the notes can be read." in said
    assert page.locator("audio").count() == 0
    assert page.locator(".cue").count() == len(talk.LINES)


def test_a_transcript_of_another_file_is_not_followed(player: PlayerPage) -> None:
    page = player.page

    def unbind(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace(" data-highlight", ""))

    page.route("**/recordings/talk", unbind)
    player.open()
    player.seek(50_000)
    player.settle()
    assert player.line is None
    assert player.now == 50_000
    player.seek(talk.NOTES["late"][0])
    player.settle()
    assert player.notes == {"late"}
