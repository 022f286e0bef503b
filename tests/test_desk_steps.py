"""Steps at the desk are kept as they are made, come back, and are taken back; windows overwrite nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from at_the_desk import another_window, desk_window

from player.archive.webvtt.changing import with_names

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask.testing import FlaskClient


def test_a_step_is_kept_and_the_archive_says_what_it_said(archive: Path) -> None:
    path = archive / "transcripts/tones/transcript.vtt"
    before = with_names(path, path.read_bytes())
    window = desk_window(archive)
    done = window.step(do="words", id="first", text="One two four.")
    assert [splice["old"] for splice in done["splices"]] == [["first"]]
    assert (done["unwritten"], done["can_undo"], done["can_redo"]) == (1, True, False)
    # But each line has the identifier now that it had.
    assert path.read_bytes() == before
    # Another server, after this one has ended.
    again = desk_window(archive)
    assert again.state == window.state
    assert again.line("first")["text"] == "One two four."


def test_steps_are_taken_back_and_done_again(archive: Path) -> None:
    window = desk_window(archive)
    before = window.look()["lines"]
    window.step(do="words", id="first", text="One.")
    window.step(do="words", id="last", text="An end.")
    after = window.look()["lines"]
    assert window.step(do="undo")["can_undo"] is True
    assert window.step(do="undo")["can_undo"] is False
    assert window.look()["lines"] == before
    window.step(do="redo")
    window.step(do="redo")
    assert window.look()["lines"] == after
    assert window.post("steps", {"do": "redo"}).status_code == 422


def test_a_window_is_told_what_another_has_done(archive: Path) -> None:
    one = desk_window(archive)
    two = another_window(one.client)
    seen = two.state
    one.step(do="words", id="first", text="One.")
    told = two.look(since=seen)
    assert "lines" not in told
    assert [splice["new"][0]["text"] for splice in told["splices"]] == ["One."]
    assert one.client.get(f"{one.address}/state?since={one.state}").status_code == 204
    assert "lines" in two.look(since="long-ago")


def test_only_the_same_line_is_refused_to_a_window_that_has_not_seen_it(archive: Path) -> None:
    one = desk_window(archive)
    two = another_window(one.client)
    one.step(do="words", id="first", text="One.")
    two.step(do="words", id="last", text="An end.")
    one.step(do="words", id="first", text="One more.")
    refused = one.post("steps", {"do": "words", "id": "last", "text": "Mine."}, If_Match='"file-0"')
    assert refused.status_code == 412
    assert refused.get_json()["line"]["text"] == "An end."
    assert one.line("last")["text"] == "An end."


def test_the_page_of_a_recording_that_has_a_transcript_leads_to_its_desk(archive: Path, client: FlaskClient) -> None:
    editing = desk_window(archive).client
    link = '<a href="/recordings/tones/edit">Correct this transcript at the desk</a>'
    assert editing.get("/recordings/tones").text.count(link) == 1
    assert link not in editing.get("/recordings/tones/edit").text
    (archive / "transcripts/tones/transcript.vtt").unlink()
    assert link not in editing.get("/recordings/tones").text
    assert link not in client.get("/recordings/tones").text


def test_there_is_no_desk_without_edit(client: FlaskClient) -> None:
    assert "at the desk" not in client.get("/recordings/tones").text
    for path in ("edit", "edit/state", "edit/steps"):
        assert client.get(f"/recordings/tones/{path}").status_code == 404


#: How a file of a header and three steps is broken, and how many of its entries are followed then.
BROKEN: Final[dict[str, tuple[Callable[[list[bytes]], list[bytes]], int]]] = {
    "a line in the middle": (lambda lines: [*lines[:2], b"{not JSON", *lines[3:]], 1),
    "another's form": (lambda lines: [*lines[:3], lines[3].replace(b'"turns"', b'"voices"')], 2),
    "what is no step": (lambda lines: [*lines, b'{"dance": true}'], 3),
    "what is no object": (lambda lines: [*lines, b"[]"], 3),
    "more undone than was done": (lambda lines: [*lines, *[b'{"undo": true}'] * 4], 6),
    "a header of another form": (lambda lines: [b'{"working copy": 0}', *lines[1:]], 0),
    "another person's": (lambda lines: [lines[0].replace(b"Ines", b"Inez"), *lines[1:]], 0),
    "a header without lines": (lambda lines: [b'{"working copy": 1, "by": "Ines Keeper"}', *lines[1:]], 0),
    "nothing": (lambda _: [], 0),
}


@pytest.mark.long
def test_a_folder_of_its_name_is_set_aside_too(archive: Path) -> None:
    window = desk_window(archive)
    window.step(do="words", id="first", text="One hawser.")
    (path,) = (archive / "transcripts/tones/working").iterdir()
    path.unlink()
    path.mkdir()
    assert window.line("first")["text"] == "One two three."
    window.step(do="words", id="first", text="Two hawsers.")
    assert sorted(each.name for each in path.parent.iterdir()) == [path.name, f"{path.stem}.set-aside-1.jsonl"]


@pytest.mark.long
def test_who_edits_is_told_which_file_is_in_the_way_and_not_where_the_archive_is(archive: Path) -> None:
    window = desk_window(archive)
    (archive / "transcripts/tones/working").write_text("a file", encoding="utf-8")
    refused = window.post("steps", {"do": "words", "id": "first", "text": "One hawser."})
    assert refused.status_code == 500
    assert "transcripts/tones" in refused.text
    assert "sound" not in refused.text
    assert str(archive) not in refused.text


@pytest.mark.sampled(6)
@pytest.mark.long
@pytest.mark.parametrize("way", BROKEN)
@pytest.mark.parametrize("is_open", [True, False])
def test_a_working_copy_that_cannot_be_followed_is_set_aside_whole(archive: Path, way: str, *, is_open: bool) -> None:
    change, kept = BROKEN[way]
    window = desk_window(archive)
    for text in ("One hawser.", "Two hawsers.", "Three hawsers."):
        window.step(do="words", id="first", text=text)
    (path,) = (archive / "transcripts/tones/working").iterdir()
    broken = b"".join(line + b"\n" for line in change(path.read_bytes().split(b"\n")[:-1]))
    beside = path.with_name("other")
    beside.write_bytes(broken)
    beside.replace(path)
    window = window if is_open else desk_window(archive)
    expected = ["One two three.", "One hawser.", "Two hawsers.", "Three hawsers."]
    expected += ["Two hawsers.", "One hawser.", "One two three."]
    assert window.line("first")["text"] == expected[kept]
    (aside,) = path.parent.glob("*.set-aside-1.jsonl")
    assert aside.read_bytes() == broken
    # It is said with each answer, and on the page, until the file is gone.
    assert aside.name in " ".join(window.look()["aside"])
    assert aside.name in " ".join(window.step(do="words", id="last", text="An end.")["aside"])
    assert aside.name in window.client.get(window.address).text
    assert window.post("write", {}).status_code == 200
    assert aside.exists()
    aside.unlink()
    assert "set-aside" not in window.client.get(window.address).text


def test_steps_after_a_copy_was_set_aside_are_others_to_a_window_that_saw_as_many(archive: Path) -> None:
    one = desk_window(archive)
    two = another_window(one.client)
    for text in ("One hawser.", "Two hawsers.", "Three hawsers."):
        one.step(do="words", id="first", text=text)
    two.look()
    (path,) = (archive / "transcripts/tones/working").iterdir()
    lines = path.read_bytes().split(b"\n")
    beside = path.with_name("other")
    beside.write_bytes(b"\n".join([*lines[:3], b"{not JSON", b""]))
    beside.replace(path)
    one.look()
    one.step(do="words", id="last", text="An end.")
    assert one.state != two.state
    refused = two.post("steps", {"do": "words", "id": "last", "text": "Mine."})
    assert refused.status_code == 412
    told = two.look(since=two.state)
    texts = [line["text"] for each in told.get("splices", [told]) for line in each.get("new", each.get("lines", ()))]
    assert {"Two hawsers.", "An end."} <= set(texts)
