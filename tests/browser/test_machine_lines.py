"""A machine's words in a browser: doubtful ones are seen, and are words like others; what is copied says what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from browser.conftest import serving, until_drawn
from browser.player_page import LIMIT, WORDS, PlayerPage, until
from browser.selecting import bar, button, copied, drag, select
from browser.test_accessibility import MODES, found_by_axe
from browser.test_printing import text_of
from machine_words import write_machine
from playwright.sync_api import expect

from player.archive.machine import LABEL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext

pytestmark = pytest.mark.long

PAINTED = """name => [...(CSS.highlights.get(name) ?? [])].map(
  ({ startContainer, startOffset, endOffset }) => startContainer.data.slice(startOffset, endOffset))"""
DASHED = "each => getComputedStyle(each, '::highlight(doubtful)').textDecorationLine"


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over an archive that shows what a machine wrote."""
    root = write_machine(tmp_path_factory.mktemp("machine") / "archive")
    with serving(root, tmp_path_factory.getbasetemp() / "cache") as address:
        until_drawn(f"{address}/recordings/tones/waveform.svg")
        yield address


@pytest.fixture
def player(context: BrowserContext, machine: str) -> Iterator[PlayerPage]:
    """A page there, not yet opened, whose reader may copy."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    player = PlayerPage(context.new_page(), machine)
    yield player
    assert player.errors == []


def quoted(player: PlayerPage) -> str:
    button(player, "Copy quote").click()
    player.until("document.querySelector('.selection .status').textContent === 'Quote copied.'")
    return copied(player)


def test_doubtful_words_are_painted_in_the_one_text_of_their_line(player: PlayerPage) -> None:
    player.open(slug="tones")
    assert player.page.evaluate(PAINTED, "doubtful") == ["quondle"]
    assert player.page.evaluate("wordsOf('first').data") == "One quondle, said Ada."
    assert player.page.locator(".cue .doubtful").count() == 0
    # For who does not see it.
    player.page.get_by_role("link", name="This line, at 0:02, machine not sure of 1 word", exact=True).wait_for()
    player.page.get_by_role("link", name="This line, at 0:00", exact=True).wait_for()
    assert player.page.eval_on_selector("#cue-first .line", DASHED) == "underline"


def test_words_are_followed_and_found_across_doubtful_ones(player: PlayerPage) -> None:
    player.open(slug="tones")
    for moment, word in ((2_100, "One"), (2_700, "quondle,"), (3_200, "said Ada.")):
        player.seek(moment)
        player.until(f"({PAINTED})('spoken').join() === {word!r}")
    player.page.get_by_role("searchbox", name="Search the words").fill("quondle said")
    player.until("CSS.highlights.get('current-hit')?.size === 1")
    assert player.page.evaluate(PAINTED, "current-hit") == ["quondle, said"]
    assert player.page.evaluate(PAINTED, "doubtful") == ["quondle"]


def test_a_hit_says_that_nobody_has_checked_it(player: PlayerPage) -> None:
    player.open(slug="tones")
    field = player.page.get_by_role("searchbox", name="Search the words")
    status, count = (player.page.locator(f"transcript-search {each}") for each in (".status", ".count"))
    field.fill("quondle")
    field.press("Enter")
    player.until(f"document.querySelector('transcript-search .status').textContent === '1 of 1. {LABEL}'")
    assert count.inner_text() == "1 of 1, line not checked"
    field.fill("sploon")
    field.press("Enter")
    player.until("document.querySelector('transcript-search .status').textContent === '1 of 1'")
    assert count.inner_text() == status.text_content() == "1 of 1"
    # A note on such a line is a person's.
    field.fill("Who Ada")
    player.until("document.querySelector('transcript-search .number').textContent === '1 of 1,'")
    assert "not checked" not in count.inner_text()


def test_a_quote_says_that_nobody_has_checked_it(player: PlayerPage) -> None:
    player.open(slug="tones")
    drag(player, "first", 0, 1)
    assert quoted(player) == (
        f"“One quondle,” (Speaker 1, 0:02 to 0:03, A tape of tones). {LABEL}. {player.site}/recordings/tones#t=2,3"
    )
    select(player, "opening")
    player.until("document.querySelector('.selection .times').textContent.startsWith('0:00')")
    assert LABEL not in quoted(player)
    # One line that nobody has heard is enough.
    select(player, "opening", "first")
    player.until("document.querySelector('.selection .times').textContent === '0:00 to 0:04'")
    assert LABEL in quoted(player)
    select(player, "adrift")
    player.until("document.querySelector('.selection .times').textContent === 'not timed yet'")
    assert f"A tape of tones). {LABEL}. " in quoted(player)


def test_plain_copying_says_it_too(player: PlayerPage) -> None:
    player.open(slug="tones")
    drag(player, "first", 0, 2)
    player.page.keyboard.press("Control+c")
    assert copied(player).endswith(f"\n\n[{LABEL}]")
    select(player, "first")
    bar(player).wait_for()
    player.page.keyboard.press("Control+c")
    assert copied(player) == f"One quondle, said Ada.\n\n[{LABEL}]"
    select(player, "opening")
    player.page.keyboard.press("Control+c")
    assert copied(player) == "The sploon is & was in the harbour."


def test_a_citation_says_it(player: PlayerPage) -> None:
    player.open(slug="tones")
    drag(player, "first", 0, 1)
    button(player, "Cite").click()
    written = player.page.locator("dialog .written")
    written.first.wait_for()
    # The code for another page has no words of the recording; the page that it shows says it.
    cited = [each for each in written.all_inner_texts() if "<iframe" not in each]
    assert cited
    assert all(LABEL.lower() in each.lower() for each in cited)


def test_a_clip_says_it_where_it_has_such_words(player: PlayerPage) -> None:
    player.open(slug="tones")
    told = player.page.locator("clip-picker .unchecked")
    for line, is_told in (("opening", False), ("first", True), ("opening", False)):
        select(player, line)
        bar(player).wait_for()
        begins = "0:00" if line == "opening" else "0:02"
        player.until(f"document.querySelector('.selection .times').textContent.startsWith('{begins}')")
        button(player, "Clip").click()
        player.page.locator("clip-picker").wait_for()
        expect(told).to_be_visible(visible=is_told)
        player.page.locator("clip-picker .close").click()
    assert told.text_content() == "Its words: machine transcript, not checked"


def test_the_large_line_and_where_am_i_say_it(player: PlayerPage) -> None:
    player.open(slug="tones")
    player.seek(2_600)
    player.until_line("first")
    player.page.get_by_role("button", name="More").click()
    player.page.get_by_role("button", name="Where am I").click()
    player.until(f"document.querySelector('spoken-line').textContent.endsWith('said Ada. ({LABEL})')")
    player.page.get_by_role("button", name="Large line").click()
    assert player.page.locator("large-line .unchecked").inner_text() == LABEL
    player.seek(1_000)
    player.until_line("opening")
    player.until("!document.querySelector('large-line .unchecked')")


def test_what_there_is_about_a_line_says_it_beside_the_line(player: PlayerPage) -> None:
    player.open(slug="tones")
    player.page.locator("#cue-first").hover()
    player.page.locator("#cue-first a.this").click()
    about = player.page.locator("this-line .about-line")
    about.wait_for()
    assert f"{LABEL}. Written by whistler" in about.inner_text()
    assert "“quondle”" in about.inner_text()


def test_without_a_script_the_words_are_underlined_and_the_label_stands(browser: Browser, machine: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{machine}/recordings/tones?q=the")
    word = page.locator(".cue .doubtful")
    assert word.inner_text() == "quondle"
    assert word.evaluate("each => getComputedStyle(each).textDecorationStyle") == "dashed"
    assert page.locator(".machine").inner_text().startswith(LABEL)
    assert page.locator(".found .unchecked").count() == 2
    context.close()


def test_where_highlights_are_missing_the_line_is_marked_and_its_text_is_one(player: PlayerPage) -> None:
    player.page.add_init_script("delete globalThis.Highlight")
    player.open(slug="tones")
    assert player.page.evaluate("wordsOf('first').data") == "One quondle, said Ada."
    mark = "each => getComputedStyle(each).textDecoration"
    assert "underline dashed" in player.page.eval_on_selector("#cue-first .time", mark)
    assert "dashed" not in player.page.eval_on_selector("#cue-last .time", mark)


def test_of_very_many_doubtful_words_those_near_the_window_are_painted_and_on_paper_all(
    context: BrowserContext, tmp_path: Path
) -> None:
    root = write_machine(tmp_path / "archive")
    path = root / "transcripts" / "tones" / "transcript.vtt"
    head = path.read_text(encoding="utf-8").partition("NOTE heard")[0]
    line = "NOTE word confidence: 0.9 0.2 0.9\n\n{}\n00:00:0{}.{:03} --> 00:00:09.999\nOne quondle more.\n"
    lines = (line.format(f"L{number}", *divmod(number, 1000)) for number in range(1500))
    path.write_text(head + "\n".join(lines), encoding="utf-8")
    with serving(root, tmp_path / "cache") as address:
        page = context.new_page()
        page.add_init_script(WORDS)
        page.goto(f"{address}/recordings/tones")
        near = f"({PAINTED})('doubtful').length"
        until(page, f"{near} > 0")
        assert page.evaluate(near) < 1500
        painted = "id => [...CSS.highlights.get('doubtful')].some((each) => each.startContainer === wordsOf(id))"
        assert page.evaluate(painted, "L0")
        page.locator("#cue-L1499").scroll_into_view_if_needed()
        until(page, f"({painted})('L1499') && !({painted})('L0')")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.evaluate(near) == 1500
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        until(page, f"{near} > 0 && {near} < 1500")


@pytest.mark.parametrize("has_script", [True, False])
def test_on_paper_the_label_stands_before_the_words(
    browser: Browser, machine: str, tmp_path: Path, *, has_script: bool
) -> None:
    context = browser.new_context(java_script_enabled=has_script)
    page = context.new_page()
    page.goto(f"{machine}/recordings/tones")
    text = " ".join(text_of(page, tmp_path))
    assert LABEL in text
    assert text.index(LABEL) < text.index("The sploon is & was in the harbour.")
    assert "One quondle, said Ada." in text
    if has_script:
        page.emulate_media(media="print")
        assert page.eval_on_selector("#cue-first .line", DASHED) == "underline"
    context.close()


@pytest.mark.parametrize("width", [320, 390, 800, 1280, 1600])
def test_the_label_is_in_the_window_at_every_width(player: PlayerPage, width: int) -> None:
    player.page.set_viewport_size({"width": width, "height": 800})
    player.open(slug="tones")
    box = player.page.locator(".transcript > .machine").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert player.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.sampled
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "address",
    ["/recordings/tones", "/recordings/tones/lines/first", "/recordings/tones/text", "/search?q=the", "/about"],
)
def test_axe_finds_nothing(browser: Browser, machine: str, address: str, mode: str) -> None:
    given: dict[str, Any] = {"viewport": {"width": 1280, "height": 720}, **MODES[mode]}
    context = browser.new_context(reduced_motion="reduce", **given)
    context.set_default_timeout(LIMIT)
    page = context.new_page()
    if mode == "print":
        page.emulate_media(media="print")
    elif mode == "narrow":
        page.set_viewport_size({"width": 320, "height": 2000})  # lower, the transport would stand over half a line
    page.goto(f"{machine}{address}")
    assert found_by_axe(page) == []
    context.close()


def test_on_paper_the_mark_is_in_the_cell_of_its_words_and_the_label_begins_where_they_do(player: PlayerPage) -> None:
    player.open(slug="tones")
    player.page.emulate_media(media="print")
    mark = "([selector, part]) => getComputedStyle(document.querySelector(selector), part).content"
    assert "\u00a0✓" in player.page.evaluate(mark, ["#cue-opening .said", "::after"])
    assert player.page.evaluate(mark, ["#cue-opening", "::after"]) == "none"
    left = "selector => document.querySelector(selector).getBoundingClientRect().left"
    assert player.page.evaluate(left, ".transcript > .machine") == pytest.approx(
        player.page.evaluate(left, "#cue-opening .said"), abs=1
    )
    expect(player.page.locator(".machine .on-page")).to_be_hidden()
