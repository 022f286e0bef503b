"""Undo reaches behind what was written: the lines of one's last version are turned round, as a new change."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest
from at_the_desk import desk_window
from clipping import run

from player.archive.recording import read_record
from player.history import versions
from player.history.entries import name_of

if TYPE_CHECKING:
    from pathlib import Path

    from at_the_desk import Window

OTHER = "Otto Ferryman"


def transcript(archive: Path) -> bytes:
    return (archive / "transcripts/tones/transcript.vtt").read_bytes()


def write(window: Window) -> int:
    answer = window.post("write", {})
    assert answer.status_code == 200, answer.text
    window.look()
    version: int = answer.get_json()["version"]
    return version


def entry(archive: Path, number: int) -> dict[str, object]:
    path = archive / "transcripts/tones/history" / name_of(number)
    found: dict[str, object] = json.loads(path.read_bytes())
    return found


def told(window: Window, do: str) -> str:
    return " ".join(window.step(do=do)["notes"])


def test_undo_goes_behind_each_of_ones_writes_and_redo_comes_back(archive: Path) -> None:
    window = desk_window(archive)
    window.step(do="words", id="first", text="One two four.")
    first = write(window)
    states = [transcript(archive)]
    window.step(do="split", id="last", at=4)
    window.step(do="words", id="opening", text="Silence.")
    second = write(window)
    states.append(transcript(archive))
    offer = window.look()["back"]
    assert (offer["version"], offer["count"]) == (second, 3)
    said = told(window, "back")
    assert said.startswith(f"Taken back: what you wrote as version {second}, 3 lines.")
    assert "It is in the archive once you write it" in said
    assert transcript(archive) == states[1]
    assert window.look()["back"]["version"] == first
    assert window.line("last")["text"] == "The end."
    # It is a step as any other: kept over a restart, done again, and undone again.
    window = desk_window(archive)
    assert window.look()["can_redo"] is True
    window.step(do="redo")
    assert window.look()["unwritten"] == 0
    told(window, "back")
    third = write(window)
    assert transcript(archive) == states[0]
    assert entry(archive, third)["back"] == [second]
    assert f"desk, takes back {second}" in run(archive, "history", "tones").output
    assert len(versions.versions(read_record(archive / "transcripts/tones", archive / "media"))) == third + 1
    # And farther, behind that: the write before, not the one that took back.
    assert window.look()["again"]["version"] == third
    told(window, "back")
    assert window.line("first")["text"] == "One two three."
    assert write(window) == third + 1
    assert window.look()["back"] is None
    refused = window.post("steps", {"do": "back"})
    assert (refused.status_code, "nothing to take back" in refused.get_json()["what"]) == (422, True)
    # Redo comes back the same way.
    assert told(window, "again").startswith(f"Brought back: what you took back in version {third + 1}")
    assert window.line("first")["text"] == "One two four."
    assert told(window, "again").startswith(f"Brought back: what you took back in version {third}")
    write(window)
    assert window.line("opening")["text"] == "Silence."
    assert [line["text"] for line in window.look()["lines"]][-2:] == ["The", "end."]
    assert window.look()["back"]["version"] == second
    assert run(archive, "check").exit_code == 0


def test_what_another_changed_since_stays_and_is_told(archive: Path) -> None:
    mine, theirs = desk_window(archive), desk_window(archive, name=OTHER)
    mine.step(do="words", id="first", text="Mine.")
    mine.step(do="words", id="last", text="My end.")
    version = write(mine)
    theirs.look()
    assert theirs.look()["back"] is None
    theirs.step(do="words", id="last", text="Their end.")
    write(theirs)
    mine.look()
    said = told(mine, "back")
    assert f"what you wrote as version {version}, 1 line." in said
    assert f"1 line stays as it is, for {OTHER} changed it since." in said
    assert (mine.line("first")["text"], mine.line("last")["text"]) == ("One two three.", "Their end.")
    # Where all of it was changed, it is refused in words.
    theirs.look()
    mine.step(do="redo")
    theirs.step(do="words", id="first", text="Theirs.")
    write(theirs)
    mine.look()
    refused = mine.post("steps", {"do": "back"}).get_json()
    assert refused["what"] == f"Version {version} cannot be taken back: {OTHER} changed these lines since"


def test_a_step_that_is_not_written_is_undone_first_and_goes_on_from_what_was_taken_back(archive: Path) -> None:
    window = desk_window(archive)
    window.step(do="remove", id="c3")
    write(window)
    window.step(do="words", id="first", text="One.")
    assert window.look()["back"] is None
    assert window.post("steps", {"do": "back"}).status_code == 422
    window.step(do="undo")
    told(window, "back")
    assert window.line("c3")["text"] == "A second voice."
    window.step(do="words", id="c3", text="A third voice.")
    mixed = write(window)
    assert "back" not in entry(archive, mixed)
    # Both go together then.
    told(window, "back")
    assert "c3" not in [line["id"] for line in window.look()["lines"]]


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
def test_from_any_steps_undo_leads_back_to_the_first_version(archive: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # the same steps each time
    before = desk_window(archive).look()["lines"]
    window = desk_window(archive)
    for number in range(6):
        for _ in range(chance.randint(1, 3)):
            line = chance.choice(window.look()["lines"] or before)
            asked = [
                {"do": "words", "id": line["id"], "turn": 0, "text": f"Ferry {chance.random()} of two quays."},
                {"do": "split", "id": line["id"], "at": line["text"].find(" ") + 1},
                {"do": "join", "id": line["id"]},
                {"do": "remove", "id": line["id"]},
                {"do": "new", "after": line["id"], "text": f"A new line {number}."},
                {"do": "heard", "id": line["id"], "on": not line["heard"]},
                {"do": "times", "id": line["id"], "start": (start := chance.randrange(9_000)), "end": start + 900},
            ]
            window.post("steps", chance.choice(asked))
            window.look()
        write(window)
    count = 0
    while window.look()["back"] is not None:
        told(window, "back")
        if chance.random() < 0.5:
            write(window)
        count += 1
        assert count <= 6
    after = window.look()["lines"]
    assert [{**line, "older": []} for line in after] == before
