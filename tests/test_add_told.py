"""What ``player add`` says of what it reads and makes, and what it refuses to read, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from clipping import run
from small_archive import write_tones
from test_add import SRT
from tones import ffmpeg

from player.archive.archive import Archive
from player.intake.adding import Wanted, add
from player.intake.beginning import begin

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    begin(tmp_path / "archive", "The quay")
    return tmp_path / "archive"


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    write_tones(tmp_path / "quay talk.wav", seconds=2)
    return tmp_path / "quay talk.wav"


@pytest.fixture
def words(tmp_path: Path) -> Path:
    (tmp_path / "quay.srt").write_text(SRT, encoding="utf-8")
    return tmp_path / "quay.srt"


def added(archive: Path, *words: str | Path) -> Result:
    """Add with the command; it must not fail otherwise than in words."""
    answer = run(archive, "add", *map(str, words))
    assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
    return answer


def titled(archive: Path, *words: str | Path) -> Result:
    return added(archive, *words, "--title", "On the quay", "--date", "1971")


@pytest.mark.parametrize("name", ["nothere.srt", "folder", "shut.srt"])
@pytest.mark.parametrize("way", ["new", "to", "dry"])
def test_a_transcript_that_cannot_be_read_is_told_in_words(
    empty: Path, sound: Path, tmp_path: Path, name: str, way: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "shut.srt").symlink_to(tmp_path / "shut.srt")
    folder = empty / "transcripts" / "quay"
    folder.mkdir()
    (folder / "recording.toml").write_text('title = "Quay"\ndate = "1971"\nstatus = "not held"\n', encoding="utf-8")
    given = {"new": ("--title", "x", "--date", "1971"), "to": ("--to", "quay"), "dry": ("--yes", "--dry-run")}[way]
    answer = added(empty, sound, "--transcript", tmp_path / name, *given)
    assert answer.exit_code == 1
    assert f"{name}: the file cannot be read (" in answer.output
    assert "check that it exists and that you may read it" in answer.output
    assert not list((empty / "media").iterdir())


def test_a_row_whose_transcript_cannot_be_read_is_told_and_the_others_are_added(
    empty: Path, sound: Path, tmp_path: Path
) -> None:
    write_tones(tmp_path / "dock.wav", seconds=3)
    table = tmp_path / "table.csv"
    table.write_text(
        f"sound,transcript,title,date\n{sound.name},nothere.srt,Quay,1971\ndock.wav,,Dock,1972\n", encoding="utf-8"
    )
    answer = added(empty, "--from-csv", table)
    assert answer.exit_code == 1
    assert "nothere.srt: the file cannot be read (no such file or directory)" in answer.output
    assert "1 recording added, 1 not added" in answer.output
    assert [*Archive(empty).slugs()] == ["dock"]


@pytest.mark.parametrize("name", ["nothere.csv", "folder.csv"])
def test_a_table_that_cannot_be_read_is_told_in_words(empty: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    answer = added(empty, "--from-csv", tmp_path / name)
    assert answer.exit_code == 1
    assert f"{name}: " in answer.output


@pytest.mark.long
def test_a_last_line_ends_with_the_sound_to_the_millisecond(empty: Path, tmp_path: Path) -> None:
    # 23.685 seconds, which a FLAC within Matroska states as 23.69.
    wav, sound, words = tmp_path / "talk.wav", tmp_path / "talk.mka", tmp_path / "talk.srt"
    write_tones(tmp_path / "long.wav", seconds=3)
    ffmpeg("-i", str(tmp_path / "long.wav"), "-af", "atrim=end_sample=21881", str(wav))
    ffmpeg("-i", str(wav), "-c:a", "flac", str(sound))
    words.write_text(SRT.replace("00:00:02,000", "00:00:09,000"), encoding="utf-8")
    slug = add(Archive(empty), Wanted((sound,), (words,), title="x", date="1971")).slug
    transcript = Archive(empty).recording(slug).transcript
    assert transcript is not None
    assert transcript.cues[-1].end == 21_881 * 1000 // 8000
