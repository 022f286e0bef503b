"""What ``player align`` cannot do is told, and the archive stays as it was; so does what changes meanwhile."""

from __future__ import annotations

import wave
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import tiny_engine
import tones_archive
from click.testing import CliRunner
from tones import write_tones
from tones_archive import RECORD, TRANSCRIPT, align, files, heard, transcript

from player.cli import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return tones_archive.write_archive(tmp_path, monkeypatch)


@pytest.mark.long
def test_nothing_is_written_where_nothing_is_placed(root: Path) -> None:
    (root / "transcripts/tones/transcript.vtt").write_text("WEBVTT\n\nNOTE untimed k1\nReef quay.\n", encoding="utf-8")
    before = files(root)
    ran = align(root)
    assert ran.exit_code == 1
    assert "none of 1 line was placed in 0:12 of sound; nothing is written" in ran.output
    assert 'k1 "Reef quay.": not made out (noise, or other words than these)' in ran.output
    assert "possible causes: noise over the voices; a text of another sound; another language than" in ran.output
    assert files(root) == before


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("no sound", "recording.toml: the record has no sound in which its words could be placed; to give it one"),
        ("no file", "tones.wav: there is no such file; put the sound there, and try again"),
        ("a folder", "tones.wav: there is no such file; put the sound there, and try again"),
        ("no text", "there is no transcript; name the text: player align tones TEXT"),
        ("empty text", "transcript.vtt: there are no lines in it"),
        ("another sound", "lines of it are timed, and to another sound than the record has now"),
        ("damaged sound", "tones.wav: the sound cannot be decoded"),
        ("no WEBVTT", "does not begin with WEBVTT"),
    ],
)
def test_what_cannot_be_aligned_is_told_and_left(root: Path, change: str, told: str) -> None:
    path, sound = root / "transcripts/tones/transcript.vtt", root / "media/tones.wav"
    record = root / "transcripts/tones/recording.toml"
    if change == "no sound":
        record.write_text(RECORD.replace('media = "tones.wav"\n', 'status = "not held"\n'), encoding="utf-8")
    elif change in {"no file", "a folder"}:
        sound.unlink()
        if change == "a folder":
            sound.mkdir()
    elif change == "no text":
        path.unlink()
    elif change == "empty text":
        path.write_text("WEBVTT\n", encoding="utf-8")
    elif change == "another sound":
        path.write_text(
            TRANSCRIPT.replace("en\n", f"en\nLocal Usage Element: [Media SHA-256] {'a' * 64}\n", 1), "utf-8"
        )
    elif change == "damaged sound":
        sound.write_bytes(b"RIFF nothing")
    else:
        path.write_text("Quay, tide!\n", encoding="utf-8")
    before = files(root)
    ran = align(root)
    assert ran.exit_code == 1, ran.output
    assert told in ran.output
    assert "Traceback" not in ran.output
    assert files(root) == before


def test_where_nothing_is_left_to_place_nothing_is_heard(root: Path, tmp_path: Path) -> None:
    path = root / "transcripts/tones/transcript.vtt"
    timed = "WEBVTT\n\nNOTE aligned: 0.90\n\n00:00.000 --> 00:01.000\nQuay.\n"
    path.write_text(f"{timed}\nNOTE untimed k2\n[A rope is thrown.]\n", encoding="utf-8")
    ran = align(root)
    assert ran.exit_code == 0, ran.output
    told = "nothing is left to place; 1 line is timed already; --again places anew what a machine placed"
    assert ran.output == f"tones: {told}\n1 line has no spoken words to look for\n"
    assert heard(root) == []
    path.unlink()
    text = tmp_path / "own.vtt"
    text.write_text("WEBVTT\n\n00:00.000 --> 00:01.000\nQuay.\n", encoding="utf-8")
    ran = align(root, text)
    assert ran.exit_code == 1
    assert (
        "own.vtt: every line of it is timed, so there is nothing to place; to bring it in: player import" in ran.output
    )


@pytest.mark.long
def test_a_name_that_is_not_there_and_options_that_do_not_fit_are_refused(root: Path) -> None:
    assert CliRunner().invoke(main, ["align", "nothing", "--archive", str(root)]).exit_code == 1
    assert align(root, "--from", "5", "--to", "2").exit_code == 2
    assert align(root, "--speakers", "yes").exit_code == 2
    assert align(root, "--engine", "none").exit_code == 2
    ran = align(root, "--from", "1:00")
    assert ran.exit_code == 1
    assert "the sound ends at 0:12; choose a passage before that" in ran.output


@pytest.mark.long
def test_a_sound_that_changes_meanwhile_is_told(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tiny_engine.place

    def placing(*arguments: Any) -> Any:
        answers = place(*arguments)
        write_tones(root / "media/tones.wav", seconds=12, seed=3)
        return answers

    monkeypatch.setattr(tiny_engine, "place", placing)
    ran = align(root)
    assert ran.exit_code == 1
    assert "tones.wav: the sound was changed meanwhile, so nothing is written; do it again" in ran.output
    assert transcript(root).media_sha256 is None


@pytest.mark.long
def test_a_transcript_that_is_edited_meanwhile_is_not_overwritten_and_the_work_is_kept(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, path = tiny_engine.place, root / "transcripts/tones/transcript.vtt"
    edited = TRANSCRIPT.replace("Quay, tide!", "Quay!")

    def placing(*arguments: Any) -> Any:
        answers = place(*arguments)
        path.write_text(edited, encoding="utf-8")
        return answers

    with monkeypatch.context() as patch:
        patch.setattr(tiny_engine, "place", placing)
        ran = align(root)
    assert ran.exit_code == 1
    assert "this was changed at the same time; do it again" in ran.output
    assert path.read_text(encoding="utf-8") == edited
    assert len(heard(root)) == 6
    ran = align(root)
    assert ran.exit_code == 0
    assert len(heard(root)) == 6, "nothing was listened to again"


@pytest.mark.long
def test_silence_and_a_second_of_sound_place_nothing(root: Path) -> None:
    for seconds in (12, 1):
        write_silence(root / "media/tones.wav", seconds)
        ran = align(root)
        assert ran.exit_code == 1, ran.output
        assert "nothing is written" in ran.output


def write_silence(path: Path, seconds: int) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(np.zeros(16_000 * seconds, "<i2").tobytes())
