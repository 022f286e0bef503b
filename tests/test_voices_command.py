"""``player voices``: who speaks is listed and named; what sounds alike is offered, and never named by itself."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import dialogues
import pytest
from click.testing import CliRunner
from programs import program
from small_archive import write_archive

from player.align import like_lines, samples
from player.archive.archive import Archive
from player.archive.machine import LABEL
from player.cli import main
from player.commands import naming_voices
from player.intake.voices import is_unnamed
from player.timecode import vtt

if TYPE_CHECKING:
    from click.testing import Result

    from player.archive.transcript import Cue

TRANSCRIPT = """\
WEBVTT
Language: en

NOTE Speaker 1 may be the keeper

c1
00:00:00.000 --> 00:00:02.000
<v Speaker 1>One <00:00:00.500>boat.

c2
00:00:02.000 --> 00:00:04.000
<v Speaker 2>Two boats.

c3
00:00:04.000 --> 00:00:06.000
<v Speaker 1>Three.

c4
00:00:06.000 --> 00:00:07.000
<v Tom Hale>Four, and no more.

c5
00:00:07.000 --> 00:00:08.000
<v Speaker 1>Five.</v> <v Speaker 2>Six.

c6
00:00:08.000 --> 00:00:10.000
Seven.

NOTE untimed c7
<v Speaker 2>Eight.
"""
SPEAKERS = """\
title = "Boats"
date = "1957"
media = "tones.wav"

# Who is heard
[[speaker]]
name = "Speaker 1" # the one who asks
kind = "unidentified"

[[speaker]]
name = "Speaker 2"
kind = "unidentified"

[[speaker]]
name = "Tom Hale"
kind = "person"

[original]
description = "Ten tones"
"""
PEOPLE = """\
[[person]]
id = "ines"
name = "Ines Keeper"
also = ["I. Keeper"]
role = "keeper of the harbour"
sources = ["log"]
"""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    root = write_archive(tmp_path / "archive")
    folder = root / "transcripts" / "tones"
    (folder / "annotations.toml").unlink()
    (folder / "transcript.vtt").write_text(TRANSCRIPT, encoding="utf-8")
    (folder / "recording.toml").write_text(SPEAKERS, encoding="utf-8")
    (root / "transcripts" / "people.toml").write_text(PEOPLE, encoding="utf-8")
    return root


def run(archive: Path, *words: str, answers: str = "") -> Result:
    return CliRunner().invoke(main, ["voices", "tones", *words, "--archive", str(archive)], input=answers)


def text(archive: Path, name: str = "transcript.vtt") -> str:
    return (archive / "transcripts" / "tones" / name).read_text(encoding="utf-8")


def speakers(archive: Path) -> list[tuple[str, str, str | None]]:
    return [(each.name, each.kind, each.person) for each in Archive(archive).record("tones").speaker]


def spoken(archive: Path) -> list[list[str | None]]:
    transcript = Archive(archive).recording("tones").transcript
    return [[turn.speaker for turn in line.turns] for line in (transcript.lines if transcript else ())]


@pytest.fixture
def like(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Have lines found that sound alike, whatever they sound like: those whose names are put in, and are not named."""
    names = ["c3", "c6"]

    def found(lines: list[Cue], named: str, name: str, _samples: object, _told: object) -> like_lines.Found:
        assert name == " ".join(name.split())
        free = [line for line in lines if line.id in names and line.id != named and is_unnamed(line.speaker)]
        return like_lines.Found(tuple(like_lines.Alike(line, 0.8) for line in free), 1, is_unknown=False)

    class Held:
        def open(self) -> None:
            """Give no samples: nothing listens."""

    monkeypatch.setattr(like_lines, "like", found)
    monkeypatch.setattr(samples, "samples", lambda *_: contextlib.nullcontext(Held()))
    return names


def test_the_voices_are_listed_with_lines_to_hear_them_by(archive: Path) -> None:
    result = run(archive)
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[:4] == [
        "Speaker 1: 3 lines, 5 s; nobody has said who it is",
        "  c1  0:00  One boat.",
        "  c3  0:04  Three.",
        "  c5  0:07  Five. Six.",
    ]
    assert "Tom Hale: 1 line, 1 s; named by a person\n" in result.output
    assert "no voice: 1 line, 2 s\n  c6  0:08  Seven.\n" in result.output
    assert "  c7  -     Eight.\n" in result.output
    assert f'player voices tones --name c1 "…" --archive {archive}\n' in result.output
    told = json.loads(run(archive, "--json").output)
    assert [(each["voice"], each["named"], each["lines"]) for each in told][2:] == [
        ("Tom Hale", True, 1),
        (None, False, 1),
    ]


def test_what_is_so_of_all_lines_is_said_once_above_them_and_they_fit_the_terminal(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    (archive / "transcripts" / "archive.toml").write_text('machine_drafts = "labelled"\n', encoding="utf-8")
    path = archive / "transcripts" / "tones" / "transcript.vtt"
    header = "Language: en\nLocal Usage Element: [Machine Transcript] whistler 1.2, tiny, 2026-11-29\n"
    unheard = TRANSCRIPT.replace("Language: en\n", header).replace("Three.", "Three boats beside the pier.")
    path.write_text(unheard, encoding="utf-8")
    assert run(archive).output.splitlines()[:4] == [
        LABEL,
        "Speaker 1: 3 lines, 5 s; nobody has said who it is",
        "  c1  0:00  One boat.",
        "  c3  0:04  Three boats beside the pier.",
    ]
    path.write_text(unheard.replace("\nc3\n", "\nNOTE heard: 2026-11-29, Ines Keeper\n\nc3\n"), encoding="utf-8")
    lines = run(archive).output.splitlines()
    assert lines[0] == f"{LABEL}, but for lines marked [checked]"
    assert lines[2:4] == ["  c1  0:00  One boat.", "  c3  0:04  Three boats…  [checked]"]
    assert LABEL not in "".join(lines[1:])


def test_a_line_is_named_and_what_sounds_alike_is_offered_with_the_command(archive: Path, like: list[str]) -> None:
    like.append("c4")
    result = run(archive, "--name", "c1", "Ines  Keeper")
    assert result.exit_code == 0, result.output
    assert text(archive) == TRANSCRIPT.replace("<v Speaker 1>One", "<v Ines Keeper>One")
    assert speakers(archive)[3] == ("Ines Keeper", "person", "Ines Keeper, keeper of the harbour")
    assert text(archive, "recording.toml").startswith(SPEAKERS)
    assert "c1: the voice is now Ines Keeper (1 line)" in result.output
    assert "  0.80  Speaker 1: c3  0:04  Three.\n  0.80             c6  0:08  Seven.\n" in result.output
    assert f"--name c1 'Ines Keeper' --like c3,c6 --archive {archive}\n" in result.output
    assert "c4" not in result.output
    again = run(archive, "--name", "c1", "Ines Keeper", "--like", "c3,c6")
    assert "c3, c6: the voice is now Ines Keeper (2 lines)" in again.output
    assert spoken(archive)[2] == spoken(archive)[5] == ["Ines Keeper"]
    assert "is Ines Keeper already" in run(archive, "--name", "c1", "Ines Keeper", "--like", "none").output


@pytest.mark.long
def test_all_that_sounds_alike_is_named_where_that_is_said(archive: Path, like: list[str]) -> None:
    like[:] = ["c3", "c4", "c5"]
    result = run(archive, "--name", "c1", "I. Keeper", "--like", "yes", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.output)
    assert (told["named"], told["person"], told["alike"], told["written"]) == (["c1", "c3", "c5"], "ines", [], True)


@pytest.mark.parametrize(
    ("answers", "named"),
    [
        ("y\nn\n", {"c1", "c3"}),
        pytest.param("n\ny\n", {"c1", "c6"}, marks=pytest.mark.long),
        pytest.param("a\n", {"c1", "c3", "c6"}, marks=pytest.mark.long),
        pytest.param("q\n", {"c1"}, marks=pytest.mark.long),
    ],
)
def test_at_a_terminal_each_is_asked_about(
    archive: Path, like: list[str], monkeypatch: pytest.MonkeyPatch, answers: str, named: set[str]
) -> None:
    assert like
    monkeypatch.setattr(naming_voices, "_is_terminal", lambda: True)
    result = run(archive, "--name", "c1", "Ines Keeper", answers=answers)
    assert result.exit_code == 0, result.output
    assert {f"c{number}" for number, those in enumerate(spoken(archive), 1) if those == ["Ines Keeper"]} == named
    assert "--like" not in result.output


def test_whoever_does_not_answer_has_changed_nothing(
    archive: Path, like: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert like
    monkeypatch.setattr(naming_voices, "_is_terminal", lambda: True)
    assert run(archive, "--name", "c1", "Ines Keeper", answers="y\n").exit_code == 1
    assert text(archive) == TRANSCRIPT


def test_a_whole_voice_is_named_and_its_table_says_who_that_is(archive: Path) -> None:
    result = run(archive, "--voice", "Speaker 1", "--name", "Ines Keeper", "--by", "Tom Hale")
    assert result.exit_code == 0, result.output
    assert text(archive) == TRANSCRIPT.replace("<v Speaker 1>", "<v Ines Keeper>")
    record = text(archive, "recording.toml")
    said = 'kind = "person"\nperson = "Ines Keeper, keeper of the harbour"\nidentified_by = "Tom Hale"'
    assert f'# Who is heard\n[[speaker]]\nname = "Ines Keeper" # the one who asks\n{said}\n' in record
    other = run(archive, "--voice", "Speaker 2", "--name", "Ines Keeper")
    assert other.exit_code == 0, other.output
    assert [name for name, *_ in speakers(archive)] == ["Ines Keeper", "Tom Hale"]
    assert spoken(archive)[4] == ["Ines Keeper"]


def test_a_name_that_a_person_gave_changes_when_it_is_named_itself(archive: Path, like: list[str]) -> None:
    like.append("c4")
    refused = run(archive, "--name", "c1", "Ines Keeper", "--like", "c3..c4")
    assert refused.exit_code == 1
    assert 'transcript.vtt:19: a person has named the voice of c4 "Tom Hale"; if that is wrong' in refused.output
    assert text(archive) == TRANSCRIPT
    assert run(archive, "--name", "c4", "Ines Keeper", "--like", "none").exit_code == 0
    assert spoken(archive)[3] == ["Ines Keeper"]
    # What a person has written of somebody stays.
    assert ("Tom Hale", "person", None) in speakers(archive)


@pytest.mark.long
def test_nobody_in_people_toml_is_not_identified_unless_it_is_said_by_whom(archive: Path) -> None:
    told = run(archive, "--name", "c2", "Anna Reed", "--like", "none").output
    assert 'people.toml knows nobody of this name, so "Anna Reed: Unidentified" stands on the page' in told
    assert ("Anna Reed", "unidentified", None) in speakers(archive)
    command = shlex.split(told.partition(": player voices tones ")[2].splitlines()[0].replace("WHO", "'Tom Hale'"))
    assert command[-2:] == ["--archive", str(archive)]
    assert run(archive, *command[:-2]).exit_code == 0
    assert ("Anna Reed", "person", None) in speakers(archive)
    # Of whom somebody has said who that is, there is nothing to say.
    assert "Unidentified" not in run(archive, "--name", "c1", "Anna Reed", "--like", "none").output


def test_a_translation_has_the_same_name(archive: Path) -> None:
    path = archive / "transcripts" / "tones" / "transcript.es.vtt"
    path.write_text(TRANSCRIPT.replace("Language: en", "Language: spa\nLocal Usage Element: [Translated by] nobody"))
    before = path.read_text()
    assert run(archive, "--voice", "Speaker 2", "--name", "Anna Reed").exit_code == 0
    assert path.read_text() == before.replace("<v Speaker 2>", "<v Anna Reed>")


@pytest.mark.long
def test_a_record_without_speakers_gets_all_of_them(archive: Path) -> None:
    path = archive / "transcripts" / "tones" / "recording.toml"
    path.write_text('title = "Boats"\ndate = "1957"\nmedia = "tones.wav"\n')
    assert run(archive, "--name", "c2", "Ines Keeper", "--like", "none").exit_code == 0
    assert [name for name, *_ in speakers(archive)] == ["Speaker 1", "Ines Keeper", "Tom Hale", "Speaker 2"]


def test_without_the_sound_a_line_is_named_and_nothing_is_offered(archive: Path) -> None:
    (archive / "media" / "tones.wav").unlink()
    assert run(archive, "--name", "c1", "Ines Keeper", "--like", "yes").exit_code == 1
    assert text(archive) == TRANSCRIPT
    result = run(archive, "--name", "c1", "Ines Keeper")
    assert result.exit_code == 0
    assert "nothing that sounds alike was looked for: " in result.output
    assert "the sound of the recording is not here" in result.output
    assert spoken(archive)[0] == ["Ines Keeper"]


def test_another_sound_is_not_listened_to(archive: Path) -> None:
    digest = hashlib.sha256(b"another").hexdigest()
    path = archive / "transcripts" / "tones" / "transcript.vtt"
    path.write_text(TRANSCRIPT.replace("Language: en", f"Local Usage Element: [Media SHA-256] {digest}"))
    result = run(archive, "--name", "c1", "Ines Keeper", "--like", "yes")
    assert result.exit_code == 1
    assert "it was timed to another sound than tones.wav" in result.output


@pytest.mark.long
def test_tones_are_not_taken_for_anybody(archive: Path) -> None:
    result = run(archive, "--name", "c1", "Ines Keeper")
    assert result.exit_code == 0, result.output
    assert "no voice is heard in c1, so nothing can be said of what sounds like it" in result.output
    assert sum(those == ["Ines Keeper"] for those in spoken(archive)) == 1


def test_an_untimed_line_is_named_but_not_compared(archive: Path) -> None:
    result = run(archive, "--name", "c7", "Ines Keeper")
    assert result.exit_code == 0, result.output
    assert "it is not known when the line c7 is said; time it: player align tones" in result.output
    assert spoken(archive)[6] == ["Ines Keeper"]


def test_a_dry_run_changes_nothing(archive: Path, like: list[str]) -> None:
    assert like
    result = run(archive, "--name", "c1", "Ines Keeper", "--like", "yes", "--dry-run")
    assert "c1, c3, c6: the voice would be Ines Keeper (3 lines)\nwould write: transcript.vtt" in result.output
    assert text(archive) == TRANSCRIPT
    assert text(archive, "recording.toml") == SPEAKERS


def test_all_files_change_or_none(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if b"[[speaker]]" in data:
            raise OSError(errno.ENOSPC, "no space left on device", str(path))
        return written(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    result = run(archive, "--name", "c1", "Ines Keeper", "--like", "none")
    assert result.exit_code == 1
    assert "no space left on device" in result.output
    assert (text(archive), text(archive, "recording.toml")) == (TRANSCRIPT, SPEAKERS)
    assert [path.name for path in (archive / "transcripts").rglob(".*")] == []


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--name", "c9", "Ines"), 1, 'there is no line "c9"'),
        (("--name", "c5", "Ines"), 1, 'several voices speak in the line c5: "Speaker 1", "Speaker 2"'),
        (("--name", "c1", "Ines", "--like", "c2,c9"), 1, 'there is no line "c9"'),
        (("--name", "c1", "Ines", "--like", "c5"), 1, "several voices speak in the line c5"),
        (("--voice", "Ben", "--name", "Ines"), 1, 'no voice is called "Ben"; those that are there: "Speaker 1"'),
        (("--name", "c1"), 2, "Give --name a line and who speaks in it"),
        (("--name", "c1", "a-->b"), 2, "which a transcript cannot hold"),
        (("--name", "c1", " "), 2, "it is empty"),
        (("--name", "c1", "I" * 201), 2, "longer than 200"),
        (("--name", "c1", "Ines", "--by", "a\nb"), 2, "--by"),
        (("Ines",), 2, "Give the name with --name"),
        (("--voice", "Speaker 1"), 2, "Give the name with --name"),
        (("--voice", "Speaker 1", "--name", "c1", "Ines"), 2, "only the name"),
        (("--voice", "Speaker 1", "--name", "Ines", "--like", "yes"), 2, "--like does not go with --voice"),
        (("--like", "yes"), 2, "go with --name"),
        (("--name", "c1", "-"), 2, "it has no letter in it"),
    ],
)
def test_what_cannot_be_meant_is_told(archive: Path, words: tuple[str, ...], code: int, told: str) -> None:
    result = run(archive, *words)
    assert result.exit_code == code, result.output
    assert told in result.output
    assert (text(archive), text(archive, "recording.toml")) == (TRANSCRIPT, SPEAKERS)


def test_a_recording_without_a_transcript_has_no_voices(archive: Path) -> None:
    (archive / "transcripts" / "tones" / "transcript.vtt").unlink()
    result = run(archive)
    assert result.exit_code == 1
    assert "there is no transcript, and so no voice" in result.output


@pytest.mark.parametrize("name", ["Speaker 1", "SPEAKER_00", "speaker b", "spk_1", None])
def test_these_are_no_names(name: str | None) -> None:
    assert is_unnamed(name)


@pytest.mark.parametrize("name", ["Speaker", "The Speaker", "Speaker 1 (Ines)", "Speaker Bercow", "Ines"])
def test_these_are_names(name: str) -> None:
    assert not is_unnamed(name)


@pytest.mark.long
def test_naming_one_turn_offers_those_of_the_same_voice(archive: Path) -> None:
    """Over a telephone, with noise: three voices, of whose 72 turns three are named one after another."""
    program("flite")
    sound = dialogues.dialogue("harbour", 10.0)
    shutil.copy(sound.path, archive / "media" / "tones.wav")
    blocks = [f"{each.id}\n{vtt(each.start)} --> {vtt(each.end)}\n{each.text}\n" for each in sound.lines]
    path = archive / "transcripts" / "tones" / "transcript.vtt"
    path.write_text("WEBVTT\n\n" + "\n".join(blocks), encoding="utf-8")
    of = {line.id: line.speaker for line in sound.lines}
    for first, who in (("h1", "KEEPER"), ("h4", "VRANEK"), ("h8", "QUERROWBY")):
        told = json.loads(run(archive, "--name", first, who, "--like", "yes", "--json").output)
        named = told["named"]
        assert first in named
        assert {of[each] for each in named} == {who}
        assert len(named) >= 0.8 * list(of.values()).count(who)
    # Each is named as it speaks, and the words are as they were.
    transcript = Archive(archive).recording("tones").transcript
    assert transcript is not None
    assert all(line.speaker in {None, of[line.id]} for line in transcript.lines)
    assert [line.text for line in transcript.lines] == [line.text for line in sound.lines]
