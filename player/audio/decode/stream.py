"""A media file into its samples, from the first on: the linear decode that every other way of reading must equal.

Samples are signed little-endian integers, channels interleaved: 16 bits for lossy and 16-bit sources, 32 for others.
"""

from __future__ import annotations

import contextlib
import logging
import re
import struct
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from player import files
from player.audio import cache, ffmpeg
from player.audio.decode import riff
from player.audio.formats import LOSSLESS
from player.errors import AudioError, shown
from player.timecode import HOUR, MINUTE, SECOND, display

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

_log = logging.getLogger(__name__)

_PLAIN_BITS: Final = (16, 24, 32)
_NARROW: Final = ("u8", "u8p", "s16", "s16p")
# "[info]   Stream #0:0[0x1](und): Audio: flac, 44100 Hz, mono, s32 (24 bit)": ffmpeg's line on a stream of its input.
_STREAM: Final = re.compile(r"\[info\] +Stream #0:\d+.*?: Audio: (?P<codec>\w+).*?, \d+ Hz, [^,]+, (?P<format>\w+)")
# "[info] Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'file:/archive/media/tape.m4a':", its line on the file.
_INPUT: Final = re.compile(r"\[info\] +Input #0, (?P<container>\w+)")
# What a WAV begins with whose sizes have 64 bits (EBU Tech 3306, ITU-R BS.2088); ffmpeg calls it by the same name.
_LONG_WAVS: Final = (b"RF64", b"BW64")
# "[info]   Duration: 00:05:25.04, start: 0.000000, bitrate: 64 kb/s", and its warning where no container states it.
_DURATION: Final = re.compile(
    r"\[info\] +Duration: (?P<hours>\d+):(?P<minutes>\d+):(?P<seconds>\d+)\.(?P<hundredths>\d\d),"
)
_GUESSED: Final = "Estimating duration from bitrate"
# "[Parsed_ashowinfo_0 @ 0x55d0] [info] n:0 pts:0 pts_time:0 fmt:fltp ...": its line on the first frame it decoded.
_FRAME: Final = re.compile(r".*\[info\] n:0 pts:(?P<pts>-?\d+) ")
# Bytes of decoded sound that are handed on at a time.
_PIECE: Final = 1 << 20
# Bytes of a canonical WAV head, and where in it channels and rate are.
_WAV_HEAD: Final = 44
_CHANNELS_AND_RATE: Final = struct.Struct("<22xHI")


@dataclass(frozen=True)
class Header:
    """How a sound is sampled: ``rate`` per second, ``channels``, and ``width`` in bytes of a decoded sample, 2 or 4.

    ``codec`` is ffmpeg's name for what it is decoded from, ``container`` that for the kind of file (``rf64`` where that
    is a WAV's form for more than four gigabytes), and ``origin`` the time stamp, in samples, of the first one.
    ``stated`` is how long the container says that it lasts, in milliseconds; None where it does not say.
    """

    rate: int
    channels: int
    width: int
    codec: str
    origin: int
    stated: int | None
    container: str

    @property
    def frame(self) -> int:
        """Bytes of one sample of every channel."""
        return self.channels * self.width

    @property
    def piece(self) -> int:
        """Bytes that are handed on at a time: whole samples of every channel, at least one."""
        return piece_of(self.frame)

    @property
    def format(self) -> str:
        """What ffmpeg calls samples of this width."""
        return "s16le" if self.width == 2 else "s32le"  # noqa: PLR2004


def piece_of(frame: int) -> int:
    """Give the bytes that are handed on at a time of sound with ``frame`` bytes in a sample of every channel."""
    return max(1, _PIECE // frame) * frame


def plain_wav(path: Path) -> riff.Layout | None:
    """Tell where the samples lie in the file at ``path`` where they can be read without a decoder.

    That is a PCM WAV of 16, 24 or 32 bits.

    :raise AudioError: where the file cannot be read.
    """
    try:
        found = riff.layout(path) if path.is_file() else None
    except OSError as error:
        raise AudioError(f"{shown(path)}: the file cannot be read ({error.strerror}); let it be read") from None
    return found if found is not None and found.bits in _PLAIN_BITS else None


def widened(samples: bytes, bits: int) -> bytes:
    """Make samples of the width they are decoded to out of those of a plain WAV: what is missing in 24 bits is zero."""
    if bits != 24:  # noqa: PLR2004
        return samples
    wide = bytearray(len(samples) // 3 * 4)
    for byte in range(3):
        wide[byte + 1 :: 4] = samples[byte::3]
    return bytes(wide)


def header(path: Path) -> Header:
    """Tell how the first sound in the file at ``path`` is sampled.

    :raise AudioError: where the file is not there, or is no sound.
    """
    if (wav := plain_wav(path)) is not None:
        stated = wav.length * SECOND // wav.rate
        return Header(wav.rate, wav.channels, _decoded_width(wav), f"pcm_s{wav.bits}le", 0, stated, "wav")
    return Header(**cache.derived(path, "header-4", lambda: asdict(_header(path))))


@contextlib.contextmanager
def linear(path: Path) -> Iterator[Callable[[int], bytes]]:
    """Give a function that takes the next bytes of the decoded sound, as many as asked; fewer only at its end.

    :raise AudioError: from it or from that function, where the sound cannot be decoded.
    """
    if (wav := plain_wav(path)) is not None:
        with files.opened(path) as file:
            file.seek(wav.offset)
            width = wav.bits // 8
            left = wav.length * wav.channels * width

            def read(size: int) -> bytes:
                nonlocal left
                chunk = file.read(min(size // _decoded_width(wav) * width, left))
                left -= len(chunk)
                return widened(chunk, wav.bits)

            yield read
        return
    name = header(path).format
    with ffmpeg.decoding(path, "-c:a", f"pcm_{name}", "-f", name, "pipe:1") as running:
        yield running.read


def tell_damage(path: Path, moment: int, complaints: Sequence[str]) -> None:
    """Tell whoever is at the terminal what the decoder found wrong before ``moment``, in milliseconds, if anything."""
    if complaints:
        _log.warning(
            "%s: there is damage before %s, which the decoder passed over (%s); listen to what was cut",
            shown(path),
            display(moment),
            complaints[0].rstrip("."),
        )


def _header(path: Path) -> Header:
    # The WAV head that ffmpeg writes gives the numbers of what it decoded, which containers may state otherwise.
    first = ("-af", "ashowinfo", "-frames:a", "1", "-c:a", "pcm_s16le", "-f", "wav", "pipe:1")
    source = ["-copyts", *ffmpeg.from_file(path)]
    with ffmpeg.decoding(path, *first, source=source, log="info") as running:
        wav = b"".join(iter(partial(running.read, 1 << 16), b""))
    stream = next(filter(None, map(_STREAM.match, running.said)), None)
    frame = next(filter(None, map(_FRAME.match, running.said)), None)
    if len(wav) <= _WAV_HEAD or stream is None or frame is None:
        raise AudioError(f"{shown(path)}: there is no sound in it; put a sound file there that plays")
    channels, rate = _CHANNELS_AND_RATE.unpack_from(wav)
    fine = LOSSLESS.match(stream["codec"]) and stream["format"] not in _NARROW
    container = _container(path, running.said)
    return Header(
        rate, channels, 4 if fine else 2, stream["codec"], int(frame["pts"]), _stated(running.said), container
    )


def _container(path: Path, said: Sequence[str]) -> str:
    with contextlib.suppress(OSError), files.opened(path) as file:
        if file.read(4) in _LONG_WAVS:
            return "rf64"
    found = next(filter(None, map(_INPUT.match, said)), None)
    return found["container"] if found else ""


def _stated(said: Sequence[str]) -> int | None:
    found = next(filter(None, map(_DURATION.match, said)), None)
    if found is None or any(_GUESSED in line for line in said):
        return None
    hours, minutes, seconds, hundredths = map(int, found.groups())
    return hours * HOUR + minutes * MINUTE + seconds * SECOND + hundredths * 10


def _decoded_width(wav: riff.Layout) -> int:
    return 2 if wav.bits == 16 else 4  # noqa: PLR2004
