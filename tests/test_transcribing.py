"""What a recogniser hears becomes lines; what it made up does not, and where that was is told."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, cast

import pytest

from player.align.asked import Placed
from player.align.doubts import sifted, unheard
from player.align.draft_lines import LONGEST, MOST, lines_of
from player.align.engines import Ready
from player.align.hearing import Segment
from player.align.refining import refined
from player.align.windows import MOST as WINDOW
from player.align.windows import Heard, words_of
from player.align.windows import windows as divided
from player.timecode import SECOND, Span

if TYPE_CHECKING:
    from player.align.pieces import Work
    from player.intake.transcripts.imported import ImportedLine

HERE = [Span(0, 60_000)]


def said(text: str, start: int = 0, each: int = 300, sure: float = 0.9) -> tuple[Heard, ...]:
    """Say words one after another, each as long."""
    return tuple(
        Heard(f" {word}", start + number * each, start + number * each + each - 20, sure)
        for number, word in enumerate(text.split())
    )


def segment(
    words: tuple[Heard, ...], logprob: float = -0.3, no_speech: float = 0.1, compression: float = 1.4
) -> Segment:
    return Segment(words, logprob, no_speech, compression)


def text_of(words: list[Heard]) -> str:
    return "".join(word.text for word in words).strip()


# Windows.


def test_a_window_begins_and_ends_in_a_pause() -> None:
    voices = [Span(start, start + 9_500) for start in range(1_000, 300_000, 10_000)]
    found = divided(voices, 310_000)
    assert all(window.duration <= WINDOW for window in found)
    for voice in voices:
        assert sum(window.start <= voice.start and voice.end <= window.end for window in found) == 1


def test_no_window_holds_a_long_silence() -> None:
    found = divided([Span(10_000, 12_000), Span(900_000, 903_000)], 3_600_000)
    assert found == [Span(9_700, 12_300), Span(899_700, 903_300)]


def test_windows_overlap_where_nobody_pauses() -> None:
    found = divided([Span(0, 100_000)], 100_000)
    assert found[0].start == 0
    assert found[-1].end == 100_000
    assert all(0 < before.end - after.start < WINDOW // 2 for before, after in pairwise(found))


def test_nothing_is_heard_where_there_is_no_voice() -> None:
    assert divided([], 3_600_000) == []


def test_a_window_stays_within_a_sound_of_a_second() -> None:
    assert divided([Span(100, 900)], 1_000) == [Span(0, 1_000)]


@pytest.mark.parametrize("late", [-120, 0, 120])
def test_what_two_windows_hear_is_said_once(late: int) -> None:
    text = " ".join(f"word{number}" for number in range(100))
    words = said(text)
    first = [word for word in words if word.end <= 16_000]
    second = [word._replace(start=word.start + late, end=word.end + late) for word in words if word.start >= 12_000]
    assert text_of(words_of([(Span(0, 16_000), first), (Span(12_000, 30_000), second)])) == text


def test_each_window_has_its_half_where_two_agree_about_no_word() -> None:
    first, second = said("a b c d e f", each=1_000), said("u v w x y z", 3_000, 1_000)
    found = words_of([(Span(0, 6_000), first), (Span(3_000, 9_000), second)])
    assert text_of(found) == "a b c d e w x y z"


# Doubts.


@pytest.mark.parametrize(
    "made_up",
    [
        pytest.param(segment(said("the ferry leaves"), logprob=-0.9), id="unlikely"),
        pytest.param(segment(said("the ferry leaves", sure=0.4)), id="unsure"),
        pytest.param(segment(said("the ferry leaves"), -0.7, 0.8), id="no speech"),
        pytest.param(segment(said("it is safe " * 6), compression=6.0), id="compressible"),
        pytest.param(segment(said("to the pier " * 8)), id="loop"),
        pytest.param(segment(said("Thank you."), no_speech=0.5), id="phrase"),
        pytest.param(segment(said("Thanks for watching!", sure=0.4)), id="phrase in doubt"),
        pytest.param(segment(said("[humming]")), id="sounds"),
        pytest.param(segment(said("...")), id="no letters"),
        pytest.param(segment(said("nobody ever spoke as quickly as that", each=30)), id="too fast"),
        pytest.param(segment(said("the ferry leaves", 70_000)), id="no voice"),
    ],
)
def test_what_a_recogniser_makes_up_is_left_out(made_up: Segment) -> None:
    assert sifted([made_up], HERE).words == []


@pytest.mark.parametrize("text", ["Thank you.", "No, no, no, no, no.", "Yes.", "The ferry leaves at 640."])
def test_what_people_say_stays(text: str) -> None:
    assert text_of(sifted([segment(said(text))], HERE).words) == text


def test_where_it_begins_to_repeat_itself_the_rest_is_left_out() -> None:
    found = sifted([segment(said("we sold seeds " + "and then the rain " * 5))], HERE)
    assert text_of(found.words) == "we sold seeds"
    assert found.left_out == [Span(900, 900 + 20 * 300 - 20)]


def test_a_word_begins_no_earlier_than_the_voice() -> None:
    (word,) = sifted([segment((Heard(" On", 1_000, 3_000, 0.9),))], [Span(2_600, 5_000)]).words
    assert (word.start, word.end) == (2_600, 2_900)


def test_words_are_put_where_they_begin_since_whisper_has_them_late() -> None:
    words = sifted([segment(said("the ferry", 1_000))], [Span(950, 5_000)]).words
    assert [word.start for word in words] == [950, 1_200]


def test_no_word_is_surer_than_the_segment_it_is_in() -> None:
    clear, noisy = (sifted([segment(said("the ferry"), logprob)], HERE).words[0].sure for logprob in (-0.2, -0.7))
    assert clear == 0.9
    assert noisy < 0.6


def test_a_voice_without_words_is_told() -> None:
    voices = [Span(0, 1_500), Span(10_000, 14_000), Span(30_000, 30_500)]
    assert unheard(list(said("the ferry left")), voices, []) == [Span(10_000, 14_000)]


def test_words_in_hiss_are_not_told() -> None:
    assert unheard([], [], [Span(0, 5_000)]) == []


# Lines.


def test_a_line_is_short_enough_to_be_read() -> None:
    found = lines_of(said("in the years when the ferry still came to the old pier we had " * 40))
    assert all(len(line.text) <= MOST for line in found)
    assert all(line.start is not None and line.end is not None and line.end - line.start <= LONGEST for line in found)
    assert " ".join(line.text for line in found) == " ".join(
        ["in the years when the ferry still came to the old pier we had"] * 40
    )


def test_a_long_sentence_is_divided_after_a_sign() -> None:
    sentence = (
        "When the ferry came in at twenty to seven in the morning, the whole office smelled of tomatoes and rain."
    )
    assert [line.text for line in lines_of(said(sentence))] == [
        "When the ferry came in at twenty to seven in the morning,",
        "the whole office smelled of tomatoes and rain.",
    ]


def test_a_line_says_how_sure_the_recogniser_is() -> None:
    (line,) = lines_of((Heard(" Four", 0, 300, 0.9), Heard(" winters.", 300, 700, 0.4)))
    assert line.word_confidences == (0.9, 0.4)
    assert line.confidence == 0.6
    assert line.words == (0, 300)


def test_words_without_spaces_are_joined() -> None:
    (line,) = lines_of((Heard(" twenty", 0, 300, 0.9), Heard("-five", 300, 500, 0.8)))
    assert line.text == "twenty-five"


def test_words_at_one_moment_stay_in_order() -> None:
    found = lines_of([Heard(f" w{number}", 5 * SECOND, 5 * SECOND, 0.5) for number in range(3)])
    assert [line.text for line in found] == ["w0 w1 w2"]


# Where an aligner hears the words.


def refine(lines: list[ImportedLine], *answers: Placed | None) -> list[ImportedLine]:
    ready = Ready("swallow 0.6", "en-us", lambda *_: answers)
    return refined(lines, cast("Work", None), ready, "en")


def test_words_are_put_where_an_aligner_hears_them() -> None:
    lines = lines_of(said("Four boats."))
    (line,) = refine(lines, Placed(80, 700, (80, 390), 0.93))
    assert (line.start, line.end, line.words, line.comments) == (80, 700, (0, 310), ("aligned: 0.93",))


def test_a_line_stays_where_an_aligner_hears_one_of_its_words_elsewhere() -> None:
    lines = lines_of(said("Four boats."))
    assert refine(lines, Placed(0, 2_000, (0, 1_500), 0.93)) == lines
    assert refine(lines, None) == lines
    assert refine(lines, Placed(0, 2_000, (0,), 0.93)) == lines


def test_no_line_runs_into_the_next() -> None:
    first, second = lines_of([*said("Four boats left."), *said("Two boats came.", 2_000)])
    found = refine([first, second], Placed(0, 2_100, (0, 300, 600), 0.9), None)
    assert [line.end for line in found] == [2_000, second.end]
