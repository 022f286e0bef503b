"""A set is played through, printed with its words and without what is for the screen, and read without script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import talk
from browser.conftest import serving
from browser.player_page import LIMIT, until
from browser.test_found_passages import SOUNDS
from passage_sets import TURNS, write_set
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext

SET = TURNS.format(second='recording = "talk"')


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a set of two passages."""
    root = talk.write_archive(tmp_path_factory.mktemp("lesson") / "archive")
    write_set(root, SET, "turns")
    with serving(root, tmp_path_factory.getbasetemp() / "cache") as address:
        yield f"{address}/sets/turns"


@pytest.mark.long
def test_a_set_is_played_through_in_its_order(context: BrowserContext, lesson: str) -> None:
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script(SOUNDS)
    page.goto(lesson)
    page.get_by_role("button", name="Play through").click()
    passages = page.locator(".passage")
    until(page, "sounds[0] && sounds[0].currentTime > 60.2 && sounds[0].currentTime < 61.2")
    expect(passages.nth(0)).to_have_attribute("aria-current", "true")
    until(page, "sounds[0].currentTime > 20.2 && sounds[0].currentTime < 21.2")
    expect(passages.nth(1)).to_have_attribute("aria-current", "true")
    expect(page.locator(".status").first).to_have_text("That was the last passage.", timeout=LIMIT)
    expect(page.get_by_role("button", name="Play through")).to_be_visible()
    passages.nth(1).get_by_role("button", name="Play passage 2").click()
    page.get_by_role("button", name="Pause").click()
    assert page.evaluate("sounds.length") == 1
    assert errors == []


@pytest.mark.long
def test_a_set_is_printed_with_its_words_its_rights_and_where_it_is(context: BrowserContext, lesson: str) -> None:
    page = context.new_page()
    page.goto(lesson)
    page.emulate_media(media="print")
    for gone in (".through", ".masthead", ".after", ".foot"):
        expect(page.locator(gone).first).to_be_hidden()
    for shown in ("h1", ".step h2", ".step .words", ".says", ".passage > .address", "set-page > .address"):
        expect(page.locator(shown).first).to_be_visible()
    assert "/recordings/talk#t=60,61. Rights:" in page.locator(".passage > .address").first.inner_text()


@pytest.mark.long
def test_without_script_nothing_is_offered_that_needs_it(browser: Browser, lesson: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(lesson)
    for gone in (".through", ".copy-link", ".by-hand"):
        expect(page.locator(gone)).to_be_hidden()
    expect(page.locator(".passage audio")).to_have_count(2)
    expect(page.get_by_role("link", name="Take as a basket")).to_be_visible()
    context.close()
