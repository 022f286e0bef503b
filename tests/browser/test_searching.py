"""Words are found as they are typed, shown where they stand, and lead to where they are said."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import long_talk
import pytest
from browser import talk
from browser.conftest import serving
from browser.player_page import PlayerPage
from browser.searched_page import (
    IN_VIEW,
    PAINTED,
    TOLD,
    count,
    current_in_view,
    field,
    painted,
    search,
    searched,
    start_of,
)
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext

pytestmark = pytest.mark.long

SHIPPED = "1963-11-05-attwood-reading"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The pages on which words are searched for."""
    with searched(tmp_path_factory) as address:
        yield address


def test_without_javascript_a_word_of_any_length_makes_the_list_no_wider(browser: Browser, tmp_path: Path) -> None:
    root = talk.write_archive(tmp_path / "archive")
    transcript = root / "transcripts" / talk.SLUG / "transcript.vtt"
    said = transcript.read_text(encoding="utf-8").replace("can", f"zebra{'a' * 90}", 1)
    transcript.write_text(said, encoding="utf-8")
    context = browser.new_context(viewport={"width": 390, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    with serving(root, tmp_path / "cache") as address:
        page.goto(f"{address}/recordings/{talk.SLUG}?q=zebra")
        assert page.locator(".found li").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_the_field_stands_in_a_search_landmark_and_is_named_as_it_reads(player: PlayerPage) -> None:
    player.open()
    expect(player.page.get_by_role("search").get_by_role("searchbox", name="Search the words")).to_be_visible()
    assert field(player).get_attribute("placeholder") == "Search the words"
    form = player.page.locator("form.search")
    assert (form.get_attribute("method"), field(player).get_attribute("name")) == ("get", "q")
    assert form.get_attribute("action") == f"/recordings/{talk.SLUG}"


def test_the_placeholder_can_be_read_in_light_and_dark(player: PlayerPage) -> None:
    for scheme in ("light", "dark"):
        player.page.emulate_media(color_scheme=scheme)
        player.open()
        text, ground = player.page.evaluate("""() => [
            getComputedStyle(document.querySelector(".search input"), "::placeholder").color,
            getComputedStyle(document.querySelector(".search .field")).backgroundColor,
        ]""")
        assert contrast(text, ground) >= 4.5


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours, as WCAG 2.2 defines it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_words_are_found_as_they_are_typed_without_case_accents_or_apostrophes(player: PlayerPage) -> None:
    player.open()
    field(player).click()
    player.page.keyboard.type("CASTROS")
    assert painted(player) == ["Castro’s"]
    assert search(player, "cafe") == "1 of 2"
    assert painted(player) == ["café", "Café"]


def test_typing_in_the_transport_does_not_push_the_page(player: PlayerPage) -> None:
    player.open()
    field(player).click()
    player.page.keyboard.type("nowhere found")
    player.until_still()
    before = player.scrolled
    player.page.keyboard.type(" at all")
    player.until_still()
    assert player.scrolled == before
    assert count(player) == "Not found"


def test_a_hit_goes_on_across_lines(player: PlayerPage) -> None:
    player.open()
    assert search(player, "castro's invi") == "1 of 1"
    assert painted(player) == painted(player, "current-hit") == ["Castro’s", "invi"]


def test_quoted_words_are_found_whole_and_several_quotations_each_by_itself(player: PlayerPage) -> None:
    player.open()
    assert search(player, '"invi"') == "Not found"
    assert search(player, '"castro’s invitation"') == "1 of 1"
    assert search(player, '"cafe" "invitation to"') == "1 of 3"
    assert painted(player) == ["invitation, to", "café", "Café"]


def test_what_is_pasted_with_quotation_marks_in_it_is_found_as_it_stands(player: PlayerPage) -> None:
    player.open()
    assert search(player, "of “Castro’s invitation, to” the") == "1 of 1"
    assert search(player, "of “Castro’s invitation” and") == "Not found"


@pytest.mark.parametrize("query", ["???", "(", "—"])
def test_a_query_without_a_word_is_told_so(player: PlayerPage, query: str) -> None:
    player.open()
    search(player, query)
    assert player.page.locator(".search .count").inner_text() == "Nothing to search for"
    search(player, "")
    expect(player.page.locator(".search .count")).to_be_hidden()


def test_searching_changes_no_element_and_no_selection(player: PlayerPage) -> None:
    player.open(f"?t={start_of('L8') / 1000}")
    player.settle()
    # Lines that come near the screen get their controls meanwhile.
    lines = """(() => {
        const copy = document.querySelector(".transcript").cloneNode(true);
        for (const control of copy.querySelectorAll(".this")) control.remove();
        return copy.innerHTML;
    })()"""
    before = player.page.evaluate(lines)
    assert search(player, "castro") == "1 of 1"
    player.page.evaluate("getSelection().setBaseAndExtent(wordsOf('L8'), 0, wordsOf('L8'), wordsOf('L8').length)")
    player.ask("hitrequest", step=1)
    assert player.page.evaluate(lines) == before
    assert player.page.evaluate("String(getSelection())") == "They spoke of Castro’s"
    assert painted(player, "spoken") == ["They spoke of"]
    assert player.page.locator("#cue-L4 .note-mark, #cue-L3 .note-mark").count() > 0


def test_escape_clears_the_field_and_then_leaves_it(player: PlayerPage) -> None:
    player.open()
    search(player, "castro")
    player.press("Escape")
    assert (field(player).input_value(), painted(player), count(player)) == ("", [], "")
    assert field(player).evaluate("each => each === document.activeElement")
    player.press("Escape")
    assert field(player).evaluate("each => each !== document.activeElement")


def test_letters_that_are_typed_are_no_keys_of_the_player(player: PlayerPage) -> None:
    player.open()
    field(player).click()
    player.page.keyboard.type("km,l n")
    assert not player.is_playing
    assert not player.audio("audio.muted")


def test_notes_are_searched_and_named(player: PlayerPage) -> None:
    player.open()
    assert search(player, "zebra") == "1 of 2, 2 in notes"
    assert search(player, "invitation") == "2 of 3, 1 in notes"
    assert search(player, '"the zebra is farther down"') == "1 of 1, 1 in notes"
    assert search(player, "meant all of this") == "Not found"


def test_a_hit_in_a_note_that_is_shown_in_part_is_seen(player: PlayerPage) -> None:
    player.open()
    search(player, "zebra is far")
    player.press("Enter")
    assert player.page.locator("#note-deep").get_attribute("data-shown") == ""
    assert current_in_view(player)
    box = player.page.locator("#note-deep .body").evaluate("each => each.scrollHeight - each.clientHeight")
    assert box <= 1
    search(player, "castro")
    assert player.page.locator("[data-shown]").count() == 0


def test_hits_are_told_with_the_times_of_their_words(player: PlayerPage) -> None:
    player.open()
    player.page.evaluate(TOLD)
    search(player, "castro's invi")
    ends = start_of("L9") + 300
    assert player.page.evaluate("told.at(-1)") == {
        "spans": [{"start": start_of("L8") + 600, "end": ends}],
        "current": 0,
    }
    search(player, "zebra")
    line = talk.LINES[19]
    assert player.page.evaluate("told.at(-1)") == {"spans": [{"start": line.start, "end": line.end}], "current": 0}
    player.press("Enter")
    assert player.page.evaluate("told.at(-1).current") == -1, "a note about the whole has no time"
    expect(player.page.locator(".play-hit")).to_be_hidden()
    search(player, "")
    assert player.page.evaluate("told.at(-1)") == {"spans": [], "current": -1}


def test_what_is_in_notes_that_are_left_out_is_told_and_no_hit(player: PlayerPage) -> None:
    player.open()
    player.page.evaluate("document.querySelector('#note-deep').hidden = true")
    assert search(player, "zebra") == "1 of 1, 1 in notes, 1 in hidden notes"
    player.page.evaluate("document.querySelectorAll('.note').forEach((note) => { note.hidden = true; })")
    assert search(player, "") == ""
    assert search(player, "zebra") == "Not found, 2 in hidden notes"
    player.page.evaluate("""() => {
        document.querySelectorAll('.note').forEach((note) => { note.hidden = false; });
        document.querySelector('main').dispatchEvent(new Event('change', { bubbles: true }));
    }""")
    assert count(player) == "2 of 2, 2 in notes"


def test_a_translation_is_searched_where_it_is_shown(player: PlayerPage) -> None:
    player.open()
    player.page.evaluate("""() => ["L8", "L9"].forEach((line, index) => {
        const translated = document.createElement("p");
        Object.assign(translated, { className: "translated", lang: "es", textContent: ["la", "invitación"][index] });
        const [words, said] = [wordsOf(line), document.createElement("span")];
        said.className = "said";
        words.before(said);
        said.append(words);
        said.after(translated);
    })""")
    assert search(player, "la invitacion") == "1 of 1"
    assert painted(player) == ["la", "invitación"]
    player.page.evaluate("document.querySelectorAll('.translated').forEach((each) => { each.hidden = true; })")
    assert search(player, "la invitacio") == "Not found"


def test_the_count_is_announced_when_typing_has_paused(player: PlayerPage) -> None:
    player.open()
    player.page.evaluate("""() => {
        window.announced = [];
        const told = document.querySelector(".search .status");
        new MutationObserver(() => announced.push(told.textContent)).observe(told, { childList: true });
    }""")
    field(player).click()
    # Without a pause, which a busy machine makes between one key and the next.
    player.page.evaluate("for (const letter of 'cafe') document.execCommand('insertText', false, letter)")
    player.until("announced.length > 0")
    assert player.page.evaluate("announced") == ["1 of 2"]
    assert player.page.locator(".search .status").get_attribute("role") == "status"
    player.press("Enter")
    assert player.page.evaluate("announced.at(-1)") == "2 of 2"


def test_on_a_wide_page_the_field_stands_in_the_row_and_shows_its_key(player: PlayerPage) -> None:
    player.page.set_viewport_size({"width": 1280, "height": 860})
    player.open()
    search_box, play_box = (player.page.locator(each).bounding_box() for each in (".search .field", ".controls .play"))
    assert search_box
    assert play_box
    assert search_box["y"] >= play_box["y"]
    assert search_box["y"] + search_box["height"] <= play_box["y"] + play_box["height"]
    assert player.page.locator(".search kbd").inner_text() == "/"
    expect(player.page.locator(".unfold")).to_be_hidden()
    high = "document.querySelector('.transport').getBoundingClientRect().height"
    before = player.page.evaluate(high)
    search(player, "zebra")
    assert player.page.evaluate(high) == before


@pytest.mark.parametrize("size", [(320, 568), (390, 800), (768, 1024)])
def test_on_a_narrow_page_the_field_unfolds_from_a_button(player: PlayerPage, size: tuple[int, int]) -> None:
    player.page.set_viewport_size({"width": size[0], "height": size[1]})
    player.open()
    button = player.page.get_by_role("button", name="Search the words")
    expect(field(player)).to_be_hidden()
    button.click()
    assert button.get_attribute("aria-expanded") == "true"
    assert field(player).evaluate("each => each === document.activeElement")
    search(player, "zebra")
    assert player.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    player.press("Escape")
    player.press("Escape")
    expect(field(player)).to_be_hidden()
    player.ask("searchrequest")
    expect(field(player)).to_be_visible()
    button.click()
    expect(field(player)).to_be_hidden()


def test_in_the_narrowest_window_the_numbers_stand_below_each_other(player: PlayerPage) -> None:
    player.page.set_viewport_size({"width": 320, "height": 568})
    player.open()
    player.ask("searchrequest")
    assert search(player, "invitation") == "1 of 3,\n1 in notes"
    number, in_notes = (player.page.locator(f".search .{name}").bounding_box() for name in ("number", "in-notes"))
    assert number
    assert in_notes
    assert in_notes["y"] >= number["y"] + number["height"] - 1
    typed = field(player).bounding_box()
    assert typed
    assert typed["width"] > 80


def test_as_much_is_found_as_without_javascript(context: BrowserContext, shipped: str) -> None:
    player = PlayerPage(context.new_page(), shipped).open(slug=SHIPPED)
    for query in ("Castro", '"the"', "a", "National Security", "1963", "Attwood's", "Archive, says"):
        html = context.request.get(f"{shipped}/recordings/{SHIPPED}?{urlencode({'q': query})}").text()
        told = re.search(r"<p>(\d+) hits?(, \d+ in notes)?</p>", html)
        assert told
        found = search(player, query).partition(" of ")[2].replace(",", "")
        assert found == f"{told[1]}{told[2] or ''}".replace(",", ""), query


def test_of_very_many_hits_those_near_the_window_are_painted(player: PlayerPage) -> None:
    player.open(slug=long_talk.SLUG)
    shown = search(player, "a")
    total = int(shown.partition(" of ")[2].partition(",")[0] + shown.partition(" of ")[2].split(",")[1][:3])
    assert total > 3_000
    first = painted(player)
    assert 0 < len(first) < total / 3
    covers = """() => {
      const lines = [...document.querySelectorAll(".cue")].filter(({ id }) => {
        const { top, bottom } = boxOfWords(id.slice(4));
        return bottom > 0 && top < innerHeight && wordsOf(id.slice(4)).data.includes("a");
      });
      const nodes = new Set([...CSS.highlights.get("hit")].map(({ startContainer }) => startContainer));
      return lines.length > 0 && lines.every(({ id }) => nodes.has(wordsOf(id.slice(4))));
    }"""
    assert player.page.evaluate(covers)
    player.page.evaluate("document.querySelector('#cue-L400').scrollIntoView()")
    player.until(f"({covers})()")
    assert len(painted(player)) < total / 3
    player.ask("hitrequest", step=-1)
    # Lines that were far away are laid out where they are with the next frame (seen with Chromium 156).
    player.until(f"({IN_VIEW})('current-hit')")


def test_of_very_many_hits_the_timeline_is_told_some_from_everywhere(player: PlayerPage) -> None:
    player.open(slug=long_talk.SLUG)
    player.page.evaluate(TOLD)
    search(player, "a")
    told: dict[str, Any] = player.page.evaluate("told.at(-1)")
    starts = [span["start"] for span in told["spans"]]
    assert 400 < len(starts) <= 1_001
    assert starts == sorted(starts)
    assert max(later - earlier for earlier, later in pairwise(starts)) < 10_000
    assert starts[-1] > 590_000
    assert told["current"] == 0


def test_where_highlights_are_missing_lines_and_notes_are_marked(context: BrowserContext, site: str) -> None:
    context.add_init_script("delete globalThis.Highlight")
    player = PlayerPage(context.new_page(), site).open()
    assert search(player, "invitation") == "1 of 3, 1 in notes"
    marks = "[...document.querySelectorAll('[data-hit]')].map(each => [each.id, each.dataset.hit])"
    assert player.page.evaluate(marks) == [["cue-L9", "current"], ["note-deep", ""], ["cue-L40", ""]]
    player.press("Enter")
    assert player.page.evaluate(marks)[:2] == [["cue-L9", ""], ["note-deep", "current"]]
    search(player, "")
    assert player.page.evaluate(marks) == []
    assert player.errors == []


def test_where_nothing_plays_the_words_are_searched_all_the_same(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    page.goto(f"{site}/recordings/silent?q=castro")
    page.locator(".search .count", has_text="1 of 1").wait_for()
    expect(page.locator(".play-hit")).to_be_hidden()
    page.locator(".search input").fill("café invitation")
    assert page.evaluate(PAINTED, "current-hit") == ["Café invitation"]
