"""``player align``: lines get the times at which they are said, what a person did stays, and the rest is told.

The tests here use a tiny engine of their own, which hears tones.
"""

from __future__ import annotations

import csv
import json
import re
import wave
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest
import tiny_engine
from click.testing import CliRunner
from tones import write_tones

from player.align import pieces
from player.archive.archive import Archive
from player.archive.line_marks import aligned
from player.archive.transcript import Cue, UntimedLine
from player.archive.webvtt.reading import read_transcript
from player.audio import cache
from player.cli import main
from player.intake.beginning import begin

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

    from player.archive.transcript import Transcript

TRANSCRIPT: Final = """\
WEBVTT
Language: en

NOTE page: 1

NOTE untimed k1
<v Ada>Quay, tide!

NOTE source: log, p. 2

NOTE untimed k2
<v Ben>Ferry <i>rope</i> slip.

NOTE page: 2

NOTE approximate

k3
00:00:01.000 --> 00:00:02.000
<v Ada>Mole buoy.

k4
00:00:07.250 --> 00:00:08.000
<v Ben>Lamp, which a person timed.

NOTE untimed k5
<v Ada>Nobody said this.

NOTE untimed k6
<v Ada>Dock.
"""
RECORD: Final = """\
title = "Tones"
date = "1971"
sources = ["log"]
media = "tones.wav"

[[speaker]]
name = "Ada"
kind = "person"

[[speaker]]
name = "Ben"
kind = "unidentified"
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive with one record: twelve seconds of sound that says the first twelve words."""
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv(tiny_engine.LOG, str(tmp_path / "log"))
    tiny_engine.install(monkeypatch)
    archive = tmp_path / "archive"
    begin(archive)
    (archive / "transcripts/sources.toml").write_text('[log]\ntitle = "A log"\nkind = "document"\n', encoding="utf-8")
    folder = archive / "transcripts/tones"
    folder.mkdir()
    (folder / "recording.toml").write_text(RECORD, encoding="utf-8")
    (folder / "transcript.vtt").write_text(TRANSCRIPT, encoding="utf-8")
    write_tones(archive / "media/tones.wav", seconds=12)
    return archive


def align(root: Path, *words: str | Path) -> Result:
    return CliRunner().invoke(main, ["align", "tones", *map(str, words), "--archive", str(root)])


def transcript(root: Path) -> Transcript:
    return read_transcript(root / "transcripts/tones/transcript.vtt")


def files(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def heard(root: Path) -> list[str]:
    log = root.parent / "log"
    return log.read_text(encoding="utf-8").split() if log.exists() else []


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
    told = "not placed, and left as it was: 1\n  k5, page 2 “Nobody said this.”: not all of it is tones\n"
    assert told in ran.output
    path = root / "transcripts/tones/transcript.vtt"
    corrected = f"where their words are not those that are said, correct them in {path}, and then: player align tones"
    assert f"{corrected} --archive {root}\n" in ran.output


@pytest.mark.long
def test_what_was_there_is_kept_in_history_and_nothing_in_the_cache(root: Path) -> None:
    align(root)
    (kept,) = (root / "transcripts/tones/history").iterdir()
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
def test_nothing_is_written_where_nothing_is_placed(root: Path) -> None:
    (root / "transcripts/tones/transcript.vtt").write_text("WEBVTT\n\nNOTE untimed k1\nReef quay.\n", encoding="utf-8")
    before = files(root)
    ran = align(root)
    assert ran.exit_code == 1
    assert "none of 1 line was placed in 0:12 of sound; nothing is written" in ran.output
    assert "k1 “Reef quay.”: not made out (noise, or other words than these)" in ran.output
    assert "possible causes: noise over the voices; a text of another sound; another language than" in ran.output
    assert files(root) == before


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("no sound", "recording.toml: the record has no sound in which its words could be placed; to give it one"),
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
