"""What a reader copies from a page by the keys of every program is what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import talk
from browser.conftest import serving
from browser.selecting import ADAS, BENS, LINE, NOTED, bar, copied, drag, reader, select, selected, words
from playwright.sync_api import expect

if TYPE_CHECKING:
    from pathlib import Path

    from browser.player_page import PlayerPage
    from playwright.sync_api import Browser

pytestmark = pytest.mark.long


def test_lines_are_copied_as_they_were_said(clipboard: PlayerPage) -> None:
    select(clipboard, talk.LINES[12].id, talk.LINES[14].id)
    clipboard.press("ControlOrMeta+c")
    assert copied(clipboard) == words(*talk.LINES[12:15])


def test_no_note_and_no_mark_comes_between_the_copied_words(clipboard: PlayerPage) -> None:
    at = next(index for index, line in enumerate(talk.LINES) if line.id == NOTED)
    assert clipboard.page.locator(f"#cue-{NOTED} .note").count() == 2
    select(clipboard, NOTED, talk.LINES[at + 1].id)
    clipboard.press("ControlOrMeta+c")
    assert copied(clipboard) == words(*talk.LINES[at : at + 2])


def test_turns_of_several_voices_are_copied_apart_with_their_names(clipboard: PlayerPage) -> None:
    select(clipboard, ADAS.id, BENS.id)
    clipboard.press("ControlOrMeta+c")
    assert copied(clipboard) == f"Ada: {words(ADAS)}\n\nBen: {words(BENS)}"


def test_part_of_a_word_is_copied_as_it_is(clipboard: PlayerPage) -> None:
    drag(clipboard, LINE.id, 2, 3)
    part = selected(clipboard)
    clipboard.press("ControlOrMeta+c")
    assert copied(clipboard) == part


def test_a_line_that_is_chosen_with_three_presses_is_copied_without_more(clipboard: PlayerPage) -> None:
    last = clipboard.page.locator(f"#cue-{talk.LINES[-1].id}")
    last.click(click_count=3)
    clipboard.press("ControlOrMeta+c")
    assert copied(clipboard) == words(talk.LINES[-1])


def test_a_note_is_copied_as_it_is(clipboard: PlayerPage) -> None:
    clipboard.page.evaluate(
        "(id) => getSelection().selectAllChildren(document.querySelector(`#cue-${id} .note .body`))", NOTED
    )
    clipboard.press("ControlOrMeta+c")
    assert copied(clipboard).strip() == "About shared."


def test_notes_are_copied_as_they_are_though_lines_stand_between_them(clipboard: PlayerPage) -> None:
    clipboard.page.evaluate(
        """() => {
            const [first, second] = ["first", "second"].map((id) => document.querySelector(`#note-${id} .body`));
            getSelection().setBaseAndExtent(first, 0, second, second.childNodes.length);
        }"""
    )
    clipboard.press("ControlOrMeta+c")
    assert "About first." in copied(clipboard)
    assert "About second." in copied(clipboard)


def test_who_selects_the_whole_page_gets_the_whole_page(clipboard: PlayerPage) -> None:
    clipboard.press("ControlOrMeta+a")
    clipboard.press("ControlOrMeta+c")
    assert "A talk of tones" in copied(clipboard)
    assert "Annotated moments" in copied(clipboard)


def test_copied_apostrophes_stay_what_they_are(of_reading: PlayerPage) -> None:
    said = "Times here are this reading’s times, not the tape’s."
    line = of_reading.page.locator(".cue", has_text=said).get_attribute("id") or ""
    select(of_reading, line.removeprefix("cue-"))
    of_reading.press("ControlOrMeta+c")
    assert copied(of_reading) == said


def test_words_that_were_timed_to_another_sound_are_copied_but_not_offered(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = talk.write_archive(tmp_path_factory.mktemp("other") / "archive")
    _bind_elsewhere(root / "transcripts" / "talk" / "transcript.vtt")
    cache = tmp_path_factory.getbasetemp() / "cache"
    with (
        serving(root, cache) as site,
        reader(browser, site, permissions=["clipboard-read", "clipboard-write"]) as player,
    ):
        player.open()
        select(player, talk.LINES[12].id, talk.LINES[13].id)
        player.press("ControlOrMeta+c")
        assert copied(player) == words(*talk.LINES[12:14])
        player.seek(40_000)
        player.settle()
        expect(bar(player)).to_be_hidden()


def _bind_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    header = f"WEBVTT\nLocal Usage Element: [Media SHA-256] {'0' * 64}\n"
    path.write_text(text.replace("WEBVTT\n", header, 1), encoding="utf-8")
