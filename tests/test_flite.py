"""flite speaks a text the same way each time, and tells when it spoke each token of it."""

from __future__ import annotations

import numpy as np
import pytest
from programs import program

from player.errors import ReadingError
from player.reading.flite import Speech, installed, synthesise

RATE = 16_000


@pytest.fixture(scope="module", autouse=True)
def _flite() -> None:
    program("flite")
    assert installed()


def names(speech: Speech) -> list[str]:
    return [token.text for token in speech.tokens]


def onsets(speech: Speech, silence: float = 0.06) -> np.ndarray:
    """Find where sound begins after a silence, in samples: by the energy of 5 ms alone, knowing nothing of words."""
    samples = np.frombuffer(speech.samples, "<i2").astype(float)
    energy = np.sqrt(np.convolve(samples**2, np.ones(80) / 80, "same"))
    loud = np.flatnonzero(energy > samples.std() * 10 ** (-25 / 20))
    after_silence = np.diff(loud, prepend=-RATE) > silence * RATE
    return np.asarray(loud[after_silence])


@pytest.mark.long
def test_a_text_gives_the_same_samples_whatever_was_spoken_before() -> None:
    text = "It is a reading, made with synthetic voices."
    for voice in ("rms", "kal16"):
        first = synthesise(text, voice)
        synthesise("Something else.", voice, 1.3)
        assert synthesise(text, voice) == first


@pytest.mark.long
def test_a_token_is_what_stands_between_white_spaces_without_its_punctuation() -> None:
    said = '(On Tuesday), 5 November 1963, "Mr. Attwood" -- of U.S. fame -- didn\'t; $1,000 at 0:25...'
    spoken = ["On", "Tuesday", "5", "November", "1963", "Mr", "Attwood", "of", "U.S", "fame", "didn't", "$1,000", "at"]
    assert names(synthesise(said, "rms")) == [*spoken, "0:25"]


def test_a_number_said_in_several_words_is_one_token_and_as_long_as_they_are() -> None:
    figures = synthesise("In 1963 Castro spoke", "rms").tokens
    letters = synthesise("In nineteen sixty three Castro spoke", "rms").tokens
    assert [token.text for token in figures] == ["In", "1963", "Castro", "spoke"]
    assert (figures[1].start, figures[1].end) == (letters[1].start, letters[3].end)
    assert figures[2:] == letters[4:]


def test_a_date_is_said_as_an_ordinal_of_which_the_day_is_one_token() -> None:
    assert names(synthesise("on 5 November", "rms")) == ["on", "5", "November"]
    assert synthesise("on 5 November", "rms").samples == synthesise("on fifth November", "rms").samples


@pytest.mark.parametrize("voice", ["rms", "kal16", "awb", "slt"])
def test_words_after_a_pause_begin_where_the_sound_does(voice: str) -> None:
    speech = synthesise("Bundy spoke. Attwood did not. Nobody knew. It went on. Months passed, and all ended.", voice)
    begins = {token.text: token.start for token in speech.tokens}
    off = [np.abs(onsets(speech) - begins[word]).min() for word in ("Bundy", "Attwood", "Nobody", "It", "Months")]
    assert np.median(off) < 0.020 * RATE
    assert max(off) < 0.060 * RATE


@pytest.mark.parametrize("voice", ["rms", "kal16", "awb", "slt", "kal"])
def test_every_token_lies_in_the_sound_in_order(voice: str) -> None:
    speech = synthesise("One, two and three. " * 6, voice, 1.1)
    edges = [edge for token in speech.tokens for edge in (token.start, token.end)]
    assert len(speech.tokens) == 24
    assert edges == sorted(edges)
    assert edges[0] > 0
    assert edges[-1] <= len(speech.samples) // 2


@pytest.mark.parametrize("voice", ["rms", "kal16"])
def test_a_stretched_voice_takes_that_much_longer(voice: str) -> None:
    text = "The account begins now, and goes on for a while."
    plain, slow = (synthesise(text, voice, stretch).tokens for stretch in (1.0, 1.25))
    assert slow[-1].end - slow[0].start == pytest.approx(1.25 * (plain[-1].end - plain[0].start), rel=0.02)
    assert synthesise(text, voice).tokens == plain


def test_a_text_of_nothing_but_marks_has_no_tokens() -> None:
    assert synthesise("...", "rms").tokens == ()


def test_a_voice_that_is_not_installed_is_refused_with_the_package_to_install() -> None:
    with pytest.raises(ReadingError, match="apt-get install flite"):
        synthesise("one", "nobody")
