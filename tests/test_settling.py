"""Lines that were placed become cues that do not overlap, within the sound; what does not fit is left, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from player.align.asked import NotPlaced, Placed
from player.align.settling import Settled, settled, spoken_lines
from player.archive.line_marks import with_aligned
from player.archive.transcript import Cue, Turn, UntimedLine
from player.timecode import Span

if TYPE_CHECKING:
    from player.archive.transcript import Line

WHOLE: Final = Span(0, 20_000)


def untimed(name: str, text: str = "one two three") -> UntimedLine:
    return UntimedLine(name, text, (Turn("Ada", text),), (), 1, page="4", comments=("kept",))


def timed(name: str, start: int, end: int, *, is_approximate: bool = False) -> Cue:
    turns = (Turn(None, "one two"),)
    return Cue(name, start, end, "one two", turns, (), (), 1, is_approximate=is_approximate)


def placed(start: int, *words: int | None, sure: float = 0.8) -> Placed:
    return Placed(start, start + 3000, words, sure)


def times(found: Settled) -> dict[str, tuple[int, int, tuple[int | None, ...]]]:
    return {cue.id: (cue.start, cue.end, cue.words) for cue in found.cues}


def why(found: Settled) -> dict[str, str]:
    return {each.line.id: each.why for each in found.left}


def test_a_line_keeps_what_it_has_and_says_how_sure_the_machine_is() -> None:
    found = settled([untimed("a")], {"a": placed(1000, 1000, None, 2500)}, WHOLE, again=False)
    (cue,) = found.cues
    assert (cue.start, cue.end, cue.words) == (1000, 4000, (0, None, 1500))
    assert (cue.page, cue.speaker, cue.comments) == ("4", "Ada", ("kept", "aligned: 0.80"))
    assert found.confidences == {"a": 0.8}


def test_a_line_ends_where_the_next_begins_if_its_words_have_begun() -> None:
    answers = {"a": placed(0, 0, 500, 1900), "b": placed(2000, 2000, 2100, 2200)}
    assert times(settled([untimed("a"), untimed("b")], answers, WHOLE, again=False))["a"] == (0, 2000, (0, 500, 1900))


def test_of_two_that_overlap_the_surer_one_stays() -> None:
    lines: list[Line] = [untimed("a"), untimed("b")]
    answers = {"a": placed(0, 0, 500, 2500), "b": placed(2000, 2000, 2100, 2200, sure=0.9)}
    found = settled(lines, answers, WHOLE, again=False)
    assert times(found).keys() == {"b"}
    assert why(found) == {"a": "it would overlap b"}
    answers["b"] = placed(2000, 2000, 2100, 2200, sure=0.7)
    assert why(settled(lines, answers, WHOLE, again=False)) == {"b": "it would overlap a"}


def test_what_a_person_timed_stays_and_lines_give_way_to_it() -> None:
    lines: list[Line] = [untimed("a"), timed("f", 2000, 5000), untimed("b"), untimed("c")]
    answers = {"a": placed(0, 0, 500, 2500), "b": placed(4000, 4000, 4100, 4200), "c": placed(5000, 5000, None, None)}
    found = settled(lines, answers, WHOLE, again=False)
    assert times(found).keys() == {"c"}
    assert why(found) == {"a": "it would overlap f", "b": "it would overlap f"}
    answers = {"a": placed(6000, 6000, 6500, 7000)}
    assert why(settled(lines, answers, WHOLE, again=False)) == {"a": "it would overlap f"}, "it comes before f"


def test_a_line_ends_with_the_sound_and_not_after_it() -> None:
    found = settled([untimed("a")], {"a": placed(18_500, 18_500, 19_000, 19_500)}, WHOLE, again=False)
    assert times(found) == {"a": (18_500, 20_000, (0, 500, 1000))}
    found = settled([untimed("a")], {"a": placed(20_000, 20_000, 20_500, 21_000)}, WHOLE, again=False)
    assert why(found) == {"a": "not made out (noise, or other words than these)"}


def test_words_that_run_backwards_or_outside_are_left_without_times() -> None:
    found = settled([untimed("a")], {"a": placed(1000, 1200, 1100, 1200)}, WHOLE, again=False)
    assert times(found) == {"a": (1000, 4000, (200, None, None))}
    found = settled([untimed("a")], {"a": placed(1000, 500, 3000, 9000)}, WHOLE, again=False)
    assert times(found) == {"a": (1000, 4000, (None, 2000, None))}
    found = settled([untimed("a")], {"a": placed(1000, 1000)}, WHOLE, again=False)
    assert times(found) == {"a": (1000, 4000, ())}, "the machine counted other words"


def test_why_a_line_was_not_placed_is_told() -> None:
    found = settled([untimed("a"), untimed("b")], {"a": NotPlaced("it is in French"), "b": None}, WHOLE, again=False)
    assert why(found) == {"a": "it is in French", "b": "not made out (noise, or other words than these)"}


def test_what_is_looked_for_is_what_is_not_timed_by_a_person() -> None:
    lines: list[Line] = [
        untimed("a"),
        timed("f", 2000, 5000),
        timed("r", 5000, 6000, is_approximate=True),
        with_aligned(timed("m", 7000, 8000), 0.5),
    ]
    asked = {line.id: line for line in spoken_lines(lines, "en", WHOLE, again=False)}
    assert {name: line.fixed for name, line in asked.items()} == {
        "a": None,
        "f": Span(2000, 5000),
        "r": None,
        "m": Span(7000, 8000),
    }
    assert asked["r"].near == Span(5000, 6000)
    asked = {line.id: line for line in spoken_lines(lines, "en", WHOLE, again=True)}
    assert (asked["m"].fixed, asked["m"].near) == (None, Span(7000, 8000))


def test_of_a_passage_only_lines_that_may_be_in_it_are_looked_for() -> None:
    lines: list[Line] = [untimed("a"), timed("f", 2000, 5000), untimed("b"), timed("g", 8000, 9000), untimed("c")]
    asked = spoken_lines(lines, "en", Span(6000, 8500), again=False)
    assert [(line.id, line.fixed) for line in asked] == [("b", None), ("g", Span(2000, 3000))]
    found = settled(lines, {"b": Placed(0, 1000, (0, None, None), 0.5)}, Span(6000, 8500), again=False)
    assert times(found) == {"b": (6000, 7000, (0, None, None))}


def test_what_somebody_has_heard_stays_where_it_is() -> None:
    heard = ("heard: 2026-11-29, Ines Keeper",)
    rough = replace(timed("r", 5000, 6000, is_approximate=True), comments=heard)
    lines: list[Line] = [rough, replace(with_aligned(timed("m", 7000, 8000), 0.5), comments=heard)]
    for again in (False, True):
        asked = spoken_lines(lines, "en", WHOLE, again=again)
        assert [line.fixed for line in asked] == [Span(5000, 6000), Span(7000, 8000)]
