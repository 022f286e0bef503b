"""``player align``: lines get the times at which they are said, and what a person did stays.

The tests here use a tiny engine of their own, which hears tones.
"""

from __future__ import annotations

import json
import re
import wave
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import tones_archive
from click.testing import CliRunner
from tones_archive import RECORD, TRANSCRIPT, align, files, heard, transcript

from player.align import pieces
from player.archive.archive import Archive
from player.archive.line_marks import aligned
from player.archive.transcript import Cue, UntimedLine
from player.archive.webvtt.reading import read_transcript
from player.audio import cache
from player.cli import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return tones_archive.write_archive(tmp_path, monkeypatch)


@pytest.mark.long
def test_lines_get_the_times_at_which_they_are_said(root: Path) -> None:
    ran = align(root)
    assert ran.exit_code == 0, ran.output
    found = {line.id: line for line in transcript(root).lines}
    times = {name: (line.start, line.end, line.words) for name, line in found.items() if isinstance(line, Cue)}
    assert times == {
        "k1": (0, 2000, (0, 1000)),
        "k2": (2000, 5000, (0, 1000, 2000)),
        "k3": (5000, 7000, (0, 1000)),
        "k4": (7250, 8000, ()),
        "k6": (11_000, 12_000, ()),
    }
    assert isinstance(found["k5"], UntimedLine)
    assert {name: aligned(line) for name, line in found.items()} == {
        "k1": 0.9,
        "k2": 0.9,
        "k3": 0.9,
        "k4": None,
        "k5": None,
        "k6": 0.9,
    }
    assert not any(isinstance(line, Cue) and line.is_approximate for line in found.values())
    assert [(line.page, line.speaker) for line in found.values()][1:3] == [("1", "Ben"), ("2", "Ada")]
    assert [str(each) for each in found["k2"].citations] == ["log, p. 2"]
    text = (root / "transcripts/tones/transcript.vtt").read_text(encoding="utf-8")
    assert "<v Ben>Ferry <i><00:00:03.000>rope</i> <00:00:04.000>slip." in text
    made = transcript(root)
    assert made.media_sha256 == cache.digest(root / "media/tones.wav")
    assert made.aligner is not None
    assert re.fullmatch(r"numpy [\d.]+\S*", made.aligner.program)
    assert made.aligner.model == "of tones"
    assert made.faults == ()


@pytest.mark.long
def test_what_was_done_is_told(root: Path) -> None:
    ran = align(root)
    assert "tones: 4 of 5 lines are placed, from 0:00 to 0:12\n" in ran.output
    assert "confidence in the times, not in the words: 0.90 in the mean, 0.90 the least (1 is certain)\n" in ran.output
    told = 'not placed, and left as it was: 1\n  k5, page 2 "Nobody said this.": not all of it is tones\n'
    assert told in ran.output
    path = root / "transcripts/tones/transcript.vtt"
    corrected = f"where their words are not those that are said, correct them in {path}, and then: player align tones"
    assert f"{corrected} --archive {root}\n" in ran.output


@pytest.mark.long
def test_what_was_there_is_kept_in_history_and_nothing_in_the_cache(root: Path) -> None:
    align(root)
    kept, entry = sorted((root / "transcripts/tones/history").iterdir())
    assert (kept.name, entry.name) == ("0000-first.vtt", "0001.json")
    assert kept.read_text(encoding="utf-8") == TRANSCRIPT
    assert pieces.count(root / "media/tones.wav") == 0
    assert not list((root.parent / "cache/samples-1").iterdir())


@pytest.mark.long
def test_again_moves_what_a_machine_placed_and_nothing_that_a_person_timed_or_heard(root: Path) -> None:
    align(root)
    path = root / "transcripts/tones/transcript.vtt"
    text = path.read_text(encoding="utf-8")
    text = text.replace("00:00:00.000 --> 00:00:02.000", "00:00:00.300 --> 00:00:02.000")
    text = text.replace("00:00:05.000 --> 00:00:07.000", "00:00:05.300 --> 00:00:07.000")
    text = text.replace("k3\n", "NOTE heard: 2026-11-29, Ines Keeper\n\nk3\n")
    path.write_text(text, encoding="utf-8")
    ran = align(root)
    assert ran.exit_code == 0, "only what cannot be placed is left"
    assert (
        "tones: nothing new could be placed; 5 lines are timed already\nnot placed, and left as it was: 1\n"
        in ran.output
    )
    assert "possible causes" not in ran.output
    assert path.read_text(encoding="utf-8") == text
    ran = align(root, "--again")
    assert ran.exit_code == 0, ran.output
    starts = {line.id: line.start for line in transcript(root).lines if isinstance(line, Cue)}
    assert starts == {"k1": 0, "k2": 2000, "k3": 5300, "k4": 7250, "k6": 11_000}


@pytest.mark.long
def test_a_text_is_brought_in_and_placed_in_one_change(root: Path, tmp_path: Path) -> None:
    (root / "transcripts/tones/transcript.vtt").unlink()
    text = tmp_path / "minutes.txt"
    text.write_text("ADA: Quay tide.\n\nTOM: Ferry rope.\n\nADA: Dock.\n", encoding="utf-8")
    ran = align(root, text, "--speakers", "ADA=Ada,TOM=Tom Hale")
    assert ran.exit_code == 0, ran.output
    made = [(line.start, line.speaker, line.text) for line in transcript(root).cues]
    assert made == [(0, "Ada", "Quay tide."), (2000, "Tom Hale", "Ferry rope."), (11_000, "Ada", "Dock.")]
    assert "new speaker, unidentified in recording.toml: Tom Hale" in ran.output
    assert Archive(root).record("tones").speaker[-1].name == "Tom Hale"
    ran = align(root, text)
    assert ran.exit_code == 1
    assert "there is a transcript already; without a TEXT, that is aligned; --force replaces it" in ran.output


@pytest.mark.long
def test_a_passage_of_the_sound_is_searched_alone(root: Path) -> None:
    ran = align(root, "--from", "0:02", "--to", "0:06")
    assert ran.exit_code == 0, ran.output
    assert [(line.id, line.start) for line in transcript(root).cues if aligned(line)] == [("k2", 2000)]
    assert sorted(heard(root)) == ["0", "2"]
    assert "k6" not in ran.output, "it is said after what is timed after that passage"


@pytest.mark.long
def test_a_dry_run_writes_nothing_and_leaves_the_work(root: Path) -> None:
    before = files(root)
    ran = align(root, "--dry-run")
    assert ran.exit_code == 0
    assert "4 of 5 lines are placed" in ran.output
    assert "nothing is written" in ran.output
    assert files(root) == before
    assert len(heard(root)) == 6
    align(root)
    assert len(heard(root)) == 6


@pytest.mark.long
def test_again_with_the_same_outcome_writes_nothing(root: Path) -> None:
    align(root)
    before = files(root)
    ran = align(root, "--again")
    assert ran.exit_code == 0
    assert "all of it is as it was already; nothing is written" in ran.output
    assert files(root) == before


@pytest.mark.long
def test_a_translation_gets_the_times_too(root: Path) -> None:
    folder = root / "transcripts/tones"
    spanish = "WEBVTT\nLanguage: es\n\nNOTE untimed k1\nMuelle, marea.\n\nk4\n00:00:07.250 --> 00:00:08.000\nFarol.\n"
    (folder / "transcript.es.vtt").write_text(spanish, encoding="utf-8")
    (folder / "transcript.fr.vtt").write_text("no transcript", encoding="utf-8")
    ran = align(root)
    assert "transcript.es.vtt: its lines have the new times too" in ran.output
    assert "transcript.fr.vtt: its lines do not match those before" in ran.output
    lines = read_transcript(folder / "transcript.es.vtt").cues
    assert [(line.id, line.start, line.text) for line in lines] == [("k1", 0, "Muelle, marea."), ("k4", 7250, "Farol.")]


@pytest.mark.long
def test_speech_that_no_line_has_is_told(root: Path) -> None:
    path, sound = root / "transcripts/tones/transcript.vtt", root / "media/tones.wav"
    path.write_text("WEBVTT\n\nNOTE untimed k1\nQuay tide ferry.\n\nNOTE untimed k2\nDock.\n", encoding="utf-8")
    with wave.open(str(sound), "rb") as file:
        settings, tones = file.getparams(), np.frombuffer(file.readframes(file.getnframes()), "<i2")
    # From 0:04 to 0:10 the tones come and go, as syllables do.
    time = np.arange(tones.size) / settings.framerate
    swell = np.where((time > 3) & (time < 11), np.clip(np.sin(2 * np.pi * 4 * time), 0, 1), 1)
    swell = np.where(((time > 3) & (time < 4)) | ((time > 10) & (time < 11)), 0, swell)
    with wave.open(str(sound), "wb") as file:
        file.setparams(settings)
        file.writeframes((tones * swell).astype("<i2").tobytes())
    said: Any = json.loads(align(root, "--dry-run", "--json").stdout)
    assert said["placed"] == 2
    ((start, end),) = said["unwritten"]
    assert (start[:7], end[:7]) == ("00:00:0", "00:00:0")
    ran = align(root)
    assert re.search(r"\nspeech, or a sound like it, that no line has: 0:0[34][.\d]* to 0:(09|10)[.\d]*\n", ran.output)
    # After the last line and before the first, too.
    for only, begins in (("Quay tide ferry.", "00:00:04"), ("Dock.", "00:00:00")):
        path.write_text(f"WEBVTT\n\nNOTE untimed k1\n{only}\n", encoding="utf-8")
        ((start, end),) = json.loads(align(root, "--dry-run", "--json").stdout)["unwritten"]
        assert start.startswith(begins), only
        assert end > "00:00:09", only


@pytest.mark.long
def test_where_passages_are_closed_the_command_that_lists_them_is_named(root: Path) -> None:
    path = root / "transcripts/tones/recording.toml"
    closed = '\n[[closed]]\nstart = "0:08"\nend = "0:10"\nreason = "privacy"\ndecided_by = "the keeper"\n'
    path.write_text(RECORD + closed, encoding="utf-8")
    ran = align(root)
    assert ran.exit_code == 0, ran.output
    assert "passages of tones are closed; look which lines are within them now: player closed --archive" in ran.output
    assert path.read_text(encoding="utf-8") == RECORD + closed


def test_whoever_brings_in_a_text_without_times_is_told_what_finds_them(root: Path, tmp_path: Path) -> None:
    (root / "transcripts/tones/transcript.vtt").unlink()
    (tmp_path / "minutes.txt").write_text("Quay tide.\n\nFerry rope.\n", encoding="utf-8")
    words = ["import", "tones", str(tmp_path / "minutes.txt"), "--archive", str(root)]
    ran = CliRunner().invoke(main, words)
    told = "2 lines have no times of their own; to find in the sound when they are said: player align tones --archive "
    assert f"{told}{root}\n" in ran.output
