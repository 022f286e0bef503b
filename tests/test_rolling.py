"""Captions that roll up the screen say each line once, and what is really said twice stays twice."""

from __future__ import annotations

from typing import Final

import pytest
from drawing import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from player.archive.transcript import Turn
from player.intake.transcripts.captions.rolling import unrolled
from player.intake.transcripts.imported import ImportedLine

MOVE: Final = 10


def shown(text: str, start: int, end: int, words: tuple[int | None, ...] = ()) -> ImportedLine:
    return ImportedLine(text, start=start, end=end, words=words, origin=start)


def rolled(said: list[str], *, timed: bool = True, moves: bool = True) -> list[ImportedLine]:
    """Show lines of two seconds each as YouTube does, an empty one for a pause."""
    captions = []
    above = ""
    for number, text in enumerate(said):
        start, end = 2_000 * number, 2_000 * number + 1_990
        both = f"{above}\n{text}".strip("\n") if text else ""
        old = len(above.split())
        times: tuple[int | None, ...] = ()
        if timed and len(text.split()) > 1:
            times = (*([0] + [None] * (old - 1) if old else []), *([None] if old else [0]))
            times += tuple(100 * at for at in range(1, len(text.split())))
        captions.append(shown(both, start, end, times))
        if moves:
            captions.append(shown(text, end, end + MOVE))
        above = text
    return captions


SAID = [
    ["the first boat", "came in late", "came in late", "came in late", "and left"],
    ["oh no", "no no", "no no", "no no", "", "no no", "yes"],
    ["a b", "c d", "a b", "c d", "a b"],
]


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("timed", [True, False])
@pytest.mark.parametrize("moves", [True, False])
def test_each_line_is_said_once_at_its_own_time(said: list[str], *, timed: bool, moves: bool) -> None:
    kept, (remark,) = unrolled(rolled(said, timed=timed, moves=moves))
    expected = [(text, 2_000 * at, 2_000 * at + 1_990) for at, text in enumerate(said) if text]
    assert [(line.text, line.start, line.end) for line in kept] == expected
    if timed:
        assert all(
            line.words == tuple(range(0, 100 * len(line.text.split()), 100)) for line in kept if " " in line.text
        )
    assert remark.what.endswith("captions say again, because they roll up the screen")


def test_a_line_that_stays_while_nobody_speaks_is_no_repetition() -> None:
    captions = [
        *rolled(["the first boat", "came in late"]),
        shown("came in late", 4_000, 9_000),
        shown("", 9_000, 9_010),
    ]
    kept, _ = unrolled([*captions, shown("came in late", 9_010, 9_990, (0, 100, 200))])
    assert [(line.text, line.start) for line in kept] == [
        ("the first boat", 0),
        ("came in late", 2_000),
        ("came in late", 9_010),
    ]


def test_three_lines_on_the_screen_roll_as_well() -> None:
    texts = ["a a\nb b\nc c", "b b\nc c\nd d", "c c\nd d\ne e", "d d\ne e\nf f"]
    kept, _ = unrolled([shown(text, 1_000 * at, 1_000 * at + 900) for at, text in enumerate(texts)])
    assert [line.text for line in kept] == ["a a\nb b\nc c", "d d", "e e", "f f"]


def test_voices_stay_with_what_is_left_of_a_caption() -> None:
    first, second, third = (
        ImportedLine(line.text, (Turn("Tom", line.text),), line.start, line.end)
        for line in rolled(["one boat", "two boats"])[:3]
    )
    third = ImportedLine(third.text, (Turn("Tom", "one boat"), Turn("Ines", "two boats")), third.start, third.end)
    kept, _ = unrolled([first, second, third])
    assert kept[1].turns == (Turn("Ines", "two boats"),)


@pytest.mark.parametrize(
    "texts",
    [
        # As some course platforms have them: each twice, one after the other.
        ["the tide is out", "the tide is out", "it comes back", "it comes back"],
        ["the tide is out\nagain", "the tide is out\nagain", "it comes\nback", "it comes\nback"],
        # A chorus, in a song of which most lines are new.
        [
            "row\nrow",
            "row\nthe boat",
            "gently\ndown",
            "the stream\nmerrily",
            "merrily\nlife is",
            "but a\ndream",
            "x\ny",
        ],
        # Answers that go on, among captions of one line.
        ["was it late", "no", "no\nit was early", "whose boat", "mine", "mine\nand hers", "sold?", "sold"],
        ["one\ntwo"],
        [],
    ],
)
def test_captions_that_do_not_roll_stay_as_they_are(texts: list[str]) -> None:
    captions = [shown(text, 1_000 * at, 1_000 * at + 900) for at, text in enumerate(texts)]
    assert unrolled(captions) == (captions, ())


def test_what_another_voice_says_again_is_never_left_out() -> None:
    said = [("Ines", text) for text in ("was it late", "was it late", "was it late\nI ask again", "I ask again\nno")]
    said += [("Tom", "no"), ("Tom", "no\nit was early")]
    captions = [
        ImportedLine(text, (Turn(voice, text),), 2_000 * at, 2_000 * at + (10 if at == 1 else 1_990))
        for at, (voice, text) in enumerate(said)
    ]
    kept, _ = unrolled(captions)
    assert [(line.turns[0].speaker, line.text) for line in kept] == [
        ("Ines", "was it late"),
        ("Ines", "I ask again"),
        ("Ines", "no"),
        ("Tom", "no"),
        ("Tom", "it was early"),
    ]


def test_a_line_alone_is_said_twice_where_no_moment_is_between() -> None:
    captions = [*rolled(["one boat", "two boats", ""])[:4], shown("", 4_000, 4_010)]
    kept, _ = unrolled([*captions, shown("no", 5_000, 6_000), shown("no", 6_000, 7_000)])
    assert [line.text for line in kept] == ["one boat", "two boats", "no", "no"]


@settings(max_examples=examples(30))
@given(said=st.lists(st.sampled_from(["a b", "c d", "no no", "x y z"]), min_size=3, max_size=12))
def test_whatever_is_said_comes_out_as_it_was_said(said: list[str]) -> None:
    assert [line.text for line in unrolled(rolled(said))[0]] == said
