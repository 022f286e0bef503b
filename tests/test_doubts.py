"""What people say of single words of a line is read, written, and known to be stale where the words are others now."""

from __future__ import annotations

from pathlib import Path

import pytest
from drawing import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from player.archive.doubts import Doubt, Reading, doubts, unread_marks, with_doubts
from player.archive.transcript import Cue, Turn, UntimedLine, excerpt
from player.archive.webvtt.reading import parse, read_transcript
from player.archive.webvtt.writing import written
from player.checks.doubts import doubt_advice
from player.timecode import Span


def line(text: str, *comments: str) -> UntimedLine:
    return UntimedLine("k1", text, (Turn(None, text),), (), 0, comments=comments)


def test_marks_of_the_same_words_are_one_doubt() -> None:
    found = doubts(
        line(
            "The packet left late.",
            'doubtful: 2 "packet"',
            "heard: 2026-11-29, Ines Keeper",
            'variant: 2 "packet": "pocket", typescript',
            'variant: 2 "packet": "pack ice"',
            'variant: 3-4 "left late.": "left"',
            'doubtful: 1 "The"',
        )
    )
    assert found == (
        Doubt(0, 0),
        Doubt(1, 1, (Reading("pocket", "typescript"), Reading("pack ice"))),
        Doubt(2, 3, (Reading("left"),), is_doubtful=False),
    )


@pytest.mark.parametrize(
    "mark",
    [
        'doubtful: 2 "pocket"',
        'doubtful: 3 "packet"',
        'doubtful: 2-3 "packet"',
        'doubtful: 9 "packet"',
        'variant: 1 "packet": "pocket"',
    ],
)
def test_a_mark_of_other_words_than_stand_there_is_stale(mark: str) -> None:
    of = line("The packet left late.", mark)
    assert doubts(of) == ()
    ((comment, found),) = unread_marks(of)
    assert (comment, found is None) == (mark, False)
    # What is said anew does not remove it: only whoever wrote it knows what it was of.
    assert with_doubts(of, [Doubt(0, 0)]).comments == (mark, 'doubtful: 1 "The"')


@pytest.mark.parametrize(
    "mark",
    [
        "doubtful: packet",
        'doubtful: 0 "The"',
        'doubtful: 2-1 "packet"',
        'doubtful: 2 "packet',
        'variant: 2 "packet"',
        'variant: 2 "packet": ""',
        'doubtful: 99999999999999999999 "x"',
        "doubtful words: packet",
    ],
)
def test_what_cannot_be_read_says_nothing_and_stays(mark: str) -> None:
    of = line("The packet left late.", mark)
    assert doubts(of) == ()
    assert with_doubts(of, []) is of
    is_machines = mark.startswith("doubtful words:")
    assert list(unread_marks(of)) == ([] if is_machines else [(mark, None)])


def test_a_doubt_of_words_that_are_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="no words 3 to 3"):
        with_doubts(line("The packet"), [Doubt(2, 2)])
    with pytest.raises(ValueError, match="no words"):
        with_doubts(line("The packet"), [Doubt(1, 1, (Reading(" "),))])


def test_what_is_not_shown_is_advised_of(tmp_path: Path) -> None:
    path = tmp_path / "transcript.vtt"
    marks = (
        'doubtful: 2 "pocket"',
        'variant: 9 "late": "early", typescript',
        "variant: see the log",
        'doubtful: 1 "The"',
    )
    path.write_bytes(written(path, [line("The packet left.", *marks)], ()))
    told = [f"{each.what}; {each.remedy}" for each in doubt_advice(read_transcript(path))]
    assert [each.partition(", and is not")[0].partition("; write")[0] for each in told] == [
        'line k1: "doubtful: 2 "pocket"" is of word 2, where there is "packet" now',
        'line k1: "variant: 9 "late": "early", typescript" is of word 9, where the line has fewer words now',
        'line k1: "variant: see the log" is not read as a mark of words',
    ]


def test_a_part_of_a_line_has_the_marks_of_its_words() -> None:
    text = "So the the packet left."
    marks = ('doubtful: 2 "the"', 'variant: 4-5 "packet left.": "pack"', 'doubtful: 1 "So"', 'doubtful: 2 "a"', "Ours.")
    cue = Cue("c1", 0, 5000, text, (Turn(None, text),), (0, 1000, 2000, 3000, 4000), (), 0, comments=marks)
    (part,) = excerpt([cue], Span(2000, 5000))
    assert part.text == "the packet left."
    assert part.comments == ('variant: 2-3 "packet left.": "pack"', "Ours.")
    (part,) = excerpt([cue], Span(1000, 3000))
    assert part.comments == ('doubtful: 1 "the"', "Ours.")


HARD = st.text(st.sampled_from('ab"\\->,:é '), min_size=1, max_size=6)


@pytest.mark.long
@settings(max_examples=examples(40), deadline=None)
@given(st.lists(HARD, min_size=1, max_size=4), HARD, st.none() | HARD.filter(lambda by: "-->" not in by))
def test_whatever_is_said_of_words_is_read_back_from_the_file(words: list[str], text: str, by: str | None) -> None:
    of = line(" ".join(["pier", *" ".join(words).split()]))
    count = len(of.text.split())
    named = " ".join((by or "").split()) or None
    readings = (Reading(" ".join(text.split()), named),) if text.split() else ()
    said = (Doubt(0, count - 1, readings),)
    marked = with_doubts(of, said)
    assert doubts(marked) == said
    assert with_doubts(marked, said) == marked
    assert with_doubts(marked, []).comments == ()
    (again,) = parse(Path("t.vtt"), written(Path("t.vtt"), [marked], ()).decode()).lines
    assert doubts(again) == said
