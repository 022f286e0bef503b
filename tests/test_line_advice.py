"""``player check`` advises on lines as programs write them: overlapping, said twice, with a name at their head."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import checking
import pytest
from click.testing import CliRunner
from small_archive import bind

from player.archive.webvtt.reading import read_transcript
from player.checks.lines import line_advice
from player.cli import main

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def advised(folder: Path, cues: Sequence[tuple[int, int, str]]) -> list[str]:
    """Say what is advised on cues, each from and to so many seconds."""
    path = folder / "transcript.vtt"
    body = "\n\n".join(f"00:{start:02}.000 --> 00:{end:02}.000\n{words}" for start, end, words in cues)
    path.write_text(f"WEBVTT\n\n{body}\n", encoding="utf-8")
    return [str(each).removeprefix(f"{path}:") for each in line_advice(read_transcript(path))]


def one_by_one(*words: str) -> list[tuple[int, int, str]]:
    return [(at, at + 1, each) for at, each in enumerate(words)]


def test_a_line_that_begins_before_the_one_above_ends_is_told(tmp_path: Path) -> None:
    (told,) = advised(tmp_path, [(0, 3, "One"), (2, 4, "Two"), (4, 5, "Three")])
    assert told == (
        "6: cue c2 starts (0:02) before the cue above it ends (0:03), and from then on only this one is marked; "
        "correct the times, or name both voices if two speak at once"
    )


@pytest.mark.parametrize(
    "cues",
    [
        [(0, 2, "One"), (2, 4, "Two")],
        [(0, 3, "<v Ada>One"), (2, 4, "<v Ben>Two")],
        [(0, 0, "One"), (0, 4, "Two")],
    ],
)
def test_lines_that_meet_two_voices_and_lines_without_length_are_none(
    tmp_path: Path, cues: list[tuple[int, int, str]]
) -> None:
    assert advised(tmp_path, cues) == []


MEETING = [
    *("Ines Ruiz: The ferry left at six.", "Tom: And nobody told us?", "Ines Ruiz: Nobody did."),
    *("Tom: There is one thing: the log.", "Ines Ruiz: I have it here."),
]


def test_a_name_at_the_head_of_many_lines_is_told_at_each(tmp_path: Path) -> None:
    told = advised(tmp_path, one_by_one(*MEETING))
    assert told[0] == (
        '3: cue c1 begins with a name, "Ines Ruiz", which is read as words; write it as a voice, <v Name>, or all of '
        f"them at once: player import {tmp_path.name} {tmp_path / 'transcript.vtt'} --force --speakers "
        "'Ines Ruiz=Ines Ruiz,Tom=Tom'"
    )
    assert len(told) == 5


def test_where_each_line_has_a_name_whoever_speaks_once_is_named_too(tmp_path: Path) -> None:
    told = advised(tmp_path, one_by_one(*MEETING, "Clerk: It is late."))
    assert len(told) == 6
    assert told[0].endswith("'Ines Ruiz=Ines Ruiz,Tom=Tom,Clerk=Clerk'")
    assert "Clerk" not in advised(tmp_path, one_by_one(*MEETING, "Clerk: It is late.", "Good."))[0]


@pytest.mark.parametrize(
    "words",
    [
        ["There is one thing: the log.", "Yes.", "No."],
        ["Listen: here it comes.", "Look: there it goes.", "Note: it is late."],
        ["It was 10:30 by then.", "By 10:45 she left.", "At 10:50 he came."],
        ["He said he knew it. And so: goodbye.", "She said she knew it. And so: goodbye.", "And. And so: goodbye."],
        [f"<v Ines Ruiz>{each}" for each in MEETING],
    ],
)
def test_a_colon_in_what_is_said_is_no_name(tmp_path: Path, words: list[str]) -> None:
    assert advised(tmp_path, one_by_one(*words)) == []


def test_a_line_that_stands_twice_is_told(tmp_path: Path) -> None:
    words = "the first boat of the day"
    (told,) = advised(tmp_path, one_by_one(words, words, "came in late"))
    assert told == (
        f'6: cue c2 repeats words of the one above it: "{words}"; remove one of the two, if it was said once'
    )


def test_lines_that_scroll_as_youtubes_do_are_told(tmp_path: Path) -> None:
    boat, late = "the first boat", "came in rather late"
    scrolling = one_by_one(f" \n{boat}", f"{boat}\n ", f"{boat}\n{late}", f"{late}\n ")
    assert [each.partition(" repeats")[0] for each in advised(tmp_path, scrolling)] == [
        "7: cue c2",
        "11: cue c3",
        "15: cue c4",
    ]


@pytest.mark.parametrize(
    "words", [("No.", "No."), ("Go on.", "Go on."), ("one two three", "one two four"), ("a\nb c d e", "b c d e f")]
)
def test_a_short_answer_may_be_given_twice(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert advised(tmp_path, one_by_one(*words)) == []


def check(archive: Path, *arguments: str) -> tuple[int, list[str]]:
    result = CliRunner().invoke(main, ["check", "--archive", str(archive), *arguments])
    return result.exit_code, result.stdout.splitlines()


def test_many_of_one_kind_are_told_once_with_their_count(archive: Path) -> None:
    bind(archive)
    path = archive / "transcripts" / "tones" / "transcript.vtt"
    head = path.read_text(encoding="utf-8").partition("\n\n")[0]
    named = (f"\n\n00:00.00{at} --> 00:00.00{at + 1}\n{words}" for at, words in enumerate(MEETING))
    path.write_text(head + "".join(named) + "\n", encoding="utf-8")
    (archive / "transcripts" / "tones" / "annotations.toml").unlink()
    code, lines = check(archive)
    assert code == 0
    assert len(lines) == 2
    assert lines[0].endswith("(and 4 more like it, the last on line 17; --all lists each)")
    assert lines[1] == "1 recording: nothing is wrong; 5 pieces of advice"
    assert len(check(archive, "--all")[1]) == 6


def test_advice_alone_fails_only_where_that_is_asked_for(archive: Path) -> None:
    code, lines = check(archive)
    assert (code, len(lines)) == (0, 2)
    assert check(archive, "--strict") == (1, lines)
    bind(archive)
    assert check(archive, "--strict")[0] == 0


def test_advice_names_the_archive_in_the_command_that_it_gives(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert check(archive)[1][0].endswith(f"; bind it: player bind tones --archive {archive}")
    spaced = archive.with_name("my archive")
    archive.rename(spaced)
    assert check(spaced)[1][0].endswith(f"; bind it: player bind tones --archive '{spaced}'")
    monkeypatch.setenv("PLAYER_ARCHIVE", str(spaced))
    result = CliRunner().invoke(main, ["check"])
    assert result.stdout.splitlines()[0].endswith("; bind it: player bind tones")


@pytest.mark.parametrize("name", ["transcript.srt", "transcript.txt"])
def test_a_transcript_beside_the_record_that_is_not_read_is_told(archive: Path, name: str) -> None:
    bind(archive)
    folder = archive / "transcripts" / "tones"
    (folder / name).write_text("1\n", encoding="utf-8")
    (told,) = checking.advice(archive)
    assert (told.path.name, "only transcript.vtt is read" in told.what) == (name, True)


def told_command(line: str, command: str) -> list[str]:
    """Give the command that a line of ``player check`` ends with, as it would be typed."""
    told = line.partition(f": player {command} ")[2].partition(" (and ")[0]
    return [command, *shlex.split(told)]


def test_the_command_that_is_told_makes_voices_of_the_names(archive: Path) -> None:
    path = archive / "transcripts" / "tones" / "transcript.vtt"
    cues = (f"00:0{at}.000 --> 00:0{at}.900\n{words}" for at, words in enumerate(MEETING))
    path.write_text("WEBVTT\n\n" + "\n\n".join(cues) + "\n", encoding="utf-8")
    (archive / "transcripts" / "tones" / "annotations.toml").unlink()
    line = next(line for line in check(archive)[1] if "begins with a name" in line)
    assert CliRunner().invoke(main, told_command(line, "import")).exit_code == 0
    assert [cue.speaker for cue in read_transcript(path).cues] == ["Ines Ruiz", "Tom", "Ines Ruiz", "Tom", "Ines Ruiz"]
    assert not [line for line in check(archive)[1] if "begins with a name" in line]


@pytest.mark.parametrize(
    "content",
    [
        b"1\n00:00:01,000 --> 00:00:02,000\nOne boat.\n",
        "WEBVTT\n\n00:01.000 --> 00:02.000\nOne boat.\n".encode("utf-16"),
        b"WEBVTT\n\n0:0:1.0 --> 0:0:2.510\nOne boat.\n",
        b"WEBVTT\n\n00:01.000 -> 00:02.000\nOne boat.\n",
    ],
)
def test_a_transcript_as_no_browser_reads_it_is_mended_by_the_command_that_is_told(
    archive: Path, content: bytes
) -> None:
    folder = archive / "transcripts" / "tones"
    (folder / "annotations.toml").unlink()
    (folder / "transcript.vtt").write_bytes(content)
    code, lines = check(archive)
    assert code == 1
    (line,) = [line for line in lines if "some program seems to have written this file" in line]
    assert CliRunner().invoke(main, told_command(line, "import")).exit_code == 0
    assert [cue.text for cue in read_transcript(folder / "transcript.vtt").cues] == ["One boat."]
    assert check(archive)[0] == 0
