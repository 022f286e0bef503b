"""``player history``: who changed a transcript, going back, and taking words out of all that is kept."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from histories import SLUG, as_file, begin, change, cue, lines_of, of, present

from player.archive.recording import HISTORY, TRANSCRIPT, WORKING
from player.archive.webvtt.reading import parse
from player.cli import main
from player.history import versions
from player.history.removed_words import Phrases

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


def run(root: Path, *words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(main, ["history", SLUG, *words, "--archive", str(root)], input=typed)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give an archive whose transcript was changed at the desk, divided, and changed by hand."""
    begin(tmp_path, [cue(1, "The pocket boat"), cue(2, "came in at nine with Nora Quill"), cue(3, "and left")])
    first = cue(1, "The packet boat")
    change(tmp_path, as_file([first, *lines_of(of(tmp_path))[1:]]))
    parts = [cue(2, "came in at nine", "k1"), cue(2, "with Nora Quill", "k2")]
    change(tmp_path, as_file([first, *parts, cue(3, "and left")]), moved={"c2": ["k1", "k2"]})
    return tmp_path


def test_versions_are_listed_with_who_and_how(root: Path) -> None:
    done = run(root)
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert lines[0].split() == ["version", "when", "(UTC)", "who", "how", "lines"]
    assert [line.split()[0] for line in lines[1:]] == ["0", "1", "2"]
    assert lines[2].endswith("Ines Keeper  desk   1 changed")
    assert lines[3].endswith("2 new, 1 gone")
    told = json.loads(run(root, "--json").output)
    assert told["versions"][2]["moved"] == {"c2": ["k1", "k2"]}
    path = of(root).folder / TRANSCRIPT
    path.write_bytes(present(of(root)) + b"\nNOTE by hand\n")
    assert "changed since, outside the program" in run(root).output


def test_a_line_is_followed(root: Path) -> None:
    done = run(root, "--line", "c2")
    assert done.output.splitlines()[0] == "c2 is now k1, k2"
    done = run(root, "--line", "c1")
    assert "c1 is in the transcript" in done.output
    assert "  - c1: The pocket boat\n  + c1: The packet boat" in done.output
    changes = json.loads(run(root, "--line", "k2", "--json").output)["changes"]
    assert [each["version"] for each in changes] == [2]
    assert ["same", "Nora"] in changes[0]["words"]
    unknown = run(root, "--line", "zz")
    assert (unknown.exit_code, "no version of it has a line" in unknown.output) == (1, True)


def test_a_transcript_goes_back_and_nothing_is_lost(root: Path) -> None:
    it = of(root)
    files = [versions.content(it, number) for number in range(3)]
    would = run(root, "--to", "0", "--dry-run")
    assert would.output.endswith("nothing is written\n")
    assert present(it) == files[2]
    done = run(root, "--to", "0", "--by", "Ines Keeper")
    assert done.exit_code == 0, done.output
    assert "it is what it was in version 0, and that is version 3 now; lines: 1 changed, 1 new, 2 gone" in done.output
    assert present(it) == files[0]
    assert [versions.content(it, number) for number in range(4)] == [*files, files[0]]
    assert run(root, "--line", "k2").output.startswith("k2 is now c2\n")
    assert "nothing in it changes" in run(root, "--to", "0").output
    assert run(root, "--to", "2").exit_code == 0
    assert run(root, "--line", "c2").output.startswith("c2 is now k1, k2\n")
    for wrong in ("9", "yesterday", "2026-13-01"):
        assert run(root, "--to", wrong).exit_code == 1, wrong


def test_what_a_line_became_is_said_once_where_it_came_back(root: Path) -> None:
    assert run(root, "--to", "0").exit_code == 0
    told = run(root, "--line", "c2").output
    assert told.count("- c2: came in at nine with Nora Quill") == 2, "in each of the two lines that it became"
    changes = json.loads(run(root, "--line", "c2", "--json").output)["changes"]
    assert [each["version"] for each in changes] == [3, 2, 2]


def everything(root: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(root.rglob("*")) if path.is_file())


def test_words_are_taken_out_of_everything_that_is_kept(root: Path) -> None:
    it = of(root)
    digests = {each.after for each in versions.history(it).entries.values()}
    working = it.folder / WORKING / "ines-keeper.jsonl"
    working.parent.mkdir()
    base = versions.history(it).digest(2)
    working.write_text(
        json.dumps({"by": "Ines Keeper", "sha256": base})
        + "\n"
        + json.dumps({"new": [{"turns": [{"text": "with NORA quill, she said"}], "words": [0, 1, 2, 3, 4]}]})
        + '\n{"torn": "Nora Qui',
        encoding="utf-8",
    )
    suggestion = it.folder / "suggestions" / "1.json"
    suggestion.parent.mkdir()
    suggestion.write_text('{"text": "Nora Quill\'s boat"}', encoding="utf-8")
    (it.folder / HISTORY / "2001-01-01-transcript.vtt").write_bytes(b"WEBVTT\n\n00:01.000 --> 00:02.000\nNora\nQuill\n")
    (it.folder / "annotations.toml").write_text("# one\n# Nora Quill\n", encoding="utf-8")
    french = it.folder / "transcript.fr.vtt"
    french.write_text("WEBVTT\n\nk2\n00:00:08.000 --> 00:00:11.500\navec Nora Quill\n", encoding="utf-8")
    refused = run(root, "--expunge", "Nora Quill", typed="n\n")
    assert refused.exit_code == 1
    assert "Nora" in everything(it.folder)
    done = run(root, "--expunge", "nora  quill", "--by", "Ines Keeper", "--yes")
    assert done.exit_code == 0, done.output
    assert "annotations.toml:2, where the words stand too" in done.output
    (it.folder / "annotations.toml").unlink()
    assert "avec [removed] [removed]" in french.read_text(encoding="utf-8")
    held = everything(it.folder)
    assert re.search("nora quill", held, re.IGNORECASE) is None
    assert not any(each in held for each in digests if each != versions.history(it).digest(1))
    assert [(each.number, each.by, each.how) for each in versions.versions(it)] == [
        (0, None, "first"),
        (1, "Ines Keeper", "desk"),
        (2, "Ines Keeper", "desk"),
        (3, "Ines Keeper", "expunge"),
    ]
    assert not versions.history(it).faults
    for number in range(4):
        lines = versions.transcript(it, number).lines
        assert any("[removed] [removed]" in line.text for line in lines)
    assert versions.content(it, 3) == present(it)
    steps = working.read_text(encoding="utf-8").split("\n")
    assert json.loads(steps[0])["sha256"] == versions.history(it).digest(3)
    assert json.loads(steps[1])["new"][0]["turns"][0]["text"] == "with [removed] [removed], she said"
    assert "nowhere in the transcript" in run(root, "--expunge", "Nora Quill", "--yes").output


def test_words_are_taken_out_where_nothing_was_kept_and_after_a_change_by_hand(tmp_path: Path, root: Path) -> None:
    other = tmp_path / "other"
    it = begin(other, [cue(1, "Nora Quill spoke")])
    assert run(other, "--expunge", "Quill", "--yes").exit_code == 0
    assert [each.how for each in versions.versions(it)] == ["first", "expunge"]
    assert b"Quill" not in b"".join(path.read_bytes() for path in it.folder.rglob("*.*"))
    it = of(root)
    (it.folder / TRANSCRIPT).write_bytes(present(it) + b"\nNOTE Quill by hand\n")
    assert run(root, "--expunge", "Quill", "--yes").exit_code == 0
    assert [each.how for each in versions.versions(it)][3:] == ["outside the program", "expunge"]
    assert versions.content(it, 4) == present(it)


def test_a_file_of_the_history_that_cannot_be_read_is_told_and_keeps_words_from_being_taken_out(root: Path) -> None:
    it = of(root)
    path = it.folder / HISTORY / "0001.json"
    path.write_bytes(b'{"number": "Quill"')
    listed = run(root)
    assert (listed.exit_code, "0001.json:1: this is not JSON; put the file back" in listed.output) == (1, True)
    refused = run(root, "--expunge", "Quill", "--yes")
    assert (refused.exit_code, "0001.json:1" in refused.output, "delete it" in refused.output) == (1, True, True)
    path.unlink()
    assert run(root, "--expunge", "Quill", "--yes").exit_code == 0
    assert "Quill" not in everything(it.folder)


@pytest.mark.parametrize(
    ("words", "text", "after"),
    [
        (["Nora Quill"], "<v Nora Quill>Nora Quill's", "<v [removed] [removed]>[removed] [removed]'s"),
        (["Nora Quill"], "Nora <00:01.500>Quill", "[removed] <00:01.500>[removed]"),
        (["Nora Quill"], "<b>No</b>ra\nQuill", "<b>[removed]</b>\n[removed]"),
        (["Nora"], "Noras Eleanora nora", "Noras Eleanora [removed]"),
        (["R&B"], "R&amp;B R&#38;B", "[removed] [removed]"),
        (["José"], "Jose\u0301 JOSÉ", "[removed] [removed]"),
        (["O'Hara"], "O’Hara", "[removed]"),
        (["Nora", "Nora Quill"], "Nora Quill Nora", "[removed] [removed] [removed]"),
        (["c1"], "c1 says", "[removed] says"),
        (["00"], "at 00", "at [removed]"),
        (["NOTE"], "a note", "a [removed]"),
    ],
)  # fmt: skip
def test_words_are_found_however_they_are_written(words: list[str], text: str, after: str) -> None:
    for end in ("\n", "\r\n", "\r"):
        head = "WEBVTT\n\nNOTE x\n\nc1\n00:01.000 --> 00:02.000\n".replace("\n", end)
        data = (head + text.replace("\n", end)).encode()
        made = Phrases(words).taken_out_of_file(data)
        assert made == (head + after.replace("\n", end)).encode()
        assert len(parse(of_path(), made.decode()).cues) == 1


def of_path() -> Path:
    from pathlib import Path  # noqa: PLC0415  # only a name in messages

    return Path(TRANSCRIPT)


@pytest.mark.parametrize(
    "words",
    [
        ("--line", "c1", "--to", "1"),
        ("--by", "Ines Keeper"),
        ("--dry-run",),
        ("--yes",),
        ("--to", "1", "--json"),
        ("--expunge", "…"),
        ("--to", "1", "--by", " "),
    ],
)
def test_what_does_not_go_together_is_misuse(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert run(tmp_path, *words).exit_code == 2
