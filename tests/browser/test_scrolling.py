"""The page keeps the line in view until the reader looks elsewhere, and comes back only when the reader says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import talk

if TYPE_CHECKING:
    from collections.abc import Callable

    from browser.player_page import PlayerPage

FAR = 100_000
STANDING = """(id) => {
  const line = boxOfWords(id);
  return line.top >= 0 && line.bottom <= document.querySelector(".transport").getBoundingClientRect().top;
}"""


def stands_in_view(player: PlayerPage, line: str | None) -> bool:
    return bool(player.page.evaluate(STANDING, line))


def test_a_page_opens_at_its_title_and_scrolls_when_it_is_played(player: PlayerPage) -> None:
    player.open()
    player.settle()
    assert player.scrolled == 0
    player.button("play").click()
    player.until("!audio.paused && scrollY > 0")
    assert stands_in_view(player, player.line)


def test_the_line_that_is_sought_stands_between_masthead_and_transport(player: PlayerPage) -> None:
    player.open()
    for place in (FAR, 30_000, 60_000, 500, 118_000):
        player.seek(place)
        player.settle()
        assert stands_in_view(player, talk.line_at(place))


@pytest.mark.long
def test_line_after_line_none_is_lost_under_the_transport(player: PlayerPage) -> None:
    player.open()
    for _ in range(24):
        player.press(".")
        player.settle()
        assert stands_in_view(player, player.line)


@pytest.mark.long
def test_a_line_that_is_in_view_already_is_not_moved(player: PlayerPage) -> None:
    player.open()
    player.seek(30_000)
    player.settle()
    before = player.scrolled
    player.seek(talk.LINES[talk.STARTS.index(max(s for s in talk.STARTS if s <= 30_000)) + 1].start)
    player.settle()
    assert player.scrolled == before


@pytest.mark.long
def test_nothing_but_the_page_scrolls_and_only_up_or_down(player: PlayerPage) -> None:
    player.open()
    player.page.evaluate(
        "window.scrolled = new Set(); addEventListener('scroll', ({ target }) => scrolled.add(target.nodeName), true)"
    )
    player.seek(FAR)
    player.settle()
    assert player.page.evaluate("[...scrolled]") == ["#document"]
    assert player.page.evaluate("scrollX") == 0


def wheel(player: PlayerPage) -> None:
    player.page.mouse.move(640, 300)
    player.page.mouse.wheel(0, -40)


def touch(player: PlayerPage) -> None:
    session = player.page.context.new_cdp_session(player.page)
    for kind, y in (("touchStart", 400), ("touchMove", 360), ("touchMove", 300)):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": 500, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def page_key(player: PlayerPage) -> None:
    player.press("PageDown")


def find_key(player: PlayerPage) -> None:
    player.press("Control+f")


def drag_over_words(player: PlayerPage) -> None:
    box = player.box_of_words(str(player.line))
    player.page.mouse.move(box["x"] + 4, box["y"] + 12)
    player.page.mouse.down()
    player.page.mouse.move(box["x"] + 200, box["y"] + 12, steps=3)
    player.page.mouse.up()


def tab_into_the_text(player: PlayerPage) -> None:
    player.page.locator("#cue-L2 > .time").evaluate("link => link.focus({ preventScroll: true, focusVisible: true })")


@pytest.mark.long
@pytest.mark.parametrize("look_elsewhere", [wheel, touch, page_key, find_key, drag_over_words, tab_into_the_text])
def test_it_lets_go_when_the_reader_looks_elsewhere(
    player: PlayerPage, look_elsewhere: Callable[[PlayerPage], None]
) -> None:
    player.open()
    player.seek(30_000)
    player.settle()
    assert player.button("follow").get_attribute("aria-pressed") == "true"
    look_elsewhere(player)
    player.until("document.querySelector('.follow').getAttribute('aria-pressed') === 'false'")
    player.until_still()
    before = player.scrolled
    player.seek(FAR)
    player.settle()
    assert player.line == talk.line_at(FAR)
    assert player.scrolled == before


@pytest.mark.long
def test_follow_comes_back_when_it_is_pressed_and_not_before(player: PlayerPage) -> None:
    player.open()
    player.seek(30_000)
    player.settle()
    wheel(player)
    player.until("document.querySelector('.follow').getAttribute('aria-pressed') === 'false'")
    player.seek(FAR, play=True)
    player.until_line(talk.LINES[talk.STARTS.index(max(start for start in talk.STARTS if start <= FAR)) + 1].id)
    assert not stands_in_view(player, player.line)
    player.button("follow").click()
    player.settle()
    assert player.button("follow").get_attribute("aria-pressed") == "true"
    assert stands_in_view(player, player.line)


@pytest.mark.long
def test_what_is_not_looking_elsewhere_does_not_let_go(player: PlayerPage) -> None:
    player.open()
    player.seek(30_000)
    player.settle()
    position = player.page.locator("input.position")
    position.focus()
    player.press("ArrowDown")
    player.press("PageUp")
    player.page.evaluate("document.activeElement.blur()")
    for key in ("k", "k", "ArrowRight", "]", "m", "m"):
        player.press(key)
    player.page.mouse.click(1200, 200)
    player.settle()
    assert player.button("follow").get_attribute("aria-pressed") == "true"


@pytest.mark.long
def test_selecting_words_neither_seeks_nor_scrolls(player: PlayerPage) -> None:
    player.open()
    player.seek(30_000)
    player.settle()
    before = (player.now, player.scrolled)
    drag_over_words(player)
    player.settle()
    assert len(player.page.evaluate("String(getSelection())")) > 5
    assert (player.now, player.scrolled) == before


@pytest.mark.long
def test_words_selected_elsewhere_do_not_hinder_a_press_on_a_time(player: PlayerPage) -> None:
    player.open()
    player.page.evaluate("getSelection().selectAllChildren(document.querySelector('h1'))")
    player.time_of("L3").click()
    player.until_line("L3")


@pytest.mark.long
def test_a_press_that_falls_into_selected_text_does_not_seek(player: PlayerPage) -> None:
    player.open()
    before = player.now
    player.page.evaluate("getSelection().selectAllChildren(document.querySelector('.transcript'))")
    player.time_of("L3").click()
    player.settle()
    assert (player.now, player.is_playing) == (before, False)


@pytest.mark.long
def test_following_moves_at_once_where_less_motion_is_wanted_and_glides_elsewhere(player: PlayerPage) -> None:
    player.open()
    player.page.evaluate("""() => {
        window.behaviours = [];
        const scroll = scrollTo.bind(window);
        window.scrollTo = (where) => { behaviours.push(where.behavior); scroll(where); };
    }""")
    player.seek(12_000)
    player.settle()
    player.page.emulate_media(reduced_motion="no-preference")
    player.seek(500)
    player.settle()
    behaviours = player.page.evaluate("behaviours")
    assert behaviours[0] == "instant"
    assert behaviours[-1] == "smooth"
