"""Words are looked up in a model's dictionary first, and pronounced by rule where it lacks them."""

from __future__ import annotations

from pathlib import Path

import pytest
from phone_errors import by_names_of_letters, by_rules, held, score

from player.align import letter_rules
from player.align.letter_learning import SEED, held_out, learned
from player.align.letter_rules import by_letters
from player.align.pronouncing import LONGEST, MODELS, WAYS, Lexicon, dictionary, pronunciations
from player.errors import AlignError

EN, FR = MODELS["en"], MODELS["fr"]
# Of the held-out words, phones wrong in the best of the ways: 5.8 and 3.2 % were measured.
MOST_WRONG = {EN: 8.0, FR: 5.0}


def said(word: str, model: str = EN) -> list[str]:
    return [" ".join(phones) for phones in pronunciations(word, model)]


def test_a_word_of_the_dictionary_keeps_its_name() -> None:
    lexicon = Lexicon.of("en-GB", ["harbour", "the"])
    assert (dict(lexicon.names), lexicon.added) == ({"harbour": "harbour", "the": "the"}, ())


def test_an_unknown_word_is_added_under_a_name_of_its_own_with_its_ways_numbered() -> None:
    lexicon = Lexicon.of("en", ["kelpwick", "kelpwick"])
    assert lexicon.names == {"kelpwick": "=kelpwick"}
    assert [name for name, _ in lexicon.added] == ["=kelpwick", "=kelpwick(2)", "=kelpwick(3)"]
    assert "K EH L P W IH K" in [phones for _, phones in lexicon.added]


@pytest.mark.parametrize("model", MODELS.values())
def test_no_word_of_a_model_begins_as_added_words_do(model: str) -> None:
    assert not [word for word in dictionary(model) if word.startswith("=")]


@pytest.mark.long
@pytest.mark.parametrize("language", MODELS)
def test_a_decoder_takes_what_a_lexicon_adds(language: str) -> None:
    from soundswallower import Decoder, get_model_path  # noqa: PLC0415  # reads a model

    words = ["kelpwick", "łódź", "a", "o'dunmarrow's", "th-", "ñandú", "mm-hm" if language == "en" else "euh"]
    lexicon = Lexicon.of(language, words)
    decoder = Decoder(hmm=get_model_path(lexicon.model), loglevel="FATAL")
    for name, phones in lexicon.added:
        decoder.add_word(name, phones, update=True)
    decoder.set_align_text(" ".join(lexicon.names.values()))
    found = [str(decoder.lookup_word(name)) for name in lexicon.names.values()]
    assert found == [said(word, lexicon.model)[0] for word in words]


def test_a_word_in_letters_without_sounds_is_not_guessed() -> None:
    lexicon = Lexicon.of("en", ["гавань", "港", "harbour"])
    assert lexicon.names == {"harbour": "harbour"}
    assert lexicon.unsayable == {
        "гавань": 'the model has no sounds for "г", "а", "в"',  # noqa: RUF001  # meant
        "港": 'the model has no sounds for "港"',
    }


def test_what_is_too_long_to_be_a_word_is_not_guessed() -> None:
    assert Lexicon.of("en", ["a" * 1_000_000]).unsayable == {"a" * 1_000_000: "it has more than 60 letters in a row"}
    assert pronunciations("ab" * (LONGEST // 2), EN)


def test_what_has_no_letters_is_not_guessed() -> None:
    assert Lexicon.of("en", ["--", ""]).unsayable == {"--": "it has no letters", "": "it has no letters"}


def test_a_language_without_a_model_is_told_with_those_that_have_one() -> None:
    with pytest.raises(AlignError, match=r'the language "cy".*English \(en\) and French \(fr\).*--engine'):
        Lexicon.of("cy", ["porth"])


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
