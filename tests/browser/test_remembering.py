"""A place in a recording is remembered for it alone, whichever archives share the host; habits are the reader's own."""

from __future__ import annotations

import shutil
import socket
from typing import TYPE_CHECKING

import pytest
from browser import talk
from browser.conftest import serving
from browser.player_page import PlayerPage
from browser.selecting import bar, button, copied, drag
from playwright.sync_api import expect
from small_archive import write_tones

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import BrowserContext

pytestmark = pytest.mark.long

PLACE = 50_000
LINE = talk.LINES[12]


@pytest.fixture
def port() -> int:
    """A port that is free, where archives are served one after the other."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def listen(context: BrowserContext, site: str) -> None:
    """Hear the recording from a place on, and leave."""
    player = PlayerPage(context.new_page(), site).open()
    player.seek(PLACE, play=True)
    player.until(f"audio.currentTime > {PLACE / 1000 + 0.2}")
    player.ask("speedrequest", step=1)
    player.page.close()


def look(context: BrowserContext, site: str) -> tuple[bool, float]:
    """Open the recording; tell whether its place was known, and how fast it would play."""
    player = PlayerPage(context.new_page(), site).open()
    is_known = player.now >= PLACE
    assert is_known == player.message.startswith("You left off at")
    speed = float(player.audio("audio.playbackRate"))
    player.page.close()
    return is_known, speed


def test_archives_served_in_turn_at_one_address_keep_their_places_apart(
    context: BrowserContext, tmp_path: Path, port: int
) -> None:
    one, other = talk.write_archive(tmp_path / "one"), talk.write_archive(tmp_path / "other")
    write_tones(other / "media" / "talk.wav", talk.SECONDS, talk.RATE, step=11)
    with serving(one, tmp_path / "cache", port) as site:
        listen(context, site)
    with serving(other, tmp_path / "cache", port) as site:
        assert look(context, site) == (False, 1.25)
        listen(context, site)
    with serving(one, tmp_path / "cache", port) as site:
        assert look(context, site) == (True, 1.5)


def test_a_place_stays_when_the_texts_are_edited_and_the_folder_is_moved(
    context: BrowserContext, tmp_path: Path, port: int
) -> None:
    archive = talk.write_archive(tmp_path / "one")
    with serving(archive, tmp_path / "cache", port) as site:
        listen(context, site)
    shutil.copytree(archive, tmp_path / "elsewhere" / "two")
    shutil.rmtree(archive)
    record = tmp_path / "elsewhere" / "two" / "transcripts" / "talk" / "recording.toml"
    text = record.read_text(encoding="utf-8")
    record.write_text(text.replace("A talk of tones", "Another title").replace("1963-11-05", "1963"), encoding="utf-8")
    with serving(tmp_path / "elsewhere" / "two", tmp_path / "another-cache", port) as site:
        assert look(context, site)[0]


def test_a_place_that_was_remembered_by_the_name_alone_is_carried_over(player: PlayerPage) -> None:
    player.page.goto(f"{player.site}/people")
    player.errors.clear()  # there are none: the page says so
    player.page.evaluate(f"localStorage.setItem('tape-player:position:talk', {PLACE})")
    player.open()
    assert player.now == PLACE
    assert player.page.evaluate("localStorage.getItem('tape-player:position:talk')") is None
    player.page.reload()
    player.until("audio.readyState >= 1")
    assert player.now == PLACE


def test_nothing_that_is_remembered_names_the_servers_folders(
    context: BrowserContext, site: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    listen(context, site)
    page = context.new_page()
    page.goto(f"{site}/recordings/talk")
    assert "position:/recordings/talk:" in page.evaluate("JSON.stringify(localStorage)")
    for text in (page.content(), page.evaluate("JSON.stringify(localStorage)")):
        assert str(tmp_path_factory.getbasetemp().name) not in text


def test_what_is_copied_has_the_public_address(context: BrowserContext, tmp_path: Path) -> None:
    archive = talk.write_archive(tmp_path / "archive")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    with serving(archive, tmp_path / "cache", PLAYER_URL="https://tapes.example/oral") as site:
        player = PlayerPage(context.new_page(), site).open()
        drag(player, LINE.id, 0, len(LINE.words) - 1)
        address = f"https://tapes.example/oral/recordings/talk#t={LINE.start / 1000:g},{LINE.end / 1000:g}"
        for name, what in (("Copy link", "Link"), ("Copy quote", "Quote")):
            button(player, name).click()
            player.until(f"document.querySelector('selection-bar .status').textContent === '{what} copied.'")
            assert copied(player).endswith(address)
        expect(bar(player)).to_be_visible()
        player.press("c")
        player.page.locator("clip-picker").get_by_role("button", name="Copy link").click()
        player.until("document.querySelector('clip-picker .status').textContent === 'Link copied.'")
        assert copied(player) == address
