"""A table of clips may say of each row in which format its clip is to be, or that it is to be a copy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from clipping import run
from held_sounds import held_archive, sidecar

if TYPE_CHECKING:
    from click.testing import Result

ROWS = "2,4,ferry,wav\n2,4,ferry,copy\n5,6,quay,\n6,7,mole,FLAC\n"


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return held_archive(tmp_path, monkeypatch)


def table(archive: Path, rows: str, *more: str) -> Result:
    Path("list.csv").write_text(f"start,end,name,format\n{rows}", encoding="utf-8")
    return run(archive, "clips", "tones", "--from-csv", "list.csv", "-o", "clips", *more)


def made() -> dict[str, tuple[str, int, int]]:
    """Give the clips, each with how it was written."""
    settings = {path.name: sidecar(path)["settings"] for path in Path("clips").iterdir() if path.suffix in SUFFIXES}
    return {name: (each["format"], each["fade_in"], each["fade_out"]) for name, each in settings.items()}


SUFFIXES = {".mp3", ".wav", ".flac", ".opus", ".m4a"}
WAV, COPY = "tones_00m02s000-00m04s000_ferry.wav", "tones_00m02s000-00m04s000_ferry.mp3"
QUAY, MOLE = "tones_00m05s000-00m06s000_quay", "tones_00m06s000-00m07s000_mole"


@pytest.mark.long
def test_each_row_is_in_its_format_and_others_are_as_the_command_says(archive: Path) -> None:
    result = table(archive, ROWS)
    assert (result.exit_code, result.stderr) == (0, "4 made\n"), result.output
    rest = {WAV: ("wav", 5, 5), COPY: ("copy", 0, 0), f"{MOLE}.flac": ("flac", 5, 5)}
    assert made() == rest | {f"{QUAY}.mp3": ("mp3", 5, 5)}
    assert [line.partition(": ")[0] for line in result.stdout.splitlines()] == [
        f"clips/{name}" for name in (WAV, COPY, f"{QUAY}.mp3", f"{MOLE}.flac")
    ]
    assert table(archive, ROWS).stderr == "4 already there\n"
    # Rows that say nothing are copies where --format says so, and those that do have the usual fades.
    assert table(archive, ROWS, "--format", "copy", "--force").exit_code == 0
    assert made() == rest | {f"{QUAY}.mp3": ("copy", 0, 0)}


@pytest.mark.long
def test_what_a_format_does_not_have_is_told_of_its_row(archive: Path) -> None:
    result = table(archive, ROWS, "--bitrate", "96")
    assert result.exit_code == 1
    told = result.stderr.splitlines()
    assert told[0].startswith("list.csv:2: .wav files have no bitrate")
    assert told[1].startswith("list.csv:3: another bitrate is not possible in a copy")
    result = table(archive, ROWS, "--fade-in", "20", "--force")
    assert result.stderr.startswith("list.csv:3: fades are not possible in a copy")
    assert made()[WAV] == ("wav", 20, 5)


@pytest.mark.parametrize("name", ["../wav", *(pytest.param(each, marks=pytest.mark.long) for each in ("ogg", "mp4"))])
def test_another_format_is_refused_with_its_line_and_the_others_are_made(archive: Path, name: str) -> None:
    result = table(archive, f"2,4,ferry,wav\n5,6,quay,{name}\n")
    assert result.exit_code == 1
    told = f'list.csv:3: "{name}" is not a format of clips; write mp3, wav, flac, opus, m4a or copy, or leave it empty'
    assert told in result.stderr
    assert list(made()) == [WAV]


def test_one_file_of_all_rows_has_one_format(archive: Path) -> None:
    Path("list.csv").write_text(f"start,end,name,format\n{ROWS}", encoding="utf-8")
    result = run(archive, "clips", "tones", "--from-csv", "list.csv", "--join", "-o", "one.mp3")
    assert result.exit_code == 1
    assert (
        "list.csv:2: with --join there is one file, and its name sets the format; leave this one out" in result.stderr
    )
    assert not Path("one.mp3").exists()
    planned = table(archive, ROWS, "--dry-run", "--json")
    assert [Path(each["path"]).name for each in json.loads(planned.stdout)][:2] == [WAV, COPY]
