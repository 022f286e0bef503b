"""A line that stands for what is closed is gone to, marked, selected and copied as a line, and says no words."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from browser.conftest import serving
from browser.player_page import LIMIT, PlayerPage
from browser.selecting import bar, button, copied, select
from browser.test_accessibility import MODES, found_by_axe
from playwright.sync_api import expect
from shut_tones import REASON, WORDS, add, translate, write_shut

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext

pytestmark = pytest.mark.long

SEALED = '\n[[access]]\nsound = "on request"\nreason = "Unrevised."\n'
WITHDRAWN = '\n[withdrawal]\ndate = "2026-05-03"\nreason = "At the wish of the narrator."\n'
CLOSED = "closed-5000"


@pytest.fixture(scope="module")
def shut(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over a recording of which words are closed, one without its sound, and one withdrawn."""
    root = write_shut(tmp_path_factory.mktemp("shut") / "archive")
    folder = root / "transcripts" / "tones"
    for slug, table in (("sealed", SEALED), ("gone", WITHDRAWN)):
        shutil.copytree(folder, folder.with_name(slug))
        add(folder.with_name(slug) / "recording.toml", table)
    add(folder / "recording.toml", WORDS)
    translate(root)
    with serving(root, tmp_path_factory.getbasetemp() / "cache") as address:
        yield address


@pytest.fixture
def player(context: BrowserContext, shut: str) -> Iterator[PlayerPage]:
    """Its page, whose reader may copy."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    player = PlayerPage(context.new_page(), shut)
    yield player.open(slug="tones")
    assert player.errors == []


def test_keys_by_line_go_to_it_and_on(player: PlayerPage) -> None:
    player.page.keyboard.press(".")
    player.until(f"document.querySelector('#cue-{CLOSED}[aria-current]')")
    assert player.now == 5_000
    player.page.keyboard.press(".")
    player.until("document.querySelector('#cue-last[aria-current]')")
    player.page.keyboard.press(",")
    player.until(f"document.querySelector('#cue-{CLOSED}[aria-current]')")
    assert player.page.locator(".position").get_attribute("aria-valuetext") == "5 seconds"


def test_a_quotation_over_it_says_that_something_is_left_out(player: PlayerPage) -> None:
    select(player, "first", "last")
    bar(player).wait_for()
    button(player, "Copy quote").click()
    quote = copied(player)
    assert quote.split("\n")[:3] == ["Ada: “One two three.”", "[closed until 2999]", "Ada: “The end.”"]
    select(player, CLOSED)
    player.until("document.querySelector('.selection .times').textContent === '0:05 to 0:07'")
    button(player, "Copy quote").click()
    player.until("document.querySelector('.selection .status').textContent === 'Quote copied.'")
    assert copied(player).startswith("[closed until 2999] (0:05 to 0:07, A tape of tones).")


def test_no_clip_is_offered_of_it(player: PlayerPage) -> None:
    select(player, "first", "last")
    button(player, "Clip").click()
    clip = player.page.locator("clip-picker")
    assert clip.locator(".status").inner_text() == "Part of this passage is closed, so no clip of it can be made."
    expect(clip.locator("a[data-address]:visible")).to_have_count(0)
    expect(clip.locator(".copy-command")).to_be_hidden()
    clip.locator("[data-edge='start'][data-step='-1']").press("Escape")
    select(player, "last")
    button(player, "Clip").click()
    expect(clip.locator("a[data-address]:visible")).to_have_count(2)


def test_what_there_is_about_it_opens_below_it(player: PlayerPage) -> None:
    player.page.locator(f"#cue-{CLOSED} a.this").click()
    about = player.page.locator(f"#cue-{CLOSED} + this-line dl")
    about.wait_for()
    assert REASON in about.inner_text()
    assert "CLIP" not in about.inner_text().upper()


@pytest.mark.parametrize("shown", ["original", "es", "original es", "reader"])
def test_it_is_read_in_every_view(player: PlayerPage, shown: str) -> None:
    if shown == "reader":
        player.page.locator("details.view summary").click()
        player.page.locator("[name='reader']").check()
    else:
        player.page.locator(f"[name='language'][value='{shown}']").check()
    assert player.page.locator(f"#cue-{CLOSED}").inner_text().count("[closed until 2999]") == 1


@pytest.mark.parametrize("mode", MODES)
def test_axe_finds_nothing(browser: Browser, shut: str, mode: str) -> None:
    given: dict[str, Any] = {"viewport": {"width": 1280, "height": 720}, **MODES[mode]}
    context = browser.new_context(reduced_motion="reduce", **given)
    context.set_default_timeout(LIMIT)
    page = context.new_page()
    if mode == "print":
        page.emulate_media(media="print")
    for path in ("tones", f"tones/lines/{CLOSED}", "tones/text", "sealed", "sealed/waveform.svg", "gone"):
        page.goto(f"{shut}/recordings/{path}")
        # A line that happens to lie half under the player is no small target.
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        assert found_by_axe(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    context.close()


@pytest.mark.parametrize("table", [SEALED, WITHDRAWN], ids=["its sound", "all of it"])
def test_a_page_that_was_open_before_says_that_it_was_closed(
    context: BrowserContext, tmp_path: Path, table: str
) -> None:
    root = write_shut(tmp_path / "archive")
    with serving(root, tmp_path / "cache") as address:
        player = PlayerPage(context.new_page(), address).open(slug="tones")
        add(root / "transcripts" / "tones" / "recording.toml", table)
        # What a browser has of it plays on; of this it is to ask again.
        player.page.evaluate("document.querySelector('audio').src += '&again'")
        player.until("document.querySelector('.message').textContent !== ''")
        assert player.page.locator(".message").inner_text() == "The sound was closed after this page was opened."
        player.page.locator(".load-again").click()
        player.page.wait_for_url("**/tones?t=*")
        assert not player.page.locator("audio").count()


def test_alone_and_large_it_is_what_it_is_and_nobody_says_it(player: PlayerPage) -> None:
    player.seek(0)
    player.settle()
    player.press("v")
    place = player.page.locator("large-line .place")
    place.wait_for()
    said = []
    for _ in range(3):
        player.page.keyboard.press(".")
        player.settle()
        said.append(place.inner_text().split("\n\n"))
    assert said == [["Ada", "One two three."], ["[closed until 2999]"], ["Ada", "The end."]]
