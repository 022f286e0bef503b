"""A fade changes what it should and nothing else, and is pydub's to the last bit."""

from __future__ import annotations

import numpy as np
import pytest
from pydubs_fade import pydubs_fade

from player.audio.decode.samples import Decoding, Samples
from player.clips import cut

RATE = 22_050


def passage(length: int, *, width: int = 2, channels: int = 1) -> Samples:
    """Give a passage of a constant value."""
    return Samples(np.full(length * channels, 10_000, f"<i{width}").tobytes(), RATE, channels, width)


def faded(whole: Samples, fade_in: int, fade_out: int) -> Samples:
    """Fade a passage as a clip is faded."""
    sound = Decoding(whole.rate, whole.channels, whole.width, whole.length, whole.pieces)
    return Samples(cut.faded(sound, fade_in, fade_out).samples, whole.rate, whole.channels, whole.width)


def numbers(whole: Samples) -> list[int]:
    """Give the samples as integers."""
    return [int(sample) for sample in np.frombuffer(whole.samples, f"<i{whole.width}")]


@pytest.mark.parametrize("length", [22_041, 22_051, 22_050, 221])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("width", [2, 4])
def test_a_fade_changes_neither_the_length_nor_what_is_outside(length: int, channels: int, width: int) -> None:
    whole = passage(length, width=width, channels=channels)
    done = faded(whole, 5, 5)
    assert done.length == length
    values = numbers(done)
    fade = 110 * channels
    assert values[fade:-fade] == numbers(whole)[fade:-fade]
    assert values[0] == values[channels - 1] == 0
    assert values[:fade] == sorted(values[:fade])
    assert values[-fade:] == sorted(values[-fade:], reverse=True)


@pytest.mark.parametrize(("fade_in", "fade_out"), [(5, 5), (1, 40), (4, 0), (0, 4)])
@pytest.mark.parametrize(("width", "channels"), [(2, 1), (2, 2), (4, 1)])
def test_a_fade_is_pydubs_to_the_last_bit(width: int, channels: int, fade_in: int, fade_out: int) -> None:
    high = 2 ** (8 * width - 1)
    noise = np.random.default_rng(7).integers(-high, high, 2000 * channels, dtype=f"<i{width}").tobytes()
    whole = Samples(noise, RATE, channels, width)
    assert faded(whole, fade_in, fade_out).samples == pydubs_fade(whole, fade_in, fade_out)


def test_a_fade_of_nothing_touches_nothing() -> None:
    whole = passage(1000)
    assert faded(whole, 0, 0) == whole


def test_a_fade_may_fill_the_passage() -> None:
    values = numbers(faded(passage(RATE), 500, 500))
    assert max(values) == pytest.approx(10_000, abs=10)
    assert values[RATE // 4] == pytest.approx(5000, abs=10)
