"""What a reader needs only once they do something comes with their first movement; nothing asked until then is lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from browser import talk
from browser.player_page import LIMIT, PlayerPage
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, Locator, Route

pytestmark = pytest.mark.long

SCRIPT = "**/later.linked.js*"


@pytest.fixture
def held(context: BrowserContext, site: str) -> Iterator[tuple[PlayerPage, list[Route]]]:
    """A page of the recording, and the requests for its later script, which nobody answers yet."""
    asked: list[Route] = []
    context.route(SCRIPT, lambda route: asked.append(route))  # noqa: PLW0108  # Playwright marks what it is given
    player = PlayerPage(context.new_page(), site)
    yield player, asked
    assert player.errors == []


def wait_for(player: PlayerPage, asked: list[Route]) -> None:
    """Wait until the later script is asked for; Playwright tells of it only while it waits for something."""
    for _ in range(LIMIT // 10):
        if asked:
            return
        player.page.wait_for_timeout(10)
    pytest.fail("the later script was not asked for")


def let_go(player: PlayerPage, asked: list[Route]) -> None:
    """Answer the request for the later script, and wait until its elements are there."""
    wait_for(player, asked)
    asked[0].continue_()
    player.until("customElements.get('clip-picker') && document.querySelector('clip-picker:defined')")


def test_they_are_not_asked_for_until_the_reader_moves(held: tuple[PlayerPage, list[Route]]) -> None:
    player, asked = held
    player.open(is_moved=False)
    player.page.wait_for_load_state("networkidle")
    assert asked == []
    player.page.mouse.move(300, 300, steps=3)  # a hand passes many places; of the first, Chromium tells no movement
    let_go(player, asked)
    assert len(asked) == 1


def test_a_key_pressed_before_they_are_there_does_what_it_says(held: tuple[PlayerPage, list[Route]]) -> None:
    player, asked = held
    player.open(is_moved=False)
    player.press("c")
    expect(player.page.locator("clip-picker")).to_be_hidden()
    let_go(player, asked)
    player.until("!document.querySelector('clip-picker').hidden")
    player.press("Escape")
    player.until("document.querySelector('clip-picker').hidden")
    assert len(asked) == 1


def test_words_typed_before_they_are_there_are_searched(held: tuple[PlayerPage, list[Route]]) -> None:
    player, asked = held
    player.open(is_moved=False)
    field = player.page.get_by_role("searchbox", name="Search the words")
    field.click()
    player.page.keyboard.type("listener")
    let_go(player, asked)
    player.until("/^\\d+ of \\d+|^\\d/.test(document.querySelector('transcript-search .count').textContent)")
    assert field.input_value() == "listener"


def test_the_search_of_everything_does_not_wait_for_them(held: tuple[PlayerPage, list[Route]]) -> None:
    player, asked = held
    player.open(is_moved=False)
    field = player.page.locator("header input[name=q]")
    field.fill("voice")
    field.press("Enter")
    player.page.wait_for_url("**/search?q=voice*")
    assert len(asked) <= 1


def test_a_link_to_a_clip_pressed_before_they_are_there_opens_the_clip(held: tuple[PlayerPage, list[Route]]) -> None:
    player, asked = held
    player.open(is_moved=False)
    player.page.locator(".moments .cut").first.evaluate("link => link.click()")
    player.page.wait_for_url(lambda url: url.endswith(talk.SLUG))
    let_go(player, asked)
    player.until("!document.querySelector('clip-picker').hidden")


def test_a_moment_collected_before_they_are_there_is_put_into_the_basket(
    held: tuple[PlayerPage, list[Route]],
) -> None:
    player, asked = held
    player.open(is_moved=False)
    moment = player.page.locator(".moments li:has(.collect)").first
    moment.locator(".collect").evaluate("link => link.click()")
    let_go(player, asked)
    player.until("document.querySelector('.moments .collected')?.textContent.startsWith('Added to the basket')")
    player.page.wait_for_url(lambda url: url.endswith(talk.SLUG))
    expect(player.page.locator("clip-picker")).to_be_hidden()
    passage = (moment.locator(".collect").get_attribute("href") or "").partition("?")[2]
    assert player.page.locator("basket-link a").get_attribute("href") == f"/basket?{passage}"


def test_words_selected_before_they_are_there_have_their_bar(held: tuple[PlayerPage, list[Route]]) -> None:
    player, asked = held
    player.open(is_moved=False)
    player.page.evaluate("getSelection().selectAllChildren(document.querySelector('#cue-L1'))")
    player.page.mouse.move(600, 300)
    let_go(player, asked)
    player.until("!document.querySelector('.selection').hidden")


def test_an_address_with_words_to_find_needs_no_movement(held: tuple[PlayerPage, list[Route]]) -> None:
    player, asked = held
    player.open("?q=listener", is_moved=False)
    let_go(player, asked)
    player.until("document.querySelector('transcript-search .count').textContent.length > 0")


def test_the_first_slash_opens_the_field_and_the_letters_after_it_are_typed_there(
    held: tuple[PlayerPage, list[Route]],
) -> None:
    player, asked = held
    player.open(is_moved=False)
    player.seek(talk.SUBSTANCE)
    # Each letter is a key of its own: r loops, l goes on, s slows, m mutes; so are Space and the full stop.
    player.page.keyboard.type("/")
    player.page.keyboard.type("A Listens. mm")
    for key in ("Backspace", "Backspace", "Backspace", "Backspace", "Backspace"):
        player.press(key)
    assert field_of(player).input_value() == "A Listen"
    assert (player.now, player.is_playing, player.audio("audio.muted || audio.playbackRate !== 1")) == (
        10_000,
        False,
        False,
    )
    let_go(player, asked)
    player.until("/^\\d+ of \\d+|^\\d/.test(document.querySelector('transcript-search .count').textContent)")
    assert field_of(player).input_value() == "A Listen"
    player.page.keyboard.type("er")
    assert field_of(player).input_value() == "A Listener"
    assert (player.now, player.is_pressed("loop"), player.is_pressed("slow")) == (10_000, False, False)


def test_enter_in_the_field_goes_to_the_hit_of_the_words_that_were_there_then(
    held: tuple[PlayerPage, list[Route]],
) -> None:
    player, asked = held
    player.open(is_moved=False)
    player.page.keyboard.type("/listener")
    player.press("Enter")
    player.press("Enter")
    player.page.keyboard.type(" who")
    player.page.wait_for_url(lambda url: url.endswith(talk.SLUG))
    let_go(player, asked)
    player.until("document.querySelector('.follow').getAttribute('aria-pressed') === 'mixed'")
    assert field_of(player).input_value() == "listener who"
    assert player.page.evaluate("document.activeElement.name") == "q"


def test_escape_in_the_field_clears_it_and_then_leaves_it(held: tuple[PlayerPage, list[Route]]) -> None:
    player, asked = held
    player.open(is_moved=False)
    player.page.keyboard.type("/rest")
    player.press("Escape")
    assert field_of(player).input_value() == ""
    assert player.page.evaluate("document.activeElement.name") == "q"
    player.press("Escape")
    assert player.page.evaluate("document.activeElement === document.body")
    let_go(player, asked)
    expect(player.page.locator("transcript-search .count")).to_be_hidden()


def test_the_button_of_the_search_opens_the_field_for_what_is_typed_next(held: tuple[PlayerPage, list[Route]]) -> None:
    player, asked = held
    player.page.set_viewport_size({"width": 390, "height": 740})
    player.open(is_moved=False)
    player.page.get_by_role("button", name="Search the words").click()
    player.page.keyboard.type("rc")
    assert field_of(player).input_value() == "rc"
    let_go(player, asked)
    expect(field_of(player)).to_be_visible()
    assert (field_of(player).input_value(), player.is_pressed("loop")) == ("rc", False)
    expect(player.page.locator("clip-picker")).to_be_hidden()


def test_n_without_words_to_find_opens_the_field_too(held: tuple[PlayerPage, list[Route]]) -> None:
    player, _ = held
    player.open(is_moved=False)
    player.page.keyboard.type("nrl")
    assert field_of(player).input_value() == "rl"


def test_what_is_typed_over_the_words_of_an_address_is_what_is_searched(held: tuple[PlayerPage, list[Route]]) -> None:
    player, asked = held
    player.open("?q=listener", is_moved=False)
    assert field_of(player).input_value() == "listener"
    player.page.keyboard.type("/reader")
    let_go(player, asked)
    player.until("location.search === '?q=reader'")
    assert field_of(player).input_value() == "reader"


def test_keys_after_c_are_the_clips_and_wait_for_it_in_their_order(held: tuple[PlayerPage, list[Route]]) -> None:
    player, asked = held
    player.open(is_moved=False)
    player.seek(talk.LINES[3].start)
    player.press("c")
    player.press("Space")  # not the transport's: it is the clip's Listen that has the focus then
    for key in ("Tab", "Tab", "Tab", "Tab"):
        player.press(key)
    player.until("document.querySelector('.message').textContent.startsWith('Clips are loading.')")
    assert not player.is_playing
    let_go(player, asked)
    player.until("!audio.paused")
    assert player.page.locator("clip-picker .listen").get_attribute("aria-pressed") == "true"
    assert player.page.evaluate("document.activeElement.textContent") == "Copy embed code"
    assert player.message == ""


def test_escape_gives_the_keys_back_that_wait_for_a_clip(held: tuple[PlayerPage, list[Route]]) -> None:
    player, asked = held
    player.open(is_moved=False)
    player.press("c")
    player.press("m")
    player.press("Escape")
    player.press("m")
    assert player.audio("audio.muted")
    let_go(player, asked)
    player.settle()
    expect(player.page.locator("clip-picker")).to_be_hidden()
    assert player.audio("audio.muted")


def test_a_slash_after_c_opens_the_field_for_what_follows_it(held: tuple[PlayerPage, list[Route]]) -> None:
    player, asked = held
    player.open(is_moved=False)
    player.page.keyboard.type("c/Lrx")
    player.press("Backspace")
    let_go(player, asked)
    player.until("!document.querySelector('clip-picker').hidden")
    assert field_of(player).input_value() == "Lr"
    assert player.page.evaluate("document.activeElement.name") == "q"


def test_whoever_types_in_the_field_while_a_clip_is_on_its_way_goes_on_typing_there(
    held: tuple[PlayerPage, list[Route]],
) -> None:
    player, asked = held
    player.open(is_moved=False)
    player.press("c")
    field_of(player).click()
    player.page.keyboard.type("ear")
    let_go(player, asked)
    player.until("!document.querySelector('clip-picker').hidden")
    player.page.keyboard.type("s")
    assert field_of(player).input_value() == "ears"


def test_keys_for_a_clip_that_does_not_come_are_dropped_and_it_is_said(context: BrowserContext, site: str) -> None:
    player, asked = PlayerPage(context.new_page(), site), []
    context.route(SCRIPT, lambda route: asked.append(route), times=1)  # noqa: PLW0108  # as above
    player.open(is_moved=False)
    player.page.keyboard.type("cm ")
    wait_for(player, asked)
    asked[0].abort()
    player.until("document.querySelector('.message').textContent.startsWith('Clips could not be loaded')")
    assert (player.audio("audio.muted"), player.is_playing) == (False, False)
    player.press("m")
    assert player.audio("audio.muted")
    player.until("document.querySelector('clip-picker:defined')")
    expect(player.page.locator("clip-picker")).to_be_hidden()
    assert "Clips could not be loaded" not in player.message


def test_a_search_that_does_not_come_is_said_and_enter_tries_again(context: BrowserContext, site: str) -> None:
    search_in_vain(context, f"{site}/recordings/{talk.SLUG}", ".message")


def test_where_nothing_plays_it_is_said_beside_the_field(context: BrowserContext, shipped: str) -> None:
    search_in_vain(context, f"{shipped}/recordings/1963-11-05-attwood", "transcript-search .count")


def search_in_vain(context: BrowserContext, address: str, place: str) -> None:
    asked: list[Route] = []
    context.route(SCRIPT, lambda route: asked.append(route), times=1)  # noqa: PLW0108  # as above
    player = PlayerPage(context.new_page(), address)
    player.page.goto(address)
    player.page.locator("transcript-search:not([hidden])").wait_for(state="attached")
    player.page.keyboard.type("/t")
    wait_for(player, asked)
    asked[0].abort()
    text = "Search could not be loaded. Press Enter to try again."
    player.until(f"document.querySelector('{place}').textContent === '{text}'")
    player.press("Enter")
    player.until("/^[\\d,]+ of [\\d,]+/.test(document.querySelector('transcript-search .count').textContent)")
    assert field_of(player).input_value() == "t"


def field_of(player: PlayerPage) -> Locator:
    return player.page.get_by_role("searchbox", name=re.compile("Search the (words|notes)"))


def test_what_did_not_come_is_asked_for_again(context: BrowserContext, site: str) -> None:
    player = PlayerPage(context.new_page(), site)
    context.route(SCRIPT, lambda route: route.abort(), times=1)
    player.open(is_moved=False)
    player.press("c")
    player.until("performance.getEntriesByType('resource').some(({ name }) => name.includes('later.linked.js'))")
    expect(player.page.locator("clip-picker")).to_be_hidden()
    player.press("c")
    player.until("!document.querySelector('clip-picker').hidden")
    assert [error for error in player.errors if "net::ERR_FAILED" not in error] == []


@pytest.mark.parametrize("width", [360, 390, 600, 1280])
def test_nothing_moves_when_they_come_under_a_hand_that_presses_meanwhile(
    held: tuple[PlayerPage, list[Route]], width: int
) -> None:
    player, asked = held
    player.page.set_viewport_size({"width": width, "height": 900})
    player.open(is_moved=False)
    player.page.locator(".view > summary").click()
    player.unfold()
    player.settle()
    before = places(player)
    let_go(player, asked)
    player.settle()
    assert places(player) == before


def places(player: PlayerPage) -> list[str]:
    """Say where each thing that can be pressed stands in the window."""
    found: list[str] = player.page.evaluate("""() =>
      [...document.querySelectorAll("a, button, input, label, select, summary, .cue")]
        .filter((each) => each.checkVisibility())
        .map((each) => {
          const { x, y, width, height } = each.getBoundingClientRect();
          return `${each.localName} ${each.textContent.trim().slice(0, 20)}: ${[x, y, width, height].map(Math.round)}`;
        })
    """)
    return found


def test_a_box_and_a_button_pressed_before_they_are_there_do_what_they_say(
    held: tuple[PlayerPage, list[Route]],
) -> None:
    player, asked = held
    player.open(f"#t={talk.LINES[1].start / 1000}", is_moved=False)
    player.unfold()
    player.page.get_by_role("button", name="Where am I").click()
    player.page.locator(".view > summary").click()
    player.page.get_by_role("checkbox", name="Large line").check()
    let_go(player, asked)
    player.page.locator("large-line .place").wait_for()
    player.until("document.querySelector('spoken-line').textContent.startsWith('0:02. Ada: ')")
