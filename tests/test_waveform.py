"""The outline follows the sound, and its drawing follows the outline."""

from __future__ import annotations

import os
import re
import wave
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from tones import encoded

from player.audio import ffmpeg
from player.audio.waveform import peaks, svg

if TYPE_CHECKING:
    from pathlib import Path

RATE = 8000
#: How loud each second is, of full scale.
LEVELS = (0.0, 0.25, 0.5, 1.0, 0.125)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def wav(tmp_path: Path) -> Path:
    """Write one second at each of the levels, in the second of two channels."""
    sound = np.concatenate([np.full(RATE, level * 32_767) for level in LEVELS])
    sound[::2] *= -1
    path = tmp_path / "steps.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.stack([sound * 0, sound], axis=1).astype("<i2").tobytes())
    return path


@pytest.mark.parametrize("kind", ["wav", "flac", "wav of 24 bits"])
def test_each_stretch_has_its_loudest_sample(wav: Path, kind: str) -> None:
    outline = peaks(encoded(wav, kind), points=50)
    assert len(outline) == 50
    for second, level in enumerate(LEVELS):
        assert outline[second * 10 : second * 10 + 10] == pytest.approx([level] * 10, abs=1e-3)


def test_a_sound_of_few_samples_has_as_many_points(wav: Path) -> None:
    wav.write_bytes(wav.read_bytes()[: 44 + 4 * 7])
    assert len(peaks(wav)) == 7


def test_an_outline_is_kept(wav: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tape = encoded(wav, "flac")
    os.utime(tape, (1_000_000_000, 1_000_000_000))
    outline = peaks(tape)
    monkeypatch.setattr(ffmpeg, "executable", lambda: "/no/ffmpeg")
    assert peaks(tape) == outline


def test_the_drawing_has_bars_about_the_middle() -> None:
    outline = [0.0] * 500 + [0.1] * 250 + [0.2] * 250
    drawn = bars(svg(outline))
    assert 300 <= len(drawn) <= 340
    for x, y, width, height in drawn:
        assert 0 <= x <= 1000 - width
        assert y + height / 2 == pytest.approx(24, abs=0.06)
    assert [x for x, *_ in drawn] == sorted({x for x, *_ in drawn})
    assert {height for *_, height in drawn[:160]} == {2}, "silence is a line"
    assert drawn[-1][3] == 48, "the loudest bar is as high as the drawing"
    assert drawn[len(drawn) * 5 // 8][3] == pytest.approx(24)


@pytest.mark.parametrize("outline", [[], [0.0], [0.0] * 1000, [1.0] * 3])
def test_silence_and_little_are_drawn(outline: list[float]) -> None:
    assert len(bars(svg(outline))) == min(len(outline), 334)


def bars(document: str) -> list[tuple[float, float, float, float]]:
    """Read the path of a drawing into x, y, width and height of its bars."""
    root = ET.fromstring(document)  # noqa: S314 -- our own drawing
    assert root.attrib["viewBox"] == "0 0 1000 48"
    path = root.find(f"{SVG}path[@id='wave']")
    assert path is not None
    number = r"(-?[\d.]+)"
    bar = re.compile(rf"M{number} {number}h{number}v{number}h-{number}z")
    assert bar.sub("", path.attrib["d"]) == ""
    return [(float(x), float(y), float(w), float(h)) for x, y, w, h, _ in bar.findall(path.attrib["d"])]
