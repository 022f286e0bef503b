"""What was corrected at the desk is written to the archive as one change, with its history, or nothing of it is."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from at_the_desk import NAME, desk_window
from small_archive import write_archive

from player.archive.archive import Archive
from player.archive.webvtt.changing import with_names
from player.archive.webvtt.reading import parse
from player.desk.working import WorkingCopy
from player.history.versions import versions
from player.history.whereabouts import where
from player.intake.transaction import transaction

if TYPE_CHECKING:
    from pathlib import Path

    from at_the_desk import Window

    from player.archive.transcript import Transcript

FOLDER = "transcripts/tones"


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Window:
    """A desk at which nothing is changed."""
    root = tmp_path_factory.mktemp("notes") / "archive"
    write_archive(root)
    return desk_window(root)


def test_what_is_written_is_the_net_of_all_steps(archive: Path) -> None:
    window = desk_window(archive)
    window.step(do="words", id="first", text="One two four.")
    window.step(do="words", id="last", text="No end.")
    window.step(do="undo")
    done = window.post("write", {}).get_json()
    assert (done["written"], done["unwritten"], done["can_undo"]) == (1, 0, False)
    text = (archive / FOLDER / "transcript.vtt").read_text(encoding="utf-8")
    assert "four." in text
    assert "The end." in text
    assert list((archive / FOLDER / "working").iterdir()) == []
    found = versions(Archive(archive).record("tones"))
    assert (found[-1].number, found[-1].by) == (done["version"], NAME)
    assert window.look()["state"] == done["state"]
    # And it goes on from there.
    assert window.step(do="words", id="last", text="An end.")["unwritten"] == 1


def test_the_history_of_a_line_says_who_changed_what(archive: Path) -> None:
    window = desk_window(archive)
    window.step(do="words", id="first", text="One two four.")
    number = window.post("write", {}).get_json()["version"]
    (change, *_) = window.client.get(f"{window.address}/history/first").get_json()
    assert (change["number"], change["by"]) == (number, NAME)
    assert change["words"] == [["same", "One"], ["same", "two"], ["gone", "three."], ["new", "four."]]
    assert change["as_of"] == f"/recordings/tones?as-of={number}#cue-first"
    assert window.client.get(f"{window.address}/history/none").get_json() == []


def test_lines_that_were_divided_and_joined_lead_to_where_their_words_went(archive: Path) -> None:
    window = desk_window(archive)
    divided = window.step(do="split", id="first", at=4, time=2500)
    one, two = (line["id"] for line in divided["splices"][0]["new"])
    assert divided["select"] == two
    following = window.look()["lines"]
    third = following[[line["id"] for line in following].index(two) + 1]["id"]
    joined = window.step(do="join", id=two)["select"]
    assert window.post("write", {}).status_code == 200
    record = Archive(archive).record("tones")
    assert where(record, "first") == (one, joined)
    assert where(record, third) == (joined,)


def reads(path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note each text that is read as the transcript at ``path`` from now on."""
    found: list[str] = []

    def noted(at: Path, text: str) -> Transcript:
        found.extend([text] if at == path else [])
        return parse(at, text)

    for name, module in list(sys.modules.items()):
        if name.startswith("player.") and getattr(module, "parse", None) is parse:
            monkeypatch.setattr(module, "parse", noted)
    return found


def test_no_version_is_read_twice_while_it_is_named_and_written(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = archive / FOLDER / "transcript.vtt"
    path.with_name("transcript.es.vtt").write_bytes(path.read_bytes())
    opened = Archive(archive)
    copy = WorkingCopy.opened(opened, opened.record("tones"), NAME)
    read = reads(path, monkeypatch)
    versions = [path.read_text(encoding="utf-8")]
    copy.step({"do": "words", "id": "first", "turn": 0, "text": "One two four."})
    versions.append(path.read_text(encoding="utf-8"))
    assert sorted(read) == sorted(versions)
    read.clear()
    copy.write()
    versions.append(path.read_text(encoding="utf-8"))
    assert sorted(set(read)) == sorted(read)
    assert versions[-1] in read
    assert len(set(versions)) == len(versions)


def test_what_the_desk_has_written_is_not_read_again_to_be_told(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = archive / FOLDER / "transcript.vtt"
    window = desk_window(archive)
    window.look()
    read = reads(path, monkeypatch)
    window.step(do="words", id="first", text="One two four.")
    assert read.count(path.read_text(encoding="utf-8")) == 1
    assert window.post("write", {}).status_code == 200
    window.look()
    assert read.count(path.read_text(encoding="utf-8")) == 1


def test_a_file_whose_lines_have_identifiers_is_left_alone_until_it_is_written(archive: Path) -> None:
    path = archive / FOLDER / "transcript.vtt"
    path.write_bytes(with_names(path, path.read_bytes()))
    stamp = path.stat()
    desk_window(archive).step(do="words", id="first", text="One.")
    assert path.stat().st_ino == stamp.st_ino
    assert not (archive / FOLDER / "history").exists()


@pytest.mark.long
def test_nothing_is_written_where_nothing_was_changed(archive: Path) -> None:
    window = desk_window(archive)
    assert window.post("write", {}).get_json()["version"] is None
    window.step(do="words", id="first", text="One.")
    window.step(do="undo")
    before = (archive / FOLDER / "transcript.vtt").read_bytes()
    done = window.post("write", {}).get_json()
    assert (done["version"], done["written"], done["can_redo"]) == (None, 0, False)
    assert (archive / FOLDER / "transcript.vtt").read_bytes() == before


def test_a_note_is_written_beside_others(archive: Path) -> None:
    before = (archive / FOLDER / "annotations.toml").read_text(encoding="utf-8")
    window = desk_window(archive)
    told = window.step(do="note", id="last", kind="event", text="It *ended*.", sources=["log, p. 3"])
    assert told["unwritten"] == 1
    assert window.step(do="undo")["unwritten"] == 0
    window.step(do="redo")
    window.step(do="note", start=1000, end=2000, kind="segment", title="The hum", text="", sources=[])
    assert window.post("write", {}).status_code == 200
    after = (archive / FOLDER / "annotations.toml").read_text(encoding="utf-8")
    assert after.startswith(before)
    found = {note.title: note for note in Archive(archive).recording("tones").annotations}
    assert found["The end."].body == "It *ended*."
    assert found["The end."].cue == ("last", "last")
    assert (found["The hum"].start, found["The hum"].end) == (1000, 2000)


def test_a_note_on_a_line_with_signs_of_direction_can_be_read(archive: Path) -> None:
    window = desk_window(archive)
    window.step(do="words", id="last", text="The \u2067end\u2069.")
    window.step(do="note", id="last", kind="segment", text="", sources=[])
    assert window.post("write", {}).status_code == 200
    assert "The end." in {note.title for note in Archive(archive).recording("tones").annotations}


@pytest.mark.parametrize(
    "told",
    [
        {"kind": "gossip", "text": "x", "sources": ["log"], "id": "last"},
        {"kind": "event", "text": "", "sources": ["log"], "id": "last"},
        {"kind": "event", "text": "x", "sources": [], "id": "last"},
        {"kind": "event", "text": "x", "sources": ["nowhere"], "id": "last"},
        {"kind": "event", "text": "x", "sources": "log", "id": "last"},
        {"kind": "event", "text": "x\0", "sources": ["log"], "id": "last"},
        {"kind": "event", "text": "x\x85", "sources": ["log"], "id": "last"},
        {"kind": "event", "text": "x\u2067", "sources": ["log"], "id": "last"},
        {"kind": "event", "text": "x", "sources": ["log"], "id": "none"},
        {"kind": "event", "text": "x", "sources": ["log"], "start": 5, "end": 5},
        {"kind": "event", "text": "x", "sources": ["log"], "start": True, "end": 5},
    ],
)
def test_what_is_no_note_is_refused(window: Window, told: dict[str, object]) -> None:
    assert window.post("steps", {"do": "note", **told}).status_code == 422
    assert window.look()["unwritten"] == 0


@pytest.mark.long
def test_a_note_at_a_line_that_is_gone_keeps_all_from_being_written(archive: Path) -> None:
    window = desk_window(archive)
    window.step(do="note", id="last", kind="segment", text="", sources=[])
    window.step(do="remove", id="last")
    before = (archive / FOLDER / "transcript.vtt").read_bytes()
    assert window.post("write", {}).status_code == 422
    assert (archive / FOLDER / "transcript.vtt").read_bytes() == before
    assert window.look()["unwritten"] == 2


@pytest.mark.long
def test_another_command_that_changes_the_archive_is_waited_for_by_the_person(archive: Path) -> None:
    window = desk_window(archive)
    window.step(do="words", id="first", text="One.")
    with transaction(archive):
        refused = window.post("write", {})
    assert refused.status_code == 503
    assert refused.get_json()["what"] == "Another command is changing this archive"
    assert window.look()["unwritten"] == 1
    assert window.post("write", {}).status_code == 200


@pytest.mark.long
def test_a_transcript_without_lines_can_have_some_again(archive: Path) -> None:
    window = desk_window(archive)
    for line in window.look()["lines"]:
        window.step(do="remove", id=line["id"])
    assert window.post("write", {}).status_code == 200
    assert window.look()["lines"] == []
    window.step(do="new", after=None, start=0, end=1000, speaker=None, text="At first.")
    assert window.post("write", {}).status_code == 200
    assert [line["text"] for line in desk_window(archive).look()["lines"]] == ["At first."]


@pytest.mark.long
def test_a_voice_that_the_record_does_not_know_comes_into_it(archive: Path) -> None:
    path = archive / FOLDER / "recording.toml"
    before = path.read_text(encoding="utf-8")
    window = desk_window(archive)
    window.step(do="speaker", id="last", turn=0, speaker="Harbour clerk")
    assert path.read_text(encoding="utf-8") == before
    assert window.post("write", {}).status_code == 200
    after = path.read_text(encoding="utf-8")
    assert after.startswith(before)
    found = Archive(archive).record("tones").speaker[-1]
    assert (found.name, found.kind) == ("Harbour clerk", "unidentified")


@pytest.mark.long
def test_bytes_that_are_not_utf_8_are_never_written_as_others(archive: Path) -> None:
    path = archive / FOLDER / "transcript.vtt"
    window = desk_window(archive)
    window.step(do="words", id="first", text="One.")
    kept = path.read_bytes()
    broken = kept.replace(b"The end", b"The caf\xe9")
    path.write_bytes(broken)
    assert "fault in the transcript" in window.look()["trouble"]
    assert window.post("write", {}).status_code == 422
    assert path.read_bytes() == broken
    path.write_bytes(kept)
    assert window.post("write", {}).status_code == 200


@pytest.mark.long
def test_without_a_bibliography_it_is_said_where_sources_are_written(archive: Path) -> None:
    (archive / "transcripts/sources.toml").unlink()
    told = {"do": "note", "id": "last", "kind": "event", "text": "It ended.", "sources": []}
    window = desk_window(archive)
    assert window.look()["sources"] == []
    refused = window.post("steps", told)
    assert refused.status_code == 422
    assert "has none yet" in refused.get_json()["what"]
    assert "transcripts/sources.toml" in refused.get_json()["remedy"]
    (archive / "transcripts/sources.toml").write_text("[[source]]\n", encoding="utf-8")
    window = desk_window(archive)
    assert window.look()["sources"] is None
    refused = window.post("steps", told)
    assert refused.status_code == 422
    assert "cannot be read" in refused.get_json()["what"]
    assert "transcripts/sources.toml" in refused.get_json()["remedy"]


@pytest.mark.long
def test_what_another_window_has_changed_is_seen_before_it_is_written(archive: Path) -> None:
    window = desk_window(archive)
    seen = window.state
    window.step(do="words", id="last", text="An end.")
    refused = window.post("write", {}, If_Match=seen)
    assert refused.status_code == 412
    assert refused.get_json()["what"] == "Something was changed in another window"
