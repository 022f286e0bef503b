"""The outline of a passage is that of its samples, part by part, wherever the passage lies in the sound."""

from __future__ import annotations

import math
import wave
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from player.audio import probe
from player.audio.decode import stream
from player.audio.passage_outline import FULL, coarse_levels, levels
from player.timecode import Span

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

RATE = 8000


@pytest.fixture
def noise(tmp_path: Path) -> tuple[Path, NDArray[np.int64]]:
    """Four seconds of noise, each hundred samples as loud as they will, and the whole of the samples."""
    chance = np.random.default_rng(16)
    loud = np.repeat(chance.integers(0, 32_000, 4 * RATE // 100), 100)
    sound = (chance.uniform(-1, 1, loud.size) * loud).astype("<i2")
    path = tmp_path / "noise.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(sound.tobytes())
    return path, sound.astype(np.int64)


def level(part: NDArray[np.int64]) -> int:
    return round(FULL * math.sqrt(min(1, int(np.abs(part).max()) / 32_768)))


@pytest.mark.parametrize(("span", "points"), [(Span(0, 4000), 50), (Span(1003, 1517), 37), (Span(3000, 4000), 4000)])
def test_each_part_has_the_loudest_of_its_own_samples(
    noise: tuple[Path, NDArray[np.int64]], span: Span, points: int
) -> None:
    path, sound = noise
    first, last = span.start * 8, span.end * 8
    edges = [first + at * (last - first) // points for at in range(points + 1)]
    expected = [level(sound[start:end]) for start, end in pairwise(edges)]
    assert levels(path, probe.probe(path), span, points) == expected


def test_pieces_of_any_size_make_no_difference(
    noise: tuple[Path, NDArray[np.int64]], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = noise
    sound, span = probe.probe(path), Span(5, 3990)
    whole = levels(path, sound, span, 123)
    monkeypatch.setattr(stream, "piece_of", lambda frame: 7 * frame)
    assert levels(path, sound, span, 123) == whole


def test_no_more_parts_than_samples_and_none_past_the_end(noise: tuple[Path, NDArray[np.int64]]) -> None:
    path, sound = noise
    probed = probe.probe(path)
    assert levels(path, probed, Span(10, 12), 500) == [level(sound[at : at + 1]) for at in range(80, 96)]
    assert levels(path, probed, Span(5000, 6000), 10) == []
    assert len(levels(path, probed, Span(3990, 9000), 10)) == 10


def test_a_long_passage_has_the_parts_of_the_whole_outline_that_it_holds() -> None:
    sound = probe.Sound(RATE, 1, 1000 * RATE)
    outline = [at / 100 for at in range(100)]
    assert coarse_levels(outline, sound, Span(200_000, 230_000), 3) == [
        round(FULL * math.sqrt(each)) for each in (0.20, 0.21, 0.22)
    ]
    assert len(coarse_levels(outline, sound, Span(200_000, 230_000), 900)) == 3
    assert coarse_levels(outline, sound, Span(2_000_000, 2_300_000), 9) == []
    # Of more parts than are wanted, the loudest.
    assert coarse_levels(outline, sound, Span(0, 1_000_000), 2) == [
        round(FULL * math.sqrt(each)) for each in (0.49, 0.99)
    ]
