"""A transcript of which most lines are not laid out is still one text: to find, to print, to link to, to follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import long_talk
import pytest
from browser.conftest import serving
from browser.player_page import PlayerPage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext

pytestmark = pytest.mark.long

#: More than an hour of them.
LINES = 4_000
FAR = "L2503"
SKIPPED = """(id) => !document.getElementById(`cue-${id}`).firstElementChild
  .checkVisibility({ contentVisibilityAuto: true })"""
STANDING = """(id) => {
  const line = boxOfWords(id);
  const band = [document.querySelector(".masthead").getBoundingClientRect().bottom,
    document.querySelector(".transport").getBoundingClientRect().top];
  return line.top >= Math.max(band[0], 0) && line.bottom <= band[1];
}"""
#: The box of everything in some lines, to a tenth of a pixel.
BOXES = """(ids) => ids.flatMap((id) => [
  ...document.querySelectorAll(`#cue-${id}, #cue-${id} *:not(.this)`),
].map((each) => {
  const { left, width, height } = each.getBoundingClientRect();
  return [id, each.className, left, width, height].map((it) => (it.toFixed ? it.toFixed(1) : it)).join(" ");
}))"""


@pytest.fixture(scope="module")
def long_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over a long recording."""
    root = long_talk.write_archive(tmp_path_factory.mktemp("long") / "archive", LINES)
    with serving(root, tmp_path_factory.getbasetemp() / "cache") as address:
        yield address


@pytest.fixture
def player(context: BrowserContext, long_site: str) -> Iterator[PlayerPage]:
    """A page of the long recording, not yet opened."""
    opened = PlayerPage(context.new_page(), long_site)
    yield opened
    assert opened.errors == []


def open_page(player: PlayerPage, address: str = "") -> PlayerPage:
    return player.open(address, long_talk.SLUG)


def test_lines_out_of_sight_are_not_laid_out_and_those_that_hold_a_note_always_are(player: PlayerPage) -> None:
    open_page(player)
    assert player.page.evaluate(SKIPPED, FAR)
    assert not player.page.evaluate(SKIPPED, "L2")
    noted = f"L{long_talk.NOTED * 10 + 1}"
    assert player.page.locator(f"#cue-{noted} > .note").count() == 1
    assert not player.page.evaluate(SKIPPED, noted)


def test_a_short_transcript_is_laid_out_whole(player: PlayerPage, site: str) -> None:
    player.site = site
    player.open()
    contained = (
        "[...document.querySelectorAll('.cue')].filter((cue) => getComputedStyle(cue).contentVisibility === 'auto')"
    )
    assert player.page.evaluate(f"{contained}.length") == 0


@pytest.mark.parametrize("width", [1280, 390])
def test_a_line_looks_the_same_whether_it_is_contained_or_not(player: PlayerPage, width: int) -> None:
    player.page.set_viewport_size({"width": width, "height": 800})
    open_page(player, f"#cue-{FAR}")
    ids = [f"L{number}" for number in range(2503, 2513)]
    contained = player.page.evaluate(BOXES, ids)
    player.page.evaluate("document.querySelector('.long').classList.remove('long')")
    assert player.page.evaluate(BOXES, ids) == contained


def test_what_hangs_out_of_a_line_can_be_seen_and_pressed(player: PlayerPage) -> None:
    open_page(player, f"#cue-{FAR}")
    line = player.page.locator(f"#cue-{FAR}")
    line.hover()
    control = line.locator(".this")
    box, around = control.bounding_box(), line.bounding_box()
    assert box
    assert around
    assert box["x"] > around["x"] + around["width"]
    hit = player.page.evaluate(
        "([x, y]) => document.elementFromPoint(x, y).className",
        [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2],
    )
    assert hit == "this"


def test_a_link_to_a_line_far_away_leads_there(player: PlayerPage) -> None:
    open_page(player, f"#cue-{FAR}")
    assert player.page.evaluate(STANDING, FAR)
    player.page.evaluate("location.hash = '#cue-L404'")
    player.until_still()
    assert player.page.evaluate(STANDING, "L404")


def test_a_search_of_the_browsers_own_finds_words_far_away(player: PlayerPage) -> None:
    open_page(player)
    words = player.words_of("L2500")
    assert words.endswith("at long last.")
    assert player.page.evaluate(SKIPPED, "L2500")
    assert player.page.evaluate("(words) => window.find(words)", words)
    player.until_still()
    assert player.page.evaluate(STANDING, "L2500")
    assert player.page.evaluate("getSelection().toString()") == words


@pytest.mark.parametrize("moment", [2_502_000, 1_199_000, 500, 2_999_000])
def test_the_line_that_is_sought_stands_in_view(player: PlayerPage, moment: int) -> None:
    open_page(player)
    player.seek(moment)
    player.settle()
    player.until_still()
    line = f"L{moment // long_talk.LINE + 1}"
    assert player.line == line
    assert player.page.evaluate(STANDING, line)


def test_line_after_line_is_kept_in_view_where_none_was_seen_before(player: PlayerPage) -> None:
    open_page(player)
    player.seek(1_500_000)
    for number in range(1_502, 1_542):
        player.press(".")
        player.settle()
        assert player.line == f"L{number}"
        assert player.page.evaluate(STANDING, player.line)


def test_all_lines_are_printed(player: PlayerPage) -> None:
    open_page(player)
    player.page.emulate_media(media="print")
    skipped = """[...document.querySelectorAll(".cue .time")]
      .filter((time) => !time.checkVisibility({ contentVisibilityAuto: true })).length"""
    assert player.page.evaluate(skipped) == 0


def test_it_is_printed_with_its_notes_under_their_lines(player: PlayerPage) -> None:
    open_page(player)
    player.page.emulate_media(media="print")
    noted = long_talk.NOTED * 10 + 1
    note = player.page.locator(f"#cue-L{noted} > .note").evaluate("each => each.getBoundingClientRect().top")
    tops = [player.box_of_words(f"L{noted}")["y"], note, player.box_of_words(f"L{noted + 1}")["y"]]
    assert tops == sorted(tops)
    assert tops[0] < tops[1] < tops[2]
    assert player.page.locator(f"#cue-L{noted} .body").evaluate("each => each.scrollHeight <= each.clientHeight + 1")


def test_a_change_touches_two_of_thousands_of_lines(player: PlayerPage) -> None:
    open_page(player)
    player.seek(1_003_000)
    player.settle()
    # Lines that come near the screen get their controls meanwhile.
    player.page.evaluate("""() => {
        window.touched = [];
        const isControl = ({ addedNodes }) => addedNodes.length === 1 && addedNodes[0].className === "this";
        const idsOf = (records) => records.filter((each) => !isControl(each)).map(({ target }) => target.id);
        new MutationObserver((records) => touched.push(...idsOf(records)))
          .observe(document.querySelector(".transcript"),
            { subtree: true, attributes: true, childList: true, characterData: true });
    }""")
    player.seek(2_003_500)
    player.settle()
    assert player.page.evaluate("touched") == ["cue-L1004", "cue-L2004"]


@pytest.mark.parametrize("width", [1280, 320])
def test_a_time_after_the_first_hour_stands_on_one_row_beside_its_line(player: PlayerPage, width: int) -> None:
    player.page.set_viewport_size({"width": width, "height": 700})
    open_page(player, f"#cue-L{LINES}")
    time = player.page.locator(f"#cue-L{LINES} .time")
    for text in (time.inner_text(), "10:02:03"):
        time.evaluate("(time, text) => { time.textContent = text; }", text)
        box, said = time.bounding_box(), player.box_of_words(f"L{LINES}")
        assert box
        assert box["height"] < 30
        assert 0 <= box["x"] < box["x"] + box["width"] <= said["x"] + 1
