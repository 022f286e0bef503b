"""A sound with a rare tone in a passage that is closed, and a tone that is low elsewhere; and its encodings."""

from __future__ import annotations

import wave
from typing import TYPE_CHECKING, Final

import numpy as np
from tone_heard import RARE
from tones import ffmpeg

from player.timecode import Span

if TYPE_CHECKING:
    from pathlib import Path

#: Where the rare tone is.
CLOSED: Final = Span(1300, 2100)
SECONDS: Final = 4
#: What ffmpeg is told to make each kind of file that an archive may hold, and the suffix of that.
KINDS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "wav": (".wav", ()),
    "wav of 24 bits at 96 kHz": (".wav", ("-ar", "96000", "-c:a", "pcm_s24le")),
    "flac": (".flac", ("-c:a", "flac")),
    "mp3": (".mp3", ("-c:a", "libmp3lame", "-b:a", "64k")),
    "m4a": (".m4a", ("-c:a", "aac", "-b:a", "64k")),
    "opus": (".opus", ("-c:a", "libopus", "-b:a", "48k")),
}


def write_tone(path: Path, closed: Span = CLOSED, *, rate: int = 22_050, channels: int = 1) -> Path:
    """Write a WAV of four seconds: the rare tone where it is closed, elsewhere one of 440 Hz that rises and falls."""
    time = np.arange(SECONDS * rate) / rate
    low = 5000 * np.sin(2 * np.pi * 440 * time) * (1 + 0.5 * np.sin(2 * np.pi * 0.9 * time))
    noise = np.random.default_rng(2041).normal(0, 40, time.size)
    is_closed = (time >= closed.start / 1000) & (time < closed.end / 1000)
    samples = np.where(is_closed, 12_000 * np.sin(2 * np.pi * RARE * time), low) + noise
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.repeat(samples[:, None], channels, 1).astype("<i2").tobytes())
    return path


def write_kind(folder: Path, kind: str, name: str = "held") -> Path:
    """Write the sound into ``folder`` as one of ``KINDS``."""
    suffix, options = KINDS[kind]
    if not options:
        return write_tone(folder / f"{name}{suffix}")
    source = write_tone(folder / "source.wav")
    target = folder / f"{name}{suffix}"
    ffmpeg("-i", str(source), *options, str(target))
    source.unlink()
    return target
