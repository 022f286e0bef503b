"""Below a path of nginx, as docs/deploy.md has it, the page does what it does at the root, and asks nothing outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import talk
from browser.player_page import LIMIT, PlayerPage
from browser.selecting import button, copied, drag
from deployed import USUAL, below_a_path, deployed
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Response

pytestmark = pytest.mark.long

LINE = talk.LINES[12]
PLACE = 50_000


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One host with the same archive below two paths, /tapes and /oral, each of them served by itself."""
    folder = tmp_path_factory.mktemp("sub-path")
    archives = {"8000": talk.write_archive(folder / "one"), "8001": talk.write_archive(folder / "other")}
    server = below_a_path() + below_a_path("oral").replace("127.0.0.1:8000", "127.0.0.1:8001")
    with deployed(folder, server, archives) as (address, _):
        yield address


@pytest.fixture
def below(context: BrowserContext, host: str) -> Iterator[PlayerPage]:
    """A page below the path; whatever it asks for outside, or is refused, or logs as an error fails the test."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    player = PlayerPage(context.new_page(), f"{host}/tapes")
    answers: list[Response] = []
    player.page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108  # Playwright takes no method of a list
    yield player
    assert answers
    assert [each.url for each in answers if not each.url.startswith(f"{host}/tapes/")] == []
    assert [(each.status, each.url) for each in answers if each.status >= 400] == []
    assert player.errors == []


def test_from_the_shelf_to_a_line_that_is_heard(below: PlayerPage) -> None:
    below.page.goto(f"{below.site}/")
    below.page.get_by_role("link", name="A talk of tones").click()
    below.until("audio.readyState >= 1")
    expect(below.page).to_have_url(f"{below.site}/recordings/talk")
    below.button("play").click()
    below.until("audio.currentTime > 10.2")
    below.time_of(LINE.id).click()
    below.until_line(LINE.id)
    expect(below.page).to_have_url(f"{below.site}/recordings/talk?t={LINE.start / 1000:g}#cue-{LINE.id}")
    below.page.reload()
    below.until("audio.readyState >= 1")
    assert below.line == LINE.id
    below.page.locator("a.home").click()
    expect(below.page).to_have_url(f"{below.site}/")


def test_the_worker_that_follows_in_a_hidden_page_is_below_the_path(below: PlayerPage) -> None:
    below.open()
    with below.page.expect_worker() as worker:
        below.button("play").click()
    assert worker.value.url.startswith(f"{below.site}/static/")


def test_words_are_searched_quoted_cited_and_cut(below: PlayerPage) -> None:
    below.open()
    below.press("/")
    below.page.keyboard.type(" ".join(LINE.words[:3]))
    below.until("document.querySelectorAll('.hits *').length > 0")
    below.until("location.pathname === '/tapes/recordings/talk' && location.search.startsWith('?q=')")
    below.page.keyboard.press("Escape")
    drag(below, LINE.id, 0, len(LINE.words) - 1)
    button(below, "Copy link").click()
    below.until("document.querySelector('selection-bar .status').textContent === 'Link copied.'")
    times = f"{LINE.start / 1000:g},{LINE.end / 1000:g}"
    assert copied(below) == f"{below.site}/recordings/talk#t={times}"
    button(below, "Cite").click()
    citation = below.page.locator("dialog.how-to-cite .citation").first
    citation.wait_for()
    assert f"{below.site}/recordings/talk#t={times}" in citation.inner_text()
    below.page.locator("dialog.how-to-cite .close").click()
    button(below, "Clip").click()
    with below.page.expect_download() as download:
        below.page.locator("clip-picker").get_by_role("link", name="WAV").click()
    assert download.value.url.startswith(f"{below.site}/recordings/talk/clip.wav?t={times}&v=")
    assert download.value.path().read_bytes()[:4] == b"RIFF"


def test_without_javascript_its_forms_and_links_stay_below(browser: Browser, host: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(LIMIT)
    page = context.new_page()
    page.goto(f"{host}/tapes/recordings/talk")
    page.get_by_role("searchbox", name="Search the words").fill("pitch")
    page.get_by_role("button", name="Search", exact=True).last.click()
    expect(page).to_have_url(f"{host}/tapes/recordings/talk?q=pitch")
    page.locator(".found a").first.click()
    page.wait_for_url(lambda url: url.startswith(f"{host}/tapes/recordings/talk?t="))
    page.get_by_role("link", name="Cite this recording").click()
    page.get_by_label("Cite another passage").fill("1,2")
    page.get_by_role("button", name="Cite").click()
    page.wait_for_url(lambda url: url.startswith(f"{host}/tapes/recordings/talk/cite?t=1"))
    field = page.get_by_role("searchbox", name="Search everything")
    field.fill("pitch")
    field.press("Enter")
    expect(page).to_have_url(f"{host}/tapes/search?q=pitch")
    page.locator(".hit .round").first.click()
    page.wait_for_url(lambda url: url.startswith(f"{host}/tapes/recordings/talk?t="))
    page.goto(f"{host}/tapes/none")
    page.get_by_role("link", name="Go to the recordings").click()
    expect(page).to_have_url(f"{host}/tapes/")
    context.close()


def test_archives_side_by_side_keep_their_baskets_apart(below: PlayerPage, context: BrowserContext, host: str) -> None:
    below.page.goto(f"{below.site}/basket?p=talk@1,2")
    below.page.get_by_role("button", name="Keep as my basket").click()
    link = below.page.locator("basket-link a")
    assert (link.inner_text(), link.get_attribute("href")) == ("Basket (1)", "/tapes/basket?p=talk@1,2")
    with below.page.expect_download() as download:
        below.page.locator(".downloads a[href*='basket.zip'][href$='as=mp3']").click()
    assert download.value.url == f"{below.site}/basket.zip?p=talk@1,2&as=mp3"
    other = context.new_page()
    other.goto(f"{host}/oral/")
    assert other.locator("basket-link a").inner_text() == "Basket"
    other.close()


def test_archives_side_by_side_keep_their_places_apart_though_they_hold_the_same(
    below: PlayerPage, context: BrowserContext, host: str
) -> None:
    below.open()
    below.seek(PLACE, play=True)
    below.until(f"audio.currentTime > {PLACE / 1000 + 0.2}")
    below.ask("speedrequest", step=1)
    below.page.goto(f"{below.site}/")
    other = PlayerPage(context.new_page(), f"{host}/oral").open()
    assert other.now == talk.SUBSTANCE
    assert other.audio("audio.playbackRate") == 1.25
    other.page.close()
    below.open()
    assert below.now >= PLACE
    assert below.message.startswith("You left off at")


def test_the_usual_lines_of_nginx_do_as_well(context: BrowserContext, tmp_path: Path) -> None:

    with deployed(tmp_path, USUAL, {"8000": talk.write_archive(tmp_path / "archive")}) as (address, _):
        player = PlayerPage(context.new_page(), f"{address}/tapes").open()
        player.button("play").click()
        player.until("audio.currentTime > 10.2")
        assert player.page.locator(".cited-as .address").inner_text() == f"{address}/tapes/recordings/talk"
        assert player.errors == []
