"""What is said of a change of a line: what people say of its words is told, and not that some comment changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from player.archive.doubts import Doubt, Reading, with_doubts
from player.archive.transcript import Cue, Turn
from player.history.telling import what

LINE: Final = Cue("c1", 0, 1000, "The pocket boat.", (Turn("Tom", "The pocket boat."),), (), (), 0, comments=("Ours.",))
DOUBT: Final = Doubt(1, 1, (Reading("packet", "Nora Quill"), Reading("pilot")), is_doubtful=True)


def test_it_is_told_which_words_are_doubtful_and_how_else_they_are_read() -> None:
    doubted = with_doubts(LINE, [DOUBT])
    told = ["doubtful: pocket", "read otherwise: pocket, as packet (Nora Quill)", "read otherwise: pocket, as pilot"]
    assert what(LINE, doubted) == told
    assert what(doubted, LINE) == [f"no longer {each}" for each in told]
    sure = with_doubts(LINE, [replace(DOUBT, is_doubtful=False)])
    assert what(doubted, sure) == ["no longer doubtful: pocket"]


def test_how_sure_a_program_is_of_times_is_no_change_of_comments() -> None:
    placed = replace(LINE, comments=("aligned: 0.93", *LINE.comments))
    assert what(replace(LINE, start=100), placed) == ["start 100 ms earlier"]
    assert what(LINE, replace(LINE, comments=("Theirs.",))) == ["comments"]
