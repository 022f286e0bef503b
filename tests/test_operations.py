"""The desk's operations: what each makes of a line, what stays with its words, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from player.archive.doubts import Doubt, Reading, doubts
from player.archive.line_marks import aligned, confidence, doubtful, heard, word_confidences
from player.archive.machine import Review
from player.archive.references import Citation
from player.archive.transcript import Cue, Turn, UntimedLine
from player.archive.webvtt.changing import spliced
from player.desk.operations import perform
from player.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.archive.transcript import Line

UNUSED: Final = frozenset[str]().__contains__
INES: Final = Review("2026-11-29", "Ines Keeper")


def cue(name: str, start: int, end: int, text: str, **more: Any) -> Cue:
    speaker = more.pop("speaker", None)
    whole: dict[str, Any] = {"turns": (Turn(speaker, text),), "words": (), "citations": (), "line": 0, **more}
    return Cue(name, start, end, text, **whole)


def untimed(name: str, text: str, **more: Any) -> UntimedLine:
    return UntimedLine(name, text, (Turn(None, text),), (), 0, **more)


PILOT: Final = cue(
    *("c1", 1000, 5000, "The pocket left the quay late."),
    speaker="Pilot",
    words=(0, 300, None, 1500, 1700, 2500),
    comments=(
        *("aligned: 0.93", "confidence: 0.80", "word confidence: 0.90 0.30 0.80 0.70 - 0.40"),
        *("doubtful words: pocket late.", "heard: 2026-11-28, Ada Reader", "Ours."),
        *('doubtful: 6 "late."', 'variant: 2 "pocket": "packet", typescript', 'variant: 2 "pocket": "pack it"'),
    ),
    page="4",
    opens_paragraph=True,
)
CLERK: Final = cue("c2", 5000, 8000, "At noon, they say.", speaker="Clerk", page="4", citations=(Citation("log"),))
LINES: Final[tuple[Line, ...]] = (PILOT, CLERK, untimed("u3", "With pears."), cue("c4", 9000, 9900, "So they did."))


def done(operation: dict[str, Any], lines: Sequence[Line] = LINES, *, is_draft: bool = False) -> tuple[Line, ...]:
    """Perform an operation that came as JSON, and give the lines that are new."""
    told = json.loads(json.dumps(operation))
    splice = perform(lines, told, used=UNUSED, by=INES, is_draft=is_draft)
    after = spliced(lines, [splice])
    assert len({line.id for line in after}) == len(after)
    return splice.new


def one(operation: dict[str, Any], line: Line = PILOT, *, is_draft: bool = False) -> Any:
    (now,) = done({"id": line.id, **operation}, [line], is_draft=is_draft)
    return now


def words(text: str, line: Line = PILOT, *, is_draft: bool = False) -> Any:
    return one({"do": "words", "turn": 0, "text": text}, line, is_draft=is_draft)


def test_a_word_that_is_another_keeps_its_time_and_those_of_its_neighbours() -> None:
    now = words("The packet left the quay late.")
    assert (now.text, now.turns) == (
        "The packet left the quay late.",
        (Turn("Pilot", "The packet left the quay late."),),
    )
    assert now.words == PILOT.words
    assert word_confidences(now) == (0.9, None, 0.8, 0.7, None, 0.4)
    assert doubtful(now) == (5,)
    assert (confidence(now), aligned(now), heard(now)) == (None, 0.93, ())
    # That the typescript reads so goes without saying now; how somebody else reads stays.
    assert doubts(now) == (Doubt(1, 1, (Reading("pack it"),), is_doubtful=False), Doubt(5, 5))


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("The old packet left the quay late.", (0, 300, None, None, 1500, 1700, 2500)),
        ("Pocket left the quay late.", (300, None, 1500, 1700, 2500)),
        ("The pocket, she left the quay so very late.", (0, 300, None, None, 1500, 1700, None, None, 2500)),
        ("The pocket left.", (0, 300, None)),
        ("the POCKET left the quay late", (0, 300, None, 1500, 1700, 2500)),
        ("Nothing of it.", ()),
    ],
)
def test_words_that_stay_keep_their_times(text: str, times: tuple[int | None, ...]) -> None:
    assert words(text).words == times


def test_a_draft_is_unchecked_where_its_words_are_others_than_were_heard() -> None:
    assert words("The packet left.", is_draft=True).is_unchecked
    assert not words("The packet left.").is_unchecked
    assert words("The  pocket left the quay late.", is_draft=True).comments == PILOT.comments


def test_what_is_doubted_follows_its_words() -> None:
    before = replace(PILOT, comments=('doubtful: 4-5 "the quay"', 'doubtful: 1 "The"', 'doubtful: 3 "left"'))
    assert doubts(words("So the pocket left the quay late.", before)) == (Doubt(1, 1), Doubt(3, 3), Doubt(4, 5))
    assert doubts(words("The pocket the old quay late.", before)) == (Doubt(0, 0),)
    assert doubts(words("The pocket left quay late.", before)) == (Doubt(0, 0), Doubt(2, 2))


def test_line_breaks_are_as_a_cue_can_have_them() -> None:
    assert words("\r\n The packet \r\n\r\n left.\n").text == "The packet\nleft."


def test_one_turn_of_several_is_reworded_or_goes() -> None:
    text = "By hand.\nSo they say."
    line = cue("c1", 0, 3000, text, turns=(Turn("Pilot", "By hand."), Turn("Clerk", "So they say.")))
    now = one({"do": "words", "turn": 1, "text": "They say."}, line)
    assert (now.text, now.turns) == ("By hand.\nThey say.", (Turn("Pilot", "By hand."), Turn("Clerk", "They say.")))
    now = one({"do": "words", "turn": 0, "text": "By an old hand."}, line)
    assert (now.text, now.turns[1]) == ("By an old hand.\nSo they say.", Turn("Clerk", "So they say."))
    assert one({"do": "words", "turn": 0, "text": ""}, line).turns == (Turn("Clerk", "So they say."),)
    assert one({"do": "words", "turn": 1, "text": " "}, line).text == "By hand."
    # Two turns of one voice are one.
    now = one({"do": "speaker", "turn": 1, "speaker": " Pilot "}, line)
    assert now.turns == (Turn("Pilot", text),)


def test_a_speaker_is_named_or_nobody() -> None:
    assert one({"do": "speaker", "turn": 0, "speaker": "Harbour clerk"}).turns[0].speaker == "Harbour clerk"
    assert one({"do": "speaker", "turn": 0, "speaker": None}).turns[0].speaker is None
    assert one({"do": "speaker", "turn": 0, "speaker": "Clerk"}).comments == PILOT.comments


def test_times_leave_the_moments_of_words() -> None:
    now = one({"do": "times", "start": 900, "end": 3000})
    # The first begins with the line; the last would be outside of it.
    assert (now.start, now.end, now.words) == (900, 3000, (0, 400, None, 1600, 1800, None))
    assert (aligned(now), heard(now)) == (None, heard(PILOT))
    now = one({"do": "times", "start": 1400, "end": 5000})
    assert now.words == (0, None, None, 1100, 1300, 2100)


def test_a_line_without_times_gets_some_and_rough_ones_are_so_no_more() -> None:
    now = done({"do": "times", "id": "u3", "start": 8000, "end": 8500})[0]
    assert isinstance(now, Cue)
    assert (now.start, now.end, now.text) == (8000, 8500, "With pears.")
    assert not one({"do": "times", "start": 0, "end": 9}, cue("c1", 1, 2, "So.", is_approximate=True)).is_approximate


@pytest.mark.parametrize(
    ("name", "start", "order"),
    [
        ("c1", 4999, "c1 c2 u3 c4"),
        ("c1", 5000, "c1 c2 u3 c4"),
        ("c1", 5001, "c2 u3 c1 c4"),
        ("c1", 9500, "c2 u3 c4 c1"),
        ("c4", 900, "c4 c1 c2 u3"),
        ("c4", 1000, "c1 c4 c2 u3"),
        ("c2", 9000, "c1 c2 u3 c4"),
        ("c2", 9001, "c1 u3 c4 c2"),
        ("u3", 0, "u3 c1 c2 c4"),
        ("c4", 99_000, "c1 c2 u3 c4"),
    ],
)
def test_a_line_stands_where_its_times_put_it(name: str, start: int, order: str) -> None:
    operation = {"do": "times", "id": name, "start": start, "end": start + 500}
    splice = perform(LINES, operation, used=UNUSED)
    assert " ".join(line.id for line in spliced(LINES, [splice])) == order


def test_a_line_is_divided_where_its_next_word_begins() -> None:
    first, second = done({"do": "split", "id": "c1", "at": 15, "time": None})
    assert isinstance(first, Cue)
    assert isinstance(second, Cue)
    assert (first.start, first.end, first.text, first.words) == (1000, 2500, "The pocket left", (0, 300, None))
    assert (second.start, second.end, second.text, second.words) == (2500, 5000, "the quay late.", (0, 200, 1000))
    assert (first.turns[0].speaker, second.turns[0].speaker) == ("Pilot", "Pilot")
    assert (first.page, second.page) == ("4", "4")
    assert (first.opens_paragraph, second.opens_paragraph) == (True, False)
    assert [aligned(each) for each in (first, second)] == [0.93, 0.93]
    assert [heard(each) == heard(PILOT) for each in (first, second)] == [True, True]
    assert [word_confidences(each) for each in (first, second)] == [(0.9, 0.3, 0.8), (0.7, None, 0.4)]
    assert [doubtful(replace(each, comments=each.comments[:3])) for each in (first, second)] == [(), ()]
    assert doubts(first) == (Doubt(1, 1, (Reading("packet", "typescript"), Reading("pack it")), is_doubtful=False),)
    assert doubts(second) == (Doubt(2, 2),)
    assert "Ours." in first.comments
    assert "Ours." not in second.comments
    names = {first.id, second.id}
    assert len(names) == 2
    assert all(len(name) == 7 and name[0].isalpha() and name.isalnum() for name in names)


def test_a_line_is_divided_at_a_given_time_or_by_its_letters() -> None:
    first, second = done({"do": "split", "id": "c1", "at": 16, "time": 2000})
    assert isinstance(first, Cue)
    assert isinstance(second, Cue)
    assert (first.end, second.start, second.words) == (2000, 2000, (500, 700, 1500))
    assert (aligned(first), aligned(second)) == (None, None)
    first, second = done({"do": "split", "id": "c2", "at": 9, "time": None})
    assert isinstance(second, Cue)
    assert (first.text, second.text, second.start) == ("At noon,", "they say.", 5000 + 3000 * 9 // 18)
    assert (first.citations, second.citations) == ((Citation("log"),), (Citation("log"),))
    first, second = done({"do": "split", "id": "u3", "at": 4, "time": None})
    assert (first.text, second.text, type(second)) == ("With", "pears.", UntimedLine)
    first, second = done({"do": "split", "id": "c2", "at": 5, "time": None})
    assert (first.text, second.text) == ("At no", "on, they say.")


def test_what_is_divided_stands_in_the_order_of_times() -> None:
    """Two speak at once: the second half comes after what the other has begun to say."""
    lines = (
        cue("c1", 0, 5000, "By hand they say"),
        cue("c2", 1000, 4000, "Aye"),
        untimed("u3", "So"),
        cue("c4", 3500, 9000, "No"),
    )
    splice = perform(lines, {"do": "split", "id": "c1", "at": 8, "time": 3000}, used=UNUSED)
    assert splice.old == ("c1", "c2", "u3")
    assert [line.text for line in splice.new] == ["By hand", "Aye", "So", "they say"]


def test_two_voices_are_divided_between_and_within() -> None:
    text = "By hand.\nSo they say."
    line = cue("c1", 0, 2100, text, turns=(Turn("Pilot", "By hand."), Turn("Clerk", "So they say.")))
    first, second = done({"do": "split", "id": "c1", "at": 9, "time": None}, [line])
    assert (first.turns, second.turns) == ((Turn("Pilot", "By hand."),), (Turn("Clerk", "So they say."),))
    first, second = done({"do": "split", "id": "c1", "at": 3, "time": None}, [line])
    assert second.turns == (Turn("Pilot", "hand."), Turn("Clerk", "So they say."))
    assert second.text == "hand.\nSo they say."


def test_a_joined_line_has_what_both_had() -> None:
    (now,) = done({"do": "join", "id": "c1"})
    assert isinstance(now, Cue)
    assert (now.start, now.end) == (1000, 8000)
    assert now.text == "The pocket left the quay late.\nAt noon, they say."
    assert now.turns == (Turn("Pilot", PILOT.text), Turn("Clerk", CLERK.text))
    assert now.words == (0, 300, None, 1500, 1700, 2500, 4000, None, None, None)
    assert now.citations == (Citation("log"),)
    assert (aligned(now), heard(now), now.page, now.opens_paragraph) == (None, (), "4", True)
    assert word_confidences(now)[:3] == (0.9, 0.3, 0.8)
    assert [(each.first, each.last) for each in doubts(now)] == [(1, 1), (5, 5)]


def test_what_was_divided_is_joined_again() -> None:
    parts = done({"do": "split", "id": "c1", "at": 15, "time": None})
    (now,) = done({"do": "join", "id": parts[0].id}, parts)
    assert replace(now, id="c1", comments=()) == replace(PILOT, comments=())
    assert sorted(now.comments) == sorted(PILOT.comments)


def test_a_line_is_joined_to_one_that_begins_before_it() -> None:
    # So they may stand after something was taken back.
    lines = (cue("c1", 5000, 6000, "Late words.", words=(0, 400)), cue("c2", 2000, 3000, "Early ones.", words=(0, 300)))
    (now,) = done({"do": "join", "id": "c1"}, lines)
    assert isinstance(now, Cue)
    assert (now.start, now.end, now.text) == (2000, 6000, "Late words. Early ones.")
    assert all(time is None or time >= 0 for time in now.words)


def test_a_line_without_times_is_joined_to_one_that_has_some() -> None:
    (now,) = done({"do": "join", "id": "c2"})
    assert isinstance(now, Cue)
    assert (now.start, now.end, now.text) == (5000, 8000, "At noon, they say.\nWith pears.")
    (now,) = done({"do": "join", "id": "u3"})
    assert isinstance(now, Cue)
    assert (now.start, now.text) == (9000, "With pears. So they did.")


def test_a_new_line_stands_after_another() -> None:
    new = {"do": "new", "after": "c1", "start": 4000, "end": 4500, "speaker": "Clerk", "text": "Aye."}
    (now,) = done(new)
    assert isinstance(now, Cue)
    assert (now.start, now.end, now.turns, now.page) == (4000, 4500, (Turn("Clerk", "Aye."),), "4")
    splice = perform(LINES, {**new, "start": 8500, "end": 8600}, used=UNUSED)
    assert splice.after == "u3"
    splice = perform(LINES, {**new, "after": None, "start": None, "end": None}, used=UNUSED)
    assert (splice.after, type(splice.new[0])) == (None, UntimedLine)


def test_what_comments_say_of_the_place_stays_when_a_line_goes() -> None:
    (now,) = done({"do": "remove", "id": "c1"})
    assert (now.id, now.comments, now.opens_paragraph) == ("c2", ("Ours.",), True)
    assert done({"do": "remove", "id": "u3"}) == ()
    splice = perform(LINES[:1], {"do": "remove", "id": "c1"}, used=UNUSED)
    assert (splice.old, splice.new) == (("c1",), ())
    (now,) = done({"do": "remove", "id": "c2"}, [PILOT, replace(CLERK, comments=("Theirs.",))])
    assert now.comments == (*PILOT.comments, "Theirs.")


def test_words_are_doubted_and_read_otherwise() -> None:
    now = one({"do": "doubt", "first": 2, "last": 3, "on": True})
    assert 'doubtful: 3-4 "left the"' in now.comments
    assert 'doubtful: 6 "late."' not in one({"do": "doubt", "first": 5, "last": 5, "on": False}).comments
    say: dict[str, Any] = {"do": "variant", "first": 5, "last": 5, "text": "early", "by": "Ada Reader"}
    now = one(say)
    assert 'variant: 6 "late.": "early", Ada Reader' in now.comments
    assert one(say, now) == now
    assert one({**say, "gone": True}, now) == PILOT
    assert heard(now) == heard(PILOT)


def test_another_reading_becomes_the_text() -> None:
    now = one({"do": "reading", "first": 1, "last": 1, "text": "pack it"})
    assert now.text == "The pack it left the quay late."
    assert now.words == (0, 300, None, None, 1500, 1700, 2500)
    readings = (Reading("packet", "typescript"), Reading("pocket"))
    assert doubts(now) == (Doubt(1, 2, readings, is_doubtful=False), Doubt(6, 6))
    assert heard(now) == ()
    again = one({"do": "reading", "first": 1, "last": 2, "text": "pocket"}, now)
    assert again.text == PILOT.text
    assert Reading("pack it") in doubts(again)[0].readings


def test_a_line_is_heard_or_not() -> None:
    now = one({"do": "heard", "on": True}, is_draft=True)
    assert [each.name for each in heard(now)] == ["Ada Reader", "Ines Keeper"]
    assert not now.is_unchecked
    now = one({"do": "heard", "on": False}, is_draft=True)
    assert (heard(now), now.is_unchecked) == ((), True)


def test_an_identifier_is_never_one_that_was_used() -> None:
    asked: list[str] = []

    def used(name: str) -> bool:
        asked.append(name)
        return len(asked) < 3  # the third is free

    splice = perform(LINES, {"do": "join", "id": "c1"}, used=used)
    assert splice.new[0].id == asked[2]


@pytest.mark.parametrize(
    ("operation", "what"),
    [
        ({}, "names no do"),
        ({"do": "dance", "id": "c1"}, '"dance" is nothing'),
        ({"do": "words", "id": "c9", "turn": 0, "text": "x"}, 'no line "c9" any more'),
        ({"do": "words", "id": ["c1"]}, "names no id"),
        ({"do": "words", "id": "c1", "turn": 1, "text": "x"}, "no voice 2"),
        ({"do": "words", "id": "c1", "turn": True, "text": "x"}, '"True" is not a number'),
        ({"do": "words", "id": "c1", "turn": 0, "text": " \n"}, "at least one word"),
        ({"do": "words", "id": "c1", "turn": 0, "text": "\u202e"}, "at least one word"),
        ({"do": "words", "id": "c1", "turn": 0, "text": " \u200b\n\u2060 \ufeff"}, "at least one word"),
        ({"do": "words", "id": "c1", "turn": 0, "text": "\x07"}, "control character"),
        ({"do": "words", "id": "c1", "turn": 0, "text": "\ud800"}, "control character"),
        ({"do": "speaker", "id": "c1", "turn": 0, "speaker": "\u202eHale"}, "U.202E"),
        ({"do": "words", "id": "c1", "turn": 0, "text": "a" * 20_001}, "20,000 letters"),
        ({"do": "words", "id": "c1", "turn": 0, "text": None}, "has no text"),
        ({"do": "speaker", "id": "c1", "turn": 0, "speaker": "a" * 201}, "200 letters"),
        ({"do": "speaker", "id": "c1", "turn": 0, "speaker": "a --> b"}, "no transcript can hold"),
        ({"do": "times", "id": "c1", "start": 5, "end": 5}, "would end at 0:00.005"),
        ({"do": "times", "id": "c1", "start": -5, "end": 5}, "not a number"),
        ({"do": "times", "id": "c1", "start": 5, "end": 10**12}, "longer than any recording"),
        ({"do": "times", "id": "c1", "start": None, "end": 5}, "not a number"),
        ({"do": "split", "id": "c1", "at": 0, "time": None}, "no words"),
        ({"do": "split", "id": "c1", "at": 99, "time": None}, "no words"),
        ({"do": "split", "id": "c1", "at": 15, "time": 5000}, "0:05 is not within the line"),
        ({"do": "split", "id": "c1", "at": 6, "time": None}, "something is said"),
        ({"do": "join", "id": "c4"}, "no line follows"),
        ({"do": "new", "after": "c1", "start": 1, "end": None, "speaker": None, "text": "x"}, "no times"),
        ({"do": "new", "after": "c9", "start": 1, "end": 2, "speaker": None, "text": "x"}, "no line"),
        ({"do": "new", "after": "c1", "start": 1, "end": 2, "speaker": None, "text": ""}, "at least one word"),
        ({"do": "doubt", "id": "c1", "first": 0, "last": 6, "on": True}, "no words 1 to 7"),
        ({"do": "doubt", "id": "c1", "first": 3, "last": 2, "on": True}, "no words 4 to 3"),
        ({"do": "doubt", "id": "c1", "first": 0, "last": 0, "on": 1}, "neither true nor false"),
        ({"do": "variant", "id": "c1", "first": 1, "last": 1, "text": "pocket", "by": None}, "already"),
        ({"do": "variant", "id": "c1", "first": 1, "last": 1, "text": " ", "by": None}, "no words are given"),
        ({"do": "variant", "id": "c1", "first": 1, "last": 1, "text": "x", "by": None, "gone": True}, "nobody reads"),
        ({"do": "reading", "id": "c1", "first": 1, "last": 1, "text": "x"}, "nobody reads"),
        ({"do": "heard", "id": "c1"}, "neither true nor false"),
    ],
)
def test_what_cannot_be_done_is_refused(operation: dict[str, Any], what: str) -> None:
    with pytest.raises(OperationError, match=what) as told:
        perform(LINES, operation, used=UNUSED, by=INES)
    assert str(told.value) == f"{told.value.what}; {told.value.remedy}"


def test_many_words_that_are_all_alike_take_no_long_time() -> None:
    line = cue("c1", 0, 9000, "a " * 5000 + "b " * 4000, words=(0, *[None] * 8998, 5))
    assert len(words("b " * 5000 + "a " * 4000, line).words) == 9000


@pytest.mark.parametrize(
    "operation",
    [
        {"do": "speaker", "turn": 0, "speaker": "Pilot"},
        {"do": "doubt", "first": 0, "last": 0, "on": True},
        {"do": "variant", "first": 0, "last": 0, "text": "x", "by": None},
    ],
)
def test_of_a_line_without_words_it_is_said_that_they_are_to_be_written_first(operation: dict[str, Any]) -> None:
    lines = (cue("c1", 1000, 2000, "", turns=()),)
    with pytest.raises(OperationError, match=r"no words yet; write them first"):
        done({**operation, "id": "c1"}, lines)
    assert done({"do": "words", "id": "c1", "turn": 0, "text": "Pears."}, lines)[0].text == "Pears."
    assert done({"do": "words", "id": "c1", "turn": 0, "text": "\u202bPears\u202c"}, lines)[0].text
