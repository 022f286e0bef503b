"""A passage is cited from the page without leaving it, and from a page of its own without JavaScript."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from browser import talk
from browser.player_page import LIMIT, PlayerPage
from browser.selecting import bar, button, copied, drag, select, selected
from playwright.sync_api import expect

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.long

LINE = talk.LINES[12]
TIMES = f"{LINE.start / 1000:g},{LINE.end / 1000:g}"
READING = "1963-11-05-attwood-reading"


def cite(player: PlayerPage) -> None:
    select(player, LINE.id)
    bar(player).wait_for()
    button(player, "Cite").click()
    player.page.locator("dialog.how-to-cite citation-list").wait_for()


def test_cite_opens_the_citation_of_the_words_beside_them(player: PlayerPage) -> None:
    player.open()
    cite(player)
    dialog = player.page.get_by_role("dialog", name="Cite 0:22 to 0:24")
    chicago = dialog.locator(".citation", has_text="Chicago").locator(".written").inner_text()
    assert chicago.startswith("“A talk of tones,” audio recording, November 5, 1963, 0:22–0:24, accessed ")
    assert chicago.endswith(f"{player.site}/recordings/talk#t={TIMES}.")
    assert player.page.evaluate("document.activeElement.textContent") == "Close"
    assert player.now == talk.SUBSTANCE


@pytest.mark.parametrize("name", ["Chicago", "MLA", "APA", "BibTeX", "RIS", "CSL-JSON"])
def test_each_citation_can_be_copied(player: PlayerPage, name: str) -> None:
    player.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    player.open()
    cite(player)
    player.page.get_by_role("dialog").get_by_role("button", name=f"Copy {name}", exact=True).click()
    player.until(f"document.querySelector('citation-list .status').textContent === '{name} copied.'")
    text = copied(player)
    assert "A talk of tones" in text
    assert f"#t={TIMES}" in text
    if name == "CSL-JSON":
        assert json.loads(text)[0]["URL"].endswith(f"#t={TIMES}")


def test_escape_gives_back_the_focus_and_the_selection(player: PlayerPage) -> None:
    player.open()
    select(player, LINE.id)
    bar(player).wait_for()
    player.press("Tab")
    for _ in range(4):
        player.press("ArrowRight")
    player.press("Enter")
    player.page.locator("dialog.how-to-cite citation-list").wait_for()
    # A reader may select in the dialog too.
    player.page.evaluate("getSelection().selectAllChildren(document.querySelector('dialog.how-to-cite .written'))")
    player.press("Escape")
    player.page.locator("dialog.how-to-cite").wait_for(state="hidden")
    assert player.page.evaluate("document.activeElement.textContent") == "Cite"
    assert selected(player) == " ".join(LINE.words)
    expect(bar(player)).to_be_visible()
    player.press("Escape")
    expect(bar(player)).to_be_hidden()


def test_close_closes_it(player: PlayerPage) -> None:
    player.open()
    cite(player)
    player.page.get_by_role("dialog").get_by_role("button", name="Close").click()
    player.page.locator("dialog.how-to-cite").wait_for(state="hidden")
    expect(bar(player)).to_be_visible()


def test_where_the_server_does_not_answer_the_dialog_says_so(player: PlayerPage) -> None:
    player.open()
    player.page.route("**/cite?*", lambda route: route.abort())
    select(player, LINE.id)
    bar(player).wait_for()
    button(player, "Cite").click()
    player.page.get_by_text("The citation could not be loaded.").wait_for()
    assert player.page.locator("dialog.how-to-cite .own").get_attribute("href") == f"/recordings/talk/cite?t={TIMES}"
    player.errors.clear()  # the browser logs what it could not fetch


@pytest.mark.parametrize("width", [320, 1280])
def test_the_dialog_fits_the_window(player: PlayerPage, width: int) -> None:
    player.page.set_viewport_size({"width": width, "height": 400})
    player.open()
    cite(player)
    box = player.page.locator("dialog.how-to-cite").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] + box["height"] <= 400
    assert (
        player.page.evaluate(
            "(() => { const { scrollWidth, clientWidth } = document.querySelector('dialog.how-to-cite');"
            " return scrollWidth - clientWidth; })()"
        )
        == 0
    )
    sizes = player.page.locator("dialog.how-to-cite :is(a, button)").evaluate_all(
        "all => all.map((each) => each.getBoundingClientRect()).map(({ width, height }) => Math.min(width, height))"
    )
    assert min(sizes) >= 24


def test_without_javascript_the_page_of_a_recording_leads_to_its_citation(
    browser: Browser, site: str, tmp_path: Path
) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(LIMIT)
    page = context.new_page()
    page.goto(f"{site}/recordings/talk")
    page.get_by_role("link", name="Cite this recording").click()
    page.wait_for_url("**/recordings/talk/cite")
    page.get_by_label("Cite another passage").fill("0:25, 1:20")
    page.get_by_role("button", name="Cite").click()
    page.wait_for_url("**/recordings/talk/cite?t=*")
    assert "0:25–1:20" in page.locator(".citation", has_text="MLA").locator(".written").inner_text()
    assert page.get_by_role("button", name=re.compile("Copy")).count() == 0
    with page.expect_download() as download:
        page.get_by_role("link", name="Download BibTeX").click()
    assert download.value.suggested_filename == "talk_0m25s000-1m20s000.bib"
    download.value.save_as(tmp_path / "talk.bib")
    assert "0:25 to 1:20" in (tmp_path / "talk.bib").read_text(encoding="utf-8")
    context.close()


def test_where_the_browser_forbids_copying_the_citation_is_shown_to_be_copied(player: PlayerPage) -> None:
    player.page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    player.page.goto(f"{player.site}/recordings/talk/cite?t=25,80")
    player.page.get_by_role("button", name="Copy BibTeX").click()
    field = player.page.get_by_label("Copy from here")
    field.wait_for()
    assert field.input_value().startswith("@misc{recording-talk-25000-80000,\n")


def test_a_reading_is_cited_as_one(player: PlayerPage, shipped: str) -> None:
    player.site = shipped
    player.open(slug=READING)
    line = player.page.locator(".cue").nth(4).get_attribute("id") or ""
    drag(player, line.removeprefix("cue-"), 0, 2)
    button(player, "Cite").click()
    player.page.locator("dialog.how-to-cite citation-list").wait_for()
    written = player.page.locator("dialog.how-to-cite .written").all_inner_texts()
    assert len(written) == 7  # the code of a frame too
    assert all("synthetic reading, not the tape" in text.casefold() for text in written)
