"""Words are looked up in the model's dictionary first, and pronounced by rule where it lacks them."""

from __future__ import annotations

from player.align.pronouncing import Lexicon, pronunciations


def test_a_word_of_the_dictionary_keeps_its_name() -> None:
    lexicon = Lexicon.of("en-GB", ["harbour", "the"])
    assert (dict(lexicon.names), lexicon.added) == ({"harbour": "harbour", "the": "the"}, ())


def test_an_unknown_word_is_added_under_a_name_of_its_own() -> None:
    lexicon = Lexicon.of("en", ["zyx"])
    assert lexicon.names["zyx"] == lexicon.added[0][0] == "=zyx"


def test_a_word_in_letters_without_sounds_is_not_guessed() -> None:
    assert pronunciations("гавань", "en-us") == ()
    assert set(Lexicon.of("en", ["гавань"]).unsayable) == {"гавань"}
