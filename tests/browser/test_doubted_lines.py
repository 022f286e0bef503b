"""Words that people doubt, in a browser: seen, gone to, shown alone, and played slowly, again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from browser.conftest import serving, until_drawn
from browser.player_page import PlayerPage, until
from browser.selecting import button, copied, select
from browser.test_accessibility import MODES, found_by_axe
from browser.test_machine_lines import PAINTED
from browser.test_printing import text_of
from doubted_ferry import write_doubted
from machine_ferry import SLUG

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext

pytestmark = pytest.mark.long

SHOWN = "[...document.querySelectorAll('.cue')].filter((each) => each.checkVisibility()).map((each) => each.id)"
SLOWLY = "Play this word slowly, again and again"
SIGN = "(each) => getComputedStyle(each, '::after').content"


@pytest.fixture(scope="module")
def ferry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over an archive with such words."""
    root = write_doubted(tmp_path_factory.mktemp("doubted") / "archive")
    with serving(root, tmp_path_factory.getbasetemp() / "cache") as address:
        until_drawn(f"{address}/recordings/{SLUG}/waveform.svg")
        yield address


@pytest.fixture
def player(context: BrowserContext, ferry: str) -> Iterator[PlayerPage]:
    """A page there, opened, whose reader may copy."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    player = PlayerPage(context.new_page(), ferry)
    player.open(slug=SLUG)
    yield player
    assert player.errors == []


def test_each_kind_is_painted_in_the_one_text_of_its_line(player: PlayerPage) -> None:
    painted = {name: player.page.evaluate(PAINTED, name) for name in ("doubted", "varied", "doubtful")}
    assert painted == {"doubted": ["ferry", "quay", "Under"], "varied": ["a brambling"], "doubtful": ["tamarack"]}
    assert player.page.evaluate("wordsOf('c2').data") == "Nobody saw a brambling on the quay."
    assert "?" in player.page.eval_on_selector("#cue-c1 .said", SIGN)
    assert "?" in player.page.eval_on_selector("#cue-c2 .said", SIGN)
    name = "This line, at 0:05, 1 doubtful word, machine not sure of 1 word"
    player.page.get_by_role("link", name=name, exact=True).wait_for()


def test_in_forced_colours_they_do_not_look_selected(browser: Browser, ferry: str) -> None:
    context = browser.new_context(forced_colors="active")
    player = PlayerPage(context.new_page(), ferry)
    player.open(slug=SLUG)
    lines = player.page.locator(".cue[data-doubts]")
    lines.first.wait_for()
    # Words that people doubt, words that are read otherwise, and words of which the machine was not sure.
    adjusted = lines.evaluate_all("(all) => all.map((each) => [each.id, getComputedStyle(each).forcedColorAdjust])")
    assert {style for _, style in adjusted} == {"none"}
    assert len(adjusted) > 2
    context.close()


def test_keys_and_a_button_go_from_one_to_the_next_and_round(player: PlayerPage) -> None:
    focused = "document.activeElement.closest('.cue')?.id"
    player.page.get_by_role("button", name="Next of these words").click()
    first = player.page.evaluate(focused)
    lines = ["cue-c1", "cue-c2", "cue-c3"]
    at = lines.index(first)
    for step, key in ((1, "d"), (1, "d"), (1, "d"), (-1, "Shift+D")):
        at = (at + step) % 3
        player.press(key)
        assert player.page.evaluate(focused) == lines[at]


def test_only_their_lines_can_be_shown_with_who_speaks_them(player: PlayerPage) -> None:
    player.page.get_by_label("Show only these lines").check()
    assert player.page.evaluate(SHOWN) == ["cue-c1", "cue-c2", "cue-c3"]
    turns = player.page.locator(".turn:visible").all_inner_texts()
    assert [each.casefold() for each in turns] == ["speaker 1", "speaker 2", "speaker 1"]
    player.page.get_by_label("Show only these lines").uncheck()
    assert len(player.page.evaluate(SHOWN)) == 5


def test_a_word_is_played_slowly_again_and_again_until_it_is_pressed_once_more(player: PlayerPage) -> None:
    player.page.locator("#cue-c1").hover()
    player.page.locator("#cue-c1 a.this").click()
    slowly = player.page.get_by_role("button", name=SLOWLY)
    slowly.wait_for()
    assert "“ferry”, or “fairy <boat>” (typescript)" in player.page.locator("this-line").inner_text()
    player.page.evaluate(
        """() => {
          window.turns = 0;
          let before = 0;
          document.querySelector("recording-player").addEventListener("timechange", ({ detail }) => {
            if (detail.ms < before) turns += 1;
            before = detail.ms;
          });
        }"""
    )
    slowly.click()
    player.until("turns >= 2")
    assert player.page.eval_on_selector("audio", "audio => audio.playbackRate") == 0.5
    assert slowly.get_attribute("aria-pressed") == "true"
    assert 0.8 < player.page.eval_on_selector("audio", "audio => audio.currentTime") < 1.5
    slowly.click()
    player.until("document.querySelector('button.slowly').ariaPressed === 'false'")
    assert player.page.eval_on_selector("audio", "audio => audio.playbackRate") == 1


def test_what_is_copied_has_the_words_as_they_are_read(player: PlayerPage) -> None:
    select(player, "c1")
    button(player, "Copy quote").click()
    player.until("document.querySelector('.selection .status').textContent === 'Quote copied.'")
    assert "The ferry carried quillwort upstream." in copied(player)


def test_without_a_script_each_word_has_its_sign_and_lines_can_be_shown_alone(browser: Browser, ferry: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{ferry}/recordings/{SLUG}?line=c2")
    words = page.locator(".cue .doubted")
    assert words.all_inner_texts() == ["ferry", "quay", "Under"]
    assert words.first.evaluate("each => getComputedStyle(each).textDecorationStyle") == "dashed"
    assert "?" in words.first.evaluate(SIGN)
    assert page.locator(".cue .said").first.evaluate(SIGN) in {"none", "normal"}
    assert "“the rambling” (Ines Keeper)" in page.locator(".about-line").inner_text()
    assert page.get_by_role("button", name=SLOWLY).count() == 0
    page.get_by_label("Show only these lines").check()
    until(page, f"{SHOWN}.length === 3")
    context.close()


@pytest.mark.parametrize("has_script", [True, False])
def test_on_paper_they_have_their_sign_and_no_line_is_left_out(
    browser: Browser, ferry: str, tmp_path: Path, *, has_script: bool
) -> None:
    context = browser.new_context(java_script_enabled=has_script)
    page = context.new_page()
    page.goto(f"{ferry}/recordings/{SLUG}")
    page.get_by_label("Show only these lines").check()
    text = " ".join(text_of(page, tmp_path))
    assert "Words are doubtful in 3 places" in text
    assert "Show only" not in text
    assert "mudlark" in text
    assert text.count("?") == 4
    context.close()


@pytest.mark.parametrize("mode", MODES)
def test_axe_finds_nothing(browser: Browser, ferry: str, mode: str) -> None:
    given: dict[str, Any] = {"viewport": {"width": 1280, "height": 720}, **MODES[mode]}
    context = browser.new_context(reduced_motion="reduce", **given)
    page = context.new_page()
    if mode == "print":
        page.emulate_media(media="print")
    elif mode == "narrow":
        page.set_viewport_size({"width": 320, "height": 2000})  # lower, the transport would stand over half a line
    for address in (f"/recordings/{SLUG}", f"/recordings/{SLUG}/lines/c1", f"/recordings/{SLUG}/text"):
        page.goto(ferry + address)
        assert found_by_axe(page) == []
    context.close()
