"""Who speaks is written into a WebVTT file, and no other byte of it changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from player.archive.webvtt.reading import parse
from player.archive.webvtt.voices import with_voices
from player.errors import ArchiveError

PATH = Path("ferry.vtt")
VTT = """\
WEBVTT - a ferry
Language: en

STYLE
::cue(v[voice="Speaker 1"]) { color: lime }

NOTE Speaker 1 is <v Speaker 1> in this file

NOTE word confidence: 0.98 - 0.87

c1
00:00:00.000 --> 00:00:02.000 align:start
<v Speaker 1>One <00:00:00.500>old <00:00:01.000>boat.

00:00:02.000 --> 00:00:04.000
Nobody is <i>named</i>.

c3
00:00:04.000 --> 00:00:06.000
<v.loud Speaker 1>Two</v> <v Speaker&nbsp;2>and
three</v>

NOTE untimed c4
<v Speaker 1>Later.

c5
00:00:08.000 --> 00:00:09.000
<v
Speaker 1>Broken.
"""


def changed(text: str, changes: dict[str, dict[str | None, str]]) -> str:
    return with_voices(PATH, text.encode(), changes).decode()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_voice_is_renamed_and_nothing_else_changes(end: str, mark: str) -> None:
    before = mark + VTT.replace("\n", end)
    after = changed(before, {name: {"Speaker 1": "Ines Keeper"} for name in ("c1", "c3", "c4")})
    expected = before
    for old, new in (
        ("<v Speaker 1>One", "<v Ines Keeper>One"),
        ("<v.loud Speaker 1>", "<v.loud Ines Keeper>"),
        ("<v Speaker 1>Later", "<v Ines Keeper>Later"),
    ):
        expected = expected.replace(old, new)
    assert after == expected


def test_a_line_without_a_voice_gets_one() -> None:
    assert changed(VTT, {"c2": {None: "Tom & Ann"}}) == VTT.replace("Nobody is", "<v Tom &amp; Ann>Nobody is")


def test_a_name_that_is_written_with_references_or_over_two_lines_is_the_same_name() -> None:
    after = changed(VTT, {"c5": {"Speaker 1": "Ines"}, "c3": {"Speaker\N{NO-BREAK SPACE}2": "Tom--"}})
    assert after == VTT.replace("<v\nSpeaker 1>B", "<v Ines>B").replace("<v Speaker&nbsp;2>", "<v Tom-&#45;>")
    assert [turn.speaker for turn in parse(PATH, after).lines[2].turns] == ["Speaker 1", "Tom--"]


def test_voices_of_one_line_that_get_one_name_are_one_turn() -> None:
    names: dict[str | None, str] = {"Speaker 1": "Ines", "Speaker\N{NO-BREAK SPACE}2": "Ines"}
    assert [turn.speaker for turn in parse(PATH, changed(VTT, {"c3": names})).lines[2].turns] == ["Ines"]


def test_bytes_that_are_not_utf_8_stay() -> None:
    before = VTT.encode().replace(b"old", b"\xe9ld")
    after = with_voices(PATH, before, {"c1": {"Speaker 1": "Zoë"}})
    assert after == before.replace(b"<v Speaker 1>One", "<v Zoë>One".encode())


def test_what_is_not_there_is_not_changed() -> None:
    assert changed(VTT, {"c1": {"Speaker 9": "Ines"}, "c9": {None: "Ines"}, "c2": {"Speaker 1": "Ines"}}) == VTT


@pytest.mark.parametrize("name", ["a\n\nb", "a --> b\nc", " Ines"])
def test_a_name_that_would_be_read_as_another_is_refused(name: str) -> None:
    with pytest.raises(ArchiveError, match=r"ferry\.vtt"):
        changed(VTT, {"c1": {"Speaker 1": name}})
