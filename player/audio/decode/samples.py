"""Decodes a part of a sound file into its samples, equal to those of a linear decode of the whole file.

Milliseconds become samples by rounding: ``sample_at``. A plain WAV is read in place, and ffmpeg is given the frames of
an MP3 that its index names (``mp3``). In other files ffmpeg seeks where it can, and each chunk is compared with the
linear decode that counted the file (``chunks``). Where neither is certain the file is decoded from its beginning;
ffmpeg counts samples and drops what is outside. The samples come in pieces: memory holds one piece, however many there
are.
"""

from __future__ import annotations

from dataclasses import field
from functools import partial
from typing import TYPE_CHECKING

from player import files
from player.audio import ffmpeg
from player.audio.decode import chunks, mp3, stream
from player.audio.probe import Sound, probe
from player.errors import AudioError, shown, unreadable
from player.timecode import SECOND, display
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from pathlib import Path


@value
class Samples:
    """Decoded sound in memory: signed little-endian ``samples`` of ``width`` bytes (2 or 4), channels interleaved."""

    samples: bytes
    rate: int
    channels: int
    width: int

    @property
    def frame(self) -> int:
        """Bytes of one sample of every channel."""
        return self.channels * self.width

    @property
    def length(self) -> int:
        """How many samples each channel has."""
        return len(self.samples) // self.frame

    def pieces(self) -> Generator[bytes]:
        """Give the samples, in one piece."""
        yield self.samples


@value
class Decoding:
    """Sound that is decoded while its ``pieces`` are asked for: ``length`` samples of each channel."""

    rate: int
    channels: int
    width: int
    length: int
    _begin: Callable[[], Iterator[bytes]] = field(repr=False, compare=False)

    @property
    def frame(self) -> int:
        """Bytes of one sample of every channel."""
        return self.channels * self.width

    @property
    def samples(self) -> bytes:
        """All samples at once: for what is known to be short."""
        return b"".join(self.pieces())

    def pieces(self) -> Generator[bytes]:
        """Decode the samples, a piece of at most some megabytes at a time.

        :raise PastEndError: where there are fewer than ``length``, which some files do not show before their end.
        :raise AudioError: where they cannot be decoded.
        """
        yield from self._begin()


class PastEndError(AudioError):
    """The samples asked for end after the sound, which has ``length`` samples and lasts ``duration`` milliseconds."""

    def __init__(self, path: Path, sound: Sound) -> None:
        self.length = sound.length
        self.duration = sound.duration
        super().__init__(f"{shown(path)}: the sound ends at {display(self.duration)}; choose a passage before that")


def piped(sound: Decoding | Samples) -> tuple[str, ...]:
    """Give ffmpeg's arguments for a sound whose ``pieces`` it gets on its standard input."""
    raw = stream.RAW_FORMATS[sound.width]
    return ("-f", raw, "-ar", str(sound.rate), "-ac", str(sound.channels), "-i", "pipe:0")


def sample_at(moment: int, rate: int) -> int:
    """Give the sample nearest to ``moment``, in milliseconds; of two that are as near, the later one."""
    return (moment * rate + SECOND // 2) // SECOND


def decode(path: Path, first: int, last: int) -> Samples:
    """Decode the samples ``[first, last)`` of the sound in the file at ``path``, all at once.

    :raise PastEndError: where the sound has fewer samples than ``last``.
    :raise AudioError: where the file is missing, holds no sound, or cannot be decoded so far.
    """
    found = decoding(path, first, last)
    return Samples(found.samples, found.rate, found.channels, found.width)


def decoding(path: Path, first: int, last: int) -> Decoding:
    """Give the samples ``[first, last)`` of the sound in the file at ``path``, to be decoded in pieces.

    What has to be known of the whole file is found out now, and cached.

    :raise PastEndError: where the sound is known to have fewer samples than ``last``.
    :raise AudioError: where the file is missing, holds no sound, or cannot be decoded.
    """
    header = stream.header(path)
    length: int | None
    begin: Callable[[], Iterator[bytes]]
    if (wav := stream.plain_wav(path)) is not None:
        length, begin = wav.length, partial(_read, path, wav, first, last)
    elif header.codec == mp3.CODEC and (index := mp3.index(path)) is not None:
        length, begin = index.length, partial(_indexed, path, header, index, first, last)
    else:
        known = _known(path, header, first, last)
        length = None if known is None else known.length
        begin = partial(_sought, path, header, known, first, last)
    if length is not None and last > length:
        raise PastEndError(path, Sound(header.rate, header.channels, length))
    whole = partial(_whole, path, begin, (last - first) * header.frame)
    return Decoding(header.rate, header.channels, header.width, last - first, whole)


def _known(path: Path, header: stream.Header, first: int, last: int) -> chunks.Chunks | None:
    """Give the chunks of the file: where they are cached, a seek needs them, or it seems to end before ``last``."""
    kept = chunks.kept(path)
    seems_short = header.stated is not None and last * SECOND > header.stated * header.rate
    return chunks.chunks(path) if kept is None and (seems_short or chunks.is_worth_seeking(header, first)) else kept


def _whole(path: Path, begin: Callable[[], Iterator[bytes]], size: int) -> Iterator[bytes]:
    """Give the pieces, and refuse to end before they are all there."""
    there = 0
    for samples in begin():
        there += len(samples)
        yield samples
    if there < size:
        raise PastEndError(path, probe(path))


def _read(path: Path, wav: stream.Wav, first: int, last: int) -> Iterator[bytes]:
    frame = wav.channels * wav.bits // 8
    left = (last - first) * frame
    try:
        with files.opened(path) as file:
            file.seek(wav.offset + first * frame)
            while left and (samples := file.read(min(left, stream.piece_of(frame)))):
                left -= len(samples)
                yield stream.widened(samples, wav.bits)
    except OSError as error:
        raise AudioError(unreadable(path, error)) from None


def _indexed(path: Path, header: stream.Header, index: mp3.Index, first: int, last: int) -> Iterator[bytes]:
    pieces = mp3.proven(path, index, first, last)
    yield from _linear(path, header, first, last) if pieces is None else pieces


def _sought(path: Path, header: stream.Header, known: chunks.Chunks | None, first: int, last: int) -> Iterator[bytes]:
    if known is not None and chunks.is_worth_seeking(header, first):
        for samples in chunks.proven(path, header, known, first, last):
            first += len(samples) // header.frame
            yield samples
    if first < last:
        yield from _linear(path, header, first, last)


def _linear(path: Path, header: stream.Header, first: int, last: int) -> Iterator[bytes]:
    # Counted here: where the rate or the channels change within a file, ffmpeg begins its filters anew, and with them
    # to count, so that atrim would pass on what is elsewhere.
    arguments = ("-af", stream.HANDED, "-c:a", f"pcm_{header.format}", "-f", header.format, "pipe:1")
    samples = b""
    with ffmpeg.decoding(path, *arguments) as running:
        running.skip(first * header.frame)
        for samples in running.pieces((last - first) * header.frame, header.piece):
            yield samples
        if samples:
            stream.warn_of_damage(path, last * SECOND // header.rate, running.complaints)
