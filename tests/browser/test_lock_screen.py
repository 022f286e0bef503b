"""What the lock screen is told, and what its buttons do: read from the browser's own Media Session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from browser import talk
from browser.player_page import PlayerPage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext

pytestmark = pytest.mark.long

# The handlers and the places that the page gives the session, which itself does not give them back.
_WATCH = """
window.answers = {};
window.places = [];
const { setActionHandler, setPositionState } = MediaSession.prototype;
MediaSession.prototype.setActionHandler = function (action, handler) {
  answers[action] = handler;
  setActionHandler.call(this, action, handler);
};
MediaSession.prototype.setPositionState = function (place) {
  setPositionState.call(this, place);
  places.push(place);
};
"""
SLUG = "1963-11-05-attwood-reading"
NOTICE = "Synthetic reading, not the tape."


@pytest.fixture
def reading(context: BrowserContext, shipped: str) -> Iterator[PlayerPage]:
    """The page of the reading that ships, not yet opened."""
    opened = PlayerPage(context.new_page(), shipped)
    opened.page.add_init_script(_WATCH)
    yield opened
    assert opened.errors == []


@pytest.fixture
def watched(player: PlayerPage) -> PlayerPage:
    """The page of talk.py's recording, not yet opened."""
    player.page.add_init_script(_WATCH)
    return player


def shown(player: PlayerPage) -> dict[str, Any]:
    """What the lock screen shows."""
    metadata: dict[str, Any] = player.page.evaluate(
        "(({ title, artist, album, artwork }) => ({ title, artist, album, artwork }))(navigator.mediaSession.metadata)"
    )
    return metadata


def place(player: PlayerPage) -> dict[str, float]:
    """The place that the lock screen was told last."""
    told: dict[str, float] = player.page.evaluate("places.at(-1)")
    return told


def press(player: PlayerPage, action: str, **detail: float) -> None:
    player.page.evaluate("([action, detail]) => answers[action]({ action, ...detail })", [action, detail])


def test_it_shows_who_is_heard_and_the_title_of_the_recording(watched: PlayerPage) -> None:
    watched.open()
    kept = watched.page.evaluate_handle("navigator.mediaSession.metadata")
    first, other = talk.LINES[5], talk.LINES[6]
    for line, voice in ((first, "Ada"), (other, "Ben")):
        watched.seek(line.start)
        assert shown(watched) | {"artwork": []} == {
            "title": voice,
            "artist": "A talk of tones",
            "album": "A talk of tones",
            "artwork": [],
        }
    assert [each["type"] for each in shown(watched)["artwork"]] == ["image/svg+xml"]
    assert watched.page.evaluate("kept => kept === navigator.mediaSession.metadata", kept)


def test_before_anyone_is_heard_it_shows_the_recording(watched: PlayerPage) -> None:
    watched.open()
    watched.seek(100)
    assert shown(watched)["title"] == "A talk of tones"


def test_a_reading_says_that_it_is_one_at_every_moment(reading: PlayerPage) -> None:
    reading.open(slug=SLUG)
    lines = reading.page.eval_on_selector_all(".cue", "lines => lines.map(line => Number(line.dataset.start))")
    voices = set()
    for start in lines:
        reading.seek(start)
        told = shown(reading)
        assert told["artist"].startswith(NOTICE)
        voices.add(told["title"])
    assert len(voices) > 1
    assert told["album"] == "A reading about the White House tape of 5 November 1963"


def test_it_is_kept_in_step_with_play_pause_seek_and_speed(watched: PlayerPage) -> None:
    watched.open()
    watched.seek(30_000)
    watched.settle()
    assert place(watched) == {"duration": 120, "position": 30, "playbackRate": 1}
    watched.press(">")
    watched.until("places.at(-1).playbackRate === 1.25")
    watched.press("k")
    watched.until("navigator.mediaSession.playbackState === 'playing' && audio.currentTime > 30.1")
    watched.press("s")
    watched.until("places.at(-1).playbackRate === 0.5 && places.at(-1).position > 30")
    watched.press("k")
    watched.until("navigator.mediaSession.playbackState === 'paused'")
    watched.settle()
    assert abs(place(watched)["position"] * 1000 - watched.now) < 50
    watched.seek(10**9)
    watched.settle()
    assert place(watched)["position"] == 120


def test_its_buttons_do_what_those_of_the_page_do(watched: PlayerPage) -> None:
    watched.open()
    press(watched, "play")
    watched.until("!audio.paused")
    press(watched, "pause")
    watched.until("audio.paused")
    press(watched, "seekto", seekTime=40)
    assert watched.now == 40_000
    press(watched, "seekforward")
    assert watched.now == 45_000
    press(watched, "seekbackward", seekOffset=10)
    assert watched.now == 35_000


def test_the_next_and_the_previous_track_are_notes(watched: PlayerPage) -> None:
    watched.open()
    watched.seek(0)
    press(watched, "nexttrack")
    assert watched.now == talk.NOTES["first"][0]
    press(watched, "nexttrack")
    assert watched.now == talk.NOTES["second"][0]
    press(watched, "previoustrack")
    assert watched.now == talk.NOTES["first"][0]


def test_where_there_are_no_notes_they_are_lines(watched: PlayerPage) -> None:
    watched.page.route(
        "**/recordings/talk",
        lambda route: route.fulfill(
            body=route.fetch().text().replace('class="note"', 'class="none"'), content_type="text/html"
        ),
    )
    watched.open()
    watched.seek(talk.LINES[5].start)
    press(watched, "nexttrack")
    assert watched.now == talk.LINES[6].start


def test_a_browser_without_some_of_its_buttons_still_plays(player: PlayerPage) -> None:
    player.page.add_init_script("""
        MediaSession.prototype.setActionHandler = () => { throw new TypeError("unknown action"); };
        delete MediaSession.prototype.setPositionState;""")
    player.open()
    player.press("k")
    player.until("audio.currentTime > 10.2")
    assert shown(player)["title"] == "Ada"
