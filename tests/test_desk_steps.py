"""Steps at the desk are kept as they are made, come back, and are taken back; windows overwrite nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from at_the_desk import another_window, desk_window

from player.archive.webvtt.changing import with_names

if TYPE_CHECKING:
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


def test_there_is_no_desk_without_edit(client: FlaskClient) -> None:
    for path in ("edit", "edit/state", "edit/steps"):
        assert client.get(f"/recordings/tones/{path}").status_code == 404
