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

from player.audio import cache, ffmpeg
from player.audio.decode import stream
from player.timecode import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

# In seconds; and in bytes, where there are many channels, or many samples a second.
_STRETCH: Final = 2
_MOST: Final = 1 << 22
_KIND: Final = f"stretches-2-{_STRETCH}"
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


def is_sought(header: stream.Header, first: int) -> bool:
    """Tell whether a seek to the sample ``first`` is worth its proof."""
    pre_roll = _pre_roll(header)
    return pre_roll is not None and _begin(header, first) > pre_roll * header.rate


def proven(path: Path, header: stream.Header, known: Stretches, first: int, last: int) -> Iterator[bytes]:
    """Decode the samples ``[first, last)``, which there are, by a seek that ``is_sought``.

    Each piece is given once it is proven to be exact; it ends before the first that is not.

    :raise AudioError: where the file cannot be decoded so far.
    """
    stretch, frame = _stretch(header), header.frame
    start, stop = _begin(header, first), min(-(-last // stretch) * stretch, known.length)
    with _sought(path, header, start, stop) as running:
        for at in range(start, stop, stretch):
            samples = running.read((min(at + stretch, stop) - at) * frame)
            number = at // stretch
            if _digest(samples) != known.digests[number * _DIGEST : (number + 1) * _DIGEST]:
                return
            yield samples[max(0, first - at) * frame : (last - at) * frame]


def decode(path: Path, header: stream.Header, first: int, last: int) -> bytes | None:
    """Decode the samples ``[first, last)`` by a seek; None where that cannot be proven to be exact.

    :raise AudioError: where the file is no sound, or cannot be decoded to its end.
    """
    if not is_sought(header, first):
        return None
    known = stretches(path)
    samples = b"" if last > known.length else b"".join(proven(path, header, known, first, last))
    return samples if len(samples) == (last - first) * header.frame else None


def _read(kept: dict[str, Any]) -> Stretches:
    return Stretches(kept["length"], base64.b64decode(kept["digests"]))


def _stretches(path: Path) -> dict[str, int | str]:
    header = stream.header(path)
    size = _stretch(header) * header.frame
    count, found = 0, bytearray()
    with stream.linear(path) as read:
        while chunk := read(size):
            count += len(chunk)
            found += _digest(chunk)
    return {"length": count // header.frame, "digests": base64.b64encode(found).decode()}


def _digest(samples: bytes) -> bytes:
    return hashlib.blake2b(samples, digest_size=_DIGEST).digest()


def _stretch(header: stream.Header) -> int:
    return max(1, min(_STRETCH * header.rate, _MOST // header.frame))


def _begin(header: stream.Header, first: int) -> int:
    """Give the first sample of the stretch that a sample is in."""
    return first - first % _stretch(header)


def _pre_roll(header: stream.Header) -> int | None:
    return 1 if header.codec.startswith(_PLAIN) else _PRE_ROLLS.get(header.codec)


def _sought(path: Path, header: stream.Header, start: int, stop: int) -> AbstractContextManager[ffmpeg.Running]:
    """Start ffmpeg at the pre-roll before a sample, its output to begin with that sample and to end with another."""
    before = start * SECOND // header.rate - (_pre_roll(header) or 0) * SECOND
    source = ["-copyts", "-ss", f"{before}ms", *ffmpeg.from_file(path)]
    # By the time stamps that the frames have, not by the time that was asked for.
    trim = f"atrim=start_pts={start + header.origin}:end_pts={stop + header.origin}"
    to = ("-af", trim, "-c:a", f"pcm_{header.format}", "-f", header.format, "pipe:1")
    return ffmpeg.decoding(path, *to, source=source)
