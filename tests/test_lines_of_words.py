"""Where a format has words and no lines, lines end where a reader would end them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from imported_lines import is_whole

from player.intake.transcripts.programs.words import MOST, Word, groups, lines_of
from player.intake.transcripts.told import Told


def said(text: str, *, start: int = 0, pace: int = 250, speaker: str | None = None) -> list[Word]:
    """Say a text word by word, without pauses."""
    return [
        Word(word, start + at * pace, start + (at + 1) * pace, 0.9, speaker) for at, word in enumerate(text.split())
    ]


def divided(*words: Word) -> list[str]:
    return [" ".join(word.text for word in group) for group in groups(words)]


SHORT = "It rains."
SENTENCE = "The harbour master walks along the quay in the evening, and counts."


def test_a_line_ends_with_a_sentence_that_is_long_enough() -> None:
    assert divided(*said(f"{SENTENCE} {SENTENCE}")) == [SENTENCE, SENTENCE]


def test_short_sentences_that_follow_at_once_are_one_line() -> None:
    assert divided(*said("No. It rains. So we wait.")) == ["No. It rains. So we wait."]


def test_a_short_sentence_before_a_breath_is_a_line() -> None:
    assert divided(*said(SHORT), *said(SHORT, start=900)) == [SHORT, SHORT]


def test_a_pause_ends_a_line_within_a_sentence() -> None:
    assert divided(*said("and then"), *said("nothing", start=2_000)) == ["and then", "nothing"]


def test_another_voice_begins_a_line() -> None:
    assert divided(*said("Is it", speaker="Ines"), *said("it is", start=500, speaker="Tom")) == ["Is it", "it is"]


def test_a_title_ends_no_sentence() -> None:
    text = "All along the quay in the evening with a lamp walks old Mr. Marlow."
    assert divided(*said(text)) == [text]


@pytest.mark.parametrize("end", [".", "?", "!", "…", '."', "。", "؟", "।"])
def test_sentences_of_many_languages_end(end: str) -> None:
    assert len(divided(*said(f"{SENTENCE[:-1]}{end} Then"))) == 2


def test_a_sentence_without_an_end_is_divided_at_its_longest_pause() -> None:
    words = said("plank " * 30)
    words += [
        Word("nail", word.start + 7_700, word.end + 7_700)
        for word in said("x " * 30)
        if word.start is not None and word.end
    ]
    lines = divided(*words)
    assert lines[0] == " ".join(["plank"] * 30)
    assert all(len(line) <= MOST for line in lines)


def test_a_sign_is_never_parted_from_its_word() -> None:
    words = [*said("gate " * 60), Word(".", joins=True)]
    assert all(not group[0].joins for group in groups(words))


@given(
    st.lists(
        st.builds(
            Word,
            st.text(max_size=300),
            st.none() | st.integers(-10_000, 10_000_000),
            st.none() | st.integers(-10_000, 10_000_000),
            st.none() | st.floats(0, 1),
            st.sampled_from([None, "Ines", "Tom"]),
            st.booleans(),
        ),
        max_size=60,
    )
)
@pytest.mark.long
def test_no_words_are_lost_whatever_they_are(words: list[Word]) -> None:
    lines = list(lines_of(words, Told()))
    for line in lines:
        is_whole(line)
    letters = [sign for word in words for sign in word.text if sign.isalnum()]
    assert [sign for line in lines for sign in line.text if sign.isalnum()] == letters
