"""A line of a transcript becomes a value of JSON and a line again; what is no line is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from player.archive.references import Citation
from player.archive.transcript import Cue, Turn, UntimedLine
from player.desk.line_values import described, line_of

if TYPE_CHECKING:
    from player.archive.transcript import Line

CUE = Cue(
    *("c7", 860370, 864090, "By hand.\nSo they say."),
    (Turn("Pilot", "By hand."), Turn(None, "So they say.")),
    (0, None, 700, None, 1200),
    (Citation("log", "p. 2"),),
    0,
    comments=("aligned: 0.93", "heard: 2026-11-29, Ines Keeper", 'variant: 2 "hand.": "land.", typescript', "Ours."),
    page="12",
    is_unchecked=True,
)
UNTIMED = UntimedLine("k2", "The ferry.", (Turn(None, "The ferry."),), (), 0, opens_paragraph=True)


@pytest.mark.parametrize("line", [CUE, UNTIMED])
def test_a_line_comes_back_from_its_value(line: Line) -> None:
    again = line_of(json.loads(json.dumps(described(line))))
    assert again == line
    assert again.is_unchecked == line.is_unchecked


def test_a_value_says_what_comments_mean() -> None:
    value = described(CUE, older=("fr",))
    assert value["aligned"] == 0.93
    assert value["heard"] == [{"date": "2026-11-29", "name": "Ines Keeper"}]
    readings = [{"text": "land.", "by": "typescript"}]
    assert value["doubts"] == [{"first": 1, "last": 1, "doubtful": False, "readings": readings}]
    assert value["older"] == ["fr"]


@pytest.mark.parametrize(
    ("key", "value", "what"),
    [
        ("id", "7", "not an id"),
        ("id", None, "the id is not a text"),
        ("start", -1, "start is not a number"),
        ("start", 1.5, "start is not a number"),
        ("start", True, "start is not a number"),
        ("start", None, "start is not a number"),
        ("end", 10**18, "end is not a number"),
        ("text", "Other words.", "not those of the text"),
        ("text", "\ud800", "half a character"),
        ("text", "a" * 1_000_001, "at most 1,000,000 letters"),
        ("turns", [{"speaker": "Pilot"}], "a turn has"),
        ("turns", {}, "turns is not a list"),
        ("words", [0], "5 words have 1 times"),
        ("words", [-1, 0, 0, 0, 0], "a word is not a number"),
        ("paragraph", 1, "paragraph is not true or false"),
        ("sources", [", p. 2"], "a source is not"),
        ("comments", [None], "a comment is not a text"),
        ("colour", "red", "'colour', which is not known"),
    ],
)
def test_what_is_no_line_is_refused(key: str, value: object, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        line_of({**described(CUE), key: value})


@pytest.mark.parametrize("value", [None, [], "c7", {}, {"id": "c7"}])
def test_what_is_not_even_an_object_of_a_line_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="a line"):
        line_of(value)


def test_a_line_without_times_has_none_of_words() -> None:
    with pytest.raises(ValueError, match="without times"):
        line_of({**described(CUE), "start": None, "end": None})
