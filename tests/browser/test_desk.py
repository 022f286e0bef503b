"""The desk in a real browser on a real server: everything by keys alone, and the files are what was meant."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

import pytest
import tones_archive
from browser.desk_site import NAME, Desk, serving_desk
from browser.player_page import LIMIT
from click.testing import CliRunner
from playwright.sync_api import expect

from player.archive.doubts import doubts
from player.archive.transcript import Cue
from player.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext

SAVED = re.compile(r"^Saved in the working copy, \d\d:\d\d$")


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A typescript of six lines, aligned with twelve seconds of sound."""
    root = tones_archive.write_archive(tmp_path, monkeypatch)
    sources = '[[source]]\nid = "log"\nkind = "project"\ntitle = "A log"\nseen = "full"\nrights = "own work"\n'
    (root / "transcripts/sources.toml").write_text(sources, encoding="utf-8")
    ran = tones_archive.align(root)
    assert ran.exit_code == 0, ran.output
    return root


@pytest.fixture
def desk(archive: Path, tmp_path: Path, context: BrowserContext) -> Iterator[Desk]:
    """Its desk, open at the first line."""
    with serving_desk(archive, tmp_path / "cache") as site:
        context.set_default_timeout(LIMIT)
        opened = Desk(context.new_page(), site).open()
        yield opened
        assert opened.errors == []


def ran(root: Path, *words: str) -> str:
    """Run the command, which has to be content."""
    result = CliRunner().invoke(main, [*words, "--archive", str(root)])
    assert result.exit_code == 0, result.output
    return result.output


def test_what_is_typed_is_saved_and_then_written(desk: Desk, archive: Path) -> None:
    transcript = archive / "transcripts/tones/transcript.vtt"
    before = transcript.read_bytes()
    desk.press("Enter", "End").type(" Yes").press("Escape")
    desk.unwritten("1 line is not in the archive yet")
    desk.says(".state", SAVED)
    assert transcript.read_bytes() == before
    desk.press("Control+Enter")
    desk.says(".state", re.compile("^Written to the archive: 1 line"))
    assert tones_archive.transcript(archive).lines[0].text == "Quay, tide! Yes"


@pytest.mark.long
def test_a_typescript_is_corrected_by_the_keyboard_alone(desk: Desk, archive: Path, tmp_path: Path) -> None:
    # Three words, each in another line: Enter goes to the word in hand.
    for word, text in (("tide!", "tied!"), ("rope", "ropes"), ("buoy.", "boy.")):
        desk.press("w", "Enter")
        desk.press(*["Shift+ArrowRight"] * len(word)).type(text).press("Escape")
        expect(desk.words).to_have_text(re.compile(re.escape(text)))
        desk.press(".")
    desk.unwritten("3 lines are not in the archive yet")
    # A speaker: the third line is Ben's.
    desk.press(",", "2").told("Speaker: Ben.")
    # A split before the third word of the second line, and a merge of what follows with the third line.
    desk.press(",", "Home", ".", "w", "w", "/").told("The line is split.")
    expect(desk.words).to_have_text("slip.")
    desk.press("j").told("The lines are joined.")
    expect(desk.words).to_have_text("slip. Mole boy.")
    # A nudge: the end of the first line, by 100 ms and back by 10.
    desk.press("Home")
    start, end = desk.hand.get_by_role("slider").all()
    before = int(end.get_attribute("aria-valuenow") or 0)
    desk.press("e", "Shift+ArrowLeft", "ArrowRight")
    expect(end).to_have_attribute("aria-valuenow", str(before - 90))
    assert start.get_attribute("aria-valuenow") == "0"
    # A note on the word in hand, of a kind, with a source.
    desk.press("w", "n")
    assert desk.focused == "select."
    desk.type("term").press("Tab", "Tab").type("Tied: made fast.").press("Tab", "Space", "Control+Enter")
    desk.told("The note is kept.")
    assert desk.focused == "p.words"
    # A doubtful word.
    desk.press("d").told("Doubtful: tied!.")
    desk.press("Control+Enter")
    desk.says(".state", re.compile("^Written to the archive"))
    desk.unwritten("")

    lines = tones_archive.transcript(archive).lines
    assert [line.text for line in lines][:3] == ["Quay, tied!", "Ferry ropes", "slip. Mole boy."]
    first, second, joined = lines[:3]
    assert isinstance(first, Cue)
    assert isinstance(joined, Cue)
    assert (first.start, first.end, first.words) == (0, before - 90, (0, 1000))
    assert [(each.first, each.last, each.is_doubtful) for each in doubts(first)] == [(1, 1, True)]
    assert [turn.speaker for turn in joined.turns] == ["Ben"]
    assert (joined.start, joined.end, joined.words) == (4000, 7000, (0, 1000, 2000))
    assert (first.id, lines[3].id) == ("k1", "k4")
    assert not {second.id, joined.id} & {"k2", "k3"}
    (note,) = tomllib.loads((archive / "transcripts/tones/annotations.toml").read_text())["annotation"]
    assert note["kind"] == "term"
    assert "Tied: made fast." in note.values()
    told = ran(archive, "check")
    assert "fault" not in told.lower() or "no fault" in told.lower(), told
    ran(archive, "clip", "tones", "--quote", "slip. Mole boy.", "-o", str(tmp_path / "clip.wav"))
    assert (tmp_path / "clip.wav").stat().st_size > 0


@pytest.mark.long
def test_undo_and_redo_go_through_everything(desk: Desk) -> None:
    desk.press("Enter", "End").type(" Yes").press("Escape")
    desk.unwritten("1 line is not in the archive yet")
    desk.press("2").told("Speaker: Ben.")
    desk.press("j").told("The lines are joined.")
    desk.press("u").told("Undone.")
    desk.press("Control+z")
    expect(desk.hand.get_by_role("radio", name="Ada")).to_be_checked()
    desk.press("u")
    expect(desk.words).to_have_text("Quay, tide!")
    desk.unwritten("")
    desk.press("Shift+U")
    expect(desk.words).to_have_text("Quay, tide! Yes")
    desk.press("Control+y", "Control+Shift+Z")
    expect(desk.words).to_have_text("Quay, tide! Yes Ferry rope slip.")
    expect(desk.page.locator(".place")).to_have_text("Line 1 of 5")


@pytest.mark.long
def test_undo_in_the_text_takes_back_what_was_typed_and_the_cursor_stays_there(desk: Desk) -> None:
    desk.press("Enter", "End").type(" Yes")
    desk.press("Control+z")
    expect(desk.field).to_have_value("Quay, tide!")
    assert desk.focused == "textarea.words"
    desk.press("Control+Shift+Z")
    expect(desk.field).to_have_value("Quay, tide! Yes")


@pytest.mark.long
def test_a_variant_is_given_chosen_and_taken_back(desk: Desk) -> None:
    desk.press("w", "v").type("tied!").press("Tab").type("typescript").press("Enter")
    desk.told("Another reading: tied!.")
    readings = desk.hand.locator(".variants")
    expect(readings.get_by_role("radio")).to_have_count(2)
    readings.get_by_role("radio", name="tied!").focus()
    desk.press("Space")
    expect(desk.words).to_have_text("Quay, tied!")
    expect(readings.get_by_role("radio", name="tide!")).to_have_count(1)
    readings.get_by_role("button", name="take back tide!").focus()
    desk.press("Enter")
    expect(readings).to_be_hidden()


@pytest.mark.long
def test_a_word_is_unintelligible_a_line_new_removed_and_back(desk: Desk) -> None:
    desk.press("w", "x")
    expect(desk.words).to_have_text("Quay, [unintelligible]")
    desk.press("a")
    expect(desk.field).to_have_value("…")
    desk.type("A new one").press("Enter")
    expect(desk.words).to_have_text("A new one")
    desk.press("Backspace").told(re.compile("^The line is removed"))
    expect(desk.words).to_have_text("Ferry rope slip.")
    desk.press("u")
    expect(desk.words).to_have_text("A new one")
    desk.press("p").type("Harbour clerk").press("Enter")
    expect(desk.hand.get_by_role("radio", name="Harbour clerk")).to_be_checked()


@pytest.mark.long
def test_the_text_is_split_at_the_cursor_and_typed_on(desk: Desk) -> None:
    desk.press("End", "Home", "Enter", "End").type(" and more")
    desk.press(*["ArrowLeft"] * 4).press("Control+/")
    expect(desk.field).to_have_value("more")
    desk.type("no ")
    desk.press("Escape")
    expect(desk.words).to_have_text("no more")
    assert desk.rows[0] == "Ada Quay, tide! and"
    desk.press("q", "/")
    desk.refused(re.compile("^A line is split before the word in hand"))


@pytest.mark.long
def test_heard_is_said_with_a_name_and_taken_back(desk: Desk, archive: Path) -> None:
    desk.press("h").told("Heard.")
    button = desk.hand.get_by_role("button", name="Heard")
    expect(button).to_have_attribute("aria-pressed", "true")
    desk.press("Control+Enter")
    desk.says(".state", re.compile("^Written"))
    assert f", {NAME}" in (archive / "transcripts/tones/transcript.vtt").read_text(encoding="utf-8")
    desk.press("h").told("Not heard.")
    expect(button).to_have_attribute("aria-pressed", "false")


@pytest.mark.long
def test_a_line_in_the_address_is_taken_and_the_last_one_is_remembered(desk: Desk) -> None:
    desk.open("#cue-k4")
    desk.says(".place", "Line 4 of 6")
    desk.press(".")
    desk.open()
    desk.says(".place", "Line 5 of 6")
    desk.press(".", ".").told("This is the last line.")
    assert desk.focused == "p.words"


@pytest.mark.long
def test_what_a_file_says_is_text_and_never_html(desk: Desk) -> None:
    desk.press("Enter", "Control+A").type("<img src=x> & <b>bold</b>").press("Escape")
    expect(desk.words).to_have_text("<img src=x> & <b>bold</b>")
    desk.press("p").type("<i>Who</i>").press("Enter")
    desk.press(".")
    assert desk.page.locator(".lines img, .lines b, .lines i, .hand img").count() == 0
