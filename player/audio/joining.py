"""Joins several sounds, in order, into one, sample after sample, and proves that it holds nothing else.

The joined sound is a FLAC, which is lossless; what FLAC does not keep exactly in every program (samples of more than 24
bits, more than two channels) becomes a WAV, in its form RF64 (EBU Tech 3306) where it is longer than four gigabytes.
Nothing is resampled and no channel is mixed: a sample that none of the parts has would be nobody's. So parts have to
share their rate and their channels; samples of 16 bits are widened, with zeros, beside wider ones.
"""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from player.audio import cache, ffmpeg
from player.audio.decode import stream
from player.audio.decode.samples import Samples, piped
from player.errors import AudioError, WriteError, reason, shown, unreadable
from player.timecode import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from pathlib import Path

# Of more channels FLAC has one layout for each number of them (RFC 9639, section 9.1.3), and ffmpeg states a wrong one
# for what has another.
_FLAC_CHANNELS: Final = 2
# What the head of a frame of FLAC can state of samples a second (RFC 9639, section 9.1.2): any number of 16 bits, or of
# tens.
_FLAC_RATE: Final = 65_535
_NARROW: Final = 2
# The same sound makes the same file: no version of the encoder in it.
_PLAIN: Final = ("-fflags", "+bitexact", "-flags:a", "+bitexact")
# How much of the work is done once the joined sound is written; the rest is its proof.
_WRITTEN: Final = 0.75
_OTHER: Final = "give all parts the same with a sound editor, keep what you have, and join the new files"


@dataclass(frozen=True)
class Shape:
    """How a joined sound is sampled, and what its file's name ends in: ``.flac`` or ``.wav``."""

    rate: int
    channels: int
    width: int
    suffix: str

    @property
    def frame(self) -> int:
        """Bytes of one sample of every channel."""
        return self.channels * self.width


@dataclass(frozen=True)
class Joined:
    """A sound that was joined: its ``shape``, and how many samples of one channel each of its parts has."""

    shape: Shape
    lengths: tuple[int, ...]

    @property
    def starts(self) -> tuple[int, ...]:
        """Where the parts begin, in milliseconds."""
        return starts(self.lengths, self.shape.rate)

    @property
    def duration(self) -> int:
        """How long the whole is, in milliseconds; a last one that is there in part is not counted."""
        return sum(self.lengths) * SECOND // self.shape.rate


def starts(lengths: Sequence[int], rate: int) -> tuple[int, ...]:
    """Give where parts of so many samples begin, each to the nearest millisecond."""
    return tuple((first * SECOND + rate // 2) // rate for first in accumulate(lengths[:-1], initial=0))


def shape_of(parts: Sequence[Path]) -> Shape:
    """Tell how the sound would be sampled that is joined from these files.

    :raise AudioError: where one of them holds no sound, or they differ in rate or channels.
    """
    headers = [stream.header(path) for path in parts]
    first = headers[0]
    for path, header in zip(parts, headers, strict=True):
        if header.rate != first.rate:
            what = f"has {header.rate:,} samples a second, but {parts[0].name} {first.rate:,}"
        elif header.channels != first.channels:
            what = f"has {_channels(header.channels)}, but {parts[0].name} {_channels(first.channels)}"
        else:
            continue
        raise AudioError(f"{shown(path)}: it {what}; {_OTHER}")
    width = max(header.width for header in headers)
    is_stated = first.rate < _FLAC_RATE or (first.rate % 10 == 0 and first.rate < 10 * _FLAC_RATE)
    in_flac = first.channels <= _FLAC_CHANNELS and is_stated
    if in_flac and width > _NARROW:
        in_flac = not any(_is_finer_than_24_bits(path) for path in parts)
    return Shape(first.rate, first.channels, width, ".flac" if in_flac else ".wav")


def join(
    parts: Sequence[Path], target: Path, shape: Shape, progress: Callable[[float], object] | None = None
) -> Joined:
    """Write the sounds in the files ``parts``, one after another, to ``target``, which is replaced.

    ``shape`` is what ``shape_of`` said of them, whatever the name of ``target``. ``progress`` is called with how much
    is done, from 0 to 1. Where it is refused, what is at ``target`` is nobody's, and the caller's to remove.

    :raise AudioError: where a part cannot be decoded to its end, or changes meanwhile.
    :raise WriteError: where ``target`` cannot be written, or is not to the sample what the parts are.
    """
    heard = progress or (lambda _: None)
    seen = [cache.stamp_of(path) for path in parts]
    given, lengths = _Digest(), [0] * len(parts)
    stated = [stream.header(path).stated or 0 for path in parts]
    total = sum(stated) * shape.rate // SECOND * shape.frame

    def pieces() -> Generator[bytes]:
        for number, path in enumerate(parts):
            for samples in _pieces(path, shape.width):
                lengths[number] += len(samples) // shape.frame
                given.add(samples)
                yield samples
                heard(_WRITTEN * min(1.0, given.size / total) if total else 0.0)

    if shape.suffix == ".flac":
        options = ["-c:a", "flac", *_PLAIN, "-f", "flac"]
    else:
        name = stream.RAW_FORMATS[shape.width]
        options = ["-c:a", f"pcm_{name}", *_PLAIN, "-rf64", "auto", "-f", "wav"]
    source = piped(Samples(b"", shape.rate, shape.channels, shape.width))
    try:
        with contextlib.closing(pieces()) as fed:
            ffmpeg.encode(fed, [*source, *options, "-y", f"file:{target.absolute()}"])
        _prove(target, shape, given, lambda done: heard(_WRITTEN + (1 - _WRITTEN) * done))
    except OSError as error:
        raise WriteError(
            f"the joined sound cannot be written ({reason(error)}); "
            "check the permissions of the folder and the free space"
        ) from None
    for path, stamp in zip(parts, seen, strict=True):
        if cache.stamp_of(path) != stamp:
            raise AudioError(f"{shown(path)}: the file changed while it was joined; try again")
    heard(1.0)
    return Joined(shape, tuple(lengths))


@dataclass(frozen=True)
class Comparison:
    """How a sound compares with the parts that it should be, one after another.

    ``starts`` is where these begin, in milliseconds. ``differs`` is the number, from 0 on, of the first that is not in
    it to the sample; None where all are. It ``goes_on`` where something comes after the last.
    """

    starts: tuple[int, ...]
    differs: int | None = None
    goes_on: bool = False

    @property
    def is_same(self) -> bool:
        """Whether it is what its parts are, one after another, and nothing else."""
        return self.differs is None and not self.goes_on


def compared(joined: Path, parts: Sequence[Path]) -> Comparison:
    """Compare a joined sound with its parts, sample by sample.

    What each file gives is found out once, and cached.

    :raise AudioError: where one of them cannot be decoded to its end.
    """
    header = stream.header(joined)
    known = [_decoded(path, header.width) for path in parts]
    lengths = [length for length, _ in known]
    begin = starts(lengths, header.rate)
    for number, path in enumerate(parts):
        there = stream.header(path)
        if (there.rate, there.channels) != (header.rate, header.channels) or there.width > header.width:
            return Comparison(begin, number)
    kind = hashlib.sha256(repr(lengths).encode()).hexdigest()[:16]
    found = cache.derived(joined, f"joined-1-{kind}", lambda: _divided(joined, header.frame, lengths))
    pairs = zip(found["parts"], known, strict=True)
    differs = next((number for number, (own, (_, wanted)) in enumerate(pairs) if own != wanted), None)
    return Comparison(begin, differs, found["after"])


class _Digest:
    """A digest of samples that go by, and how many bytes they were."""

    def __init__(self) -> None:
        self._hash = hashlib.blake2b(digest_size=16)
        self.size = 0

    def add(self, samples: bytes) -> None:
        self._hash.update(samples)
        self.size += len(samples)

    @property
    def text(self) -> str:
        return self._hash.hexdigest()


def _pieces(path: Path, width: int) -> Generator[bytes]:
    """Decode a file from its first sample to its last, widened to ``width`` bytes."""
    header = stream.header(path)
    try:
        with stream.linear(path) as read:
            while samples := read(header.piece):
                yield _widened(samples) if header.width < width else samples
    except OSError as error:
        raise AudioError(unreadable(path, error)) from None


def _widened(samples: bytes) -> bytes:
    """Widen samples of 16 bits to 32, as a decoder does: the new bits are zero."""
    wide = bytearray(2 * len(samples))
    wide[2::4] = samples[::2]
    wide[3::4] = samples[1::2]
    return bytes(wide)


def _is_finer_than_24_bits(path: Path) -> bool:
    """Tell whether a sound has a sample of which any of the last 8 of 32 bits is set."""
    if stream.header(path).width == _NARROW:
        return False
    wav = stream.plain_wav(path)
    if wav is not None and wav.bits <= 24:  # noqa: PLR2004  # the bits of a sample
        return False
    with contextlib.closing(_pieces(path, 4)) as pieces:
        return any(any(samples[::4]) for samples in pieces)


def _prove(target: Path, shape: Shape, given: _Digest, progress: Callable[[float], object]) -> None:
    """Decode what was written, and compare it with what was given to the encoder.

    :raise WriteError: where it is anything else.
    """
    name, found = stream.RAW_FORMATS[shape.width], _Digest()
    try:
        with ffmpeg.decoding(target, "-c:a", f"pcm_{name}", "-f", name, "pipe:1") as running:
            while samples := running.read(stream.piece_of(shape.frame)):
                found.add(samples)
                progress(min(1.0, found.size / given.size) if given.size else 1.0)
    except AudioError:
        raise WriteError("what ffmpeg wrote cannot be decoded, so it was not kept; try again") from None
    if (found.size, found.text) != (given.size, given.text):
        raise WriteError(
            "what ffmpeg wrote is not to the sample what the parts are, so it was not kept; "
            "use the ffmpeg that comes with imageio-ffmpeg"
        )


def _decoded(path: Path, width: int) -> tuple[int, str]:
    """Give the length of a file in samples of one channel, and a digest of all, widened to ``width`` bytes."""

    def decode() -> list[int | str]:
        found = _Digest()
        for samples in _pieces(path, width):
            found.add(samples)
        return [found.size // width // stream.header(path).channels, found.text]

    length, digest = cache.derived(path, f"samples-1-{width}", decode)
    return length, digest


def _divided(path: Path, frame: int, lengths: Sequence[int]) -> dict[str, object]:
    """Give a digest for each run of so many samples, one after another, and whether anything comes after them."""
    piece, digests = stream.piece_of(frame), []
    try:
        with stream.linear(path) as read:
            for length in lengths:
                found, left = _Digest(), length * frame
                while left and (samples := read(min(left, piece))):
                    found.add(samples)
                    left -= len(samples)
                digests.append(found.text)
            return {"parts": digests, "after": bool(read(frame))}
    except OSError as error:
        raise AudioError(unreadable(path, error)) from None


def _channels(count: int) -> str:
    return "one channel" if count == 1 else f"{count} channels"
