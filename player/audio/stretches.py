"""A file that can only be known by hearing it all into its length and a digest of each stretch, and those into a proof.

ffmpeg places what it decodes after a seek by time stamps. That most often equals a linear decode, but not always: the
decoders of Opus remember more than the pre-roll that RFC 7845 asks for, AAC with perceptual noise substitution (ISO/IEC
14496-3, 4.6.13) draws on random numbers since the first frame, Ogg Vorbis is placed wrongly, and what is damaged counts
differently. So a passage that was sought is believed only where its digests are those of the one linear decode that
counted the file. That is made once for a file, and kept; it is needed to know the length in any case.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from player.audio import cache, ffmpeg, stream
from player.timecode import SECOND

if TYPE_CHECKING:
    from pathlib import Path

# In seconds.
_STRETCH: Final = 2
_KIND: Final = f"stretches-1-{_STRETCH}"
# How much before a stretch is decoded for it, in seconds, by the codec (ffmpeg's names): those for which it is tried.
_PRE_ROLLS: Final = {"flac": 1, "alac": 1, "aac": 1, "opus": 10}
_PLAIN: Final = "pcm_"
_DIGEST: Final = 8


@dataclass(frozen=True)
class Stretches:
    """What a linear decode gave: ``length`` in samples of one channel, and a digest of each stretch, in order."""

    length: int
    digests: bytes


def stretches(path: Path) -> Stretches:
    """Decode the file at ``path`` to its end, if that was not done before.

    :raise AudioError: where it is no sound, or cannot be decoded to its end.
    """
    return _read(cache.derived(path, _KIND, lambda: _stretches(path)))


def kept(path: Path) -> Stretches | None:
    """Give what ``stretches`` has kept, at once; None where the file would have to be decoded.

    :raise AudioError: where the file cannot be read.
    """
    found = cache.kept(path, _KIND)
    return None if found is None else _read(found)


def decode(path: Path, header: stream.Header, first: int, last: int) -> bytes | None:
    """Decode the samples ``[first, last)`` by a seek; None where that cannot be proven to be exact.

    :raise AudioError: where the file is no sound, or cannot be decoded to its end.
    """
    pre_roll = 1 if header.codec.startswith(_PLAIN) else _PRE_ROLLS.get(header.codec)
    stretch = _STRETCH * header.rate
    begin = first // stretch
    if pre_roll is None or (begin * _STRETCH) <= pre_roll:
        return None
    known = stretches(path)
    if last > known.length:
        return None
    end = -(-last // stretch)
    start, stop = begin * stretch, min(end * stretch, known.length)
    samples = _sought(path, header, start, stop, pre_roll)
    if _digests(samples, stretch * header.frame) != known.digests[begin * _DIGEST : end * _DIGEST]:
        return None
    return samples[(first - start) * header.frame : (last - start) * header.frame]


def _read(kept: dict[str, Any]) -> Stretches:
    return Stretches(kept["length"], base64.b64decode(kept["digests"]))


def _stretches(path: Path) -> dict[str, int | str]:
    header = stream.header(path)
    size = _STRETCH * header.rate * header.frame
    count, found = 0, bytearray()
    with stream.linear(path) as read:
        while chunk := read(size):
            count += len(chunk)
            found += _digests(chunk, size)
    return {"length": count // header.frame, "digests": base64.b64encode(found).decode()}


def _digests(samples: bytes, size: int) -> bytes:
    parts = (memoryview(samples)[at : at + size] for at in range(0, len(samples), size))
    return b"".join(hashlib.blake2b(part, digest_size=_DIGEST).digest() for part in parts)


def _sought(path: Path, header: stream.Header, start: int, stop: int, pre_roll: int) -> bytes:
    """Decode from ``pre_roll`` seconds before a sample to another; empty where ffmpeg fails."""
    before = start * SECOND // header.rate - pre_roll * SECOND
    source = ["-copyts", "-ss", f"{before}ms", *ffmpeg.from_file(path)]
    # By the time stamps that the frames have, not by the time that was asked for.
    trim = f"atrim=start_pts={start + header.origin}:end_pts={stop + header.origin}"
    to = ("-af", trim, "-c:a", f"pcm_{header.format}", "-f", header.format, "pipe:1")
    with ffmpeg.decoding(path, *to, source=source) as running:
        return running.read((stop - start) * header.frame)
