"""What is derived of a transcript follows its words: translations that fit again, addresses, who wrote them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from at_the_desk import desk_window
from clipping import run
from histories import SLUG, begin, cue, lines_of, of

from player.archive.webvtt.reading import read_transcript
from player.history import versions, whereabouts

if TYPE_CHECKING:
    from pathlib import Path

FRENCH = """\
WEBVTT
Language: fra

c1
00:00:04.000 --> 00:00:07.500
<v Ada>Le bac est en retard.

c2
00:00:08.000 --> 00:00:11.500
<v Ada>Personne ne le disait.
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    begin(tmp_path, [cue(1, "The pocket boat is late"), cue(2, "nobody on the quay said so"), cue(3, "and it left")])
    (of(tmp_path).folder / "transcript.fr.vtt").write_text(FRENCH, encoding="utf-8")
    return tmp_path


def french(root: Path) -> str:
    return (of(root).folder / "transcript.fr.vtt").read_text(encoding="utf-8")


def test_a_translation_that_fits_again_is_no_longer_older(root: Path) -> None:
    window = desk_window(root, SLUG)
    window.step(do="words", id="c1", text="The packet boat is late")
    assert window.post("write", {}).status_code == 200
    assert french(root).count("NOTE older:") == 1
    # Changed once more, the mark stays that of the first change; its translation is of the words before that.
    window.look()
    window.step(do="words", id="c1", text="The packet boat was late")
    window.step(do="words", id="c2", text="nobody on the pier said so")
    assert window.post("write", {}).status_code == 200
    assert french(root).count("NOTE older:") == 2
    assert run(root, "history", SLUG, "--to", "1").exit_code == 0
    assert "NOTE older" in french(root).partition("c1\n")[0]
    assert "NOTE older" not in french(root).partition("c1\n")[2]
    assert run(root, "history", SLUG, "--to", "0").exit_code == 0
    assert french(root) == FRENCH
    # At the desk it is the same.
    window.look()
    window.step(do="split", id="c2", at=len("nobody on "))
    assert window.post("write", {}).status_code == 200
    assert french(root).count("NOTE older:") == 1
    assert run(root, "history", SLUG, "--to", "0").exit_code == 0
    assert french(root) == FRENCH


def test_the_translation_of_a_line_that_comes_back_is_a_line_again(root: Path) -> None:
    window = desk_window(root, SLUG)
    window.step(do="remove", id="c2")
    assert window.post("write", {}).status_code == 200
    assert "NOTE no longer in the transcript: c2\n| <v Ada>Personne ne le disait.\n" in french(root)
    window.look()
    window.step(do="back")
    assert window.post("write", {}).status_code == 200
    assert french(root) == FRENCH
    # One that was older is so still.
    window.look()
    window.step(do="words", id="c2", text="nobody on the pier said so")
    assert window.post("write", {}).status_code == 200
    window.look()
    window.step(do="remove", id="c2")
    assert window.post("write", {}).status_code == 200
    assert re.search(r"NOTE no longer in the transcript: c2, older: [-0-9]{10}\n", french(root))
    last = versions.versions(of(root))[-1].number
    assert run(root, "history", SLUG, "--to", str(last - 1)).exit_code == 0
    assert re.search(r"NOTE older: [-0-9]{10}\n\nc2\n.*\n<v Ada>Personne", french(root))
    assert run(root, "history", SLUG, "--to", str(last)).exit_code == 0
    assert run(root, "history", SLUG, "--to", "0").exit_code == 0
    assert french(root) == FRENCH


@pytest.mark.parametrize("written_between", [False, True])
@pytest.mark.parametrize(
    ("first", "second"),
    [("yes yes", "yes no"), ("the pilot boat was late", "nobody on the quay said so"), ("so it was late", "was it so")],
)
def test_what_was_joined_and_divided_again_leads_to_its_own_words(
    tmp_path: Path, first: str, second: str, *, written_between: bool
) -> None:
    begin(tmp_path, [cue(1, "the ferry came"), cue(2, first), cue(3, second), cue(4, "and it left")])
    (of(tmp_path).folder / "annotations.toml").write_text(
        '[[annotation]]\nid = "who"\nkind = "term"\ntitle = "Who"\nbody = "They."\nsources = []\ncue = "c3"\n',
        encoding="utf-8",
    )
    window = desk_window(tmp_path, SLUG)
    window.step(do="join", id="c2")
    if written_between:
        assert window.post("write", {}).status_code == 200
    joined = window.look()["lines"][1]
    window.step(do="split", id=joined["id"], at=joined["text"].rindex(second))
    assert window.post("write", {}).status_code == 200
    one, other = (line.id for line in lines_of(of(tmp_path))[1:3])
    former = whereabouts.former(of(tmp_path))
    assert (former["c2"], former["c3"]) == ((one,), (other,))
    if not written_between:
        assert f'cue = "{other}"' in (of(tmp_path).folder / "annotations.toml").read_text(encoding="utf-8")


def test_words_of_a_machine_that_come_back_bare_after_the_file_was_deleted_are_its_still(archive: Path) -> None:
    path = archive / "transcripts/tones/transcript.vtt"
    labelled = "WEBVTT\nLocal Usage Element: [Machine Transcript] Whisper, tiny, 2026-11-02"
    path.write_text(path.read_text(encoding="utf-8").replace("WEBVTT", labelled, 1), encoding="utf-8")
    window = desk_window(archive)
    window.step(do="words", id="last", text="The very end.")
    assert window.post("write", {}).status_code == 200
    bare = archive / "bare.srt"
    bare.write_text(
        "1\n00:00:02,000 --> 00:00:04,500\nOne two three.\n\n2\n00:00:08,000 --> 00:00:10,000\nThe very end.\n",
        encoding="utf-8",
    )
    path.unlink()
    done = run(archive, "import", "tones", str(bare))
    assert done.exit_code == 0, done.output
    assert read_transcript(path).is_draft
    assert "that a machine wrote before" in done.output
    # What people typed instead is theirs.
    bare.write_text("1\n00:00:02,000 --> 00:00:04,500\nQuite another account by hand.\n", encoding="utf-8")
    path.unlink()
    assert run(archive, "import", "tones", str(bare)).exit_code == 0
    assert not read_transcript(path).is_draft
