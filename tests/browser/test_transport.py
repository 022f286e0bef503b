"""The transport, the keys and the notes ask the player, and show what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import talk
from playwright.sync_api import expect

if TYPE_CHECKING:
    from browser.player_page import PlayerPage


def label(player: PlayerPage, name: str) -> str | None:
    return player.button(name).get_attribute("aria-label")


def test_the_browsers_own_control_gives_way(player: PlayerPage) -> None:
    player.open()
    assert not player.audio("audio.controls")
    expect(player.page.locator(".controls")).to_be_visible()
    expect(player.page.locator("input.position")).to_be_visible()


@pytest.mark.long
def test_what_stands_in_its_row_has_one_baseline(player: PlayerPage) -> None:
    player.open()
    below = player.page.evaluate(
        """() => [".follow", ".clip", ".more"].map((name) => {
          const button = document.querySelector(`.controls ${name}`);
          const texts = document.createTreeWalker(button, NodeFilter.SHOW_TEXT);
          const range = document.createRange();
          range.selectNodeContents(texts.nextNode());
          return Math.round(range.getBoundingClientRect().bottom);
        })"""
    )
    assert len(set(below)) == 1, below


@pytest.mark.long
@pytest.mark.parametrize("width", [390, 360])
def test_a_passage_that_is_invited_to_leaves_room_in_its_button_and_what_follows_stands_together(
    player: PlayerPage, width: int
) -> None:
    player.page.set_viewport_size({"width": width, "height": 800})
    player.open("?t=25,80")
    words, button, clip, more = (
        player.page.locator(f".controls {name}").bounding_box() for name in (".passage-name", ".play", ".clip", ".more")
    )
    assert words
    assert button
    assert clip
    assert more
    assert button["x"] + button["width"] - words["x"] - words["width"] >= 9
    assert 0 <= more["x"] - clip["x"] - clip["width"] < 10
    assert more["y"] == pytest.approx(clip["y"], abs=2)


def test_the_play_button_plays_and_pauses_and_says_which(player: PlayerPage) -> None:
    player.open()
    assert label(player, "play") == "Play the recording"
    player.button("play").click()
    player.until_named("play", "Pause the recording")
    assert player.is_playing
    player.button("play").click()
    player.until_named("play", "Play the recording")
    assert not player.is_playing


def test_the_skip_buttons_skip_five_seconds_and_stop_at_the_ends(player: PlayerPage) -> None:
    player.open()
    player.button("forward").click()
    assert player.now == talk.SUBSTANCE + 5_000
    for _ in range(4):
        player.button("back").click()
    assert player.now == 0
    player.seek(10**9)
    assert player.now == talk.SECONDS * 1000


@pytest.mark.long
def test_the_clock_tells_the_second_that_has_begun(player: PlayerPage) -> None:
    player.open()
    player.seek(83_999)
    assert player.page.locator(".clock").inner_text() == "1:23 / 2:00"


@pytest.mark.long
def test_the_length_is_told_in_the_narrowest_window_too(player: PlayerPage) -> None:
    player.page.set_viewport_size({"width": 320, "height": 568})
    player.open()
    total = player.page.locator(".total")
    box = total.bounding_box()
    assert box
    assert box["width"] > 20
    assert total.inner_text() == "/ 2:00"


@pytest.mark.long
def test_the_clock_is_read_out_by_nobody_at_each_tick(player: PlayerPage) -> None:
    player.open()
    live = "[aria-live], [role=status], [role=alert], [role=timer], [role=log], output"
    assert (
        player.page.locator(".clock").evaluate(f"clock => clock.closest('{live}') ?? clock.querySelector('{live}')")
        is None
    )


@pytest.mark.long
def test_the_speed_goes_up_and_round_and_keeps_to_its_ends_by_key(player: PlayerPage) -> None:
    player.open()
    shown = []
    for _ in range(7):
        player.button("speed").click()
        player.settle()
        shown.append((player.audio("audio.playbackRate"), label(player, "speed")))
    assert [speed for speed, _ in shown] == [1.25, 1.5, 1.75, 2, 0.5, 0.75, 1]
    assert shown[0][1] == "1.25\N{MULTIPLICATION SIGN} speed"
    for _ in range(6):
        player.press("<")
    assert player.audio("audio.playbackRate") == 0.5


def test_the_position_seeks_by_pointer_and_by_key(player: PlayerPage) -> None:
    player.open()
    position = player.page.locator("input.position")
    box = position.bounding_box()
    assert box
    player.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    player.settle()
    assert abs(player.now - 60_000) < 500
    before = player.now
    player.press("ArrowRight")
    assert player.now == before + 5_000
    player.press("PageUp")
    assert player.now == before + 35_000
    player.press("Home")
    assert player.now == 0


@pytest.mark.long
def test_a_focused_position_is_not_said_again_and_again_while_it_plays(player: PlayerPage) -> None:
    player.open()
    player.page.locator("input.position").focus()
    before = player.page.locator("input.position").get_attribute("aria-valuetext")
    player.press("k")
    player.until("audio.currentTime > 11.4")
    assert player.page.locator("input.position").get_attribute("aria-valuetext") == before
    assert int(player.page.locator("input.position").input_value()) > 11_000


def test_keys_play_skip_step_and_mute(player: PlayerPage) -> None:
    player.open()
    player.press("Space")
    player.until("!audio.paused")
    player.press("k")
    player.until("audio.paused")
    player.seek(30_000)
    player.press("l")
    assert player.now == 40_000
    player.press("j")
    player.press("ArrowLeft")
    assert player.now == 25_000
    player.press("m")
    assert player.audio("audio.muted")
    assert player.message.startswith("The sound is muted")
    player.press("m")
    assert player.message == ""
    player.press("f")
    assert player.button("follow").get_attribute("aria-pressed") == "false"


def test_comma_and_full_stop_step_by_line(player: PlayerPage) -> None:
    player.open()
    player.seek(talk.LINES[5].start)
    for key, index in ((".", 6), (".", 7), (",", 6), (",", 5)):
        player.press(key)
        player.settle()
        assert (player.now, player.line) == (talk.LINES[index].start, talk.LINES[index].id)


@pytest.mark.long
def test_a_focused_button_keeps_space(player: PlayerPage) -> None:
    player.open()
    player.button("forward").focus()
    player.press("Space")
    assert player.now == talk.SUBSTANCE + 5_000
    assert not player.is_playing
    player.press("k")
    player.until("!audio.paused")


@pytest.mark.long
def test_after_a_press_on_a_line_space_pauses(player: PlayerPage) -> None:
    player.open()
    player.time_of("L4").click()
    player.until("!audio.paused")
    player.press("Space")
    player.until("audio.paused")


@pytest.mark.long
def test_keys_are_silent_in_a_field(player: PlayerPage) -> None:
    player.open()
    player.page.evaluate("document.querySelector('main').append(document.createElement('textarea'))")
    player.page.locator("textarea").focus()
    player.page.keyboard.type("k f m")
    assert not player.is_playing
    assert player.page.locator("textarea").input_value() == "k f m"


@pytest.mark.long
@pytest.mark.parametrize(
    ("place", "raised"),
    [(3_999, set()), (4_000, {"first"}), (9_000, set()), (26_000, {"second", "shared"}), (28_000, {"second"})],
)
def test_the_notes_that_belong_to_now_are_raised(player: PlayerPage, place: int, raised: set[str]) -> None:
    player.open()
    player.seek(place)
    player.settle()
    assert player.notes == raised
    for name in talk.NOTES:
        moment = player.page.locator(f".moments a[data-note={name}]")
        assert moment.get_attribute("aria-current") == ("true" if name in raised else None)
        assert (player.page.locator(f".mark[data-note={name}]").get_attribute("data-now") is not None) == (
            name in raised
        )


def test_a_press_on_a_moment_plays_it_and_shows_its_note(player: PlayerPage) -> None:
    player.open()
    player.watch_seeks()
    player.page.locator(".moments a[data-note=late]").click()
    player.until("!audio.paused")
    assert player.sought() == [talk.NOTES["late"][0]]
    player.settle()
    box = player.page.locator("#note-late").bounding_box()
    assert box
    assert 0 <= box["y"] < 600


@pytest.mark.long
def test_brackets_and_buttons_lead_from_note_to_note(player: PlayerPage) -> None:
    player.open()
    player.press("]")
    assert player.now == 25_000
    player.press("]")
    assert player.now == 95_000
    player.press("]")
    assert player.now == 95_000
    player.press("[")
    assert player.now == 25_000
    player.button("previous-note").click()
    assert player.now == 4_000
    player.button("next-note").click()
    assert player.now == 25_000
    assert not player.is_playing


@pytest.mark.long
def test_the_jump_in_a_note_plays_from_its_moment(player: PlayerPage) -> None:
    player.open()
    player.page.locator("#note-late .jump").click()
    player.until("!audio.paused && audio.currentTime >= 95")
