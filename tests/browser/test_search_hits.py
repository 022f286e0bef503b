"""A reader goes from hit to hit, hears one from its first word, and a page opens with the search of its address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import talk
from browser.searched_page import count, current_in_view, field, painted, search, searched, start_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from browser.player_page import PlayerPage

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The pages on which words are searched for."""
    with searched(tmp_path_factory) as address:
        yield address


def test_the_buttons_and_enter_go_from_hit_to_hit_and_round(player: PlayerPage) -> None:
    player.open()
    assert search(player, "cafe") == "1 of 2"
    player.press("Enter")
    assert (count(player), current_in_view(player)) == ("2 of 2", True)
    player.press("Enter")
    assert count(player) == "1 of 2"
    player.press("Shift+Enter")
    assert count(player) == "2 of 2"
    player.page.locator(".search .later").click()
    assert count(player) == "1 of 2"
    player.page.locator(".search .earlier").click()
    assert count(player) == "2 of 2"
    for button in player.page.locator(".search button:visible").all():
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 24


def test_others_ask_for_the_next_hit_or_the_field(player: PlayerPage) -> None:
    player.open()
    player.ask("hitrequest", step=1)
    assert field(player).evaluate("each => each === document.activeElement")
    search(player, "cafe")
    player.page.locator("body").evaluate("() => document.activeElement.blur()")
    player.ask("hitrequest", step=1)
    assert count(player) == "2 of 2"
    player.ask("hitrequest", step=-1)
    assert count(player) == "1 of 2"
    player.ask("searchrequest")
    player.page.keyboard.type("zebra")
    assert field(player).input_value() == "zebra"


def test_a_hit_that_is_out_of_sight_is_shown_before_the_next(player: PlayerPage) -> None:
    player.open()
    search(player, "cafe")
    player.until_still()  # it looks again in the next frame whether it got there
    player.page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    assert not current_in_view(player)
    search(player, "caf")
    player.until_still()
    player.page.evaluate("scrollTo(0, 0)")
    player.until_still()
    player.press("Enter")
    assert current_in_view(player)


def test_the_first_hit_is_the_first_from_where_the_reader_is(player: PlayerPage) -> None:
    player.open()
    player.page.evaluate("document.querySelector('#cue-L30').scrollIntoView({ block: 'start' })")
    assert search(player, "cafe") == "2 of 2"


def test_typing_more_of_a_word_stays_at_the_hit(player: PlayerPage) -> None:
    player.open()
    search(player, "cafe")
    player.press("Enter")
    player.page.keyboard.type(" in")
    assert count(player) == "1 of 1"
    search(player, "ca")
    assert painted(player, "current-hit") == ["Ca"]


def test_typing_neither_ends_following_nor_moves_a_page_that_follows(player: PlayerPage) -> None:
    player.open(f"?t={start_of('L20') / 1000}")
    player.button("play").click()
    player.until_line("L21")
    player.until_still()
    before = player.scrolled
    assert search(player, "castro") == "1 of 1"
    assert player.scrolled == before
    assert player.button("follow").get_attribute("aria-pressed") == "true"
    player.seek(start_of("L60"))
    player.settle()
    assert player.scrolled != before


def test_at_rest_typing_shows_the_hit_and_does_not_move_the_sound(player: PlayerPage) -> None:
    player.open()
    now = player.now
    search(player, "café invitation")
    assert current_in_view(player)
    assert player.now == now
    assert player.button("follow").get_attribute("aria-pressed") == "true"


def go_to_a_hit_while_playing(player: PlayerPage) -> int:
    """Play, go to a hit elsewhere, and let a line go by; give where the page stands."""
    player.open(f"?t={start_of('L50') / 1000}")
    player.button("play").click()
    player.until("!audio.paused && document.querySelector('.cue[aria-current]')")
    search(player, "castro")
    player.press("Enter")
    player.until_still()
    assert current_in_view(player)
    assert player.now > start_of("L50")
    stands = player.scrolled
    player.marked()
    player.until("marked.length >= 2")
    assert player.scrolled == stands
    assert player.button("follow").get_attribute("aria-pressed") == "mixed"
    return stands


def line_in_view(player: PlayerPage) -> bool:
    return bool(
        player.page.evaluate("""() => {
            const { top, bottom } = boxOfWords(document.querySelector('.cue[aria-current]').id.slice(4));
            return top >= 0 && bottom <= document.querySelector('.transport').getBoundingClientRect().top;
        }""")
    )


@pytest.mark.parametrize("way", ["Follow", "clearing the search", "sending the sound elsewhere"])
def test_a_hit_that_is_gone_to_holds_the_page_until_the_reader_goes_on(player: PlayerPage, way: str) -> None:
    go_to_a_hit_while_playing(player)
    assert not line_in_view(player)
    if way == "Follow":
        player.button("follow").click()
    elif way == "clearing the search":
        player.press("Escape")
    else:
        player.button("forward").click()
    player.until_still()
    assert player.button("follow").get_attribute("aria-pressed") == "true"
    assert line_in_view(player)


def test_scrolling_away_from_a_hit_ends_following_as_ever(player: PlayerPage) -> None:
    go_to_a_hit_while_playing(player)
    player.page.mouse.move(640, 300)
    player.page.mouse.wheel(0, 40)
    player.until("document.querySelector('.follow').ariaPressed === 'false'")
    player.press("Escape")
    assert player.button("follow").get_attribute("aria-pressed") == "false"


def test_where_nothing_is_followed_nothing_is_held(player: PlayerPage) -> None:
    player.open()
    player.button("follow").click()
    search(player, "castro")
    player.press("Enter")
    assert player.button("follow").get_attribute("aria-pressed") == "false"


@pytest.mark.parametrize("way", ["Control+Enter", "Alt+Enter", "the button"])
def test_a_hit_is_played_from_its_first_word(player: PlayerPage, way: str) -> None:
    player.open()
    search(player, "castro")
    player.watch_seeks()
    if way == "the button":
        player.page.locator(".search .play-hit").click()
    else:
        player.press(way)
    player.until("!audio.paused")
    (sought,) = player.sought()
    assert start_of("L8") + 600 <= sought < start_of("L9")
    assert player.button("follow").get_attribute("aria-pressed") == "true"


def test_the_address_says_what_is_searched_for_and_keeps_what_it_said(player: PlayerPage) -> None:
    player.open("?t=25,80&x=1#cue-L8")
    search(player, "castro’s & “café”")
    player.until("location.search.includes('q=')")
    address = player.page.evaluate("location.pathname + location.search + location.hash")
    assert address == (f"/recordings/{talk.SLUG}?t=25,80&x=1&q=castro%E2%80%99s+%26+%E2%80%9Ccaf%C3%A9%E2%80%9D#cue-L8")
    search(player, "")
    player.until("!location.search.includes('q=')")
    assert player.page.evaluate("location.search + location.hash") == "?t=25,80&x=1#cue-L8"


def test_a_link_to_a_moment_keeps_the_search_in_the_address(player: PlayerPage) -> None:
    player.open("?q=castro")
    player.time_of("L9").click()
    player.until("location.hash === '#cue-L9' && location.search.includes('q=castro')")
    assert player.page.evaluate("location.search").startswith(f"?t={start_of('L9') / 1000:g}")


def test_a_page_opens_with_its_search_done(player: PlayerPage) -> None:
    player.open("?q=caf%C3%A9+invi")
    assert (field(player).input_value(), count(player)) == ("café invi", "1 of 1")
    assert current_in_view(player)
    assert player.now == talk.SUBSTANCE


def test_a_page_opens_at_the_line_of_the_address_and_the_hit_from_there_on(player: PlayerPage) -> None:
    player.open(f"?t={start_of('L30') / 1000:g}&q=cafe#cue-L30")
    player.until_still()
    assert count(player) == "2 of 2"
    assert player.now == start_of("L30")
    top = player.page.locator("#cue-L30").evaluate("each => each.getBoundingClientRect().top")
    assert 0 <= top < 60


def test_going_back_brings_the_search_of_then(player: PlayerPage) -> None:
    player.open("?q=castro")
    player.page.evaluate("history.pushState(null, '', '?q=zebra')")
    player.page.go_back()
    player.page.go_forward()
    player.until("document.querySelector('.search input').value === 'zebra'")
    assert count(player) == "1 of 2, 2 in notes"


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    "query", ["%3Cimg+src=x+onerror=alert(1)%3E", "%22%3E%3Cscript%3E", "%00", "%ED%A0%80", "%F0%9F%92%A9" * 150, "("]
)
def test_an_address_that_is_hostile_does_nothing(player: PlayerPage, query: str) -> None:
    player.open(f"?q={query}")
    assert player.page.locator(".search img, .search script").count() == 0
    search(player, "castro")
    assert count(player) == "1 of 1"
    assert len(field(player).input_value()) <= 200
