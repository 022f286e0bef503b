"""The outline follows the sound, and its drawing follows the outline."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import wave
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from own_peak import OWN_PEAK
from tones import EVERY_KIND, EXECUTABLE, encoded

from player.audio import ffmpeg
from player.audio.waveform import kept, peaks, silenced, svg
from player.timecode import Span

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

RATE = 8000
#: How loud each second is, of full scale.
LEVELS = (0.0, 0.25, 0.5, 1.0, 0.125)
PEAK = f"""
{OWN_PEAK}
import sys
from pathlib import Path
from player.audio.waveform import peaks
assert len(peaks(Path(sys.argv[1]))) == 1000
print(own_peak())
"""
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def wav(tmp_path: Path) -> Path:
    """Write one second at each of the levels, in the second of two channels."""
    sound = np.concatenate([np.full(RATE, level * 32_767) for level in LEVELS])
    sound[::2] *= -1
    return write_wav(tmp_path / "steps.wav", RATE, np.stack([sound * 0, sound], axis=1))


def write_wav(path: Path, rate: int, sound: NDArray[np.float64]) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(sound.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(sound.astype("<i2").tobytes())
    return path


@pytest.mark.parametrize("kind", ["wav", "flac", "wav of 24 bits", "flac of 24 bits"])
def test_each_stretch_has_its_loudest_sample(wav: Path, kind: str) -> None:
    outline = peaks(encoded(wav, kind), points=50)
    assert len(outline) == 50
    for second, level in enumerate(LEVELS):
        assert outline[second * 10 : second * 10 + 10] == pytest.approx([level] * 10, abs=1e-3)


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_tones_are_as_loud_as_they_are_in_every_format(tmp_path: Path, kind: str) -> None:
    levels = (0.7, 0.1, 0.4)
    rate, seconds = 24_000, np.arange(3 * 24_000) // 24_000
    tone = np.choose(seconds, levels) * np.sin(2 * np.pi * 440 * np.arange(seconds.size) / rate)
    write_wav(tmp_path / "tones.wav", rate, (tone * 32_767)[:, None])
    outline = peaks(encoded(tmp_path / "tones.wav", kind), points=60)
    assert len(outline) == 60
    for second, level in enumerate(levels):
        # Away from the steps, where codecs ring.
        assert outline[second * 20 + 5 : second * 20 + 15] == pytest.approx([level] * 10, rel=0.12)


def test_a_peak_of_one_sample_in_one_channel_is_found(tmp_path: Path) -> None:
    sound = np.zeros((1_000_003, 2))
    sound[654_321, 1] = -16_384
    write_wav(tmp_path / "click.wav", 44_100, sound)
    for kind in ("wav", "flac"):
        outline = peaks(encoded(tmp_path / "click.wav", kind))
        assert len(outline) == 1000
        (there,) = np.flatnonzero(outline)
        assert abs(int(there) - 654) <= 1
        assert outline[there] == 0.5


def test_a_sound_of_few_samples_has_as_many_points(wav: Path) -> None:
    wav.write_bytes(wav.read_bytes()[: 44 + 4 * 7])
    assert len(peaks(wav)) == 7


def test_an_outline_is_kept(wav: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tape = encoded(wav, "flac")
    os.utime(tape, (1_000_000_000, 1_000_000_000))
    outline = peaks(tape)
    monkeypatch.setattr(ffmpeg, "executable", lambda: "/no/ffmpeg")
    assert peaks(tape) == outline
    assert kept(tape) == outline


@pytest.mark.parametrize("kind", ["wav", "mp3 of constant bitrate"])
def test_what_was_read_is_told_and_grows_to_the_whole(wav: Path, kind: str) -> None:
    told: list[float] = []
    peaks(encoded(wav, kind), progress=told.append)
    assert told
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1, abs=0.05)


@pytest.mark.long
@pytest.mark.parametrize("suffix", [".wav", ".mp3", ".flac"])
def test_ten_times_the_length_takes_no_more_memory(tmp_path: Path, suffix: str) -> None:
    peak = {}
    for minutes in (2, 20):
        path = tmp_path / f"{minutes}{suffix}"
        source = f"sine=d={60 * minutes}:r=8000"
        subprocess.run([EXECUTABLE, "-v", "error", "-f", "lavfi", "-i", source, str(path)], check=True)
        told = subprocess.run([sys.executable, "-c", PEAK, str(path)], check=True, capture_output=True).stdout
        peak[minutes] = float(told)
    assert peak[20] < peak[2] + 6, "megabytes; the samples that are more are 17"


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
    assert len(bars(svg(outline))) == min(len(outline), 334) or not outline


def test_an_outline_that_is_not_there_is_drawn_as_a_line_that_says_how_far_it_is() -> None:
    assert bars(svg((), 0.25)) == [(0, 23, 1000, 2)]
    assert ET.fromstring(svg((), 0.25)).attrib["data-read"] == "0.250"  # noqa: S314 -- our own drawing
    assert "data-read" not in ET.fromstring(svg(())).attrib  # noqa: S314 -- our own drawing


def test_no_bar_that_overlaps_a_closed_passage_shows_how_loud_it_is() -> None:
    """Of a part, an eighth may belong to its neighbour: bars that come so near are flat too."""
    outline, length = [1.0] * 500 + [0.5] * 500, 100_000
    drawn = [height for *_, height in bars(svg(silenced(outline, [Span(0, 50_000), Span(60_000, 60_001)], length)))]
    assert set(drawn[:168]) == {2}
    assert {at for at, height in enumerate(drawn) if height == 2} == {*range(168), 200}
    # Nor does the height of the others: the loudest of what is left is as high as the drawing.
    assert set(drawn[168:200] + drawn[201:]) == {48}
    assert silenced(outline, [], length) == tuple(outline)
    assert set(silenced(outline, [Span(0, 1), Span(100_000, 100_001)], length)) == {0}
    assert silenced([], [Span(0, 1)], 10) == ()


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
