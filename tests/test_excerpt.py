"""What is heard in a passage is what its lines keep, with voices and times, from 0:00 on."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from drawing import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from player.archive.transcript import Cue, Turn, excerpt, retimed
from player.archive.webvtt.reading import read_transcript
from player.archive.webvtt.writing import write_transcript
from player.timecode import Span

TURNS = (Turn("Ada", "One two"), Turn("Ben", "three four"))
LINE = Cue("first", 1000, 5000, "One two\nthree four", TURNS, (0, 1000, 2000, 3000), (), 1)
UNTIMED = Cue("second", 5000, 7000, "Five six", (Turn("Ada", "Five six"),), (), (), 1)


def test_words_outside_the_passage_are_dropped_and_voices_kept() -> None:
    (part,) = excerpt([LINE, UNTIMED], Span(2000, 4000))
    assert (part.text, part.turns) == ("two\nthree", (Turn("Ada", "two"), Turn("Ben", "three")))
    assert (part.start, part.end, part.words) == (2000, 4000, (0, 1000))


def test_a_word_counts_where_half_of_it_is_heard() -> None:
    assert excerpt([LINE], Span(1400, 2600))[0].text == "One two"
    assert excerpt([LINE], Span(1700, 2500))[0].text == "two"
    assert excerpt([LINE], Span(1100, 1200))[0].text == "One"


def test_a_line_without_times_is_there_as_a_whole_or_not() -> None:
    assert [part.text for part in excerpt([UNTIMED], Span(4000, 6000))] == ["Five six"]
    assert excerpt([UNTIMED], Span(4000, 5900)) == ()


def test_joined_passages_follow_one_another_and_every_line_has_its_own_name() -> None:
    lines = [LINE, UNTIMED]
    parts = retimed([(lines, Span(4000, 6000), 0), (lines, Span(1000, 3000), 2500)])
    assert [(part.id, part.start, part.end, part.text) for part in parts] == [
        ("first", 0, 1000, "four"),
        ("second", 1000, 2000, "Five six"),
        ("first-2", 2500, 4500, "One two"),
    ]


words = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), min_size=1, max_size=6), min_size=1)

lines = st.lists(st.tuples(words, st.lists(st.integers(0, 3000))), max_size=4)


@pytest.mark.long
@settings(max_examples=examples(60))
@given(
    st.lists(st.tuples(words, st.lists(st.integers(0, 3000))), max_size=4), st.integers(0, 5000), st.integers(1, 4000)
)
def test_any_excerpt_of_a_transcript_is_a_transcript(
    said: list[tuple[list[str], list[int]]], start: int, length: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.vtt"
        cues = []
        for number, (tokens, times) in enumerate(said):
            text = " ".join(" ".join(tokens).split())
            if not text:
                continue
            count = len(text.split())
            stamps = [None if index % 3 == 1 else time for index, time in enumerate(sorted(times))]
            timed = (0, *stamps, *[None] * count)[:count] if times else ()
            begins = 1000 * number
            cues.append(Cue(f"c{number}", begins, begins + 3001, text, (Turn("Ada", text),), tuple(timed), (), 1))
        write_transcript(path, cues, [])
        read = read_transcript(path).cues
        parts = retimed([(read, Span(start, start + length), 0)])
        write_transcript(path, parts, [("Type", "caption")])
        again = read_transcript(path)
        assert [replace(cue, line=1) for cue in again.cues] == [replace(cue, line=1) for cue in parts]
        assert not [fault for fault in again.faults if "time" in fault.what]
        assert all(0 <= part.start < part.end <= length for part in parts)
