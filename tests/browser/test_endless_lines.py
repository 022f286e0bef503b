"""On the page a line without a length lasts until the next begins; where none follows, it is read and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import talk
from browser.conftest import serving
from browser.player_page import PlayerPage
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext

pytestmark = pytest.mark.long

LINES = """\
WEBVTT

whole
00:00:10.000 --> 00:00:12.000
It has a length.

bad
00:00:12.000 --> 00:00:11.000
It ends before it starts.

next
00:00:14.000 --> 00:00:16.000
So it lasts until here.

last
00:00:20.000 --> 00:00:20.000
Nothing says how long.
"""


@pytest.fixture
def player(context: BrowserContext, tmp_path: Path) -> Iterator[PlayerPage]:
    root = talk.write_archive(tmp_path / "archive")
    (root / "transcripts" / talk.SLUG / "transcript.vtt").write_text(LINES, encoding="utf-8")
    with serving(root, tmp_path / "cache") as address:
        player = PlayerPage(context.new_page(), address)
        yield player.open()
        assert player.errors == []


def select(player: PlayerPage, first: str, last: str) -> None:
    player.page.evaluate(
        """([first, last]) => {
            const text = wordsOf;
            getSelection().setBaseAndExtent(text(first), 0, text(last), text(last).length);
        }""",
        [first, last],
    )


def loop_of(player: PlayerPage) -> tuple[float, float]:
    """Give where the timeline shows the passage that is looped, in seconds."""
    start, length = (
        float(player.page.locator(".track .passage").get_attribute(name).rstrip("%")) * talk.SECONDS / 100  # type: ignore[union-attr]
        for name in ("x", "width")
    )
    return round(start, 2), round(start + length, 2)


def test_it_can_be_looped(player: PlayerPage) -> None:
    player.seek(12_500)
    player.settle()
    player.press("r")
    player.until("!audio.paused")
    assert loop_of(player) == (12, 14)
    player.press("k")


def test_where_nothing_follows_there_is_nothing_to_loop_and_it_is_said(player: PlayerPage) -> None:
    player.seek(20_500)
    player.settle()
    player.watch_seeks()
    player.press("r")
    player.until("document.querySelector('.message').textContent.startsWith('There is no line to loop')")
    assert (player.is_playing, player.sought()) == (False, [])


@pytest.mark.parametrize(("moment", "times"), [(12_500, "t=12,14&"), (20_500, "t=20.5,25.5&")])
def test_its_clip_is_one_that_can_be_had(player: PlayerPage, moment: int, times: str) -> None:
    player.seek(moment)
    player.settle()
    player.press("c")
    address = player.page.locator("clip-picker a", has_text="MP3").get_attribute("href")
    assert times in str(address)
    assert player.page.request.get(f"{player.site}{address}").status == 200


@pytest.mark.parametrize(
    ("first", "last", "times"),
    [("whole", "bad", "0:10 to 0:14"), ("bad", "bad", "0:12 to 0:14"), ("next", "last", "0:14 to 0:20")],
)
def test_selected_words_have_a_passage(player: PlayerPage, first: str, last: str, times: str) -> None:
    select(player, first, last)
    player.until("!document.querySelector('.selection').hidden")
    assert player.page.locator(".selection .times").inner_text() == times


def test_words_of_which_nothing_says_how_long_they_last_are_selected_without_a_bar(player: PlayerPage) -> None:
    select(player, "whole", "whole")
    player.until("!document.querySelector('.selection').hidden")
    select(player, "last", "last")
    player.until("document.querySelector('.selection').hidden")


def test_a_hit_in_it_is_played_from(player: PlayerPage) -> None:
    for word, moment in (("before it starts", 12_000), ("how long", 20_000)):
        player.page.get_by_role("searchbox", name="Search the words").fill(word)
        player.until("document.querySelector('transcript-search .count').textContent === '1 of 1'")
        if word == "how long":
            expect(player.page.locator(".play-hit")).to_be_hidden()
            continue
        player.press("Control+Enter")
        player.until(f"!audio.paused && audio.currentTime >= {moment / 1000}")
        player.page.locator(".controls .play").click()
