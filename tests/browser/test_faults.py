"""When there is no sound the page says why, and what still works."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import talk
from browser.player_page import PlayerPage, until

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, Route


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
    assert "cannot play this kind of sound file" in open_and_wait(page, f"{site}/recordings/damaged")


def test_a_server_that_fails_is_told_with_its_number(page: Page, site: str) -> None:
    page.route("**/media/talk*", lambda route: route.fulfill(status=503, body="busy"))
    assert "it answers 503" in open_and_wait(page, f"{site}/recordings/talk")


def test_a_lost_connection_is_told_and_play_tries_again(page: Page, site: str) -> None:
    page.route("**/media/talk*", lambda route: route.abort())
    assert "connection to the archive was lost" in open_and_wait(page, f"{site}/recordings/talk")
    page.unroute("**/media/talk*")
    page.locator(".controls .play").click()
    until(page, "audio.currentTime > 10.1")
    page.wait_for_selector(".message:empty", state="attached")


def test_going_offline_is_told_while_it_lasts(player: PlayerPage, context: BrowserContext) -> None:
    player.open()
    context.set_offline(True)
    player.until("document.querySelector('.message').textContent.startsWith('You are offline')")
    context.set_offline(False)
    player.until("document.querySelector('.message').textContent === ''")
    player.errors.clear()


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
