"""Two people, or a person and a text editor, change one transcript: both versions stay until one is chosen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from at_the_desk import desk_window
from hypothesis import given, settings
from hypothesis import strategies as st

from player.archive.transcript import Turn, UntimedLine
from player.desk import writing
from player.desk.conflicts import merged
from player.desk.exchanges import applied, difference
from player.desk.working import WorkingCopy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from at_the_desk import Window

    from player.archive.transcript import Line

OTHER = "Otto Ferryman"


def line(name: str, text: str = "words") -> Line:
    return UntimedLine(name, text, (Turn(None, text),), (), 0)


def two(archive: Path) -> tuple[Window, Window]:
    return desk_window(archive), desk_window(archive, name=OTHER)


def in_editor(archive: Path, old: str, new: str) -> None:
    """Change the file as a text editor does: another file takes its name."""
    path = archive / "transcripts/tones/transcript.vtt"
    text = path.read_text(encoding="utf-8")
    assert old in text
    beside = path.with_name("transcript.vtt~")
    beside.write_text(text.replace(old, new), encoding="utf-8")
    beside.replace(path)


def test_lines_that_another_has_written_come_in(archive: Path) -> None:
    mine, theirs = two(archive)
    mine.step(do="words", id="first", text="One.")
    theirs.step(do="words", id="last", text="Their end.")
    assert theirs.post("write", {}).status_code == 200
    seen = mine.state
    told = mine.look(since=seen)
    assert [each["new"][0]["text"] for each in told["splices"]] == ["Their end."]
    assert (told["conflicts"], told["unwritten"]) == ([], 1)
    assert mine.post("write", {}).status_code == 200
    theirs.look()
    assert (theirs.line("first")["text"], theirs.line("last")["text"]) == ("One.", "Their end.")


@pytest.mark.long
@pytest.mark.parametrize(
    ("which", "after", "readings"),
    [("mine", "My own end.", []), ("theirs", "Their end.", []), ("both", "My own end.", ["Their"])],
)
def test_a_line_that_both_have_changed_has_both_until_one_is_chosen(
    archive: Path, which: str, after: str, readings: list[str]
) -> None:
    mine, theirs = two(archive)
    mine.step(do="words", id="last", text="My own end.")
    theirs.step(do="words", id="last", text="Their end.")
    assert theirs.post("write", {}).status_code == 200
    (conflict,) = mine.look()["conflicts"]
    assert (conflict["id"], conflict["theirs_by"]) == ("last", OTHER)
    assert (conflict["mine"]["text"], conflict["theirs"]["text"]) == ("My own end.", "Their end.")
    assert mine.post("write", {}).status_code == 409
    assert mine.post("steps", {"do": "words", "id": "last", "text": "x"}).status_code == 422
    # It is so after a restart.
    mine = desk_window(archive)
    mine.step(do="choose", id="last", which=which)
    assert mine.look()["conflicts"] == []
    mine.step(do="undo")
    assert len(mine.look()["conflicts"]) == 1
    mine.step(do="redo")
    assert mine.post("write", {}).status_code == 200
    found = mine.line("last")
    assert found["text"] == after
    assert [each["text"] for doubt in found["doubts"] for each in doubt["readings"]] == readings


def test_a_text_editor_beside_the_desk_overwrites_nothing(archive: Path) -> None:
    window = desk_window(archive)
    window.step(do="words", id="last", text="My end.")
    window.step(do="words", id="opening", text="My hum.")
    in_editor(archive, "The end.", "An editor's end.")
    in_editor(archive, "voice.", "voice in the editor.")
    (conflict,) = window.look()["conflicts"]
    assert (conflict["theirs"]["text"], conflict["theirs_by"]) == ("An editor's end.", None)
    assert "voice in the editor." in [each["text"] for each in window.look()["lines"]][2]
    # The editor's change is taken back: there is nothing to choose any more.
    in_editor(archive, "An editor's end.", "The end.")
    assert window.look()["conflicts"] == []
    assert window.post("write", {}).status_code == 200
    text = (archive / "transcripts/tones/transcript.vtt").read_text(encoding="utf-8")
    assert all(words in text for words in ("My end.", "My hum.", "voice in the editor."))


@pytest.mark.long
def test_a_file_that_cannot_be_read_takes_nothing_from_the_desk(archive: Path) -> None:
    window = desk_window(archive)
    window.step(do="words", id="last", text="My end.")
    path = archive / "transcripts/tones/transcript.vtt"
    kept = path.read_bytes()
    path.write_bytes(b"half a file")
    window.step(do="words", id="opening", text="My hum.")
    assert window.look()["trouble"]
    assert window.post("write", {}).status_code == 422
    path.unlink()
    assert window.look()["unwritten"] == 2
    path.write_bytes(kept)
    assert window.look()["trouble"] is None
    assert window.post("write", {}).status_code == 200


@pytest.mark.long
def test_a_line_that_one_has_divided_and_the_other_changed_has_both(archive: Path) -> None:
    mine, theirs = two(archive)
    mine.step(do="split", id="first", at=4, time=2500)
    theirs.step(do="words", id="first", text="One two four.")
    theirs.post("write", {})
    (conflict,) = mine.look()["conflicts"]
    assert [len(conflict[name]) for name in ("all_mine", "all_theirs")] == [2, 1]
    assert mine.post("steps", {"do": "choose", "id": conflict["id"], "which": "both"}).status_code == 422
    mine.step(do="choose", id=conflict["id"], which="theirs")
    assert mine.line("first")["text"] == "One two four."


@pytest.mark.long
def test_a_line_that_one_has_removed_and_the_other_changed_can_come_back(archive: Path) -> None:
    mine, theirs = two(archive)
    mine.step(do="remove", id="last")
    theirs.step(do="words", id="last", text="Their end.")
    theirs.post("write", {})
    (conflict,) = mine.look()["conflicts"]
    assert conflict["mine"] is None
    mine.step(do="choose", id="last", which="theirs")
    assert mine.look()["lines"][-1]["text"] == "Their end."


@pytest.mark.long
@pytest.mark.parametrize("is_told", [True, False])
def test_a_line_beside_one_that_has_two_versions_keeps_its_words(archive: Path, *, is_told: bool) -> None:
    mine, theirs = two(archive)
    mine.step(do="words", id="first", text="My one.")
    theirs.step(do="join", id="first")
    assert theirs.post("write", {}).status_code == 200
    if is_told:
        mine.look()
    # After a restart the line that nobody has changed here is in no step, and in the file no more.
    mine = desk_window(archive)
    (conflict,) = mine.look()["conflicts"]
    texts = [each["text"] for each in conflict["all_mine"]]
    assert texts[0] == "My one."
    assert len(texts) == 2
    assert texts[1].split()
    assert texts == [each["text"] for each in mine.look()["lines"][1:3]]
    mine.step(do="choose", id="first", which="theirs")
    mine.step(do="undo")
    mine.step(do="choose", id="first", which="mine")
    assert mine.post("write", {}).status_code == 200
    assert texts == [each["text"] for each in mine.look()["lines"][1:3]]


@pytest.mark.long
def test_a_line_whose_words_are_nowhere_any_more_is_not_there_without_them(archive: Path) -> None:
    mine = desk_window(archive)
    mine.step(do="words", id="first", text="My one.")
    in_editor(archive, "The end.", "Another end.")
    third = mine.look()["lines"][2]["text"]
    path = archive / "transcripts/tones/transcript.vtt"
    text = path.read_text(encoding="utf-8")
    there = text[text.index("\nfirst\n") : text.index("\nlast\n")]
    in_editor(archive, there, "\nother\n00:00:02.000 --> 00:00:04.000\nAll of it.\n")
    mine = desk_window(archive)
    (conflict,) = mine.look()["conflicts"]
    assert [each["text"] for each in conflict["all_theirs"]] == ["All of it."]
    assert [each["text"] for each in conflict["all_mine"]] == ["My one."]
    assert third not in [each["text"] for each in mine.look()["lines"]]
    assert all(each["text"] for each in mine.look()["lines"])


def test_new_lines_of_both_stand_in_the_order_of_their_times(archive: Path) -> None:
    mine, theirs = two(archive)
    mine.step(do="new", after="last", text="My line.", start=20_000, end=21_000)
    theirs.step(do="new", after="last", text="Their line.", start=22_000, end=23_000)
    assert theirs.post("write", {}).status_code == 200
    assert [each["text"] for each in mine.look()["lines"][-2:]] == ["My line.", "Their line."]
    assert mine.post("write", {}).status_code == 200


@pytest.mark.long
def test_two_versions_stay_where_another_line_of_theirs_is_changed_again(archive: Path) -> None:
    mine, theirs = two(archive)
    # It stands before two others now, so that there are two versions of all three.
    mine.step(do="times", id="last", start=1, end=1000)
    theirs.step(do="split", id="last", at=4)
    assert theirs.post("write", {}).status_code == 200
    assert len(mine.look()["conflicts"]) == 1
    in_editor(archive, "voice.", "voice in the editor.")
    (conflict,) = mine.look()["conflicts"]
    assert [each["text"] for each in conflict["all_theirs"]][-2:] == ["The", "end."]
    assert mine.post("write", {}).status_code == 409
    mine.step(do="choose", id=conflict["id"], which="theirs")
    assert [each["text"] for each in mine.look()["lines"]][-2:] == ["The", "end."]
    assert mine.look()["unwritten"] == 0


@pytest.mark.long
def test_what_was_decided_is_not_taken_back_once_they_have_changed_it_again(archive: Path) -> None:
    mine, theirs = two(archive)
    mine.step(do="words", id="last", text="My own end.")
    theirs.step(do="words", id="last", text="Their end.")
    theirs.post("write", {})
    mine.look()
    mine.step(do="choose", id="last", which="mine")
    theirs.look()
    theirs.step(do="words", id="last", text="Their other end.")
    theirs.post("write", {})
    assert mine.look()["conflicts"][0]["theirs"]["text"] == "Their other end."
    mine.step(do="choose", id="last", which="mine")
    mine.step(do="undo")
    # The version before this one is theirs no more.
    assert mine.look()["can_undo"] is False
    assert mine.post("steps", {"do": "undo"}).status_code == 422
    assert mine.look()["conflicts"][0]["theirs"]["text"] == "Their other end."


def test_what_both_have_changed_in_the_same_way_is_no_conflict() -> None:
    before = [line("a"), line("b"), line("c")]
    after = [line("a"), line("b", "others"), line("c")]
    assert merged(before, after, after).lines == tuple(after)
    assert merged(before, after, after).conflicts == ()


NAMES = st.lists(st.sampled_from("abcdefghij"), unique=True, max_size=8)


@st.composite
def states(draw: st.DrawFn) -> tuple[Line, ...]:
    return tuple(line(name, draw(st.sampled_from(("words", "others", "more")))) for name in draw(NAMES))


@pytest.mark.long
@given(before=states(), after=states())
@settings(max_examples=1000)
def test_a_difference_makes_the_one_of_the_other(before: tuple[Line, ...], after: tuple[Line, ...]) -> None:
    exchanges = difference(before, after)
    assert applied(before, exchanges) == after
    assert applied(after, [each.turned for each in reversed(exchanges)]) == before


@pytest.mark.long
@given(before=states(), mine=states(), theirs=states())
@settings(max_examples=1000)
def test_nothing_of_either_is_lost(before: tuple[Line, ...], mine: tuple[Line, ...], theirs: tuple[Line, ...]) -> None:
    # No two people give one identifier to new lines.
    known = {each.id for each in before}
    mine, theirs = (
        tuple(each if each.id in known else replace(each, id=f"{own}{each.id}") for each in lines)
        for own, lines in (("m", mine), ("t", theirs))
    )
    found = merged(before, mine, theirs)
    there = {(each.id, each.text) for each in found.lines}
    there |= {(each.id, each.text) for conflict in found.conflicts for each in (*conflict.mine, *conflict.theirs)}
    assert len({each.id for each in found.lines}) == len(found.lines)
    was = {(each.id, each.text) for each in before}
    for changed in (mine, theirs):
        assert {(each.id, each.text) for each in changed} - was <= there
    assert merged(before, mine, before).lines == mine
    assert merged(before, before, theirs).lines == theirs


def _around(
    monkeypatch: pytest.MonkeyPatch, of: object, name: str, act: Callable[[], None], moment: str = "before"
) -> None:
    """Have something happen, once, before a function is called, or after it."""
    real = getattr(of, name)
    todo = {moment: act}

    def called(*given: Any, **named: Any) -> Any:
        todo.pop("before", lambda: None)()
        found = real(*given, **named)
        todo.pop("after", lambda: None)()
        return found

    monkeypatch.setattr(of, name, called)


def test_what_is_saved_in_an_editor_between_the_look_and_the_writing_is_not_overwritten(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = desk_window(archive)
    window.step(do="words", id="last", text="My end.")
    _around(monkeypatch, writing, "write", lambda: in_editor(archive, "The end.", "An editor's end."))
    assert window.post("write", {}).status_code == 412
    assert "An editor's end." in (archive / "transcripts/tones/transcript.vtt").read_text(encoding="utf-8")
    (conflict,) = window.look()["conflicts"]
    assert (conflict["mine"]["text"], conflict["theirs"]["text"]) == ("My end.", "An editor's end.")


@pytest.mark.parametrize("moment", ["before", "after"])
def test_what_is_saved_in_an_editor_while_the_first_step_is_kept_comes_in(
    archive: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    window = desk_window(archive)

    def save() -> None:
        in_editor(archive, "The end.", "An editor's end.")

    # Before the lines get their identifiers in the file, or after that and before it is looked at again.
    if moment == "before":
        _around(monkeypatch, WorkingCopy, "_begin", save)
    else:
        _around(monkeypatch, writing, "name_lines", save, "after")
    answer = window.post("steps", {"do": "words", "id": "first", "text": "One."})
    assert answer.status_code == (412 if moment == "before" else 200)
    assert window.line("last")["text"] == "An editor's end."
