"""What a first view of the shipped page costs its reader: few bytes, of one host, and the words before any script."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from browser.conftest import until_drawn
from browser.wire import loaded

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Route

pytestmark = pytest.mark.long

SHIPPED = "/recordings/1963-11-05-attwood-reading"
#: Bytes over the wire, headers included, all but the sound.
MOST = 60_000


def test_the_first_view_costs_at_most_60_kb_and_asks_nobody_else(context: BrowserContext, shipped: str) -> None:
    # Where it is yet to be measured, the page asks for its drawing twice.
    until_drawn(f"{shipped}{SHIPPED}/waveform.svg")
    found = loaded(context, shipped + SHIPPED)
    assert {each.type for each in found} >= {"Document", "Stylesheet", "Script"}
    assert {urlsplit(each.address).netloc for each in found} == {urlsplit(shipped).netloc}
    silent = {each.address: each.size for each in found if each.type != "Media"}
    assert min(silent.values()) > 0
    assert sum(silent.values()) <= MOST, silent


def test_the_page_asks_for_one_script_and_one_style_sheet(context: BrowserContext, shipped: str) -> None:
    types = [each.type for each in loaded(context, shipped + SHIPPED)]
    assert (types.count("Document"), types.count("Stylesheet"), types.count("Script")) == (1, 1, 1)


def test_the_transcript_is_there_before_any_script(context: BrowserContext, shipped: str) -> None:
    page = context.new_page()
    held: list[Route] = []
    page.route("**/*.js", lambda route: held.append(route))  # noqa: PLW0108  # Playwright marks what it is given
    page.goto(shipped + SHIPPED, wait_until="commit")
    page.locator(".cue").last.scroll_into_view_if_needed()
    assert len(held) == 1
    assert page.locator(".cue .said").first.inner_text()
    assert page.locator(".cue").count() == page.locator(".cue .said:visible").count() > 20
    assert page.eval_on_selector("audio", "audio => audio.controls")
    held[0].continue_()
    page.locator(".controls .play").wait_for()
