"""On paper: what was said, when, by whom, the notes under their numbers, and what to cite. Style sheets do it alone."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest
from browser.player_page import LIMIT
from playwright.sync_api import expect
from programs import program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Locator, Page

pytestmark = pytest.mark.long

SLUG = "1963-11-05-attwood-reading"
NOTICE = "Synthetic reading, not the tape. Kennedy and Bundy are not heard."


@pytest.fixture
def page(browser: Browser, shipped: str) -> Iterator[Page]:
    """The page of the shipped reading in a dark browser without scripts, of the width of paper."""
    context = browser.new_context(
        viewport={"width": 660, "height": 900}, color_scheme="dark", java_script_enabled=False
    )
    context.set_default_timeout(LIMIT)
    page = context.new_page()
    page.goto(f"{shipped}/recordings/{SLUG}")
    yield page
    context.close()


def choose(page: Page, value: str) -> None:
    page.locator(".view[open]").or_(page.locator(".view > summary")).first.click()
    page.locator(f'reading-options input[value="{value}"]').check()


def on_paper(page: Page) -> None:
    page.emulate_media(media="print")


def top(found: Locator) -> float:
    there = found.bounding_box()
    assert there
    return there["y"]


def text_of(page: Page, folder: Path, paper: str = "A4") -> list[str]:
    """Give the text of each printed page, its white space folded."""
    pdftotext = program("pdftotext")
    on_paper(page)
    pdf = folder / "printed.pdf"
    page.pdf(path=pdf, format=paper)
    text = subprocess.run([pdftotext, "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout
    return [" ".join(each.split()) for each in text.split("\f")[:-1]]


def test_a_line_is_printed_with_its_time_and_its_sources_are_listed_by_times(page: Page) -> None:
    on_paper(page)
    line = page.locator("#cue-published")
    time, said = (line.locator(each) for each in (".time", ".said"))
    expect(time).to_be_visible()
    assert abs(top(time) - top(said)) < 8
    expect(page.locator(".turn").first).to_be_visible()
    sources = page.locator(".line-sources li")
    assert sources.filter(has_text="Briefing Book 103; AFP, in the Tehran Times").inner_text() == (
        "National Security Archive, Briefing Book 103; AFP, in the Tehran Times: 0:31"
    )


def test_the_notes_come_whole_after_the_text_in_the_order_of_their_numbers(page: Page) -> None:
    on_paper(page)
    notes = page.locator(".cue > .note")
    tops = [top(notes.nth(index)) for index in range(notes.count())]
    assert len(tops) > 10
    assert tops == sorted(tops)
    assert tops[0] > top(page.locator("#cue-close .said"))
    numbers = [int(each) for each in page.locator("aside.note .jump").all_inner_texts()]
    assert numbers == list(range(1, len(tops) + 1))
    body = page.locator("#note-bundy .body")
    assert body.evaluate("each => each.scrollHeight <= each.clientHeight + 1")
    mark = page.locator("#mark-bundy")
    assert mark.inner_text() == "2"
    assert abs(top(mark) - top(page.locator("#cue-briefing .said"))) < 12


def test_each_claim_of_a_note_is_printed_with_its_certainty_its_sources_and_what_disputes_it(
    page: Page, tmp_path: Path
) -> None:
    whole = " ".join(text_of(page, tmp_path))
    note = whole[whole.index("Approved, agreed, or exploring?") : whole.index("Who may know")]
    claims = page.locator("#note-what-he-agreed-to .claims > li")
    assert claims.count() > 3
    for claim in claims.all():
        assert " ".join(claim.inner_text().split()).lower() in note.lower()
    assert (note.count("reported "), note.count("documented ")) == (3, 1)
    assert note.count("disputed with another claim of this note") == 3


def test_a_time_stands_once_in_the_text_of_a_pdf(page: Page, tmp_path: Path) -> None:
    on_paper(page)
    assert "0:39 " in " ".join(text_of(page, tmp_path))
    assert page.locator("#cue-day .time").evaluate("each => getComputedStyle(each).webkitTextStrokeWidth") == "0px"


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    "gone",
    [
        ".transport",
        ".masthead",
        "reading-options",
        ".ways",
        ".moments",
        ".cut",
        ".this",
        ".more",
        ".back",
        "summary",
        ".hint",
        ".to-cite",
    ],
)
def test_what_can_only_be_pressed_is_not_printed(page: Page, gone: str) -> None:
    on_paper(page)
    assert page.locator(f"{gone}:visible").count() == 0


def test_the_text_is_printed_with_its_terms_and_without_what_can_be_downloaded(page: Page, shipped: str) -> None:
    page.goto(f"{shipped}/recordings/{SLUG}/text")
    on_paper(page)
    expect(page.locator(".downloads p")).to_be_visible()
    assert page.locator(".downloads :is(h2, li, a):visible").count() == 0


def test_the_first_page_says_what_it_is_and_how_to_cite_it(page: Page, shipped: str, tmp_path: Path) -> None:
    cited = page.locator(".cited-as")
    expect(cited).to_be_hidden()
    on_paper(page)
    assert cited.inner_text() == (
        "“A reading about the White House tape of 5 November 1963”, 25 November 2026. "
        f"{NOTICE} {shipped}/recordings/{SLUG}"
    )
    first = text_of(page, tmp_path)[0]
    assert first.count(NOTICE) == 2
    assert "0:25 On Tuesday 5 November 1963, a conversation was taped in the Oval Office. 1 0:31 The" in first


def test_pages_are_numbered_and_the_notes_follow_the_text(page: Page, tmp_path: Path) -> None:
    pages = text_of(page, tmp_path)
    assert [re.findall(r"(\d+ / \d+)$", each) for each in pages] == [
        [f"{number} / {len(pages)}"] for number in range(1, len(pages) + 1)
    ]
    whole = " ".join(pages)
    assert whole.index("5:20 This was a reading") < whole.index(" Notes ") < whole.index("Where the tape was published")


@pytest.mark.sampled
@pytest.mark.parametrize("view", ["original", "original es"])
@pytest.mark.parametrize("paper", ["A4", "Letter", "A5", "Legal"])
def test_a_line_stands_on_one_page_with_its_translation_wherever_pages_end(
    page: Page, tmp_path: Path, paper: str, view: str
) -> None:
    choose(page, view)
    on_paper(page)
    words = ".cue .translated" if "es" in view else ".cue .said"
    # Of numbers there are those of notes, which stand beside the first row of a line.
    number = re.compile(r" \d+(?= |$)")
    said = {number.sub("", " ".join(each.split())) for each in page.locator(words).all_inner_texts()}
    first, *others = re.split(r"\sNotes\s", "\f".join(text_of(page, tmp_path, paper)))[0].split("\f")
    assert others
    for each in [first, *others[:-1]]:
        ends = number.sub("", re.sub(r" \d+ / \d+$", "", each))
        assert any(ends.endswith(line) for line in said), f"ends with {ends[-60:]}"
    for each in others:
        # A time, or a voice in spaced letters.
        assert re.match(r"\d:\d\d |n ?a ?r ?r|d ?o ?c ?u", each, re.IGNORECASE), f"begins with {each[:60]}"


def test_a_translation_is_printed_where_it_is_chosen(page: Page, tmp_path: Path) -> None:
    on_paper(page)
    assert page.locator(".translated:visible").count() == 0
    page.emulate_media(media="screen")
    choose(page, "original es")
    on_paper(page)
    assert top(page.locator("#cue-day .translated")) > top(page.locator("#cue-day .said"))
    expect(page.locator(".translator")).to_be_visible()
    page.emulate_media(media="screen")
    page.locator('reading-options input[value="es"]').check()
    pages = text_of(page, tmp_path)
    assert "0:25 El martes 5 de noviembre de 1963" in pages[0]
    assert "On Tuesday" not in " ".join(pages)


def test_as_paragraphs_the_numbers_lead_to_a_list_of_the_notes(page: Page, tmp_path: Path) -> None:
    choose(page, "reader")
    on_paper(page)
    assert page.locator(".cue > .note:visible").count() == 0
    assert page.locator(".moments li:visible").count() == page.locator(".cue > .note").count()
    text = " ".join(text_of(page, tmp_path))
    assert "a conversation was taped in the Oval Office. 1 The National Security Archive" in text
    assert "2. 0:39 McGeorge Bundy" in text


def test_as_paragraphs_each_has_the_time_at_which_it_begins(page: Page, tmp_path: Path) -> None:
    choose(page, "reader")
    on_paper(page)
    begins = page.locator(".cue[data-paragraph], .turn + .cue").count()
    assert 5 < begins < page.locator(".cue").count()
    assert page.locator(".cue .time:visible").count() == begins
    assert "0:00 This is not the White House tape." in " ".join(text_of(page, tmp_path))


def test_a_kind_that_is_left_out_is_left_out_of_the_paper_too_and_the_numbers_stay(page: Page) -> None:
    choose(page, "person")
    page.locator('reading-options input[value="person"]').uncheck()
    on_paper(page)
    expect(page.locator("#note-bundy")).to_be_hidden()
    assert page.locator("#note-whose-words .jump").inner_text() == "4"


def test_what_happens_to_be_spoken_is_printed_like_the_rest(context: BrowserContext, shipped: str) -> None:
    page = context.new_page()
    page.goto(f"{shipped}/recordings/{SLUG}?t=26")
    page.locator(".note[data-now]").first.wait_for()
    on_paper(page)
    looks = (
        "each => { const { color, borderInlineStart } = getComputedStyle(each); return [color, borderInlineStart]; }"
    )
    now = {tuple(page.locator(".note[data-now]").first.evaluate(looks))}
    assert now == {tuple(page.locator(".note:not([data-now])").first.evaluate(looks))}
    painted = "each => getComputedStyle(each, '::highlight(spoken)').textDecorationLine"
    assert page.locator('.cue[aria-current="true"] .said').evaluate(painted) == "none"


def test_a_dark_page_is_printed_light(page: Page) -> None:
    dark = "() => [document.body, document.querySelector('.said')].map((each) => getComputedStyle(each))"
    look = f"() => ({dark})().map((style, at) => at ? style.color : style.backgroundColor)"
    assert page.evaluate(look) != ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
    on_paper(page)
    assert page.evaluate(look) == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
