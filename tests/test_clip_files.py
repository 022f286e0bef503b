"""Where a clip goes: a file, a folder that is there or is named, standard output under each of its names."""

from __future__ import annotations

import io
import wave
from typing import TYPE_CHECKING

import pytest
from clipping import run, start
from tones import ffmpeg

if TYPE_CHECKING:
    from pathlib import Path

SECOND = ("clip", "tones", "--from", "1", "--to", "2", "--format", "wav")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("named", ["there", "there/", "a/b/"])
def test_a_clip_goes_into_a_folder_under_its_own_name(named: str, archive: Path, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    done = run(archive, *SECOND, "--bare", "-o", named)
    assert done.exit_code == 0, done.output
    (made,) = (tmp_path / named).iterdir()
    assert made.name.startswith("tones_")
    assert f"{made.relative_to(tmp_path)}: " in done.output


def test_a_folder_for_which_nothing_is_cut_is_not_made(archive: Path, tmp_path: Path) -> None:
    assert run(archive, *SECOND, "-o", "a/b/", "--dry-run").exit_code == 0
    refused = run(archive, "clip", "tones", "--from", "1", "--to", "1.001", "-o", "a/b/", "--format", "wav")
    assert refused.exit_code == 1
    assert not (tmp_path / "a").exists()
    (tmp_path / "file").touch()
    refused = run(archive, *SECOND, "-o", "file/b/")
    assert refused.output.startswith("file/b: the folder cannot be made (")


def test_many_clips_go_into_a_folder_that_is_made_with_those_around_it(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("1,2\n", encoding="utf-8")
    done = run(archive, "clips", "tones", "--from-csv", "rows.csv", "--format", "wav", "-o", "a/b")
    assert done.exit_code == 0, done.output
    assert len(list((tmp_path / "a" / "b").glob("*.wav"))) == 1


@pytest.mark.parametrize("name", ["-", "/dev/stdout", "/dev/fd/1"])
def test_a_clip_goes_to_standard_output_under_each_of_its_names(name: str, archive: Path) -> None:
    sent, told = start(archive, *SECOND, "-o", name).communicate()
    with wave.open(io.BytesIO(sent)) as sound:
        assert (sound.getframerate(), sound.getnframes()) == (8000, 8000), told


@pytest.mark.long
def test_a_form_goes_to_standard_output_under_each_of_its_names(archive: Path) -> None:
    names = ("-", "/dev/stdout")
    one, other = (start(archive, "export", "tones", "--to", "srt", "-o", each).communicate()[0] for each in names)
    assert one == other != b""


@pytest.mark.parametrize("sign", ["\n", "\x1b[31m", "\x7f", "\u2028"])
def test_a_name_that_would_move_what_a_terminal_shows_is_refused_and_never_printed(
    sign: str, archive: Path, tmp_path: Path
) -> None:
    refused = run(archive, "clip", "tones", "--from", "1", "--to", "2", "-o", f"new{sign}line.wav")
    escaped = sign.encode("unicode_escape").decode()
    assert refused.exit_code == 1
    assert refused.output == f"new{escaped}line.wav: the name has signs that no terminal shows; give another name\n"
    made = run(archive, "clips", "tones", "--all-annotations", "--format", "wav", "-o", f"in{sign}to")
    assert made.exit_code == 0
    assert f"in{escaped}to/" in made.output
    assert sign not in made.output.replace("\n", "" if sign == "\n" else "\n")
    again = run(archive, "clips", "tones", "--all-annotations", "--format", "wav", "-o", f"in{sign}to")
    assert f"in{escaped}to/" in again.output
    assert (tmp_path / f"in{sign}to").is_dir()


@pytest.mark.parametrize(("kind", "fewest"), [("mp3", 47), ("flac", 16)])
def test_what_a_format_cannot_hold_is_refused_and_the_next_longer_is_decoded_as_it_was(
    kind: str, fewest: int, archive: Path, tmp_path: Path
) -> None:
    """A player hears 47 samples of any MP3 with fewer; FLAC has no block of fewer than 16."""
    without_fades = ("--fade-in", "0", "--fade-out", "0", "-o", f"short.{kind}")
    # Eight samples to a millisecond.
    most = (fewest - 1) // 8
    refused = run(archive, "clip", "tones", "--from", "1", "--to", f"1.{most:03d}", *without_fades)
    assert refused.exit_code == 1
    few = f"{kind.upper()} has at least {fewest} samples, and the clip {most * 8} samples; choose WAV"
    assert refused.output == f"short.{kind}: {few}\n"
    assert not list(tmp_path.glob("short*"))
    made = run(archive, "clip", "tones", "--from", "1", "--to", f"1.{most + 1:03d}", *without_fades)
    assert made.exit_code == 0, made.output
    assert len(ffmpeg("-i", f"short.{kind}", "-f", "s16le", "-")) == 2 * 8 * (most + 1)
