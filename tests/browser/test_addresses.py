"""An address leads to a passage: it is cued up, plays where the browser permits, and stops at its end, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import talk
from browser.player_page import LIMIT, PlayerPage

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Playwright


def test_a_recording_is_cued_up_at_its_substance(player: PlayerPage) -> None:
    player.open()
    assert player.now == talk.SUBSTANCE
    assert player.line == talk.line_at(talk.SUBSTANCE)
    assert player.page.locator(".elapsed").inner_text() == "0:10"
    assert player.button("play").get_attribute("aria-label") == "Play the recording"


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("address", "name"), [("#t=25,80", "Play 0:25 to 1:20"), ("#t=25", "Play from 0:25")])
def test_without_a_gesture_the_button_says_what_it_would_play(player: PlayerPage, address: str, name: str) -> None:
    player.open(address)
    player.settle()
    assert not player.is_playing
    assert player.now == 25_000
    assert player.line == talk.line_at(25_000)
    assert player.button("play").get_attribute("aria-label") == name
    assert player.button("play").inner_text().strip() == name


def test_a_passage_stops_at_its_end_once_and_then_plays_on(player: PlayerPage) -> None:
    player.open("#t=25,26.2")
    player.button("play").click()
    player.until_named("play", "Pause the recording")
    player.until_named("play", "Play the recording")
    player.settle()
    assert player.now == 26_200
    player.button("play").click()
    player.until("audio.currentTime > 26.8")
    assert player.is_playing


@pytest.mark.long
def test_at_the_end_of_a_passage_its_last_line_stays_marked(player: PlayerPage) -> None:
    end = talk.LINES[10].end
    assert talk.STARTS[11] == end
    player.open(f"#t={(end - 600) / 1000},{end / 1000}")
    player.button("play").click()
    player.until(f"audio.paused && audio.currentTime === {end / 1000}")
    player.settle()
    assert player.line == talk.LINES[10].id
    assert player.marked() == []
    player.button("play").click()
    player.until_line(talk.LINES[11].id)


@pytest.mark.long
def test_the_passage_in_a_query_stops_too_and_the_browser_stops_it_no_second_time(player: PlayerPage) -> None:
    player.open("?t=25,26")
    assert "#" not in player.audio("audio.src")
    player.button("play").click()
    player.until("audio.paused && audio.currentTime === 26")
    player.button("play").click()
    player.until("audio.currentTime > 26.7")
    assert player.is_playing


def test_a_new_hash_leads_on_without_a_new_page_and_plays_after_a_gesture(player: PlayerPage) -> None:
    player.open("#t=25,80")
    player.page.mouse.click(640, 200)
    player.page.evaluate("location.hash = '#t=40,41'")
    player.until("audio.currentTime > 40.1")
    player.until("audio.paused && audio.currentTime === 41")


@pytest.mark.long
def test_a_passage_that_is_left_stops_nothing(player: PlayerPage) -> None:
    player.open("#t=25,80")
    player.seek(90_000, play=True)
    player.until("audio.currentTime > 90.3")
    assert player.is_playing


@pytest.mark.long
def test_a_seek_within_the_passage_keeps_its_end(player: PlayerPage) -> None:
    player.open("#t=25,80")
    player.button("play").click()
    player.seek(79_600)
    player.until("audio.paused && audio.currentTime === 80")


@pytest.mark.long
def test_where_the_browser_permits_it_a_passage_plays_by_itself(
    playwright: Playwright, chromium: Path, site: str
) -> None:
    browser = playwright.chromium.launch(executable_path=chromium, args=["--autoplay-policy=no-user-gesture-required"])
    try:
        page = browser.new_page()
        page.set_default_timeout(LIMIT)
        player = PlayerPage(page, site).open("#t=25,25.8")
        player.until("audio.paused && audio.currentTime === 25.8")
        # A query only cues up: the links of other pages lead to lines, and a page that speaks at once startles.
        player.open("?t=25,25.8")
        player.settle()
        assert not player.is_playing
    finally:
        browser.close()


@pytest.mark.long
def test_a_hash_that_is_no_time_is_told_in_words(player: PlayerPage) -> None:
    player.open("#t=80,25")
    assert "the passage ends (0:25) no later than it starts (1:20)" in player.message
    assert player.now == talk.SUBSTANCE


@pytest.mark.long
def test_a_passage_after_the_end_is_told_and_moves_nothing(player: PlayerPage) -> None:
    player.open("#t=400,500")
    assert player.message == (
        "The address asks for a passage that cannot be played: 6:40 is not in the recording, which ends at 2:00."
    )
    assert player.now == talk.SUBSTANCE
    player.page.evaluate("location.hash = '#t=119,500'")
    player.until("audio.ended || audio.currentTime > 119.9")
    assert player.message == ""


@pytest.mark.long
@pytest.mark.parametrize("query", ["?t=soon", "?t=400,500"])
def test_what_the_server_refuses_of_an_address_is_told_once(player: PlayerPage, query: str) -> None:
    player.page.goto(f"{player.site}/recordings/talk{query}")
    player.until("audio.readyState >= 1")
    told = "The address asks for a passage that cannot be played: "
    assert player.page.locator("p.refused").inner_text().startswith(told)
    assert player.message == ""
    assert player.now == talk.SUBSTANCE
    (refused,) = player.errors
    assert "400" in refused
    player.errors.clear()


def test_a_press_on_a_line_plays_from_there_and_leaves_its_address(player: PlayerPage) -> None:
    player.open()
    line = talk.LINES[9]
    player.marked()
    player.time_of(line.id).click()
    player.until("!audio.paused")
    assert player.marked()[0]["line"] == line.id
    player.page.wait_for_url(lambda url: url.endswith(f"/recordings/talk?t={line.start / 1000:g}#cue-{line.id}"))
    player.page.reload()
    player.until("audio.readyState >= 1")
    assert player.line == line.id


@pytest.mark.long
def test_a_press_with_a_modifier_is_the_browsers(player: PlayerPage) -> None:
    player.open()
    with player.page.context.expect_page() as opened:
        player.time_of("L9").click(modifiers=["ControlOrMeta"])
    opened.value.close()
    assert player.now == talk.SUBSTANCE


@pytest.mark.long
def test_the_skip_in_the_title_seeks_in_place(player: PlayerPage) -> None:
    player.open()
    player.watch_seeks()
    player.page.locator("a.skip").click()
    player.until("!audio.paused")
    assert player.sought() == [0]
