"""pydub is imported without a sound, and what it does to a passage is exact."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import wave
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest

from player.audio import segment
from player.audio.decode.samples import Samples

RATE = 22_050


def passage(length: int, *, width: int = 2, channels: int = 1, rate: int = RATE) -> Samples:
    """Give a passage of a constant value."""
    return Samples(np.full(length * channels, 10_000, f"<i{width}").tobytes(), rate, channels, width)


@pytest.mark.parametrize("path", ["", "/nowhere"])
def test_the_import_warns_of_nothing_even_when_pydub_is_compiled_for_the_first_time(tmp_path: Path, path: str) -> None:
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path), "PATH": path}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-W", "error", "-c", "from player.audio import segment"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert list(tmp_path.rglob("audio_segment*.pyc")), "pydub was not compiled for the first time"


def test_no_other_module_imports_pydub() -> None:
    package = Path(segment.__file__).parents[1]
    importing = [path.name for path in package.rglob("*.py") if "import pydub" in path.read_text("utf-8")]
    importing += [path.name for path in package.rglob("*.py") if "from pydub" in path.read_text("utf-8")]
    assert importing == ["segment.py"]


def test_pydub_uses_the_ffmpeg_that_comes_with_the_package() -> None:
    assert segment.AudioSegment.converter == imageio_ffmpeg.get_ffmpeg_exe()
    assert Path(segment.AudioSegment.converter).is_absolute()


@pytest.mark.parametrize("width", [2, 4])
def test_a_wav_has_the_samples_of_the_passage(width: int) -> None:
    whole = passage(100, width=width, channels=2)
    with wave.open(io.BytesIO(segment.wav(whole))) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 2, width)
        assert file.readframes(1000) == whole.samples


def test_a_segment_of_pydub_has_the_passages_samples() -> None:
    whole = passage(2205, channels=2)
    made = segment.segment(whole)
    assert (made.raw_data, made.channels, len(made)) == (whole.samples, 2, 100)


def test_the_loudest_sample_may_be_below_zero() -> None:
    assert segment.loudest(np.array([1, -32_768, 5], "<i2").tobytes(), 2) == 32_768
    assert segment.loudest(b"", 2) == 0


def test_half_a_sample_at_the_end_is_not_heard() -> None:
    assert segment.loudest(b"\x01\x02\x03", 2) == 0x0201
