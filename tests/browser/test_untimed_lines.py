"""Lines that are not timed, or only roughly, are read, searched, selected and cited, and nothing breaks on them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from browser.conftest import serving
from browser.player_page import LIMIT, PlayerPage
from browser.selecting import bar, button, copied, select
from browser.test_accessibility import MODES, found_by_axe
from browser.test_printing import text_of
from playwright.sync_api import expect
from untimed import IN_PART, NOT_AT_ALL, give, write_untimed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def untimed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over "tones", which is timed in part, and "silent", which is not, at all."""
    root = write_untimed(tmp_path_factory.mktemp("untimed") / "archive", NOT_AT_ALL, line="two")
    folder = root / "transcripts" / "tones"
    shutil.copytree(folder, folder.with_name("silent"))
    give(root, IN_PART, line="second")
    with serving(root, tmp_path_factory.getbasetemp() / "cache") as address:
        yield address


@pytest.fixture
def player(context: BrowserContext, untimed: str) -> Iterator[PlayerPage]:
    """A page there, not yet opened, whose reader may copy."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    player = PlayerPage(context.new_page(), untimed)
    yield player
    assert player.errors == []


def told(player: PlayerPage) -> str:
    return player.page.locator(".selection .times").inner_text()


def offered(player: PlayerPage) -> list[str]:
    return [each.inner_text() for each in bar(player).locator(".tools button").all() if each.is_visible()]


def quoted(player: PlayerPage) -> str:
    button(player, "Copy quote").click()
    player.until("document.querySelector('.selection .status').textContent === 'Quote copied.'")
    return copied(player)


def part(player: PlayerPage, line: str, start: int, end: int) -> None:
    """Select some signs of a line."""
    player.page.evaluate(
        "([id, start, end]) => getSelection().setBaseAndExtent(wordsOf(id), start, wordsOf(id), end)",
        [line, start, end],
    )
    bar(player).wait_for()


def test_the_sound_is_followed_from_one_timed_line_to_the_next(player: PlayerPage) -> None:
    player.open(slug="tones")
    player.seek(1_000)
    player.until_line("opening")
    for key, moment, line in ((".", 2_000, "first"), (".", 8_000, "last"), (",", 2_000, "first")):
        player.page.keyboard.press(key)
        player.until_line(line)
        assert player.now == moment
    assert player.page.evaluate("CSS.highlights.get('spoken')?.size ?? 0") == 0


def test_its_own_link_goes_to_a_line_and_leaves_the_sound_alone(player: PlayerPage) -> None:
    player.open(slug="tones")
    player.seek(2_500)
    player.page.locator("#cue-second .time").click()
    player.until("location.hash === '#cue-second'")
    assert (player.now, player.is_playing, player.line) == (2_500, False, "first")
    assert player.page.locator("#cue-second:target").count() == 1


def test_where_no_line_is_timed_the_sound_plays_and_no_line_is_marked(player: PlayerPage) -> None:
    player.open(slug="silent")
    player.page.keyboard.press(" ")
    player.until_heard(0.3)
    assert player.line is None
    expect(player.page.get_by_text("Text not timed yet")).to_be_visible()
    assert not player.page.locator(".follow").count()


def test_words_are_found_in_lines_without_times_and_nothing_offers_to_play_them(player: PlayerPage) -> None:
    player.open("?q=second", slug="tones")
    player.until("document.querySelector('transcript-search .number').textContent === '1 of 1'")
    expect(player.page.locator(".play-hit")).to_be_hidden()
    player.page.locator("input[name='q']").last.fill("three. A")
    player.until("document.querySelector('transcript-search .number').textContent === '1 of 1'")
    expect(player.page.locator(".play-hit")).to_be_hidden()
    player.open("?t=8&q=nd", slug="tones")  # in the untimed line before, in the one at 0:08, in a note on it
    player.until("document.querySelector('transcript-search .number').textContent.startsWith('2 of 3')")


def test_words_without_times_are_quoted_cited_and_linked_to(player: PlayerPage) -> None:
    player.open(slug="silent")
    select(player, "one", "three")
    bar(player).wait_for()
    assert offered(player) == ["Copy quote", "Copy link", "Cite"]
    assert told(player) == "pp. 12–iv · not timed yet"
    address = f"{player.site}/recordings/silent#cue-one"
    assert quoted(player).endswith(f"Ada: “The old ferry.”\n(pp. 12–iv, A tape of tones). {address}")
    button(player, "Copy link").click()
    player.until("document.querySelector('.selection .status').textContent === 'Link copied.'")
    assert copied(player) == address
    button(player, "Cite").click()
    written = player.page.locator("dialog .written").first
    written.wait_for()
    assert ", pp. 12–iv, accessed" in written.inner_text()


def test_the_bar_is_one_stop_whatever_is_hidden_in_it(player: PlayerPage) -> None:
    player.open(slug="tones")
    select(player, "last")
    bar(player).wait_for()
    select(player, "middle")
    player.until("document.querySelector('.selection .times').textContent.includes('not timed')")
    player.page.keyboard.press("Tab")
    assert player.page.evaluate("document.activeElement.textContent.trim()") == "Copy quote"
    player.page.keyboard.press("ArrowLeft")
    assert player.page.evaluate("document.activeElement.textContent.trim()") == "Cite"


def test_the_bar_says_where_a_quotation_was_widened_to_its_line(player: PlayerPage) -> None:
    player.open(slug="tones")
    part(player, "last", 0, 3)
    assert told(player) == "0:08 to 0:10, p. 14 · the whole line: its words are not timed"
    announced = player.page.locator(".announced").text_content() or ""
    assert "The passage is the whole line, since its words are not timed." in announced
    assert quoted(player).startswith("“The” (Ada, 0:08 to 0:10, p. 14, A tape of tones).")
    select(player, "last")
    player.until("document.querySelector('.selection .times').textContent === '0:08 to 0:10, p. 14'")


def test_rough_times_are_shown_as_such_and_are_those_of_the_line(player: PlayerPage) -> None:
    player.open(slug="tones")
    part(player, "first", 4, 7)
    assert told(player) == "~0:02 to ~0:04, p. 13 · approximate · the whole line: its words are not timed"
    assert quoted(player).startswith("“two” (Ada, ~0:02 to ~0:04, p. 13, A tape of tones).")


def test_a_clip_is_of_the_timed_line_that_is_heard_and_moves_by_timed_lines(player: PlayerPage) -> None:
    player.open(slug="tones")
    player.seek(8_500)
    player.page.keyboard.press("c")
    moments = player.page.locator("clip-picker .moment")
    moments.first.wait_for()
    assert [each.get_attribute("aria-valuenow") for each in moments.all()] == ["8000", "10000"]
    moments.first.press("PageDown")
    player.until("document.querySelector('clip-picker .moment').getAttribute('aria-valuenow') === '2000'")


def test_keys_make_a_passage_of_lines_where_none_is_timed(player: PlayerPage) -> None:
    player.open(slug="silent")
    player.page.locator("#cue-two .time").focus()
    player.page.keyboard.press("b")
    bar(player).wait_for()
    announced = "The passage begins with this line. Choose “To here” at its last line."
    player.until(f"document.querySelector('.announced').textContent === '{announced}'")
    player.page.locator("#cue-three .time").focus()
    player.page.keyboard.press("e")
    player.until("document.querySelector('.selection .times').textContent === 'pp. 12–iv · not timed yet'")


def test_to_scroll_while_a_line_is_named_harms_nothing(player: PlayerPage) -> None:
    player.open(slug="silent")
    player.page.locator("#cue-two .time").focus()
    player.page.keyboard.press("b")
    bar(player).wait_for()
    player.page.locator("#cue-three .time").focus()
    player.page.evaluate("""() => new Promise((done) => {
      document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "e", bubbles: true, cancelable: true }));
      dispatchEvent(new Event("scroll"));
      requestAnimationFrame(() => requestAnimationFrame(done));
    })""")
    player.until("document.querySelector('.selection .times').textContent === 'pp. 12–iv · not timed yet'")


def test_a_passage_can_be_made_of_lines_without_times(player: PlayerPage) -> None:
    player.open(slug="silent")
    for name, edge in (("one", "start"), ("two", "end")):
        player.page.locator(f"#cue-{name} a.this").click()
        player.page.locator(f"[data-passage-edge='{edge}'][data-line='{name}']").click()
    player.until("getSelection().toString().includes('Which ferry?')")
    bar(player).wait_for()
    assert told(player) == "p. 12 · not timed yet"


@pytest.mark.sampled
@pytest.mark.parametrize("width", [320, 390, 800, 1120, 1280, 1600])
@pytest.mark.parametrize("slug", ["tones", "silent"])
def test_nothing_hangs_out_of_the_window(player: PlayerPage, slug: str, width: int) -> None:
    player.page.set_viewport_size({"width": width, "height": 720})
    player.open(slug=slug)
    assert player.page.evaluate("document.documentElement.scrollWidth") <= width
    boxes = [each.bounding_box() for each in player.page.locator(".leaf a, .cue .time").all()]
    assert all(box and box["x"] >= 0 for box in boxes)


def test_on_paper_a_page_stands_once_and_a_rough_time_is_rough(player: PlayerPage, tmp_path: Path) -> None:
    player.open(slug="tones")
    text = " ".join(text_of(player.page, tmp_path))
    assert [text.count(each) for each in ("p. 13", "p. 14", "~0:02")] == [1, 1, 1]
    assert text.index("p. 13") < text.index("~0:02") < text.index("A second voice.") < text.index("p. 14")


@pytest.mark.parametrize("slug", ["tones", "silent"])
def test_without_a_script_a_line_leads_to_what_there_is_about_it(browser: Browser, untimed: str, slug: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(LIMIT)
    page = context.new_page()
    page.goto(f"{untimed}/recordings/{slug}")
    page.locator(".cue:not([data-start]) .time").first.click()
    assert page.locator(".about-line").inner_text().count("Citation") == 1
    context.close()


@pytest.mark.sampled
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("address", ["tones", "silent", "tones/lines/middle", "tones/text", "tones/cite?line=middle"])
def test_axe_finds_nothing(browser: Browser, untimed: str, address: str, mode: str) -> None:
    given: dict[str, Any] = {"viewport": {"width": 1280, "height": 720}, **MODES[mode]}
    context = browser.new_context(reduced_motion="reduce", **given)
    context.set_default_timeout(LIMIT)
    page = context.new_page()
    if mode == "print":
        page.emulate_media(media="print")
    elif mode == "narrow":
        page.set_viewport_size({"width": 320, "height": 2000})  # lower, the transport would stand over half a line
    page.goto(f"{untimed}/recordings/{address}")
    assert found_by_axe(page) == []
    context.close()
