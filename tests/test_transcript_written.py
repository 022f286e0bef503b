"""A transcript is written as a person would write it, and what is written reads the same."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from drawing import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from player.archive.references import Citation
from player.archive.transcript import Cue, Line, Turn, UntimedLine
from player.archive.webvtt.reading import read_transcript
from player.archive.webvtt.writing import write_transcript
from player.errors import ArchiveError

if TYPE_CHECKING:
    from pathlib import Path

CUE = Cue("a", 1_000, 3_000, "One two.", (Turn("Ada", "One two."),), (0, 500), (Citation("log", "p. 1"),), 0)


def test_what_is_written_is_what_a_person_would_write(tmp_path: Path) -> None:
    path = tmp_path / "transcript.vtt"
    second = Cue("b", 2_000, 3_000, "A < B --> C\nD", (), (), (), 0)
    both = Cue(
        "c", 4_000, 5_000, "Yes. No.", (Turn("Ada", "Yes."), Turn("R&D", "No.")), (200, 500), (Citation("x"),), 0
    )
    write_transcript(path, [second, both, CUE], [("Type", "caption"), ("Language", "eng")])
    assert path.read_text(encoding="utf-8") == (
        "WEBVTT\n"
        "Type: caption\n"
        "Language: eng\n"
        "\n"
        "NOTE source: log, p. 1\n"
        "\n"
        "a\n"
        "00:00:01.000 --> 00:00:03.000\n"
        "<v Ada>One <00:00:01.500>two.\n"
        "\n"
        "b\n"
        "00:00:02.000 --> 00:00:03.000\n"
        "A &lt; B --&gt; C\n"
        "D\n"
        "\n"
        "NOTE source: x\n"
        "\n"
        "c\n"
        "00:00:04.000 --> 00:00:05.000\n"
        "<v Ada><00:00:04.200>Yes.</v> <v R&amp;D><00:00:04.500>No.</v>\n"
    )
    assert read_transcript(path).faults == ()


@pytest.mark.parametrize(
    "cue",
    [
        replace(CUE, id="not a name"),
        replace(CUE, id="a\nb"),
        replace(CUE, start=-1),
        replace(CUE, text="One\0two.", turns=(), words=()),
        replace(CUE, text="One \ud800", turns=(), words=()),
        replace(CUE, text="Other words."),
        replace(CUE, text="One two. Three."),
        replace(CUE, turns=(Turn("", "One two."),)),
        replace(CUE, turns=(Turn("Ada\n", "One two."),)),
        replace(CUE, words=(0, 500, 700)),
        replace(CUE, words=(0, 2_000)),
        replace(CUE, words=(700, 500)),
        replace(CUE, citations=(Citation("log", "p. 1\n\n00:00:01.000 --> 00:00:02.000"),)),
        replace(CUE, citations=(Citation("log", "p. 1 --> 2"),)),
        replace(CUE, citations=(Citation("the log"),)),
    ],
)
def test_what_webvtt_cannot_hold_is_not_written(tmp_path: Path, cue: Cue) -> None:
    path = tmp_path / "transcript.vtt"
    path.write_text("before")
    with pytest.raises(ArchiveError, match="cannot be written as WebVTT"):
        write_transcript(path, [cue], [])
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_two_cues_of_one_name_are_not_written(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="cue a cannot be written"):
        write_transcript(tmp_path / "transcript.vtt", [CUE, CUE], [])


@pytest.mark.parametrize("pair", [("Type", "a\nb"), ("Type", "a --> b"), ("NOTE x", "a"), ("a: b", "c"), (" ", "\n")])
def test_a_header_that_would_read_as_something_else_is_not_written(tmp_path: Path, pair: tuple[str, str]) -> None:
    with pytest.raises(ArchiveError, match="the header cannot be written"):
        write_transcript(tmp_path / "transcript.vtt", [CUE], [pair])


def test_a_transcript_that_cannot_be_put_in_its_place_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "transcript.vtt").mkdir()
    with pytest.raises(OSError, match=re.escape("transcript.vtt")):
        write_transcript(tmp_path / "transcript.vtt", [CUE], [])
    assert [path.name for path in tmp_path.iterdir()] == ["transcript.vtt"]


def test_a_page_that_ends_cannot_be_written(tmp_path: Path) -> None:
    lines = [UntimedLine("a", "A", (), (), 0, page="1"), UntimedLine("b", "B", (), (), 0)]
    with pytest.raises(ArchiveError, match=r"untimed line b cannot be written as WebVTT \(it is on no page"):
        write_transcript(tmp_path / "transcript.vtt", lines, [])


WORD = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Z")), min_size=1, max_size=6)
NAME = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,5}", fullmatch=True)
LINE = st.lists(WORD.filter(lambda word: bool(word.strip())), min_size=1, max_size=3).map(" ".join)
UNBROKEN = LINE.filter(lambda line: "-->" not in line)
SAYS = re.compile(r"sources?\s*:|page:|(paragraph|approximate)$|untimed\b", re.IGNORECASE)
COMMENT = UNBROKEN.filter(lambda line: not SAYS.match(line))


@st.composite
def _lines(draw: st.DrawFn) -> list[Line]:
    """Lines as a reader gives them: in order, no two turns of a voice in a row, words timed in order or not at all."""
    lines: list[Line] = []
    start = 0
    page: str | None = None
    for name in draw(st.lists(NAME, unique=True, max_size=4)):
        start += draw(st.integers(0, 5_000))
        length = draw(st.integers(1, 400_000_000))
        turns: list[Turn] = []
        text = ""
        for voice in draw(st.lists(st.none() | LINE, max_size=3)):
            if turns and turns[-1].speaker == voice:
                continue
            turns.append(Turn(voice, draw(LINE)))
            text += draw(st.sampled_from(["", " ", "\n", "\n\n", " \t\r\n"])) + turns[-1].text
        text += draw(st.sampled_from(["", "\n", " "]))
        times = sorted(draw(st.lists(st.integers(0, length - 1), max_size=len(text.split()))))
        words: tuple[int | None, ...] = ()
        if times and times[-1]:
            rest = draw(st.permutations([*range(1, len(text.split()))]))
            places = [0, *sorted(rest[: len(times) - 1])]
            by_place = dict(zip(places, times, strict=False))
            words = tuple(by_place.get(index) for index in range(len(text.split())))
            words = words if any(words) else ()
        citations = tuple(draw(st.lists(st.builds(Citation, NAME, st.none() | UNBROKEN))))
        page = draw(st.just(page) | UNBROKEN.map(lambda line: " ".join(line.split())))
        opens, comments = draw(st.booleans()), tuple(draw(st.lists(COMMENT, max_size=2)))
        if draw(st.booleans()) or not text.strip():
            cue = Cue(name, start, start + length, text, tuple(turns), words, citations, 0, opens)
            lines.append(replace(cue, is_approximate=draw(st.booleans()), page=page, comments=comments))
        else:
            lines.append(UntimedLine(name, text, tuple(turns), citations, 0, opens, page, comments))
    return lines


HEADER = st.lists(st.tuples(NAME.filter(lambda name: name != "NOTE"), LINE.filter(lambda line: "-->" not in line)))


@settings(max_examples=examples(50))
@given(lines=_lines(), header=HEADER)
def test_what_is_written_reads_the_same(
    tmp_path_factory: pytest.TempPathFactory, lines: list[Line], header: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("written") / "transcript.vtt"
    write_transcript(path, lines, header)
    found = read_transcript(path)
    assert [replace(line, line=0) for line in found.lines] == lines
    assert found.header == tuple(header)
    first = path.read_bytes()
    write_transcript(path, found.lines, found.header)
    assert path.read_bytes() == first
