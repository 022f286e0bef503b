"""Counts a file that has to be decoded to its end, keeps a digest of each chunk, and proves seeks by these digests.

ffmpeg places what it decodes after a seek by time stamps. That most often equals a linear decode, but not always: the
decoders of Opus remember more than the pre-roll that RFC 7845 asks for, AAC with perceptual noise substitution (ISO/IEC
14496-3, 4.6.13) draws on random numbers since the first frame, Ogg Vorbis is placed wrongly, and damage is counted
differently. So samples from a seek are trusted only where their digests are those of the one linear decode that counted
the file. That decode is made once for a file, and what it gave is cached; the length needs it in any case.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any, Final

from player.audio import cache, ffmpeg
from player.audio.decode import stream
from player.elsewhere import way_of
from player.timecode import SECOND
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path
    from types import ModuleType

# The length of a chunk in milliseconds; and at most in bytes, where there are many channels, or many samples a second.
_CHUNK: Final = 2000
# Of AAC that lies elsewhere: only whole chunks are read, and a passage ends in the middle of two.
_FINE: Final = 500
_MOST: Final = 1 << 22
# The name in the cache. Earlier versions called chunks so, and what they counted is still right.
_KIND: Final = f"stretches-2-{_CHUNK // SECOND}"
_FINE_KIND: Final = f"chunks-1-{_FINE}"
# How much before a chunk is decoded for it, in seconds, by the codec (ffmpeg's names): those for which it is tried.
_PRE_ROLLS: Final = {"flac": 1, "alac": 1, "aac": 1, "opus": 10}
_PLAIN: Final = "pcm_"
_DIGEST: Final = 8


@value
class Chunks:
    """What a linear decode gave: ``length`` in samples of one channel, and a digest of each chunk, in order.

    A chunk has so many milliseconds, ``each``.
    """

    length: int
    digests: bytes
    each: int = _CHUNK


def chunks(path: Path) -> Chunks:
    """Decode the file at ``path`` to its end, unless that was done before.

    :raise AudioError: where it holds no sound, or cannot be decoded to its end.
    """
    kind, each = _kind(path)
    return _unpacked(cache.derived(path, kind, lambda: _count(path, each)), each)


def kept(path: Path) -> Chunks | None:
    """Give at once what ``chunks`` has cached; None where the file would have to be decoded.

    :raise AudioError: where the file cannot be read.
    """
    kind, each = _kind(path)
    found = cache.kept(path, kind)
    return None if found is None else _unpacked(found, each)


def _kind(path: Path) -> tuple[str, int]:
    """Give the name of a file's chunks in the cache, and the length of each."""
    distant = _distant(path)
    return (_FINE_KIND, _FINE) if distant and distant.has_packets(path) else (_KIND, _CHUNK)


def _distant(path: Path) -> ModuleType | None:
    """Give how passages are read of a sound that lies elsewhere; None where it does not."""
    if way_of(path) is None:
        return None
    from player.audio.decode import distant_parts  # noqa: PLC0415  # where a sound lies elsewhere

    return distant_parts


def is_worth_seeking(header: stream.Header, first: int) -> bool:
    """Tell whether a seek to the sample ``first`` is worth its proof."""
    pre_roll = _pre_roll(header)
    return pre_roll is not None and _begin(header, first) > pre_roll * header.rate


def proven(path: Path, header: stream.Header, known: Chunks, first: int, last: int) -> Iterator[bytes]:
    """Decode the samples ``[first, last)``, which must exist, by a seek that ``is_worth_seeking``.

    Each piece is given once it is proven to be exact; they end before the first that is not.

    :raise AudioError: where the file cannot be decoded so far.
    """
    begin, stop = _bounds(path, header, known, first, last)
    held, is_proven = b"", False
    with _sought(path, header, known, begin, stop) as running:
        for at, end, number in parts(known, header, begin, stop):
            samples = running.read((end - at) * header.frame)
            if len(samples) < (end - at) * header.frame or not (number is None or is_chunk(known, number, samples)):
                return
            held += samples[max(0, first - at) * header.frame : max(0, last - at) * header.frame]
            is_proven |= number is not None
            # What begins in the middle of a chunk is proven by the one that follows on it.
            if is_proven:
                yield held
                held = b""


def _bounds(path: Path, header: stream.Header, known: Chunks, first: int, last: int) -> tuple[int, int]:
    """Give what is decoded for the samples ``[first, last)``: whole chunks, of which each can be proven.

    Of a sound whose samples need none before them, no more than is wanted, where a whole chunk of it proves the rest.
    """
    length = _length(header, known.each)
    begin, stop = first - first % length, min(-(-last // length) * length, known.length)
    has_whole = begin + length * (first > begin) + length <= last
    distant = _distant(path)
    return (first, last) if has_whole and distant and distant.needs_no_other(path, header) else (begin, stop)


def parts(known: Chunks, header: stream.Header, first: int, last: int) -> Iterator[tuple[int, int, int | None]]:
    """Divide the samples ``[first, last)`` where chunks begin: begin, end, and the number of a chunk that is whole."""
    length = _length(header, known.each)
    while first < last:
        begin = first - first % length
        stop = min(begin + length, known.length)
        end = min(stop, last)
        yield first, end, begin // length if (first, end) == (begin, stop) else None
        first = end


def is_chunk(known: Chunks, number: int, samples: bytes) -> bool:
    """Tell whether these are the samples of a whole chunk."""
    return _digest(samples) == known.digests[number * _DIGEST : (number + 1) * _DIGEST]


def _unpacked(kept: dict[str, Any], each: int) -> Chunks:
    return Chunks(kept["length"], base64.b64decode(kept["digests"]), each)


def _count(path: Path, each: int) -> dict[str, int | str]:
    header = stream.header(path)
    size = _length(header, each) * header.frame
    count, found = 0, bytearray()
    with stream.linear(path) as read:
        while chunk := read(size):
            count += len(chunk)
            found += _digest(chunk)
    return {"length": count // header.frame, "digests": base64.b64encode(found).decode()}


def _digest(samples: bytes) -> bytes:
    return hashlib.blake2b(samples, digest_size=_DIGEST).digest()


def _length(header: stream.Header, each: int = _CHUNK) -> int:
    """Give the length of a chunk, in samples of one channel."""
    return max(1, min(each * header.rate // SECOND, _MOST // header.frame))


def _begin(header: stream.Header, first: int) -> int:
    """Give the first sample of the chunk that a sample is in."""
    return first - first % _length(header)


def _pre_roll(header: stream.Header) -> int | None:
    return 1 if header.codec.startswith(_PLAIN) else _PRE_ROLLS.get(header.codec)


def _sought(
    path: Path, header: stream.Header, known: Chunks, start: int, stop: int
) -> AbstractContextManager[ffmpeg.Running]:
    """Start ffmpeg so that its output begins with one sample and ends before another."""
    to = ("-c:a", f"pcm_{header.format}", "-f", header.format, "pipe:1")
    distant = _distant(path)
    if distant and (part := distant.part(path, header, known.length, start, stop)) is not None:
        trim = f"atrim=start_sample={start - part.begin}:end_sample={stop - part.begin}"
        return ffmpeg.decoding(path, "-af", trim, *to, source=part.source)
    # Begun at the pre-roll, and cut by the time stamps that the frames have, not by the time that was asked for.
    before = start * SECOND // header.rate - (_pre_roll(header) or 0) * SECOND
    source = ["-copyts", "-ss", f"{before}ms", *ffmpeg.from_file(path)]
    trim = f"atrim=start_pts={start + header.origin}:end_pts={stop + header.origin}"
    return ffmpeg.decoding(path, "-af", trim, *to, source=source)
