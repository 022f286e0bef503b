"""The reading that ships, heard through: the line that is marked is the line that is spoken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from browser.player_page import PlayerPage
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext

SLUG = "1963-11-05-attwood-reading"
NOTICE = "Synthetic reading, not the tape. Kennedy and Bundy are not heard."


@pytest.fixture
def reading(context: BrowserContext, shipped: str) -> Iterator[PlayerPage]:
    """The page of the shipped reading, opened."""
    opened = PlayerPage(context.new_page(), shipped).open(slug=SLUG)
    yield opened
    assert opened.errors == []


def lines_of(player: PlayerPage) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = player.page.eval_on_selector_all(
        ".cue",
        "lines => lines.map(({ id, dataset }) => ({ id: id.slice(4), start: +dataset.start, words: dataset.words }))",
    )
    return lines


@pytest.mark.sampled(1)
@pytest.mark.parametrize("speed", [1, 2])
def test_the_right_line_is_marked_at_ten_places(reading: PlayerPage, speed: int) -> None:
    lines = lines_of(reading)
    reading.audio(f"audio.playbackRate = {speed}")
    for place in range(1, 11):
        index = place * (len(lines) - 1) // 10
        reading.marked()
        reading.seek(lines[index]["start"] - 120, play=True)
        reading.until_line(lines[index]["id"])
        seen = reading.marked()
        assert [each["line"] for each in seen][-1] == lines[index]["id"]
        assert seen[-1]["at"] >= lines[index]["start"] - 1


def test_a_reading_plays_from_its_preface_with_a_way_past_it(reading: PlayerPage) -> None:
    assert reading.now == 0
    skip = reading.page.locator("a.skip")
    assert skip.inner_text() == "Skip to 0:25, where the account begins"
    reading.watch_seeks()
    skip.click()
    reading.until("!audio.paused")
    assert reading.sought() == [25_000]
    assert NOTICE in reading.page.locator(".transport").inner_text()


def test_a_passage_of_the_reading_stops_at_its_end(context: BrowserContext, shipped: str) -> None:
    # A page without a gesture: after one, the passage would play by itself.
    reading = PlayerPage(context.new_page(), shipped).open("#t=25,80", slug=SLUG)
    assert reading.button("play").get_attribute("aria-label") == "Play 0:25 to 1:20"
    reading.button("play").click()
    reading.seek(79_400)
    reading.until("audio.paused && audio.currentTime === 80")
    assert reading.errors == []


@pytest.mark.long
def test_every_annotated_moment_leads_to_its_note(reading: PlayerPage) -> None:
    moments = reading.page.locator(".moments a[data-note]")
    assert moments.count() >= 10
    before = None
    for index in range(moments.count()):
        note, start = (moments.nth(index).get_attribute(name) for name in ("data-note", "data-seek"))
        if start != before:  # notes that begin together are reached together
            reading.press("]")
            reading.settle()
        assert note in reading.notes
        before = start


def test_every_line_has_as_many_times_as_words(reading: PlayerPage) -> None:
    for line in lines_of(reading):
        said = reading.page.locator(f"#cue-{line['id']} .said").inner_text()
        assert line["words"] is not None
        assert len(line["words"].split()) == len(said.split()), line["id"]


@pytest.mark.long
def test_the_lock_screen_says_that_it_is_a_reading(reading: PlayerPage) -> None:
    assert reading.page.evaluate("navigator.mediaSession.metadata.artist") == NOTICE
    assert "A reading about" in reading.page.evaluate("navigator.mediaSession.metadata.album")


@pytest.mark.sampled(1)
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_notice_stands_beside_the_control_at_every_width(reading: PlayerPage, width: int) -> None:
    reading.page.set_viewport_size({"width": width, "height": 800})
    notice = reading.page.locator(".transport .notice")
    expect(notice).to_be_visible()
    assert NOTICE in notice.inner_text()
    assert reading.page.evaluate("document.documentElement.scrollWidth") <= width
    # A long name on the play button must not push anything out of the window.
    reading.open("?t=47.5,1:20.5", slug=SLUG)
    assert reading.page.evaluate("document.documentElement.scrollWidth") <= width
