"""Of an earlier version of a transcript, nothing is shown that is closed today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from player.archive.archive import Archive
from player.archive.gate.shown import Audience
from player.archive.webvtt.reading import parse

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.recording import Recording

CLOSED: Final = "\n[[closed]]\n"
PEOPLE: Final = """\
[[person]]
id = "ada"
name = "Ada Keeper"
role = "narrator"
sources = ["log"]
private = true
"""


def earlier(
    archive: Path, text: str, leads: dict[str, tuple[str, ...]], who: Audience = Audience.VISITORS
) -> Recording:
    """Give the recording with an earlier transcript, as it is shown."""
    path = archive / "transcripts" / "tones" / "transcript.vtt"
    return Archive(archive, who).earlier("tones", parse(path, text), leads.get)


def words(recording: Recording) -> list[str]:
    return [line.text for line in recording.transcript.lines] if recording.transcript else []


def add(archive: Path, text: str, name: str = "tones/recording.toml") -> None:
    path = archive / "transcripts" / name
    path.write_text((path.read_text(encoding="utf-8") if path.exists() else "") + text, encoding="utf-8")


def version(*lines: str, header: str = "") -> str:
    """Write a transcript of lines: ``c1 2-4 words``, or ``c1 - words`` for one that is not timed."""
    blocks = []
    for line in lines:
        name, times, said = line.split(" ", 2)
        start, _, end = times.partition("-")
        timing = f"{name}\n00:00:{start.zfill(2)}.000 --> 00:00:{end.zfill(2)}.000" if start else f"NOTE untimed {name}"
        blocks.append(f"{timing}\n{said}\n")
    return "\n".join(["WEBVTT", header, "", *blocks] if header else ["WEBVTT", "", *blocks])


def test_it_is_shown_as_it_was_without_what_belongs_to_the_words_of_today(archive: Path) -> None:
    found = earlier(archive, version("first 2-4 One tow three."), {})
    assert words(found) == ["One tow three."]
    assert (found.annotations, found.translations, found.title) == ((), (), "A tape of tones")


@pytest.mark.parametrize(
    ("lines", "leads", "shown"),
    [
        # By the line that it is today, whatever its time was.
        (["opening 0-2 Silence.", "first 7-9 Hush."], {}, ["Silence.", "[closed]"]),
        # By the lines into which it was divided, or with which it was joined.
        (["opening 0-2 Silence.", "k - Hush."], {"k": ("opening", "first")}, ["Silence.", "[closed]"]),
        # By its time, whatever it is today.
        (["opening 2-4 Hush.", "last 8-10 End."], {}, ["[closed]", "End."]),
        # By its words, wherever they were.
        (["opening 0-1 He said: one two three.", "last 8-10 End."], {}, ["[closed]", "End."]),
        (["opening 0-1 Two, three.", "last 8-10 Three."], {}, ["[closed]", "Three."]),
        # A line without times that nobody can follow may be anywhere.
        (["k - Hush.", "last - End."], {"k": ()}, ["[closed]", "End."]),
        (["m - Hush."], {}, ["[closed]"]),
        # One that can be followed is where it went.
        (["opening - Silence.", "last - End."], {}, ["Silence.", "End.", "[closed]"]),
    ],
)
def test_a_line_is_closed_by_where_it_went_by_its_time_and_by_its_words(
    archive: Path, lines: list[str], leads: dict[str, tuple[str, ...]], shown: list[str]
) -> None:
    add(archive, f'{CLOSED}cue = "first"\n')
    found = earlier(archive, version(*lines), leads)
    assert sorted(words(found)) == sorted(shown)
    assert "Hush" not in str(found)
    assert words(earlier(archive, version(*lines), leads, Audience.OWNERS)) == [line.split(" ", 2)[2] for line in lines]


def test_times_of_another_sound_tell_nobody_where_a_line_is(archive: Path) -> None:
    add(archive, f'{CLOSED}cue = "first"\nuntil = "2061"\n')
    found = earlier(archive, version("last 8-10 End.", header=f"Local Usage Element: [Media SHA-256] {'0' * 64}"), {})
    assert (found.transcript, found.shown.transcript is not None) == (None, True)
    assert found.shown.transcript
    assert found.shown.transcript.label == "closed until 2061"


def test_all_of_it_is_closed_with_the_transcript_of_today(archive: Path) -> None:
    add(archive, '\n[access]\ntranscript = "closed"\n')
    found = earlier(archive, version("last 8-10 End."), {})
    assert (found.transcript, found.shown.transcript is not None) == (None, True)


def test_a_version_that_was_a_machines_draft_is_held_as_one(archive: Path) -> None:
    draft = version("last 8-10 End.", header="Local Usage Element: [Machine Transcript] whisper 3, unknown, 2026-11-29")
    found = earlier(archive, draft, {})
    assert (found.transcript, found.shown.transcript is not None) == (None, True)
    assert words(earlier(archive, draft, {}, Audience.EDITORS)) == ["End."]
    add(archive, '\n[access]\ntranscript = "open"\n')
    assert words(earlier(archive, draft, {})) == ["End."]


def test_names_that_are_not_shown_today_are_not_shown_as_they_were_written_before(archive: Path) -> None:
    add(archive, PEOPLE, "people.toml")
    path = archive / "transcripts" / "tones" / "recording.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('name = "Ada"\n', 'name = "Ada"\nperson = "ada"\n'), encoding="utf-8")
    old = version(
        "opening 0-2 <v Ada>Silence.",
        "first 2-4 <v Ada K.>One.",
        "k 4-6 <v Ben>Ask Ada Keeper.",
        "m - <v A. Keeper>Not timed.",
    )
    found = earlier(archive, old, {})
    assert "Ada" not in str(found.transcript)
    assert "Keeper" not in str(found.transcript)
    assert words(found) == ["Silence.", "One.", "[withheld]", "Not timed."]


def test_a_voice_of_an_untimed_line_that_the_record_does_not_know_is_not_named_either(archive: Path) -> None:
    """The rule for today's transcript, where one name of a recording is not shown."""
    path = archive / "transcripts" / "tones" / "recording.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('name = "Ada"\n', 'name = "Ada"\ndisplay_name = "The narrator"\n'), encoding="utf-8")
    add(archive, "\nNOTE untimed u\n<v Ada K.>Not timed.\n", "tones/transcript.vtt")
    assert "Ada K." not in str(Archive(archive, Audience.VISITORS).recording("tones").transcript)
