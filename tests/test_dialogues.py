"""The sounds by which aligners are judged: their words are where they are said to be, and noise is as loud as told."""

from __future__ import annotations

import dialogues
import numpy as np
import pytest
from dialogues import Line
from placed_score import Spread, score, spread
from programs import program


@pytest.fixture
def _flite() -> None:
    program("flite")


def begins(lines: tuple[Line, ...], samples: np.ndarray) -> list[float]:
    """Tell by how many ms the sound of each line is late: it begins where its loudness passes a threshold."""
    envelope = np.convolve(np.abs(samples.astype(float)), np.ones(80) / 80, "same")
    threshold = envelope.max() / 100
    late = []
    for line in lines:
        first = line.start * 16 - 20 * 16
        late.append((np.flatnonzero(envelope[first:] > threshold)[0] / 16) - 20)
    return late


@pytest.mark.long
@pytest.mark.usefixtures("_flite")
@pytest.mark.parametrize("name", ["reading", "harbour"])
def test_a_line_begins_where_it_is_said_to(name: dialogues.Name) -> None:
    sound = dialogues.dialogue(name)
    late = np.array(begins(sound.lines, sound.samples()))
    assert np.median(np.abs(late)) < 20
    assert np.abs(late).max() < 80
    assert all(len(line.text.split()) == len(line.starts) for line in sound.lines)
    times = [time for line in sound.lines for time in (*line.starts, line.end)]
    assert times == sorted(times)
    assert times[-1] <= sound.duration


@pytest.mark.long
@pytest.mark.usefixtures("_flite")
@pytest.mark.parametrize("snr", [10, 0])
def test_noise_is_as_loud_as_told(snr: int) -> None:
    sound = dialogues.dialogue("harbour", snr).samples() / 32768
    truth = dialogues.dialogue("harbour").samples()
    quiet = np.convolve(np.abs(truth), np.ones(3200), "same") == 0  # a tenth of a second from anybody's words
    noise = 20 * np.log10(np.sqrt(np.mean(sound[quiet] ** 2)))
    assert noise == pytest.approx(-20 - snr, abs=0.7)  # speech is at -20 dBFS


@pytest.mark.long
@pytest.mark.usefixtures("_flite")
def test_a_sound_at_another_rate_has_its_words_at_the_same_moments() -> None:
    sound = dialogues.dialogue("harbour", rate=44_100)
    low = dialogues.dialogue("harbour")
    assert (sound.lines, sound.duration) == (low.lines, low.duration)
    at = np.arange(0, low.duration - 1, 7)
    high = sound.samples()[np.round(at * 44.1).astype(int)]
    assert np.corrcoef(high, low.samples()[at * 16])[0, 1] > 0.99


@pytest.mark.long
@pytest.mark.usefixtures("_flite")
def test_the_parts_of_an_hour_are_where_they_are_said_to_be() -> None:
    sound = dialogues.hour(seconds=700)
    assert sound.duration == 700_000
    assert len({line.id for line in sound.lines}) == len(sound.lines) > 100
    assert np.abs(begins(sound.lines, sound.samples())).max() < 80


TRUTH = (
    Line("a", "ANN", "one two", (1000, 1500), 2000),
    Line("b", "BEN", "three", (3000,), 3500),
    Line("c", "ANN", "four five", (5000, 5500), 6000),
)


def test_a_score_counts_what_was_placed_and_how_far_off() -> None:
    placed = [Spread(1010, 2000, (1010, 1530)), None, Spread(5000, 6000, (5000, 6200))]
    found = score(TRUTH, placed)
    assert (found.said, found.placed, found.errors) == (3, 2, (10, 30, 0, 700))
    assert (found.wrong, found.share_wrong) == (("c",), 50)
    assert (found.mean, found.median) == (185, 20)


def test_a_line_that_is_placed_and_not_said_is_wrong() -> None:
    placed = [Spread(1000, 2000, (1000, 1500)), Spread(3000, 3500, (3000,)), None]
    found = score(TRUTH, placed, said={"a", "c"})
    assert (found.said, found.placed, found.unsaid, found.share_wrong) == (2, 1, ("b",), 50)
    assert found.share_placed == 50


def test_the_control_spreads_words_by_their_letters() -> None:
    placed = spread(TRUTH, 2400)
    assert [each.words for each in placed] == [(0, 400), (800,), (1400, 1900)]
    assert placed[-1].end == 2400
