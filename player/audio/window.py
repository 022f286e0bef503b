"""A span of a recording into its samples, equal to those of a linear decode of the whole file.

Milliseconds become samples by rounding: ``sample_at``. A plain WAV is read in place, and ffmpeg is given the frames of
an MP3 that its index names (``mp3``). What else can be sought is, and the passage held against the linear decode that
counted the file (``stretches``). Where neither is certain the file is decoded from its beginning; ffmpeg counts samples
and drops what is outside, so that memory holds the passage and no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from player.audio import ffmpeg, mp3, stream, stretches
from player.audio.probe import probe
from player.errors import AudioError, shown
from player.timecode import SECOND, display

if TYPE_CHECKING:
    from pathlib import Path

    from player.audio import riff
    from player.audio.probe import Sound


@dataclass(frozen=True)
class Passage:
    """Decoded sound: signed little-endian ``samples`` of ``width`` bytes (2 or 4), channels interleaved."""

    samples: bytes
    rate: int
    channels: int
    width: int

    @property
    def length(self) -> int:
        """How many samples each channel has."""
        return len(self.samples) // (self.channels * self.width)


class PastEndError(AudioError):
    """A passage goes on after the sound has ended: ``length`` samples and ``duration`` milliseconds are there."""

    def __init__(self, path: Path, sound: Sound) -> None:
        self.length = sound.length
        self.duration = sound.duration
        super().__init__(f"{shown(path)}: the sound ends at {display(self.duration)}; ask for a passage before that")


def sample_at(moment: int, rate: int) -> int:
    """Give the sample nearest to ``moment`` in milliseconds; where two are as near, the later."""
    return (moment * rate + SECOND // 2) // SECOND


def decode(path: Path, first: int, last: int) -> Passage:
    """Decode the samples ``[first, last)`` of the sound in the file at ``path``.

    :raise PastEndError: where the sound has fewer samples than ``last``.
    :raise AudioError: where the file is not there, is no sound, or cannot be decoded so far.
    """
    header = stream.header(path)
    wanted = (last - first) * header.frame
    if (wav := stream.plain_wav(path)) is not None:
        samples = _read(path, wav, first, last) if last <= wav.length else b""
    elif header.codec == mp3.CODEC:
        samples = _indexed(path, header, first, last)
    else:
        sought = stretches.decode(path, header, first, last)
        samples = _decoded(path, header, first, last) if sought is None else sought
    if len(samples) < wanted:
        raise PastEndError(path, probe(path))
    return Passage(samples, header.rate, header.channels, header.width)


def _read(path: Path, wav: riff.Layout, first: int, last: int) -> bytes:
    frame = wav.channels * wav.bits // 8
    try:
        with path.open("rb") as file:
            file.seek(wav.offset + first * frame)
            return stream.widened(file.read((last - first) * frame), wav.bits)
    except OSError as error:
        raise AudioError(f"{shown(path)}: the file cannot be read ({error.strerror}); let it be read") from None


def _indexed(path: Path, header: stream.Header, first: int, last: int) -> bytes:
    if (index := mp3.index(path)) is None:
        return _decoded(path, header, first, last)
    if last > index.length:
        return b""
    samples = mp3.decode(path, index, first, last)
    return _decoded(path, header, first, last) if samples is None else samples


def _decoded(path: Path, header: stream.Header, first: int, last: int) -> bytes:
    trim = f"atrim=start_sample={first}:end_sample={last}"
    arguments = ("-af", trim, "-c:a", f"pcm_{header.format}", "-f", header.format, "pipe:1")
    with ffmpeg.decoding(path, *arguments) as running:
        samples = running.read((last - first) * header.frame)
    if samples:
        stream.tell_damage(path, last * SECOND // header.rate, running.complaints)
    return samples
