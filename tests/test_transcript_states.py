"""A transcript may say where a paragraph or a page begins, and that lines are timed roughly or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from transcript_files import read

from player.archive.references import Citation
from player.archive.transcript import Cue, Turn, UntimedLine
from player.archive.webvtt.writing import write_transcript

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("comment", ["NOTE paragraph", "NOTE  paragraph ", "NOTE\nparagraph"])
def test_a_comment_begins_a_paragraph_at_the_cue_below_it(tmp_path: Path, comment: str) -> None:
    cues = "{0}\n\n00:01.000 --> 00:02.000\nOne\n\nNOTE paragraphs\n\n00:02.000 --> 00:03.000\nTwo\n"
    found = read(tmp_path, "WEBVTT\n\n" + cues.format(comment))
    assert [cue.opens_paragraph for cue in found.cues] == [True, False]
    assert found.faults == ()


STATES = """WEBVTT

NOTE approximate

ferry
00:00:03.000 --> 00:01:00.000
<v Ines>The ferry leaves

NOTE page: 12

NOTE source: log, p. 12

NOTE paragraph

NOTE untimed quay
<v Tom>and nobody &amp; nothing
waits on the quay.

NOTE confidence: 0.93

00:01:00.000 --> 00:01:02.000
Nobody.

NOTE
untimed end
It ends.

NOTE approximate
"""


def test_lines_are_read_that_are_timed_roughly_or_not_at_all(tmp_path: Path) -> None:
    found = read(tmp_path, STATES)
    ferry, quay, nobody, end = found.lines
    assert isinstance(ferry, Cue)
    assert (ferry.is_approximate, ferry.page) == (True, None)
    words = "and nobody & nothing\nwaits on the quay."
    assert quay == UntimedLine(
        "quay", words, (Turn("Tom", words),), (Citation("log", "p. 12"),), 15, opens_paragraph=True, page="12"
    )
    assert nobody in found.cues
    assert (nobody.id, nobody.page, nobody.comments) == ("c2", "12", ("confidence: 0.93",))
    assert end == UntimedLine("end", "It ends.", (Turn(None, "It ends."),), (), 24, page="12")
    assert found.cues == (ferry, nobody)
    assert [(fault.line, fault.what[:29]) for fault in found.faults] == [(28, "the comment that times are ap")]


def test_untimed_lines_stay_behind_the_cue_that_they_follow(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "WEBVTT\n\nNOTE untimed first\nA\n\n00:09.000 --> 00:10.000\nB\n\nNOTE untimed after-b\nC\n\n"
        "00:01.000 --> 00:02.000\nD\n\nNOTE untimed after-d\nE\n",
    )
    assert [line.text for line in found.lines] == ["A", "D", "E", "B", "C"]
    assert [cue.id for cue in found.cues] == ["c2", "c1"]


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ("NOTE untimed\nA", "an untimed line has no identifier"),
        ("NOTE untimed 7\nA", 'cannot have the identifier "7"'),
        ("NOTE untimed a b\nA", 'cannot have the identifier "a b"'),
        ("NOTE untimed a\nA\n\nNOTE untimed a\nB", 'the identifier "a" is that of the untimed line on line 3 too'),
        ("NOTE untimed a\n", "the untimed line has no words"),
        ("NOTE untimed a\nA\n\na\n00:01.000 --> 00:02.000\nB", "is also on line 3, so it is an untimed line’s"),
        ("NOTE approximate\n\nNOTE untimed a\nA", "not directly above a cue"),
        ("NOTE page:\n\n00:01.000 --> 00:02.000\nB", "the comment names no page"),
    ],
)
def test_what_cannot_be_an_untimed_line_is_reported(tmp_path: Path, lines: str, what: str) -> None:
    (fault,) = read(tmp_path, f"WEBVTT\n\n{lines}\n").faults
    assert what in fault.what


def test_a_browser_sees_no_cue_in_an_untimed_line(tmp_path: Path) -> None:
    """What it looks for is the arrow; words that have one are written otherwise."""
    path = tmp_path / "transcript.vtt"
    write_transcript(path, [UntimedLine("a", "One --> two", (), (), 0)], [])
    assert path.read_text(encoding="utf-8") == "WEBVTT\n\nNOTE untimed a\nOne --&gt; two\n"
