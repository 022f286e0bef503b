"""For those who do not see the marked line: it is said, gone to, and made the end of a passage, without a pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from browser import talk
from browser.player_page import PlayerPage
from browser.selecting import bar, button
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator

#: A line of Ada's, and lines of the turns after hers.
HERS, HIS = talk.LINES[1], talk.LINES[7]


def told(player: PlayerPage) -> Locator:
    return player.page.locator("spoken-line")


def until_told(player: PlayerPage) -> str:
    player.until("document.querySelector('spoken-line').textContent !== ''")
    return told(player).inner_text()


def announced(player: PlayerPage, beginning: str) -> str:
    player.until(f"document.querySelector('.announced').textContent.startsWith('{beginning}')")
    return player.page.locator(".announced").inner_text()


def focused(player: PlayerPage) -> str:
    found: str = player.page.evaluate("document.activeElement.closest('.cue')?.id ?? ''")
    return found


def listed(player: PlayerPage, name: str) -> Locator:
    return player.page.locator("#closely").get_by_role("button", name=name)


@pytest.mark.long
def test_w_says_time_speaker_and_line_and_nothing_is_said_unasked(player: PlayerPage) -> None:
    player.open()
    player.page.evaluate("""() => {
        window.said = [];
        new MutationObserver(() => said.push(document.querySelector("spoken-line").textContent))
          .observe(document.querySelector("spoken-line"), { childList: true, characterData: true, subtree: true });
    }""")
    player.seek(HERS.start)
    player.settle()
    player.press("k")
    player.until_line(talk.LINES[2].id)
    player.press("k")
    assert player.page.evaluate("said.filter(Boolean)") == []
    player.seek(HIS.start)
    player.settle()
    player.press("w")
    assert until_told(player) == f"0:13. Ben: {' '.join(HIS.words)}"
    assert told(player).get_attribute("role") == "status"
    player.seek(HERS.start)
    player.settle()
    assert told(player).inner_text() == ""


@pytest.mark.long
def test_g_moves_the_focus_to_the_line_and_leaves_no_stop_behind(player: PlayerPage) -> None:
    player.open()
    player.seek(HIS.start)
    player.settle()
    assert player.page.locator(".transcript [tabindex]").count() == 0
    player.press("g")
    assert focused(player) == f"cue-{HIS.id}"
    assert player.page.evaluate("document.activeElement.tabIndex") == -1
    assert not player.page.evaluate("document.activeElement.querySelector('.note')")
    assert player.is_pressed("follow")
    player.press("Tab")
    assert player.page.evaluate("document.activeElement.matches('.time')")
    assert player.page.locator(".transcript [tabindex]").count() == 0


@pytest.mark.long
def test_from_here_and_to_here_select_the_lines_between_as_a_hand_would(player: PlayerPage) -> None:
    player.open()
    player.seek(HERS.start)
    player.settle()
    player.press("b")
    assert announced(player, "The passage begins at 0:02.").endswith("Choose “To here” at its last line.")
    player.seek(HIS.start)
    player.settle()
    player.press("e")
    announced(player, "Words from 0:02 to 0:15 are selected.")
    assert player.is_pressed("follow")
    player.press("Tab")
    assert player.page.evaluate("document.activeElement.matches('.once')")
    button(player, "Copy quote").press("Enter")
    player.until("document.querySelector('.selection .status, .selection textarea')?.textContent !== ''")
    button(player, "Loop").press("Enter")
    player.until("!audio.paused")
    assert player.is_pressed("loop")
    button(player, "Clip").press("Enter")
    assert player.page.locator("clip-picker .moment").first.get_attribute("aria-valuetext") == "0:02.2"


@pytest.mark.long
def test_the_bar_stays_when_the_reader_leaves_the_field_to_copy_from_before_its_selection_rests(
    player: PlayerPage,
) -> None:
    player.open()
    player.seek(HERS.start)
    player.settle()
    player.press("b")
    player.press("e")
    announced(player, "Words from 0:02 to 0:04 are selected.")
    player.page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    # In one turn, as fast as no hand is; the timer of the selection's rest is set before this one, and is shorter.
    player.page.evaluate(
        """async () => {
          document.querySelector(".copy-quote").click();
          await new Promise(requestAnimationFrame);
          document.querySelector(".again").focus();
          await new Promise((done) => setTimeout(done, 400));
        }"""
    )
    expect(button(player, "Clip")).to_be_visible()


@pytest.mark.long
def test_the_ends_may_come_in_either_order_and_one_on_the_wrong_side_gives_way(player: PlayerPage) -> None:
    player.open()

    def name(key: str, line: talk.Line, expected: str) -> None:
        player.seek(line.start)
        player.settle()
        player.press(key)
        announced(player, expected)

    third, sixth, ninth = talk.LINES[2], talk.LINES[5], talk.LINES[8]
    name("e", sixth, "The passage ends with the line at 0:09.")
    name("b", third, "Words from 0:04 to 0:11")
    name("b", ninth, "The passage begins at 0:15.")
    name("e", sixth, "The passage ends with the line at 0:09.")
    name("b", sixth, "Words from 0:09 to 0:11")
    player.press("Escape")
    expect(bar(player)).to_be_hidden()
    name("e", ninth, "The passage ends with the line at 0:15.")


@pytest.mark.long
def test_here_is_the_line_that_has_the_focus_and_tab_goes_on_while_an_end_is_missing(player: PlayerPage) -> None:
    player.open()
    player.seek(HIS.start)
    player.settle()
    player.time_of("L2").focus()
    player.press("b")
    announced(player, "The passage begins at 0:02.")
    player.press("Tab")
    assert player.page.evaluate("document.activeElement.closest('.cue').id") in {"cue-L2", "cue-L3"}
    player.time_of("L4").focus()
    player.press("e")
    announced(player, "Words from 0:02 to 0:07")
    player.press("Tab")
    assert player.page.evaluate("document.activeElement.matches('.once')")


@pytest.mark.long
def test_a_line_that_was_gone_to_is_here_only_as_long_as_it_is_spoken(player: PlayerPage) -> None:
    player.open()
    player.seek(HERS.start)
    player.settle()
    player.press("g")
    player.press("b")
    announced(player, "The passage begins at 0:02.")
    player.press(".")
    player.settle()
    player.press("e")
    announced(player, "Words from 0:02 to 0:05")


@pytest.mark.long
def test_before_any_line_is_spoken_it_is_said_that_there_is_none(player: PlayerPage) -> None:
    player.open()
    player.seek(0)
    player.settle()
    player.press("w")
    assert until_told(player) == "0:00. No line has been spoken yet."
    player.press("b")
    announced(player, "No line has been spoken yet.")
    player.press("g")
    assert focused(player) == ""


@pytest.mark.long
def test_what_a_line_offers_of_itself_names_that_line(player: PlayerPage) -> None:
    player.open()
    for name, line in (("From here: begin a passage at 0:04", "L3"), ("To here: end the passage at 0:08", "L5")):
        player.page.locator(f"#cue-{line} a.this").press("Enter")
        player.page.get_by_role("button", name=name).press("Enter")
    announced(player, "Words from 0:04 to 0:09")
    expect(bar(player)).to_be_visible()
    player.press("Tab")
    assert player.page.evaluate("document.activeElement.matches('.once')")


@pytest.mark.long
def test_t_goes_to_the_next_speaker_and_shift_t_back(player: PlayerPage) -> None:
    player.open()
    player.seek(HERS.start)
    player.settle()
    at = []
    for key in ("t", "t", "Shift+T"):
        player.press(key)
        player.settle()
        at.append(player.line)
    assert at == ["L7", "L13", "L7"]


@pytest.mark.long
def test_all_of_it_is_among_the_buttons_too(player: PlayerPage) -> None:
    player.open()
    player.seek(HERS.start)
    player.settle()
    player.unfold()
    named = {"previous speaker": "Shift+T", "next speaker": "t", "Where am I": "w", "To the line": "g"}
    named |= {"From here": "b", "To here": "e", "Large line": "v"}
    assert {name: listed(player, name).get_attribute("aria-keyshortcuts") for name in named} == named
    listed(player, "next speaker").click()
    player.settle()
    assert player.line == "L7"
    listed(player, "Where am I").click()
    assert until_told(player).startswith("0:11. Ben: ")
    listed(player, "From here").press("Enter")
    listed(player, "To here").press("Enter")
    announced(player, "Words from 0:11 to 0:13")
    player.press("Tab")
    assert player.page.evaluate("document.activeElement.matches('.once')")
    listed(player, "To the line").click()
    assert focused(player) == "cue-L7"


@pytest.mark.long
def test_what_is_asked_before_the_parts_are_there_is_answered_when_they_are(context: BrowserContext, site: str) -> None:
    player = PlayerPage(context.new_page(), site).open(f"#t={HERS.start / 1000}", is_moved=False)
    player.press("w")
    assert "Ada" in until_told(player)
    assert player.errors == []


@pytest.mark.long
def test_where_the_line_is_read_in_a_translation_that_is_what_is_said(context: BrowserContext, shipped: str) -> None:
    player = PlayerPage(context.new_page(), shipped).open(slug="1963-11-05-attwood-reading")
    player.page.locator('reading-options input[value="es"]').click()
    player.seek(26_000)
    player.settle()
    player.press("w")
    until_told(player)
    words: Any = told(player).locator("[lang=es]")
    assert words.inner_text() == player.page.locator("#cue-day .translated").inner_text()
    player.press("b")
    player.press("e")
    announced(player, "Words from 0:25")
    selected = player.page.evaluate("getSelection().toString().trim()")
    assert selected == words.inner_text()
