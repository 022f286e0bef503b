"""What ``player align`` did as a table and as JSON, of every line; a table destroys nothing."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import pytest
import tiny_engine
import tones_archive
from tones_archive import TRANSCRIPT, align, files

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return tones_archive.write_archive(tmp_path, monkeypatch)


@pytest.mark.long
def test_the_result_as_json_and_as_a_table(root: Path, tmp_path: Path) -> None:
    ran = align(root, "--json", "--report", tmp_path / "report.csv")
    said: Any = json.loads(ran.stdout)
    assert (said["placed"], said["left"], said["written"]) == (4, 1, True)
    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["id"], row["start"], row["why not"]) for row in rows] == [
        ("k1", "00:00:00.000", ""),
        ("k2", "00:00:02.000", ""),
        ("k3", "00:00:05.000", ""),
        ("k5", "", "not all of it is tones"),
        ("k6", "00:00:11.000", ""),
    ]
    assert said["lines"][0]["confidence"] == 0.9


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("archive/transcripts/tones/recording.toml", "the table cannot be in the archive itself"),
        ("archive/transcripts/tones/transcript.vtt", "the table cannot be in the archive itself"),
        ("archive/new.csv", "the table cannot be in the archive itself"),
        ("link/recording.toml", "the table cannot be in the archive itself"),
        ("minutes.txt", "this is the text that is read"),
        ("other.csv", "there is such a file already; choose another name, or replace it with --force"),
        ("folder", "this is no file that a table could be written to"),
        ("nowhere/report.csv", "the table cannot be written (no such file or directory)"),
    ],
)
def test_a_table_destroys_nothing_and_that_is_told_before_anything_is_heard(
    root: Path, tmp_path: Path, place: str, told: str
) -> None:
    (tmp_path / "link").symlink_to(root / "transcripts/tones")
    (tmp_path / "folder").mkdir()
    (tmp_path / "other.csv").write_text("mine", encoding="utf-8")
    text = tmp_path / "minutes.txt"
    text.write_text("ADA: Quay tide.\n", encoding="utf-8")
    before = files(tmp_path)
    forced = [] if place == "other.csv" else ["--force"]
    ran = align(root, text, "--speakers", "yes", "--report", tmp_path / place, *forced)
    assert ran.exit_code == 1, ran.output
    assert told in ran.stderr
    assert files(tmp_path) == before


@pytest.mark.long
def test_a_table_is_replaced_where_that_is_said_and_else_what_came_there_meanwhile_stays(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, path = tiny_engine.place, tmp_path / "report.csv"

    def placing(*arguments: Any) -> Any:
        path.write_text("mine", encoding="utf-8")
        return place(*arguments)

    monkeypatch.setattr(tiny_engine, "place", placing)
    ran = align(root, "--report", path)
    assert ran.exit_code == 1
    assert path.read_text(encoding="utf-8") == "mine"
    assert "4 of 5 lines are placed" in ran.stdout, "what was done is told all the same"
    assert "report.csv: the table cannot be written (file exists)" in ran.stderr
    assert align(root, "--again", "--report", path, "--force").exit_code == 0
    assert path.read_text(encoding="utf-8-sig").startswith("id,page,")


@pytest.mark.long
def test_a_line_in_which_nothing_is_said_is_counted_apart(root: Path, tmp_path: Path) -> None:
    path = root / "transcripts/tones/transcript.vtt"
    path.write_text(TRANSCRIPT.replace("Nobody said this.", "[A rope is thrown.]"), encoding="utf-8")
    ran = align(root, "--report", tmp_path / "report.csv")
    assert "tones: 4 of 4 lines are placed, from 0:00 to 0:12\n" in ran.output
    assert "\n1 line has no spoken words to look for\n" in ran.output
    assert "not placed" not in ran.output
    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["why not"] for row in csv.DictReader(file)] == ["", "", "", "it has no spoken words", ""]
