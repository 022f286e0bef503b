"""Words are looked up in a model's dictionary first, and pronounced by rule where it lacks them."""

from __future__ import annotations

from pathlib import Path

import pytest
from phone_errors import by_names_of_letters, by_rules, held, score

from player.align import letter_rules
from player.align.letter_learning import SEED, held_out, learned
from player.align.letter_rules import by_letters
from player.align.pronouncing import MODELS, WAYS, dictionary, pronunciations, unsayable
from player.errors import quoted

EN, FR = MODELS["en"], MODELS["fr"]
# Of the held-out words, phones wrong in the best of the ways: 5.8 and 3.2 % were measured.
MOST_WRONG = {EN: 8.0, FR: 5.0}


def said(word: str, model: str = EN) -> list[str]:
    return [" ".join(phones) for phones in pronunciations(word, model)]


def test_a_word_of_the_dictionary_is_said_in_all_the_ways_that_it_has_there() -> None:
    assert said("the") == ["DH AH", "DH IY"]


def test_an_unknown_word_is_said_in_a_few_ways() -> None:
    assert "K EH L P W IH K" in said("kelpwick")
    assert 1 < len(said("kelpwick")) <= WAYS


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("гавань", 'the model has no sounds for "г", "а", "в"'),  # noqa: RUF001  # Cyrillic is meant
        ("港", 'the model has no sounds for "港"'),
        ("a" * 1_000_000, "it has more than 60 letters in a row"),
        ("--", "it has no letters"),
    ],
    ids=["Cyrillic", "Han", "long", "dashes"],
)
def test_what_has_no_sounds_is_told_and_not_guessed(word: str, why: str) -> None:
    assert pronunciations(word, EN) == ()
    assert unsayable([("the", word)], EN) == f"{quoted(word)} cannot be pronounced, for {why}"


def test_what_can_be_said_in_one_of_its_ways_can_be_said() -> None:
    assert unsayable([("港",), ("harbour",)], EN) is None
    assert unsayable([()], EN) is None


@pytest.mark.parametrize(
    ("word", "phones"),
    [
        ("mm-hm", "AH M HH AH M"),
        ("erm", "ER M"),
        ("harbourmaster", "HH AA R B ER M AE S T ER"),
        ("harbourmasters", "HH AA R B ER M AE S T ER Z"),
        ("ferrying", "F EH R IY IH NG"),
        ("rosenmoor's", "R OW Z AH N M UH R Z"),
        ("thatchers'", "TH AE CH ER Z"),
        ("rowin'", "R OW IH N"),
        ("café", "K AH F EY"),
        ("grünberg", "G R AH N B ER G"),
        ("mcquarrow", "M AH K W AA R OW"),
        ("th-", "TH"),
        ("wxb", "D AH B AH L Y UW EH K S B IY"),
    ],
)
def test_an_english_word_that_the_dictionary_lacks_is_said_by_rule(word: str, phones: str) -> None:
    assert phones in said(word)


@pytest.mark.parametrize(
    ("word", "phones"),
    [
        ("brocéliande", "bb rr oo ss ei ll yy an dd"),
        ("euh", "eu"),
        ("œuvre", "oe vv rr"),
        ("ploumarec", "pp ll ou mm aa rr ai kk"),
    ],
)
def test_a_french_word_that_the_dictionary_lacks_is_said_by_rule(word: str, phones: str) -> None:
    assert phones in said(word, FR)


def test_no_word_is_said_in_more_ways_than_a_decoder_can_weigh() -> None:
    assert max(len(pronunciations(word, EN)) for word in ("kelpwicking", "aeiouaeiou", "xyz" * 20)) <= WAYS


@pytest.mark.parametrize("model", MODELS.values())
def test_words_that_the_rules_were_not_learned_from_are_pronounced_nearly_right(model: str) -> None:
    words = [word for word in list(dictionary(model))[::100] if word.isalpha() and word.islower() and held_out(word)]
    by_rule = score(model, words, lambda word: by_letters(word, model, WAYS))
    by_name = score(model, words, by_names_of_letters(model))
    assert by_rule.phone_error_rate < 2 * MOST_WRONG[model], f"seed {SEED}: {by_rule}"
    assert by_name.phone_error_rate > 10 * by_rule.phone_error_rate


@pytest.mark.long
@pytest.mark.parametrize("model", MODELS.values())
def test_all_held_out_words_are_pronounced_nearly_right(model: str) -> None:
    measured = score(model, held(model), by_rules(model, WAYS))
    assert measured.phone_error_rate < MOST_WRONG[model], f"seed {SEED}: {measured}"


@pytest.mark.long
@pytest.mark.parametrize("model", MODELS.values())
def test_the_rules_are_those_that_are_learned_without_the_held_out_words(model: str) -> None:
    path = Path(letter_rules.__file__).with_name("letters") / f"{model}.txt"
    assert path.read_text(encoding="utf-8").splitlines() == list(learned(model))
