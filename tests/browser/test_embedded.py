"""A passage in a frame of another site plays, follows and stops there; no other page of the archive can be framed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from browser import talk
from browser.conftest import serving
from browser.player_page import LIMIT
from browser.test_accessibility import found_by_axe
from browser.wire import loaded
from closings import write_closed
from html_elements import parse
from other_site import other_site
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from other_site import OtherSite
    from playwright.sync_api import Browser, BrowserContext, Frame, Page

PASSAGE = [line for line in talk.LINES if 24_000 <= line.start < 33_000]
START, END = PASSAGE[0].start, PASSAGE[-1].end
ASKED = f"/recordings/talk/embed?t={START / 1000:g},{END / 1000:g}"
#: Bytes over the wire, headers included, all but the sound.
MOST = 25_000
MARKED = "document.querySelector('[aria-current]')?.querySelector('a.time').href.split('#cue-')[1]"


@pytest.fixture
def other() -> Iterator[OtherSite]:
    with other_site() as site:
        yield site


def until(frame: Frame, expression: str) -> None:
    """Wait until something is true in a frame, whose policy forbids Playwright's own way."""
    frame.evaluate(f"""() => new Promise((done) => {{
        const look = () => {{
          const audio = document.querySelector("audio");
          if ({expression}) done(); else setTimeout(look, 10);
        }};
        look();
    }})""")


def framed(page: Page, other: OtherSite, address: str, attributes: str = "") -> Frame:
    """Show an address in a frame of the other site."""
    other.body = f'<iframe src="{address}" title="A passage" width="600" height="360" {attributes}></iframe>'
    page.goto(other.address, wait_until="load")
    (_, frame) = page.frames
    return frame


def test_a_passage_plays_and_is_followed_in_a_frame_of_another_site_and_stops_at_its_end(
    context: BrowserContext, site: str, other: OtherSite
) -> None:
    page = context.new_page()
    told: list[str] = []
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("console", lambda each: told.append(each.text) if each.type in {"error", "warning"} else None)
    frame = framed(page, other, site + ASKED)
    assert urlsplit(frame.url).netloc != urlsplit(other.address).netloc
    assert [each.inner_text() for each in frame.locator(".cue > span:not(.unseen)").all()] == [
        " ".join(line.words) for line in PASSAGE
    ]
    until(frame, "audio.readyState >= 1 && !audio.src.includes('#')")
    until(frame, f"audio.currentTime * 1000 === {START}")
    frame.locator(".cue .time").nth(2).click()
    until(frame, f"{MARKED} === '{PASSAGE[3].id}' && !audio.paused")
    assert frame.evaluate("document.querySelector('audio').currentTime * 1000") >= PASSAGE[3].start - 1
    frame.evaluate(f"() => {{ document.querySelector('audio').currentTime = {(END - 400) / 1000} }}")
    until(frame, "audio.paused")
    assert frame.evaluate("Math.round(document.querySelector('audio').currentTime * 1000)") == END
    assert frame.evaluate(MARKED) == PASSAGE[-1].id
    # Once more, from where it begins.
    frame.evaluate("() => { document.querySelector('audio').play() }")
    until(frame, f"audio.currentTime * 1000 < {START + 2_000} && {MARKED} === '{PASSAGE[0].id}'")
    with context.expect_page() as opened:
        frame.get_by_role("link", name="A talk of tones").click()
    assert opened.value.url == f"{site}/recordings/talk?t={ASKED.partition('=')[2]}"
    assert told == []


@pytest.mark.long
@pytest.mark.parametrize("address", ["/recordings/talk", "/", "/basket", "/recordings/talk/cite", "/recordings/none"])
def test_no_other_page_is_shown_in_a_frame(context: BrowserContext, site: str, other: OtherSite, address: str) -> None:
    page = context.new_page()
    frame = framed(page, other, site + address)
    # What is refused may take the place of nothing a moment after the page around it is there.
    given_up = time.monotonic() + LIMIT / 1000
    while not frame.url and time.monotonic() < given_up:
        page.wait_for_timeout(20)
    assert frame.url.startswith("chrome-error:")
    assert frame.locator("main").count() == 0


@pytest.mark.long
def test_a_frame_that_may_keep_nothing_has_all_of_it(browser: Browser, site: str, other: OtherSite) -> None:
    """Without an origin of its own, a frame has no cookies and no storage: to ask for some is an error."""
    context = browser.new_context()
    context.set_default_timeout(LIMIT)
    page = context.new_page()
    frame = framed(page, other, site + ASKED, 'sandbox="allow-scripts"')
    assert frame.evaluate("(() => { try { return localStorage.length } catch { return 'none' } })()") == "none"
    assert frame.locator(".cue").count() == len(PASSAGE)
    until(frame, "audio.readyState >= 1 && audio.controls")
    context.close()


@pytest.mark.long
def test_without_script_it_is_played_and_read(browser: Browser, site: str, other: OtherSite) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(LIMIT)
    frame = framed(context.new_page(), other, site + ASKED)
    expect(frame.locator("audio[controls]")).to_be_visible()
    assert str(frame.locator("audio").get_attribute("src")).endswith(f"#t={ASKED.partition('=')[2]}")
    assert frame.locator(".cue").count() == len(PASSAGE)
    assert not frame.locator("button:visible").count()
    context.close()


@pytest.mark.long
def test_what_a_listener_should_know_comes_first_and_nothing_plays_before_it(
    browser: Browser, tmp_path: Path, other: OtherSite
) -> None:
    root = write_closed(tmp_path / "archive")
    record = root / "transcripts" / "tones" / "recording.toml"
    record.write_text('advice = "A loud horn."\n' + record.read_text("utf-8"), encoding="utf-8")
    for has_script in (True, False):
        context = browser.new_context(java_script_enabled=has_script)
        context.set_default_timeout(LIMIT)
        with serving(root, tmp_path / "cache") as address:
            frame = framed(context.new_page(), other, f"{address}/recordings/tones/embed?t=2,7")
            expect(frame.get_by_text("Before you listen: A loud horn.")).to_be_visible()
            expect(frame.locator("audio")).to_be_hidden()
            if has_script:
                frame.locator(".cue .time").first.click()
                assert frame.evaluate("document.activeElement.textContent") == "Play all the same"
                assert frame.evaluate("document.querySelector('audio').paused")
            frame.get_by_text("Play all the same").click()
            expect(frame.locator("audio")).to_be_visible()
        context.close()


@pytest.mark.long
def test_where_its_reader_scrolls_the_words_stay_until_they_are_followed_again(
    context: BrowserContext, site: str, other: OtherSite
) -> None:
    page = context.new_page()
    frame = framed(page, other, f"{site}/recordings/talk/embed?t=4,60")
    until(frame, "audio.readyState >= 1 && document.querySelector('[aria-current]')")
    seen = "(({ top, bottom }, box) => top >= box.top - 1 && bottom <= box.bottom + 1)"
    line = "document.querySelector('[aria-current]').getBoundingClientRect()"
    is_in_view = f"{seen}({line}, document.querySelector('.words').getBoundingClientRect())"
    seek = "(at) => { document.querySelector('audio').currentTime = at }"
    frame.evaluate(seek, 50)
    until(frame, f"{MARKED} === '{talk.line_at(50_000)}' && {is_in_view}")
    frame.evaluate("() => { document.querySelector('.words').scrollTop = 0 }")
    expect(frame.get_by_role("button", name="Follow")).to_be_visible()
    frame.evaluate(seek, 55)
    until(frame, f"{MARKED} === '{talk.line_at(55_000)}'")
    assert frame.evaluate("document.querySelector('.words').scrollTop") == 0
    frame.get_by_role("button", name="Follow").click()
    until(frame, is_in_view)
    expect(frame.get_by_role("button", name="Follow")).to_be_hidden()
    assert page.evaluate("scrollY") == 0, "the page around it has not moved"


@pytest.mark.long
@pytest.mark.parametrize("asked", ["?t=25,80", ""])
def test_the_first_view_of_a_frame_costs_at_most_25_kb(context: BrowserContext, shipped: str, asked: str) -> None:
    found = loaded(context, f"{shipped}/recordings/1963-11-05-attwood-reading/embed{asked}")
    assert {urlsplit(each.address).netloc for each in found} == {urlsplit(shipped).netloc}
    silent = {each.address: each.size for each in found if each.type != "Media"}
    assert len(silent) >= 3
    assert sum(silent.values()) <= MOST, silent


@pytest.mark.long
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_axe_finds_nothing_in_a_frame_and_none_is_wider_than_it_may_be(
    browser: Browser, shipped: str, mode: Any
) -> None:
    context = browser.new_context(color_scheme=mode, viewport={"width": 320, "height": 360})
    page = context.new_page()
    for address in ("1963-11-05-attwood-reading/embed?t=25,80", "1963-11-05-attwood/embed", "none/embed"):
        page.goto(f"{shipped}/recordings/{address}")
        assert found_by_axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()


@pytest.mark.long
def test_the_bar_of_a_clip_has_the_code_that_the_page_of_citations_has(
    context: BrowserContext, shipped: str, other: OtherSite
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page, reader = context.new_page(), context.new_page()

    def copied() -> str:
        reader.goto(other.address)
        reader.bring_to_front()
        text = str(reader.evaluate("navigator.clipboard.readText()"))
        page.bring_to_front()
        return text

    page.bring_to_front()
    page.goto(f"{shipped}/recordings/1963-11-05-attwood-reading/cite?t=25,80")
    written = page.locator("#citation-embed + pre").inner_text()
    page.get_by_role("button", name="Copy embed code").click()
    expect(page.get_by_role("status")).to_have_text("Embed code copied.")
    assert copied() == written
    page.goto(f"{shipped}/recordings/1963-11-05-attwood-reading#t=25,80")
    page.evaluate("document.dispatchEvent(new PointerEvent('pointermove', { movementX: 1 }))")
    page.locator("clip-picker button.copy-embed").wait_for(state="attached")
    page.evaluate("""() => document.querySelector("recording-player").dispatchEvent(
        new CustomEvent("cliprequest", { detail: { start: 25000, end: 80000 } }))""")
    page.locator("clip-picker button.copy-embed").click()
    expect(page.locator("clip-picker .status")).to_have_text("Embed code copied.")
    (one,), (two,) = (parse(each).all("iframe") for each in (copied(), written))
    assert one.attributes == two.attributes
