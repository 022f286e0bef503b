"""Test sound: a tone for each second in seeded noise, its encodings, and a linear decode to compare with."""

from __future__ import annotations

import hashlib
import subprocess
import wave
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import imageio_ffmpeg
import numpy as np
import pytest
from small_archive import let_be_old

from player.audio.decode import chunks

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from player.audio.decode.stream import Header

#: Found once, so that a test may put another in its place for the program.
EXECUTABLE = imageio_ffmpeg.get_ffmpeg_exe()

#: Suffixes and encoder options of the kinds of file that a tape may be, by a name for each.
KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "wav": (".wav", ()),
    "wav of 24 bits": (".wav", ("-c:a", "pcm_s24le")),
    "mp3 of constant bitrate": (".mp3", ("-c:a", "libmp3lame", "-b:a", "64k")),
    "mp3 of variable bitrate": (".mp3", ("-c:a", "libmp3lame", "-q:a", "5")),
    "mp3 without a Xing header": (".mp3", ("-c:a", "libmp3lame", "-q:a", "5", "-write_xing", "0")),
    "flac": (".flac", ("-c:a", "flac")),
    "flac of 24 bits": (".flac", ("-c:a", "flac", "-sample_fmt", "s32")),
    "opus": (".opus", ("-c:a", "libopus", "-b:a", "48k")),
    "vorbis": (".ogg", ("-c:a", "libvorbis")),
    "m4a": (".m4a", ("-c:a", "aac", "-b:a", "64k")),
}

#: The kinds that differ most from one another; the others are left to ``make test-all``.
_QUICK: Final = ("wav", "mp3 of variable bitrate", "flac of 24 bits", "m4a")
EVERY_KIND: Final = [kind if kind in _QUICK else pytest.param(kind, marks=pytest.mark.long) for kind in KINDS]

#: What was encoded already, by the digest of its WAV, its suffix and options: many tests ask for the same.
_ENCODED: dict[tuple[bytes, str, tuple[str, ...]], bytes] = {}


@dataclass(frozen=True)
class Tape:
    """A recording as clips want it: held, if ``media`` is a file."""

    media: Path | None
    slug: str = "1963-11-05-attwood"
    title: str = "A tape of tones"
    is_reading: bool = False


def write_tones(path: Path, *, seconds: int = 90, rate: int = 22_050, channels: int = 1, seed: int = 1963) -> Path:
    """Write a 16-bit WAV whose second n has a tone of 200 + 50 n Hz, and noise from the seed that repeats nowhere."""
    time = np.arange(seconds * rate)
    tone = 8000 * np.sin(2 * np.pi * (200 + 50 * (time // rate)) * time / rate)
    noise = np.random.default_rng(seed).normal(0, 600, (time.size, channels))
    samples = (tone[:, None] + noise).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return let_be_old(path)


def encoded(wav: Path, kind: str) -> Path:
    """Encode a WAV as one of ``KINDS``, beside it, unless it is there already."""
    suffix, options = KINDS[kind]
    if not options:
        return wav
    target = wav.with_name(f"{wav.stem} {kind}{suffix}")
    return target if target.exists() else encode(wav, target, *options)


def encode(wav: Path, target: Path, *options: str) -> Path:
    """Encode a WAV into a file, whose suffix tells ffmpeg its container, with these options."""
    made = (hashlib.sha256(wav.read_bytes()).digest(), target.suffix, options)
    if made not in _ENCODED:
        ffmpeg("-y", "-i", str(wav), *options, str(target))
        _ENCODED[made] = target.read_bytes()
    target.write_bytes(_ENCODED[made])
    return let_be_old(target)


def linear(path: Path, width: int = 2) -> NDArray[Any]:
    """Decode a whole file from its beginning: integers of ``width`` bytes, channels interleaved."""
    return np.frombuffer(_decoded(path, hashlib.sha256(path.read_bytes()).digest(), width), f"<i{width}")


@lru_cache(maxsize=8)
def _decoded(path: Path, digest: bytes, width: int) -> bytes:  # noqa: ARG001  # a file that is changed is another
    return ffmpeg("-i", str(path), "-f", f"s{8 * width}le", "-")


def read_wav(path: Path) -> NDArray[Any]:
    """Give the samples of a WAV file, as the standard library reads them."""
    with wave.open(str(path), "rb") as file:
        return np.frombuffer(file.readframes(file.getnframes()), f"<i{file.getsampwidth()}")


def pitch(samples: NDArray[Any], rate: int) -> float:
    """Give the strongest frequency, in Hz."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(samples.size)))
    return float(spectrum.argmax() * rate / samples.size)


def ffmpeg(*arguments: str, executable: str = EXECUTABLE) -> bytes:
    """Run ffmpeg, by default the one that comes with imageio-ffmpeg, and give what it writes to standard output."""
    command = [executable, "-v", "error", "-nostdin", *arguments]
    return subprocess.run(command, check=True, capture_output=True).stdout


def sought(path: Path, header: Header, first: int, last: int) -> bytes | None:
    """Decode the samples ``[first, last)`` by a seek alone; None where that is not proven to be exact."""
    if not chunks.is_worth_seeking(header, first):
        return None
    known = chunks.chunks(path)
    samples = b"" if last > known.length else b"".join(chunks.proven(path, header, known, first, last))
    return samples if len(samples) == (last - first) * header.frame else None
