"""A clip's sound lies where the passage lies: a decoder that honours the codec's stated delay finds no shift."""

from __future__ import annotations

import io
import wave
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tones import Tape, encoded, ffmpeg, linear, write_tones

from player.audio.decode.samples import decode
from player.clips.clip import clip
from player.timecode import Span

if TYPE_CHECKING:
    from pathlib import Path

RATE = 48_000  # Opus knows no other, so that none of these is resampled
SPAN = Span(7_123, 9_456)


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tones(tmp_path_factory.mktemp("placing") / "tape.wav", seconds=12, rate=RATE)


@pytest.mark.parametrize(
    "suffix", [".m4a", *(pytest.param(each, marks=pytest.mark.long) for each in (".mp3", ".opus", ".flac", ".wav"))]
)
def test_no_clip_is_shifted_by_more_than_a_sample(tape: Path, tmp_path: Path, suffix: str) -> None:
    made = linear(clip(Tape(tape), SPAN, tmp_path / f"clip{suffix}").path).astype(float)
    with wave.open(str(tape)) as file:
        file.setpos(SPAN.start * RATE // 1000)
        there = np.frombuffer(file.readframes(SPAN.duration * RATE // 1000), "<i2").astype(float)
    assert abs(made.size - there.size) <= 1 or suffix == ".m4a"  # some MP4 readers keep the last frame whole
    middle = there[20_000:60_000]
    reach = 4_000
    likeness = np.correlate(made[20_000 - reach : 60_000 + reach], middle, "valid")
    assert abs(int(likeness.argmax()) - reach) <= 1


@pytest.mark.long
def test_a_tag_of_forty_megabytes_before_the_sound_changes_nothing(tape: Path, tmp_path: Path) -> None:
    sound = encoded(tape, "mp3 of constant bitrate")
    size = 40_000_000
    head = b"ID3\x04\0\0" + bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
    tagged = tmp_path / "tagged.mp3"
    tagged.write_bytes(head + bytes(size) + sound.read_bytes())
    first, last = 5 * RATE, 6 * RATE
    assert decode(tagged, first, last).samples == decode(sound, first, last).samples
    raw = io.BytesIO(ffmpeg("-i", str(sound), "-f", "s16le", "-"))
    assert decode(tagged, first, last).samples == raw.getvalue()[2 * first : 2 * last]
