"""What a reader needs only once they do something comes with their first movement; nothing asked until then is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import talk
from browser.player_page import LIMIT, PlayerPage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, Route

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
    player.page.mouse.move(300, 300)
    let_go(player, asked)
    assert len(asked) == 1


def test_a_key_pressed_before_they_are_there_does_what_it_says(held: tuple[PlayerPage, list[Route]]) -> None:
    player, asked = held
    player.open(is_moved=False)
    player.press("c")
    assert player.page.locator("clip-picker").is_hidden()
    let_go(player, asked)
    player.until("!document.querySelector('clip-picker').hidden")
    player.press("Escape")
    player.until("document.querySelector('clip-picker').hidden")
    assert len(asked) == 1


def test_words_typed_before_they_are_there_are_searched(held: tuple[PlayerPage, list[Route]]) -> None:
    player, asked = held
    player.open(is_moved=False)
    field = player.page.get_by_role("searchbox")
    field.click()
    player.page.keyboard.type("listener")
    let_go(player, asked)
    player.until("/^\\d+ of \\d+|^\\d/.test(document.querySelector('transcript-search .count').textContent)")
    assert field.input_value() == "listener"


def test_a_link_to_a_clip_pressed_before_they_are_there_opens_the_clip(held: tuple[PlayerPage, list[Route]]) -> None:
    player, asked = held
    player.open(is_moved=False)
    player.page.locator("#cue-L1 .cut").evaluate("link => link.click()")
    assert player.page.url.endswith(talk.SLUG)
    let_go(player, asked)
    player.until("!document.querySelector('clip-picker').hidden")


def test_words_selected_before_they_are_there_have_their_bar(held: tuple[PlayerPage, list[Route]]) -> None:
    player, asked = held
    player.open(is_moved=False)
    player.page.locator("#cue-L1 .said").evaluate("said => getSelection().selectAllChildren(said)")
    player.page.mouse.move(600, 300)
    let_go(player, asked)
    player.until("!document.querySelector('.selection').hidden")


def test_an_address_with_words_to_find_needs_no_movement(held: tuple[PlayerPage, list[Route]]) -> None:
    player, asked = held
    player.open("?q=listener", is_moved=False)
    let_go(player, asked)
    player.until("document.querySelector('transcript-search .count').textContent.length > 0")


def test_what_did_not_come_is_asked_for_again(context: BrowserContext, site: str) -> None:
    player = PlayerPage(context.new_page(), site)
    context.route(SCRIPT, lambda route: route.abort(), times=1)
    player.open(is_moved=False)
    player.press("c")
    player.until("performance.getEntriesByType('resource').some(({ name }) => name.includes('later.linked.js'))")
    assert player.page.locator("clip-picker").is_hidden()
    player.press("c")
    player.until("!document.querySelector('clip-picker').hidden")
    assert [error for error in player.errors if "net::ERR_FAILED" not in error] == []
