"""Reads how a sound file is sampled, and decodes it from its first sample on: the linear decode.

Every other way of reading must give the same samples. A plain WAV is read without a decoder. Samples are signed
little-endian integers, channels interleaved: 16 bits for lossy and 16-bit sources, 32 for others.
"""

from __future__ import annotations

import contextlib
import re
import struct
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Final

from player import files
from player.audio import cache, ffmpeg
from player.audio.decode import mp3_frames
from player.audio.formats import LOSSLESS
from player.errors import AudioError, shown, unreadable
from player.timecode import HOUR, MINUTE, SECOND, display
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO


_PLAIN_BITS: Final = (16, 24, 32)
_NARROW: Final = ("u8", "u8p", "s16", "s16p")
# "[info]   Stream #0:0[0x1](und): Audio: flac, 44100 Hz, mono, s32 (24 bit)": ffmpeg's line on a stream of its input;
# "aac (LC) (mp4a / 0x6134706D)" where a codec has profiles, and the file says which.
_STREAM: Final = re.compile(
    r"\[info\] +Stream #0:\d+.*?: Audio: (?P<codec>\w+)(?: \((?P<profile>(?!\w+ / 0x)[^)]*)\))?.*?, \d+ Hz, "
    r"[^,]+, (?P<format>\w+)"
)
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
# How many bytes of decoded sound are passed on at a time.
_PIECE: Final = 1 << 20
# Bytes of a canonical WAV head, and where in it channels and rate are.
_WAV_HEAD: Final = 44
_CHANNELS_AND_RATE: Final = struct.Struct("<22xHI")
# Of a WAV: the codes of formats, the head of a chunk, the chunk that describes the format.
_PCM: Final = 0x0001
_EXTENSIBLE: Final = 0xFFFE
_CHUNK_HEAD: Final = struct.Struct("<4sI")
_FORMAT_CHUNK: Final = struct.Struct("<HHIIHH")
# More chunks before the samples than any program writes; a file that is no WAV further on may seem to have millions.
_MOST_CHUNKS: Final = 1000
# A size written by a program that could not go back to correct it.
_UNKNOWN_SIZES: Final = (0, 0xFFFFFFFF)
# From here on, sizes are those of programs that write into a pipe, such as 0x7FFFF000 of SoX, and tell nothing either.
_PIPED: Final = 0x7F000000


@value
class Wav:
    """Where the samples of a PCM WAV lie: from byte ``offset``, ``length`` of ``bits`` in each of ``channels``.

    A file that was cut short has those that are there. ``seems_empty`` where its head says that it has none, as those
    of recorders that were switched off do. ``missing`` samples more are told of there than the file has.
    """

    rate: int
    channels: int
    bits: int
    offset: int
    length: int
    seems_empty: bool = False
    missing: int = 0


#: A filter that has ffmpeg hand on this many samples at a time: by an MP3's frames of 576, decoding takes half as long
#: again.
HANDED: Final = "asetnsamples=n=16384:p=0"
#: What ffmpeg calls samples of so many bytes.
RAW_FORMATS: Final = {2: "s16le", 4: "s32le"}


@value
class Header:
    """How a sound is sampled: ``rate`` per second, ``channels``, and ``width`` in bytes of a decoded sample, 2 or 4.

    ``codec`` is ffmpeg's name for what it is decoded from, ``container`` that for the kind of file (``rf64`` where that
    is a WAV's form for more than four gigabytes), and ``origin`` the time stamp, in samples, of the first one.
    ``stated`` is how long the container says that it lasts, in milliseconds; None where it does not say. ``profile`` is
    what ffmpeg calls the profile of an AAC, ``LC`` for the usual one.
    """

    rate: int
    channels: int
    width: int
    codec: str
    origin: int
    stated: int | None
    container: str
    profile: str = ""

    @property
    def frame(self) -> int:
        """Bytes of one sample of every channel."""
        return self.channels * self.width

    @property
    def piece(self) -> int:
        """How many bytes are passed on at a time: whole samples of every channel, at least one."""
        return piece_of(self.frame)

    @property
    def format(self) -> str:
        """What ffmpeg calls samples of this width."""
        return RAW_FORMATS[self.width]


def piece_of(frame: int) -> int:
    """Tell how many bytes are passed on at a time, if a sample of every channel has ``frame`` bytes."""
    return max(1, _PIECE // frame) * frame


def plain_wav(path: Path) -> Wav | None:
    """Find the samples in the file at ``path``, where they can be read without a decoder; None where they cannot.

    They can in a PCM WAV of 16, 24 or 32 bits.

    :raise AudioError: where the file cannot be read.
    """
    try:
        found = read_wav(path) if path.is_file() else None
    except OSError as error:
        raise AudioError(unreadable(path, error)) from None
    return found if found is not None and found.bits in _PLAIN_BITS else None


def read_wav(path: Path) -> Wav | None:
    """Read the head of the file at ``path``; None where it is not a plain PCM WAV.

    Sources: Multimedia Programming Interface and Data Specifications 1.0 (IBM and Microsoft, 1991), chapters 2 (RIFF)
    and 3 (WAVE); WAVE_FORMAT_EXTENSIBLE as in RFC 2361 and mmreg.h. Python's own wave reads that only from 3.12.

    :raise OSError: where the file cannot be read.
    """
    with files.opened(path) as file:
        if file.read(4) != b"RIFF" or len(file.read(4)) < 4 or file.read(4) != b"WAVE":  # noqa: PLR2004  # bytes of a name and a size
            return None
        return _wav(file, path.stat().st_size)


def widened(samples: bytes, bits: int) -> bytes:
    """Widen the samples of a plain WAV to the width of decoded ones: 24 bits get a zero byte."""
    if bits != 24:  # noqa: PLR2004  # the bits of a sample
        return samples
    wide = bytearray(len(samples) // 3 * 4)
    for byte in range(3):
        wide[byte + 1 :: 4] = samples[byte::3]
    return bytes(wide)


def header(path: Path) -> Header:
    """Tell how the first sound in the file at ``path`` is sampled.

    :raise AudioError: where the file is missing, or holds no sound.
    """
    if (wav := plain_wav(path)) is not None:
        stated = wav.length * SECOND // wav.rate
        return Header(wav.rate, wav.channels, _decoded_width(wav), f"pcm_s{wav.bits}le", 0, stated, "wav")
    return Header(**cache.derived(path, "header-5", lambda: asdict(_header(path))))


@contextlib.contextmanager
def linear(path: Path) -> Iterator[Callable[[int], bytes]]:
    """Give a function that reads the next bytes of the decoded sound, as many as asked; fewer only at its end.

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
    with ffmpeg.decoding(path, "-af", HANDED, "-c:a", f"pcm_{name}", "-f", name, "pipe:1") as running:
        yield running.read


def warn_of_damage(path: Path, moment: int, complaints: Sequence[str]) -> None:
    """Log what the decoder found wrong before ``moment``, in milliseconds, if anything."""
    if complaints:
        import logging  # noqa: PLC0415  # 2 ms, for what hardly ever is to be said

        logging.getLogger(__name__).warning(
            "%s: the file is damaged before %s, and the decoder skipped the damage (%s); listen to the result",
            shown(path),
            display(moment),
            complaints[0].rstrip("."),
        )


def _header(path: Path) -> Header:
    # The WAV head that ffmpeg writes gives the numbers of what it decoded, which containers may state otherwise.
    first = ("-af", "ashowinfo", "-frames:a", "1", "-c:a", "pcm_s16le", "-f", "wav", "pipe:1")
    source = ["-copyts", *ffmpeg.from_file(path)]
    try:
        with ffmpeg.decoding(path, *first, source=source, log="info") as running:
            wav = b"".join(iter(partial(running.read, 1 << 16), b""))
    except AudioError:
        _refuse_free_bitrate(path)
        raise
    stream = next(filter(None, map(_STREAM.match, running.said)), None)
    frame = next(filter(None, map(_FRAME.match, running.said)), None)
    if len(wav) <= _WAV_HEAD or stream is None or frame is None:
        raise AudioError(f"{shown(path)}: the file contains no sound; replace it with a sound file that plays")
    channels, rate = _CHANNELS_AND_RATE.unpack_from(wav)
    fine = LOSSLESS.match(stream["codec"]) and stream["format"] not in _NARROW
    container = _container(path, running.said)
    stated = _stated(running.said)
    profile = (stream["profile"] or "") if stream["codec"] == "aac" else ""
    return Header(rate, channels, 4 if fine else 2, stream["codec"], int(frame["pts"]), stated, container, profile)


def _refuse_free_bitrate(path: Path) -> None:
    with contextlib.suppress(OSError):
        if mp3_frames.has_free_bitrate(path):
            raise AudioError(
                f"{shown(path)}: it is an MP3 of a free bitrate, which ffmpeg does not decode; "
                "replace it with a WAV that LAME makes of it (lame --decode)"
            ) from None


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


def _decoded_width(wav: Wav) -> int:
    return 2 if wav.bits == 16 else 4  # noqa: PLR2004  # the bits of a sample


def _wav(file: BinaryIO, size: int) -> Wav | None:
    found: tuple[int, int, int, int] | None = None
    for _ in range(_MOST_CHUNKS):
        if len(head := file.read(_CHUNK_HEAD.size)) < _CHUNK_HEAD.size:
            break
        name, length = _CHUNK_HEAD.unpack(head)
        here = file.tell()
        if name == b"fmt ":
            found = _wav_format(file.read(min(length, 64)))
            if found is None:
                return None
        elif name == b"data":
            if found is None:
                return None
            rate, channels, bits, block = found
            there = size - here
            # If the file is being replaced, nothing may be left of it.
            known = max(0, there if length in _UNKNOWN_SIZES else min(length, there))
            missing = max(0, length - there) // block if length < _PIPED else 0
            return Wav(rate, channels, bits, here, known // block, seems_empty=not length, missing=missing)
        # Chunks begin at even bytes.
        file.seek(here + length + length % 2)
    return None


def _wav_format(chunk: bytes) -> tuple[int, int, int, int] | None:
    """Read a fmt chunk into rate, channels, bits and bytes per frame; None where it is not plain PCM."""
    if len(chunk) < _FORMAT_CHUNK.size:
        return None
    tag, channels, rate, _, block, bits = _FORMAT_CHUNK.unpack_from(chunk)
    if tag == _EXTENSIBLE:
        # The subformat begins with the older two-byte code; the valid bits may be fewer than the container's.
        valid, tag = struct.unpack_from("<H4xH", chunk, 18) if len(chunk) >= 26 else (0, 0)  # noqa: PLR2004  # where both end
        bits = valid if valid == bits else 0
    plain = tag == _PCM and rate and block and block == channels * bits // 8
    return (rate, channels, bits, block) if plain else None
