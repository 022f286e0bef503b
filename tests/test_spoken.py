"""What is said may be spelt otherwise than what is printed, and each printed word still knows when it was said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.errors import ReadingError
from player.reading.flite import Token
from player.reading.spoken import Respelling, respell


def tokens(said: str, each: int = 100) -> list[Token]:
    """Speak each word for ``each`` samples, as flite would name it: without the punctuation around it."""
    words = [word.strip("\"'()[].,;:!?-") for word in said.split()]
    return [Token(word, at * each, (at + 1) * each) for at, word in enumerate(word for word in words if word)]


def starts(line: Respelling) -> dict[str, int]:
    return dict(zip(line.printed, line.starts(tokens(line.text)), strict=True))


def test_a_line_without_respellings_is_said_as_it_is_printed() -> None:
    line = respell("On 5 November 1963, it rained.", {})
    assert line.text == "On 5 November 1963, it rained."
    assert starts(line) == {"On": 0, "5": 100, "November": 200, "1963,": 300, "it": 400, "rained.": 500}


def test_a_word_said_as_several_begins_with_the_first_of_them() -> None:
    line = respell("Then Vallejo spoke.", {"Vallejo": "va yay ho"})
    assert line.text == "Then va yay ho spoke."
    assert starts(line) == {"Then": 0, "Vallejo": 100, "spoke.": 400}


def test_a_phrase_said_in_as_many_words_answers_word_for_word() -> None:
    line = respell("When Jean Daniel wrote", {"Jean Daniel": "zhawn danyell"})
    assert starts(line) == {"When": 0, "Jean": 100, "Daniel": 200, "wrote": 300}


def test_a_phrase_said_in_fewer_words_shares_their_time_by_letters() -> None:
    line = respell("the U. S. A.! now", {"U. S. A.": "states"})
    assert line.text == "the states! now"
    assert line.starts(tokens(line.text)) == (0, 100, 128, 157, 200)


def test_a_phrase_said_in_more_words_shares_their_time_by_letters() -> None:
    line = respell("from 5 October on", {"5 October": "the fifth of october"})
    assert line.starts(tokens(line.text)) == (0, 100, 150, 500)


def test_a_word_of_which_nothing_is_said_begins_where_the_last_one_ends() -> None:
    line = respell("Castro — now", {})
    assert line.text == "Castro -- now"
    heard = [Token("Castro", 10, 90), Token("now", 150, 200)]
    assert line.starts(heard) == (10, 90, 150)


def test_a_dash_before_the_first_word_begins_with_it() -> None:
    assert respell("— now", {}).starts([Token("now", 150, 200)]) == (150, 150)


def test_words_that_a_dash_joins_begin_with_the_first() -> None:
    line = respell("in Cuba—Peace Feelers", {"Cuba": "cooba", "Peace Feelers": "pee eff ell"})
    assert line.text == "in cooba -- pee eff ell"
    assert line.starts(tokens(line.text)) == (0, 100, 376)


def test_a_possessive_is_respelt() -> None:
    line = respell("(Vallejo’s), Vallejo.", {"Vallejo": "va yay ho"})
    assert line.text == "(va yay ho's), va yay ho."


def test_part_of_a_word_is_not_respelt() -> None:
    assert respell("The UN is united, UNited.", {"UN": "U N"}).text == "The U N is united, UNited."


def test_the_longest_phrase_is_respelt_first() -> None:
    say = {"Key": "quay", "Key West": "key waste"}
    assert respell("Key West, Key", say).text == "key waste, quay"


def test_a_sign_can_be_respelt() -> None:
    line = respell("Mail & Guardian […]", {"&": "and", "[…]": "omission"})
    assert line.text == "Mail and Guardian omission"


def test_the_marks_and_accents_of_print_are_made_plain() -> None:
    assert respell("“Détente” – René’s ‘word’…", {}).text == "\"Detente\" - Rene's 'word'..."


@pytest.mark.parametrize(("word", "told"), [("Voж", '"ж", in "Voж"'), ("a\0b", r"'\x00', in 'a\x00b'")])
def test_a_sign_that_cannot_be_spoken_is_refused_with_the_word_it_is_in(word: str, told: str) -> None:
    with pytest.raises(ReadingError) as refusal:
        respell(f"the {word} word", {})
    assert str(refusal.value) == f"flite cannot speak {told}; give the word a spelling in [say]"


def test_a_sign_that_cannot_be_spoken_may_be_given_a_spelling() -> None:
    assert respell("the Ж word", {"Ж": "zhay"}).text == "the zhay word"


@pytest.mark.parametrize("other", ["three", "two"])
def test_tokens_of_another_text_are_refused(other: str) -> None:
    with pytest.raises(ReadingError, match=f'flite spoke "{other}" instead of "onetwo"'):
        respell("one two", {}).starts([Token(other, 0, 1)])


words = st.text(st.sampled_from("ab.-—’é "), max_size=30).filter(lambda text: any(letter.isalpha() for letter in text))


@given(text=words, say=st.dictionaries(st.sampled_from(["a", "b", "a b", "b a a", "ab"]), words, max_size=3))
def test_each_printed_word_has_a_time_no_earlier_than_the_one_before(text: str, say: dict[str, str]) -> None:
    line = respell(text, say)
    times = line.starts(tokens(line.text))
    assert line.printed == tuple(text.split())
    assert len(times) == len(line.printed)
    assert list(times) == sorted(times)
