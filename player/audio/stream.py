"""A media file into its samples, from the first on: the linear decode that every other way of reading must equal.

Samples are signed little-endian integers, channels interleaved: 16 bits for lossy and 16-bit sources, 32 for others.
"""

from __future__ import annotations

import contextlib
import re
import struct
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from player.audio import cache, ffmpeg, riff
from player.errors import AudioError, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# Codecs (ffmpeg's names) whose samples may be finer than 16 bits and are what was recorded.
_LOSSLESS: Final = re.compile(r"pcm_|flac|alac|wavpack|ape|tta|wmalossless")
_NARROW: Final = ("u8", "u8p", "s16", "s16p")
# "[info]   Stream #0:0[0x1](und): Audio: flac, 44100 Hz, mono, s32 (24 bit)": ffmpeg's line on a stream of its input.
_STREAM: Final = re.compile(r"\[info\] +Stream #0:\d+.*?: Audio: (?P<codec>\w+).*?, \d+ Hz, [^,]+, (?P<format>\w+)")
# Bytes of a canonical WAV head, and where in it channels and rate are.
_WAV_HEAD: Final = 44
_CHANNELS_AND_RATE: Final = struct.Struct("<22xHI")


@dataclass(frozen=True)
class Header:
    """How a sound is sampled: ``rate`` per second, ``channels``, and ``width`` in bytes of a decoded sample, 2 or 4."""

    rate: int
    channels: int
    width: int

    @property
    def frame(self) -> int:
        """Bytes of one sample of every channel."""
        return self.channels * self.width

    @property
    def format(self) -> str:
        """What ffmpeg calls samples of this width."""
        return "s16le" if self.width == 2 else "s32le"  # noqa: PLR2004


def plain_wav(path: Path) -> riff.Layout | None:
    """Tell where the samples lie in the file at ``path`` where they can be read without a decoder: a 16-bit PCM WAV.

    :raise AudioError: where the file cannot be read.
    """
    try:
        found = riff.layout(path) if path.is_file() else None
    except OSError as error:
        raise AudioError(f"{shown(path)}: the file cannot be read ({error.strerror}); let it be read") from None
    return found if found is not None and found.bits == 16 else None  # noqa: PLR2004


def header(path: Path) -> Header:
    """Tell how the first sound in the file at ``path`` is sampled.

    :raise AudioError: where the file is not there, or is no sound.
    """
    if (wav := plain_wav(path)) is not None:
        return Header(wav.rate, wav.channels, 2)
    return Header(**cache.derived(path, "header-1", lambda: asdict(_header(path))))


@contextlib.contextmanager
def linear(path: Path) -> Iterator[Callable[[int], bytes]]:
    """Give a function that takes the next bytes of the decoded sound, as many as asked; fewer only at its end.

    :raise AudioError: from it or from that function, where the sound cannot be decoded.
    """
    if (wav := plain_wav(path)) is not None:
        with path.open("rb") as file:
            file.seek(wav.offset)
            left = wav.length * wav.channels * 2

            def read(size: int) -> bytes:
                nonlocal left
                chunk = file.read(min(size, left))
                left -= len(chunk)
                return chunk

            yield read
        return
    name = header(path).format
    with ffmpeg.decoding(path, "-c:a", f"pcm_{name}", "-f", name, "pipe:1") as running:
        yield running.read


def _header(path: Path) -> Header:
    # The WAV head that ffmpeg writes gives the numbers of what it decoded, which containers may state otherwise.
    first = ("-frames:a", "1", "-c:a", "pcm_s16le", "-f", "wav", "pipe:1")
    with ffmpeg.decoding(path, *first, log="info") as running:
        wav = b"".join(iter(partial(running.read, 1 << 16), b""))
    stream = next(filter(None, map(_STREAM.match, running.said)), None)
    if len(wav) <= _WAV_HEAD or stream is None:
        raise AudioError(f"{shown(path)}: there is no sound in it; put a sound file there that plays")
    channels, rate = _CHANNELS_AND_RATE.unpack_from(wav)
    fine = _LOSSLESS.match(stream["codec"]) and stream["format"] not in _NARROW
    return Header(rate, channels, 4 if fine else 2)
