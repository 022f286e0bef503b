"""Lines of a transcript get other times, and nothing else of the file changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from drawing import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from player.archive.line_marks import with_aligned
from player.archive.transcript import Cue, Turn, UntimedLine
from player.archive.webvtt.reading import parse
from player.archive.webvtt.retiming import with_times
from player.archive.webvtt.writing import written
from player.errors import ArchiveError

if TYPE_CHECKING:
    from player.archive.transcript import Line

PATH: Final = Path("transcript.vtt")
FILE: Final = """\
WEBVTT - of the quay
Type: caption

STYLE
::cue { color: lime }

NOTE This file is ours.

NOTE page: 1

00:00:01.000 --> 00:00:02.000 align:start
<v Ada>By <i>hand</i>.

NOTE source: log, p. 2

NOTE untimed k2
<v Ben>The ferry &amp; the <b>quay</b> were late.

NOTE approximate

NOTE aligned: 0.31

k3
00:00:05.000 --> 00:00:07.000 line:0
<v Ada>So <00:00:06.000>they were.

00:00:09.000 --> 00:00:10.000
Numbered by its place.

NOTE untimed k5
Never said.

NOTE the end
"""
AFTER: Final = """\
WEBVTT - of the quay
Type: caption

STYLE
::cue { color: lime }

NOTE This file is ours.

NOTE page: 1

c1
00:00:01.000 --> 00:00:02.000 align:start
<v Ada>By <i>hand</i>.

NOTE source: log, p. 2

NOTE aligned: 0.93

k2
00:00:02.500 --> 00:00:04.000
<v Ben>The <00:00:02.700>ferry &amp; <00:00:03.000>the <b><00:00:03.100>quay</b> <00:00:03.300>were <00:00:03.600>late.

NOTE aligned: 0.50

k3
00:00:05.250 --> 00:00:07.000 line:0
<v Ada>So they <00:00:06.500>were.

c3
00:00:09.000 --> 00:00:10.000
Numbered by its place.

NOTE untimed k5
Never said.

NOTE the end
"""


def moved(line: Line, start: int, end: int, words: tuple[int | None, ...], sure: float = 0.5) -> Cue:
    others = (line.citations, line.line, line.opens_paragraph)
    cue = Cue(line.id, start, end, line.text, line.turns, words, *others, page=line.page, comments=line.comments)
    return with_aligned(cue, sure)


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("We build ashore.", "word confidence: 0.9 0.2 0.30|doubtful words: build ashore|so"),
        ("We pulled ashore.", "word confidence: 0.9 - 0.30|doubtful words: ashore|so"),
        ("We pulled in.", "word confidence: 0.9 - -|so"),
        ("We pulled it in.", "so"),
    ],
)
def test_what_a_machine_said_of_words_that_a_person_has_changed_goes(words: str, kept: str) -> None:
    header = "WEBVTT\nLocal Usage Element: [Machine Transcript] whistler, tiny, 2026-11-29\n\n"
    head = f"{header}NOTE word confidence: 0.9 0.2 0.30\n\nNOTE doubtful words: build ashore.\n\nNOTE so\n\n"
    before = f"{head}k1\n00:05.000 --> 00:07.000\n{words}\n\nNOTE doubtful words: are ours\n"
    (line,) = parse(PATH, before).lines
    after = with_times(PATH, before.encode(), {"k1": moved(line, 5250, 7000, ())}).decode()
    shown = after.partition(header)[2].partition("k1\n")[0].split("\n\n")
    assert "|".join(each.removeprefix("NOTE ").rstrip(".") for each in shown[:-2]) == kept
    assert after.endswith(f"k1\n00:00:05.250 --> 00:00:07.000\n{words}\n\nNOTE doubtful words: are ours\n")
    # Where nothing else says that a machine wrote the words, what it said of them stays.
    if kept == "so":
        (line,) = parse(PATH, before.replace(header, "WEBVTT\n\n")).lines
        cues = {"k1": moved(line, 5250, 7000, ())}
        after = with_times(PATH, before.replace(header, "WEBVTT\n\n").encode(), cues).decode()
        assert after.startswith("WEBVTT\n\nNOTE word confidence: 0.9 0.2 0.30\n\n")


@pytest.mark.parametrize("eol", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_only_what_is_placed_changes(eol: str, mark: str) -> None:
    lines = {line.id: line for line in parse(PATH, FILE).lines}
    cues = {
        "k2": moved(lines["k2"], 2500, 4000, (0, 200, None, 500, 600, 800, 1100), 0.93),
        "k3": moved(lines["k3"], 5250, 7000, (0, None, 1250)),
    }
    before = (mark + FILE).replace("\n", eol).encode()
    assert with_times(PATH, before, cues).decode() == (mark + AFTER).replace("\n", eol)


def test_numbered_cues_stay_unnamed_where_no_line_comes_before_them() -> None:
    line = {line.id: line for line in parse(PATH, FILE).lines}["k3"]
    after = with_times(PATH, FILE.encode(), {"k3": moved(line, 5250, 7000, ())}).decode()
    assert "\nc1\n" not in after
    assert "<00:00:06.000>" not in after


def test_an_arrow_that_breaks_into_a_block_stays_a_cue() -> None:
    text = (
        "WEBVTT\n\nNOTE untimed k1\nAt first.\n\nNOTE x\n0:00:05.000 --> 0:00:06.000\nA\n0:00:07.000 --> 0:00:08.000\nB"
    )
    lines = {line.id: line for line in parse(PATH, text).lines}
    cues = {"k1": moved(lines["k1"], 0, 1000, ()), "c2": moved(lines["c2"], 7000, 8500, ())}
    found = parse(PATH, with_times(PATH, text.encode(), cues).decode()).lines
    assert [(line.id, line.text, getattr(line, "end", None)) for line in found] == [
        ("k1", "At first.", 1000),
        ("c1", "A", 6000),
        ("c2", "B", 8500),
    ]


def test_what_would_be_read_as_something_else_is_refused() -> None:
    line = {line.id: line for line in parse(PATH, FILE).lines}["k2"]
    with pytest.raises(ArchiveError, match="the times of k2 cannot be written"):
        with_times(PATH, FILE.encode(), {"k2": moved(line, 2500, 4000, (0, 5000))})


WORDS: Final = st.lists(
    st.sampled_from(["quay", "&", "<tide>", "--", "é", "“so”", "3,5", "a\u00a0b"]), min_size=1, max_size=6
)


@st.composite
def files(draw: st.DrawFn) -> tuple[list[Line], dict[str, Cue]]:
    lines: list[Line] = []
    cues: dict[str, Cue] = {}
    for number in range(draw(st.integers(1, 6))):
        text = draw(st.sampled_from([" ", "\n"])).join(draw(WORDS))
        turns = (Turn(draw(st.sampled_from([None, "Ada", "Ben & Co"])), text),)
        line: Line = UntimedLine(f"k{number}", text, turns, (), 0, opens_paragraph=draw(st.booleans()))
        is_cue = draw(st.booleans())
        if is_cue:
            is_rough = draw(st.booleans())
            line = Cue(line.id, number * 9000, number * 9000 + 5000, text, turns, (), (), 0, is_approximate=is_rough)
            line = with_aligned(line, 0.25) if draw(st.booleans()) else line
        lines.append(line)
        if draw(st.booleans()):
            start = number * 9000 + draw(st.integers(0, 3999))
            known = draw(st.lists(st.booleans(), min_size=len(text.split()), max_size=len(text.split())))
            words = tuple(100 * at if is_known else None for at, is_known in enumerate(known))
            cues[line.id] = moved(line, start, start + 4000, words)
    return lines, cues


@pytest.mark.long
@settings(max_examples=examples(40))
@given(files())
def test_whatever_is_placed_is_read_back(drawn: tuple[list[Line], dict[str, Cue]]) -> None:
    lines, cues = drawn
    before = written(PATH, lines, (("Language", "en"),))
    after = with_times(PATH, before, cues)
    found = {line.id: line for line in parse(PATH, after.decode()).lines}
    for line in parse(PATH, before.decode()).lines:
        cue = cues.get(line.id)
        if cue is None:
            assert replace(found[line.id], line=0) == replace(line, line=0)
        else:
            again = found[line.id]
            assert isinstance(again, Cue)
            assert (again.start, again.end, again.text, again.turns) == (cue.start, cue.end, line.text, line.turns)
            assert not again.is_approximate
            assert again.opens_paragraph == line.opens_paragraph
    assert with_times(PATH, before, {}) == before
