"""Clips of lines that are timed roughly say so; of a line that is not timed, none can be cut."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

import mutagen
import pytest
from small_archive import write_archive

from player.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import CliRunner

LINES: Final = """\
WEBVTT

NOTE page: 12

NOTE approximate

rough
00:00:01.000 --> 00:00:03.000
<v Ada>the ferry <00:00:02.000>leaves

exact
00:00:03.000 --> 00:00:05.000
<v Ada>and nobody told us

NOTE untimed never
<v Ada>not even once
"""
SAYS: Final = "Its words are placed by times that are only approximate."


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = write_archive(tmp_path / "archive")
    folder = root / "transcripts" / "tones"
    (folder / "annotations.toml").unlink()
    (folder / "transcript.vtt").write_text(LINES, encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("cue", "says"), [("rough", SAYS), ("exact", None), pytest.param("rough..exact", SAYS, marks=pytest.mark.long)]
)
def test_a_clip_whose_words_are_placed_roughly_says_so(
    root: Path, tmp_path: Path, runner: CliRunner, cue: str, says: str | None
) -> None:
    target = tmp_path / "clip.flac"
    made = runner.invoke(main, ["clip", "tones", "--cue", cue, "-o", str(target), "--archive", str(root)])
    assert made.exit_code == 0, made.output
    assert json.loads((tmp_path / "clip.flac.json").read_text(encoding="utf-8"))["approximate"] == says
    tags = mutagen.File(target)
    assert tags.get("approximate") == ([says] if says else None)
    assert (SAYS in tags["description"][0]) == (says is not None)
    words = (tmp_path / "clip.flac.vtt").read_text(encoding="utf-8")
    assert ("NOTE approximate" in words) == (says is not None)
    assert "NOTE page: 12" in words
    assert runner.invoke(main, ["verify", str(target), "--archive", str(root)]).exit_code == 0


@pytest.mark.parametrize("cue", ["never", "rough..never"])
def test_no_clip_is_cut_by_a_line_that_is_not_timed(root: Path, runner: CliRunner, cue: str) -> None:
    refused = runner.invoke(main, ["clip", "tones", "--cue", cue, "--archive", str(root)])
    assert refused.exit_code == 1
    assert re.match("the line never is not timed yet, .*; give times with --from and --to", refused.stderr)


def test_no_clip_is_cut_by_the_lines_of_a_transcript_that_is_not_timed(root: Path, runner: CliRunner) -> None:
    path = root / "transcripts" / "tones" / "transcript.vtt"
    path.write_text("WEBVTT\n\nNOTE untimed never\nnot even once\n", encoding="utf-8")
    refused = runner.invoke(main, ["clip", "tones", "--quote", "not even once", "--archive", str(root)])
    assert refused.exit_code == 1
    assert "is not timed yet; give times" in refused.stderr


@pytest.mark.parametrize(
    ("how", "says"),
    [
        (
            ["--quote", "nobody told"],
            "the words have no times of their own, so the clip has whole lines, 0:03 to 0:05",
        ),
        # The word times of a line that is timed roughly are not trusted either.
        (["--match", "ferry"], "the words have no times of their own, so the clip has whole lines, 0:01 to 0:03"),
        (["--quote", "the ferry leaves"], ""),
    ],
)
def test_a_quotation_that_is_widened_to_its_lines_says_so(
    root: Path, runner: CliRunner, how: list[str], says: str
) -> None:
    planned = runner.invoke(main, ["clip", "tones", *how, "--dry-run", "--archive", str(root)])
    assert planned.exit_code == 0, planned.output
    assert says in planned.stderr
    assert bool(planned.stderr) == bool(says)


@pytest.mark.parametrize("quote", ["not even once", "told us not even"])
def test_a_quotation_of_a_line_that_is_not_timed_is_found_and_not_cut(
    root: Path, runner: CliRunner, quote: str
) -> None:
    refused = runner.invoke(main, ["clip", "tones", "--quote", quote, "--archive", str(root)])
    assert refused.exit_code == 1
    assert "the line never is not timed yet" in refused.stderr


def test_places_that_are_not_timed_are_listed_as_such(root: Path, runner: CliRunner) -> None:
    path = root / "transcripts" / "tones" / "transcript.vtt"
    path.write_text(f"{LINES}\nNOTE untimed again\nnot even once\n", encoding="utf-8")
    refused = runner.invoke(main, ["clip", "tones", "--quote", "not even once", "--archive", str(root)])
    assert refused.exit_code == 1
    assert "   1  not timed  not even once" in refused.stderr
