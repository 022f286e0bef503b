"""Words that are selected in a translation: what is quoted, copied, played and cut is what was shown and selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser.player_page import PlayerPage
from browser.selecting import bar, button, copied

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext

pytestmark = pytest.mark.long

SLUG = "1963-11-05-attwood-reading"
CREDIT = "Translation into Spanish by the tape-player project, with automated tools; not reviewed."


@pytest.fixture
def player(context: BrowserContext, shipped: str) -> Iterator[PlayerPage]:
    """The page of the reading that ships, whose reader may copy and chooses the language."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    player = PlayerPage(context.new_page(), shipped)
    yield player.open(slug=SLUG)
    assert player.errors == []


def show(player: PlayerPage, language: str) -> None:
    player.page.locator(f'reading-options input[value="{language}"]').check()


def text(player: PlayerPage, line: str, words: str) -> str:
    return str(player.page.locator(f"#{line} {words}").evaluate("each => each.firstChild.data.trim()"))


def select(player: PlayerPage, first: tuple[str, str], last: tuple[str, str], start: int = 0) -> None:
    """Select from ``start`` in the words of one line to the end of those of another: an id, and which words."""
    player.page.evaluate(
        """([one, other, start]) => {
            const text = ([id, words]) => document.querySelector(`#${id} ${words}`).firstChild;
            text(one).parentElement.scrollIntoView({ block: "center" });
            getSelection().setBaseAndExtent(text(one), start, text(other), text(other).length);
        }""",
        [first, last, start],
    )


def address(quoted: str) -> str:
    """Give the times of the passage that a quotation leads to."""
    return quoted.rpartition("#t=")[2]


def quote(player: PlayerPage) -> str:
    button(player, "Copy quote").click()
    player.until("document.querySelector('.selection .status').textContent === 'Quote copied.'")
    return copied(player)


def quote_of_original(player: PlayerPage, first: str, last: str) -> str:
    """Quote whole lines as they were said, and leave nothing selected."""
    select(player, (first, ".said"), (last, ".said"))
    bar(player).wait_for()
    quoted = quote(player)
    player.page.evaluate("getSelection().empty()")
    bar(player).wait_for(state="hidden")
    return quoted


def noted(player: PlayerPage) -> tuple[str, str, str]:
    """Three lines of one voice in succession, the first of which has a note."""
    first, second, third = player.page.locator(".cue").evaluate_all(
        """all => {
            const at = all.findIndex((each, index) => each.querySelector(".note")
                && all.slice(index + 1, index + 3).every((line) => !line.previousElementSibling.matches(".turn")));
            return all.slice(at, at + 3).map(({ id }) => id);
        }"""
    )
    return first, second, third


def test_what_is_selected_of_a_translation_is_quoted_with_its_credit_and_the_span_of_its_lines(
    player: PlayerPage,
) -> None:
    first, second, third = noted(player)
    of_original = quote_of_original(player, first, third)
    show(player, "es")
    select(player, (first, ".translated"), (third, ".translated"))
    bar(player).wait_for()
    words = " ".join(text(player, line, ".translated") for line in (first, second, third))
    quoted = quote(player)
    assert quoted.startswith(f"“{words}” (")
    assert CREDIT in quoted
    assert CREDIT not in of_original
    assert address(quoted) == address(of_original)


def test_words_of_one_translated_line_are_offered_and_are_those_of_the_whole_line(player: PlayerPage) -> None:
    first, *_ = noted(player)
    of_original = quote_of_original(player, first, first)
    show(player, "es")
    whole = text(player, first, ".translated")
    start = whole.index(" ") + 1
    select(player, (first, ".translated"), (first, ".translated"), start)
    bar(player).wait_for()
    quoted = quote(player)
    assert quoted.startswith(f"“{whole[start:]}” (")
    assert address(quoted) == address(of_original)


def test_a_translation_is_copied_without_the_notes_between_its_lines(player: PlayerPage) -> None:
    first, second, third = noted(player)
    show(player, "es")
    select(player, (first, ".translated"), (third, ".translated"))
    player.page.keyboard.press("Control+c")
    assert copied(player) == " ".join(text(player, line, ".translated") for line in (first, second, third))


@pytest.mark.parametrize(("begun", "other"), [(".said", ".translated"), (".translated", ".said")])
def test_where_both_are_shown_the_language_is_the_one_that_the_selection_begins_in(
    player: PlayerPage, begun: str, other: str
) -> None:
    first, second, third = noted(player)
    show(player, "original es")
    select(player, (first, begun), (third, other))
    bar(player).wait_for()
    quoted = quote(player)
    kept = (first, second, third) if begun == ".said" else (first, second)
    assert quoted.startswith(f"“{' '.join(text(player, line, begun) for line in kept)}” (")
    assert (CREDIT in quoted) == (begun == ".translated")


def test_an_original_that_is_opened_among_translations_takes_nothing_from_them(player: PlayerPage) -> None:
    first, second, third = noted(player)
    show(player, "es")
    player.page.locator(f"#{second} .this").click()
    player.page.locator("this-line .words").wait_for()
    select(player, (first, ".translated"), (third, ".translated"))
    bar(player).wait_for()
    words = " ".join(text(player, line, ".translated") for line in (first, second, third))
    assert quote(player).startswith(f"“{words}” (")


def test_words_that_are_hidden_by_a_choice_are_offered_no_longer(player: PlayerPage) -> None:
    first, *_ = noted(player)
    select(player, (first, ".said"), (first, ".said"))
    bar(player).wait_for()
    show(player, "es")
    bar(player).wait_for(state="hidden")
