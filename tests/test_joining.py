"""What is joined from several sounds is these, sample after sample, and nothing else."""

from __future__ import annotations

import subprocess
import wave
from typing import TYPE_CHECKING

import numpy as np
import pytest
from side_tapes import write_sides
from tones import EXECUTABLE

from player.audio import ffmpeg, joining
from player.audio.decode import stream
from player.errors import AudioError, WriteError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

RATE = 22_050


def write_noise(path: Path, seconds: float = 0.4, *, rate: int = RATE, channels: int = 1, width: int = 2) -> Path:
    samples = np.random.default_rng(len(path.name)).integers(
        0, 256, int(seconds * rate) * channels * width, dtype=np.uint8
    )
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return path


def converted(path: Path, name: str, *options: str) -> Path:
    target = path.with_name(name)
    subprocess.run([EXECUTABLE, "-v", "error", "-i", path, *options, target], check=True)
    return target


def decoded(path: Path, width: int) -> np.ndarray:
    """Decode a file to samples of 32 bits, of which those of 16 have the upper half."""
    with stream.linear(path) as read:
        samples = read(1 << 26)
    if stream.header(path).width == width:
        return np.frombuffer(samples, f"<i{width}").astype(np.int64)
    return np.frombuffer(samples, "<i2").astype(np.int64) << 16


def held_to_be_its_parts(target: Path, parts: list[Path], made: joining.Joined) -> None:
    width = stream.header(target).width
    whole = decoded(target, width)
    assert (whole == np.concatenate([decoded(path, width) for path in parts])).all()
    assert whole.size == sum(made.lengths) * made.shape.channels
    assert joining.compared(target, parts) == joining.Comparison(made.starts)


def joined(parts: list[Path], suffix: str) -> tuple[Path, joining.Joined]:
    shape = joining.shape_of(parts)
    assert shape.suffix == suffix
    target = parts[0].with_name(f"joined{suffix}")
    made = joining.join(parts, target, shape)
    held_to_be_its_parts(target, parts, made)
    return target, made


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.mp3", ("-b:a", "64k")),
        ("a.flac", ()),
        ("a.ogg", ("-c:a", "libvorbis")),
        ("a.m4a", ("-c:a", "aac")),
        ("a.aiff", ()),
        ("alac.m4a", ("-c:a", "alac")),
    ],
)
def test_sounds_of_any_kind_are_joined_sample_after_sample(tmp_path: Path, name: str, options: tuple[str, ...]) -> None:
    one = converted(write_noise(tmp_path / "one.wav"), name, *options)
    joined([one, write_noise(tmp_path / "two.wav", 0.31)], ".flac")


@pytest.mark.long
def test_samples_of_24_bits_stay_so_and_those_of_16_are_widened(tmp_path: Path) -> None:
    fine = write_noise(tmp_path / "fine.wav", width=3)
    target, made = joined([write_noise(tmp_path / "plain.wav"), fine, converted(fine, "fine.flac")], ".flac")
    assert made.shape.width == 4
    assert stream.header(target).codec == "flac"


@pytest.mark.long
@pytest.mark.parametrize(("channels", "width"), [(1, 4), (3, 2), (6, 3), (10, 2)])
def test_what_flac_does_not_hold_becomes_a_wav(tmp_path: Path, channels: int, width: int) -> None:
    parts = [write_noise(tmp_path / f"{name}.wav", channels=channels, width=width) for name in ("one", "second")]
    joined(parts, ".wav")


@pytest.mark.long
def test_floating_point_is_joined_as_it_is_decoded(tmp_path: Path) -> None:
    one = converted(write_noise(tmp_path / "one.wav"), "float.wav", "-af", "volume=0.3", "-c:a", "pcm_f32le")
    joined([one, write_noise(tmp_path / "two.wav")], ".wav")


@pytest.mark.long
@pytest.mark.parametrize("rate", [8000, 11_127, 96_000, 192_000])
def test_any_rate_that_flac_states_is_kept(tmp_path: Path, rate: int) -> None:
    parts = [write_noise(tmp_path / f"{name}.wav", rate=rate, channels=2) for name in ("one", "second")]
    target, _ = joined(parts, ".flac")
    assert stream.header(target).rate == rate


def test_a_part_begins_at_the_millisecond_nearest_to_its_first_sample() -> None:
    assert joining.starts([44_100, 44_121, 44_123, 1], 44_100) == (0, 1000, 2000, 3001)
    assert joining.starts([5], 8000) == (0,)


@pytest.mark.parametrize(
    ("other", "what"),
    [
        ({"rate": 44_100}, "44,100 samples a second, but one.wav 22,050"),
        ({"channels": 2}, "2 channels, but one.wav one"),
    ],
)
def test_what_would_have_to_be_resampled_or_mixed_is_refused(tmp_path: Path, other: dict[str, int], what: str) -> None:
    parts = [write_noise(tmp_path / "one.wav"), write_noise(tmp_path / "two.wav", **other)]
    with pytest.raises(AudioError, match=what):
        joining.shape_of(parts)


def test_a_part_without_sound_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "notes.wav"
    text.write_text("These are notes.", encoding="utf-8")
    with pytest.raises(AudioError, match=r"notes\.wav"):
        joining.shape_of([write_noise(tmp_path / "one.wav"), text])


@pytest.mark.long
def test_progress_runs_to_its_end_and_never_back(tmp_path: Path) -> None:
    parts = list(write_sides(tmp_path))
    told: list[float] = []
    joining.join(parts, tmp_path / "whole.flac", joining.shape_of(parts), told.append)
    assert told == sorted(told)
    assert told[0] < 1 == told[-1]


@pytest.mark.long
def test_another_order_and_a_missing_part_are_told_from_the_sound_alone(tmp_path: Path) -> None:
    parts = [write_noise(tmp_path / f"{name}.wav") for name in ("one", "second", "thirdly")]
    target, _ = joined(parts, ".flac")
    one, two, three = parts
    assert joining.compared(target, [one, three, two]).differs == 1
    assert joining.compared(target, [two, one, three]).differs == 0
    short = joining.compared(target, [one, two])
    assert (short.differs, short.goes_on, short.is_same) == (None, True, False)
    assert joining.compared(target, [*parts, one]).differs == 3


@pytest.mark.long
def test_what_the_encoder_spoils_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lossy copy decodes well, and is as long: only its samples tell."""
    parts = list(write_sides(tmp_path))
    encode = ffmpeg.encode

    def spoil(samples: Iterable[bytes], arguments: list[str]) -> None:
        at = arguments.index("-c:a")
        encode(samples, [*arguments[:at], "-af", "volume=0.5", *arguments[at:]])

    monkeypatch.setattr(ffmpeg, "encode", spoil)
    with pytest.raises(WriteError, match="not to the sample"):
        joining.join(parts, tmp_path / "whole.flac", joining.shape_of(parts))


@pytest.mark.long
def test_a_part_that_changes_while_it_is_joined_is_refused(tmp_path: Path) -> None:
    first, second = write_sides(tmp_path)

    def change(done: float) -> None:
        if done == 1 or second.stat().st_size == 0:
            return
        content = bytearray(second.read_bytes())
        content[-1] ^= 1
        second.write_bytes(content)

    with pytest.raises(AudioError, match="changed while it was joined"):
        joining.join([first, second], tmp_path / "whole.flac", joining.shape_of([first, second]), change)
