"""A span of a recording into its samples, equal to those of a linear decode of the whole file.

Milliseconds become samples by rounding: ``sample_at``. WAV of 16 bits is read in place; all else is decoded from the
beginning by ffmpeg, which counts samples and drops what is outside, so that memory holds the passage and no more.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from player.audio import ffmpeg, stream
from player.audio.probe import probe
from player.errors import AudioError, shown
from player.timecode import SECOND, display

if TYPE_CHECKING:
    from pathlib import Path

    from player.audio.probe import Sound

_log = logging.getLogger(__name__)


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
    if (wav := stream.plain_wav(path)) is None:
        samples = _decoded(path, header, first, last)
    else:
        samples = _read(path, wav.offset + first * header.frame, wanted) if last <= wav.length else b""
    if len(samples) < wanted:
        raise PastEndError(path, probe(path))
    return Passage(samples, header.rate, header.channels, header.width)


def _read(path: Path, offset: int, size: int) -> bytes:
    try:
        with path.open("rb") as file:
            file.seek(offset)
            return file.read(size)
    except OSError as error:
        raise AudioError(f"{shown(path)}: the file cannot be read ({error.strerror}); let it be read") from None


def _decoded(path: Path, header: stream.Header, first: int, last: int) -> bytes:
    trim = f"atrim=start_sample={first}:end_sample={last}"
    arguments = ("-af", trim, "-c:a", f"pcm_{header.format}", "-f", header.format, "pipe:1")
    with ffmpeg.decoding(path, *arguments) as running:
        samples = running.read((last - first) * header.frame)
    if samples and (complaints := running.complaints):
        _log.warning(
            "%s: there is damage before %s, which the decoder passed over (%s); listen to what was cut",
            shown(path),
            display(last * SECOND // header.rate),
            complaints[0].rstrip("."),
        )
    return samples
