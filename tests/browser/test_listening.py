"""To listen closely: loops with a lead-in, half speed, steps by word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import talk

if TYPE_CHECKING:
    from browser.player_page import PlayerPage
    from playwright.sync_api import Route

PLACE = 50_000
LINE = talk.LINES[16]


def word_starts(line: talk.Line) -> list[int]:
    """When the timed words of a line begin, as talk.py writes them."""
    pace = (line.end - line.start) // len(line.words)
    timed = [line.start + position * pace for position in range(1, len(line.words)) if position % 5]
    return [line.start, *timed]


def keep_in_step(player: PlayerPage) -> None:
    """Serve the page as that of a transcript which was timed to another file."""

    def unbind(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace(" data-highlight", ""))

    player.page.route("**/recordings/talk", unbind)


@pytest.mark.long
def test_a_line_is_looped_until_r_is_pressed_again_and_then_the_sound_goes_on(player: PlayerPage) -> None:
    player.open()
    player.seek(LINE.start + 300)
    player.watch_seeks()
    player.press("r")
    player.until("window.sought.length >= 2")
    assert player.is_pressed("loop")
    assert player.sought()[:2] == [LINE.start, LINE.start]
    player.marked()
    player.press("r")
    assert not player.is_pressed("loop")
    player.until_line(talk.LINES[17].id)
    assert player.is_playing


@pytest.mark.long
@pytest.mark.parametrize("lead", [0, 500, 2_000])
def test_a_loop_starts_earlier_by_its_lead_in_each_time(player: PlayerPage, lead: int) -> None:
    player.open()
    player.unfold()
    player.seek(LINE.end - 400)
    player.page.get_by_label("Lead-in").select_option(str(lead))
    player.watch_seeks()
    player.button("loop").click()
    player.until("window.sought.length >= 2")
    assert player.sought()[:2] == [LINE.start - lead, LINE.start - lead]


@pytest.mark.long
def test_a_lead_in_ends_at_the_start_of_the_sound(player: PlayerPage) -> None:
    player.open()
    player.watch_seeks()
    player.ask("looprequest", start=500, end=900, lead=2_000)
    player.until("window.sought.length >= 2")
    assert set(player.sought()) == {0}


@pytest.mark.long
def test_a_lead_in_that_is_changed_while_it_loops_holds_from_the_next_time_on(player: PlayerPage) -> None:
    player.open()
    player.watch_seeks()
    player.ask("looprequest", start=LINE.start, end=LINE.start + 400)
    player.ask("leadrequest", ms=1_000)
    player.until("window.sought.length >= 2")
    assert player.sought()[:2] == [LINE.start, LINE.start - 1_000]
    assert player.is_pressed("loop")


@pytest.mark.long
def test_a_seek_into_the_lead_in_keeps_the_loop_and_one_out_of_it_ends_it(player: PlayerPage) -> None:
    player.open()
    player.ask("looprequest", start=30_000, end=32_000, lead=1_000)
    player.seek(29_200)
    assert player.is_pressed("loop")
    player.seek(28_000)
    assert not player.is_pressed("loop")


@pytest.mark.long
def test_loop_repeats_the_clip_that_is_chosen(player: PlayerPage) -> None:
    player.open()
    player.seek(LINE.start)
    player.press("c")
    player.seek(90_000)
    player.watch_seeks()
    player.press("r")
    player.settle()
    assert set(player.sought()) == {LINE.start}
    assert player.is_pressed("loop")


def test_loop_repeats_the_words_that_are_selected_and_else_the_line(player: PlayerPage) -> None:
    player.open()
    tell = """(span) => document.querySelector('recording-player')
        .dispatchEvent(new CustomEvent('selectionspanchange', { detail: { span } }))"""
    player.page.evaluate(tell, {"start": 95_000, "end": 97_000})
    player.watch_seeks()
    player.press("r")
    player.press("r")
    player.page.evaluate(tell, None)
    player.seek(LINE.start + 200)
    player.press("r")
    player.until("window.sought.length >= 3")
    assert player.sought()[:3] == [95_000, LINE.start + 200, LINE.start]


@pytest.mark.long
def test_where_no_line_is_known_loop_says_what_to_do(player: PlayerPage) -> None:
    keep_in_step(player)
    player.open()
    player.press("r")
    assert player.message == "There is no line to loop. Choose a passage with Start here and End here."
    player.unfold()
    player.button("clip-edge").first.click()
    player.button("loop").click()
    assert player.is_pressed("loop")
    assert player.message == ""


def test_slow_is_half_speed_and_back_to_the_speed_before_with_the_pitch_kept(player: PlayerPage) -> None:
    player.page.add_init_script("""
        Object.defineProperty(HTMLMediaElement.prototype, "preservesPitch", {
          get() { return this.kept ?? false; }, set(isKept) { this.kept = isKept; },
        });""")
    player.open()
    player.press(">")
    player.press("s")
    player.settle()
    assert (player.audio("audio.playbackRate"), player.is_pressed("slow")) == (0.5, True)
    assert player.audio("audio.preservesPitch")
    player.unfold()
    player.button("slow").click()
    player.settle()
    assert (player.audio("audio.playbackRate"), player.is_pressed("slow")) == (1.25, False)


@pytest.mark.long
def test_braces_and_buttons_step_by_word_within_a_line_and_across_its_ends(player: PlayerPage) -> None:
    player.open()
    player.unfold()
    starts = [start for line in talk.LINES[15:18] for start in word_starts(line)]
    player.seek(starts[0])
    visited = [starts[0]]
    for _ in starts[1:]:
        player.press("}")
        player.settle()
        visited.append(player.now)
    assert visited == starts
    assert player.line == talk.LINES[17].id
    for expected in reversed(starts[:-1]):
        player.press("{")
        assert player.now == expected
    player.button("next-word").click()
    assert player.now == starts[1]
    player.button("previous-word").click()
    assert player.now == starts[0]


@pytest.mark.long
def test_a_word_before_the_first_line_and_after_the_last_leads_nowhere(player: PlayerPage) -> None:
    player.open()
    player.seek(100)
    player.press("{")
    assert player.now == 100
    player.press("}")
    assert player.now == talk.LINES[0].start
    last = word_starts(talk.LINES[-1])[-1]
    player.seek(last)
    player.settle()
    player.press("}")
    assert player.now == last


@pytest.mark.long
def test_buttons_step_by_line(player: PlayerPage) -> None:
    player.open()
    player.unfold()
    player.seek(LINE.start)
    player.settle()
    player.button("next-line").click()
    assert player.now == talk.LINES[17].start
    player.button("previous-line").click()
    assert player.now == LINE.start


def test_the_last_five_seconds_are_played_again(player: PlayerPage) -> None:
    player.open()
    player.unfold()
    player.seek(PLACE)
    player.watch_seeks()
    player.press("a")
    player.until("!audio.paused")
    player.press("k")
    player.seek(2_000)
    player.button("replay").click()
    player.until("!audio.paused")
    assert player.sought() == [PLACE - 5_000, 2_000, 0]
