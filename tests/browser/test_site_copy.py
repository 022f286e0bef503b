"""A copy of the archive on a plain file server, below a path: listening, jumping, lines, and no JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import talk
from browser.player_page import LIMIT, PlayerPage, move
from playwright.sync_api import expect
from site_copy import copied, plain_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext

pytestmark = pytest.mark.long

LINE = talk.LINES[12]
#: That the sound is there as a whole, and the page has taken it over.
LOADED = "audio.readyState >= 1 && audio.src.startsWith('blob:') && !audio.controls"


@pytest.fixture(scope="module")
def web_space(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of plain files, which sends no part of one, with a copy of the recording of talk.py below a path."""
    folder = tmp_path_factory.mktemp("web-space")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAYER_CACHE", str(folder / "cache"))
        copied(talk.write_archive(folder / "archive"), folder / "public" / "tapes")
    with plain_server(folder / "public") as address:
        yield f"{address}/tapes"


@pytest.fixture
def copy(context: BrowserContext, web_space: str) -> Iterator[PlayerPage]:
    """A page of it; whatever logs an error, or asks for what is not there, fails the test."""
    player = PlayerPage(context.new_page(), web_space)
    missing: list[str] = []
    player.page.on("response", lambda answer: missing.append(answer.url) if answer.status >= 400 else None)
    yield player
    assert missing == []
    assert player.errors == []


def opened(copy: PlayerPage, address: str) -> PlayerPage:
    """Open the recording's page, and do what a reader does first."""
    copy.open(address, is_moved=False).until(LOADED)
    move(copy.page)
    return copy


def test_from_the_list_to_a_line_that_is_heard(copy: PlayerPage) -> None:
    copy.page.goto(f"{copy.site}/")
    copy.page.get_by_role("link", name="A talk of tones").click()
    copy.until(LOADED)
    copy.button("play").click()
    copy.until("audio.currentTime > 10.2")
    copy.time_of(LINE.id).click()
    copy.until_line(LINE.id)
    expect(copy.page).to_have_url(f"{copy.site}/recordings/talk/?t={LINE.start / 1000:g}#cue-{LINE.id}")


@pytest.mark.parametrize("address", ["/?t=25,80", "/#t=25,80"])
def test_an_address_leads_to_its_moment(copy: PlayerPage, address: str) -> None:
    opened(copy, address)
    copy.audio("audio.pause()")  # a browser may let it begin by itself
    copy.settle()
    assert 25_000 <= copy.now < 80_000
    assert copy.line == talk.line_at(copy.now)
    # Once it has begun, the button goes on from there.
    assert copy.now > 25_000 or str(copy.button("play").get_attribute("aria-label")).endswith("to 1:20")


def test_what_a_line_rests_on_is_shown_below_it(copy: PlayerPage) -> None:
    opened(copy, "/")
    control = copy.page.locator(f"#cue-{talk.LINES[3].id} a.this")
    control.click()
    shown = copy.page.locator("this-line .about-line")
    assert f"player clip talk --cue {talk.LINES[3].id}" in shown.inner_text()
    assert f"{copy.site}/recordings/talk/" in copy.page.locator(".cited-as .address").inner_text()


def test_a_citation_has_the_address_at_which_the_copy_was_found(copy: PlayerPage) -> None:
    copy.page.goto(f"{copy.site}/recordings/talk/cite/")
    expect(copy.page.locator(".written").first).to_contain_text(f" {copy.site}/recordings/talk/")
    expect(copy.page.locator("#citation-bib + pre")).to_contain_text(f"{{{copy.site}/recordings/talk/}}")
    copy.page.goto(f"{copy.site}/recordings/talk/lines/")
    line = copy.page.locator(f"#line-{talk.LINES[3].id}")
    expect(line.locator(".address")).to_contain_text(f"{copy.site}/recordings/talk/")
    assert " recordings/talk/" not in line.inner_text()


def test_a_clip_is_a_command(copy: PlayerPage) -> None:
    opened(copy, "/#t=25,80")
    copy.button("clip").click()
    picker = copy.page.locator("clip-picker")
    picker.wait_for()
    expect(picker.get_by_role("button", name="Copy command")).to_be_visible()
    assert picker.get_by_role("link", name="Download").count() == 0
    assert "has no server" in picker.inner_text()


def test_without_javascript_the_sound_can_be_played_and_the_page_says_how(browser: Browser, web_space: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{web_space}/recordings/talk/?t=25")
    assert page.locator("audio").get_attribute("src") == "../../media/talk.wav#t=10"
    expect(page.locator(".hint").filter(has_text="#t=").get_by_role("link", name="the sound")).to_be_visible()
    page.get_by_role("link", name="Line by line").click(timeout=LIMIT)
    expect(page.locator(f"#line-{LINE.id}")).to_be_visible()
    context.close()


def test_words_are_found_and_lead_to_their_lines(copy: PlayerPage) -> None:
    opened(copy, "/")
    copy.page.get_by_role("search", name="Everything").get_by_role("searchbox").fill("listener")
    copy.page.keyboard.press("Enter")
    hit = copy.page.locator(".group .hit").first
    hit.wait_for()
    expect(copy.page).to_have_url(f"{copy.site}/search/?q=listener")
    assert hit.locator("mark").first.inner_text().startswith("listener")
    hit.locator("a.time").click()
    copy.until(LOADED)
    line = next(line for line in talk.LINES if "listener" in line.words)
    copy.page.wait_for_url(
        lambda url: url.endswith(f"/recordings/talk/?t={line.start / 1000:g}&q=listener#cue-{line.id}")
    )
    assert copy.now == line.start


def test_what_stands_within_words_is_found_where_none_begins_so(copy: PlayerPage) -> None:
    copy.page.goto(f"{copy.site}/search/?q=istener")
    hit = copy.page.locator(".group .hit").first
    hit.wait_for()
    assert hit.locator("mark").first.inner_text().startswith("listener")


def test_a_word_that_nobody_says_is_not_found(copy: PlayerPage) -> None:
    copy.page.goto(f"{copy.site}/search/?q=the+%22xylophone%22")
    copy.page.get_by_text("Nothing was found").wait_for()


def test_without_javascript_the_search_says_what_it_needs(browser: Browser, web_space: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{web_space}/search/?q=listener")
    assert "Searching needs JavaScript here" in page.locator("main .warning").inner_text()
    context.close()
