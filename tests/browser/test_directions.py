"""Words run in their own direction, lines are laid out in theirs, and the page around them stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import tongues
from browser.conftest import serving
from browser.player_page import LIMIT, move, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, FloatRect, Locator, Page

pytestmark = pytest.mark.long

#: Where each letter of an element's own text stands: what is drawn further to the left comes later, or earlier.
LETTERS = """(each, [first, last]) => {
  const node = [...each.childNodes].find((child) => child instanceof Text) ?? each.firstElementChild.firstChild;
  const left = (sign) => {
    const range = new Range();
    range.setStart(node, node.data.indexOf(sign));
    range.setEnd(node, node.data.indexOf(sign) + 1);
    return range.getBoundingClientRect().left;
  };
  return left(last) - left(first);
}"""
END = """each => {
  const range = new Range();
  range.setStart(each.firstChild, each.firstChild.length - 1);
  range.setEnd(each.firstChild, each.firstChild.length);
  return range.getBoundingClientRect().left;
}"""
DIRECTION = "each => getComputedStyle(each).direction"
# The voice that a screen reader reads an element in: the language that is said nearest around it.
VOICE = "each => each.closest('[lang]').lang"


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over an archive in Hebrew, Arabic and Welsh."""
    root = tongues.write_archive(tmp_path_factory.mktemp("tongues") / "archive")
    with serving(root, tmp_path_factory.getbasetemp() / "cache") as address:
        yield address


@pytest.fixture(params=[(1280, True), (390, True), (1280, False)], ids=["wide", "narrow", "without JavaScript"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A browser's page: wide, narrow, and without scripts."""
    width, has_scripts = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 860}, reduced_motion="reduce", java_script_enabled=has_scripts
    )
    context.set_default_timeout(LIMIT)
    yield context.new_page()
    context.close()


def box(found: Locator) -> FloatRect:
    there = found.bounding_box()
    assert there
    return there


def centre(found: Locator) -> float:
    there = box(found)
    return there["x"] + there["width"] / 2


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("slug", "voice", "direction"), [("hebrew", "he", "rtl"), ("arabic", "ar", "rtl"), ("welsh", "cy", "ltr")]
)
def test_buttons_are_read_in_english_and_lines_in_the_language_of_the_recording(
    page: Page, spoken: str, slug: str, voice: str, direction: str
) -> None:
    page.goto(f"{spoken}/recordings/{slug}")
    for line in page.locator(".cue .said, p.cue[lang], .line[lang]").all():
        assert (line.evaluate(VOICE), line.evaluate(DIRECTION)) == (voice, direction)
    for label in page.locator("button, summary, legend, .kind, .cut, nav a, h2, .time, .this").all():
        assert label.evaluate(VOICE) == "en"
    for part in (".transport", ".timeline", ".controls", ".masthead", ".title", ".moments", ".about"):
        assert page.locator(part).first.evaluate(DIRECTION) == "ltr"


def test_a_line_from_right_to_left_begins_at_the_right_beside_its_time(page: Page, spoken: str) -> None:
    page.goto(f"{spoken}/recordings/hebrew")
    line = page.locator("#cue-first")
    words, time = box(line.locator(".said")), box(line.locator(".time"))
    assert -1 < time["x"] - (words["x"] + words["width"]) < 40
    assert centre(line.locator(".note-mark").first) < line.locator(".said").evaluate(END)
    # The full stop of the first line is its leftmost sign; the figures within a line keep their order.
    assert line.locator(".said").evaluate(LETTERS, ["ש", "."]) < 0
    assert page.locator("#cue-c2 .said").evaluate(LETTERS, ["1", "9"]) > 0
    assert page.locator("#cue-c3 .said").evaluate(LETTERS, ["B", "L"]) > 0
    turn = page.locator(".turn").first
    assert turn.evaluate("each => getComputedStyle(each).direction") == "rtl"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_notes_stand_where_they_stand_beside_any_other_lines(page: Page, spoken: str) -> None:
    places = {}
    for slug in ("hebrew", "welsh"):
        page.goto(f"{spoken}/recordings/{slug}")
        note = page.locator("#note-greeting")
        places[slug] = (round(box(note)["x"]), round(box(note)["width"]))
        assert note.evaluate(DIRECTION) == "ltr"
        assert note.locator(".body").evaluate(DIRECTION) == "ltr"
    is_wide = page.viewport_size is not None and page.viewport_size["width"] > 1088
    (x, width), (other_x, other_width) = places["hebrew"], places["welsh"]
    if is_wide:
        assert (x, width) == (other_x, other_width)
    else:
        assert abs(x - other_x) <= 2
        assert abs(width - other_width) <= 2


def test_words_that_a_note_quotes_are_read_in_the_voice_of_the_recording(page: Page, spoken: str) -> None:
    page.goto(f"{spoken}/recordings/hebrew")
    body = page.locator("#note-greeting .body")
    assert body.locator("span").evaluate(VOICE) == "he"
    assert body.locator("p").evaluate(VOICE) == "en"
    quoted = box(body.locator("span"))
    # It begins an English sentence, and stands at its left.
    assert quoted["x"] - box(body)["x"] < 20
    title = page.locator("#note-place .own bdi")
    assert title.evaluate(DIRECTION) == "rtl"
    assert title.evaluate(LETTERS, ["ש", "!"]) < 0


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("slug", "value", "own", "layout"),
    [
        ("hebrew", "en", "ltr", "ltr"),
        ("hebrew", "original en", "ltr", "rtl"),
        ("hebrew", "ar", "rtl", "rtl"),
        ("welsh", "he", "rtl", "rtl"),
        ("welsh", "original he", "rtl", "ltr"),
    ],
)
def test_a_translation_runs_in_its_own_direction_and_alone_is_laid_out_in_it(
    page: Page, spoken: str, slug: str, value: str, own: str, layout: str
) -> None:
    page.goto(f"{spoken}/recordings/{slug}")
    page.locator(f'reading-options input[value="{value}"]').check()
    language = value.removeprefix("original ")
    line = page.locator("#cue-first")
    translated = line.locator(f".translated[lang={language}]")
    assert translated.evaluate(DIRECTION) == own
    words = box(translated)
    assert line.evaluate(DIRECTION) == layout
    assert (centre(line.locator(".time")) > words["x"] + words["width"] / 2) == (layout == "rtl")
    assert line.locator(".note").evaluate(DIRECTION) == "ltr"
    assert page.locator(".translator:visible").evaluate(DIRECTION) == "ltr"


def test_what_is_found_runs_as_what_was_said(browser: Browser, spoken: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(LIMIT)
    page = context.new_page()
    page.goto(f"{spoken}/recordings/hebrew?q=גשם")
    found = page.locator(".found li span").first
    assert (found.evaluate(VOICE), found.evaluate(DIRECTION)) == ("he", "rtl")
    field = page.locator(".ask input")
    assert field.evaluate(DIRECTION) == "rtl"
    context.close()


def test_a_query_and_the_words_under_the_pointer_run_in_their_own_direction(browser: Browser, spoken: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 860}, reduced_motion="reduce")
    context.set_default_timeout(LIMIT)
    page = context.new_page()
    page.goto(f"{spoken}/recordings/hebrew")
    move(page)
    field = page.locator(".search input")
    assert field.evaluate(DIRECTION) == "ltr"
    field.fill("גשם")
    assert field.evaluate(DIRECTION) == "rtl"
    until(page, "document.querySelector('.search .number').textContent")
    assert page.locator(".search .number").inner_text() == "1 of 3,"
    line = box(page.locator("time-line"))
    page.mouse.move(line["x"] + 20, line["y"] + line["height"] / 2)
    words = page.locator("pointed-moment .words")
    words.wait_for()
    assert (words.inner_text(), words.evaluate(VOICE)) == (tongues.RECORDINGS["hebrew"][3][0], "he")
    assert words.evaluate(DIRECTION) == "rtl"
    context.close()


@pytest.mark.parametrize("value", ["original", "original en", "reader"])
def test_on_paper_lines_from_right_to_left_have_their_times_at_the_right(
    browser: Browser, spoken: str, value: str
) -> None:
    context = browser.new_context(viewport={"width": 660, "height": 900}, java_script_enabled=False)
    context.set_default_timeout(LIMIT)
    page = context.new_page()
    page.goto(f"{spoken}/recordings/hebrew")
    page.locator(".view > summary").click()
    page.locator(f'reading-options input[value="{value}"]').check()
    page.emulate_media(media="print")
    line = page.locator("#cue-first")
    words = box(line.locator(".said"))
    assert centre(line.locator(".time")) > words["x"] + words["width"]
    assert line.locator(".said").evaluate(LETTERS, ["ש", "."]) < 0
    if value != "reader":
        note = page.locator("#note-greeting")
        assert note.evaluate(DIRECTION) == "ltr"
        assert box(note)["x"] < 10
    context.close()


def test_what_a_line_rests_on_is_offered_where_nothing_is_translated(browser: Browser, spoken: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 860}, java_script_enabled=False)
    page.goto(f"{spoken}/recordings/arabic")
    page.locator("#cue-first .time").click()
    cited = page.locator(".about-line .cite")
    assert cited.evaluate(DIRECTION) == "ltr"
    assert cited.inner_text() == "יומן: the log, p. 1"
    page.close()
