"""A media file into what can be said of its sound without hearing it: rate, channels, and its length to the sample."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player.audio import cache, stream
from player.timecode import SECOND

if TYPE_CHECKING:
    from pathlib import Path

_CHUNK: Final = 1 << 18


@dataclass(frozen=True)
class Sound:
    """The sound of one file: samples per second, channels, and ``length`` in samples of one channel."""

    rate: int
    channels: int
    length: int

    @property
    def duration(self) -> int:
        """How long it is, in whole milliseconds that are all there."""
        return self.length * SECOND // self.rate


def probe(path: Path) -> Sound:
    """Tell rate, channels and length of the sound in the file at ``path``.

    The length is counted, for what containers state is an estimate in some: the first call for a file that is not plain
    WAV decodes it once, and the count is cached.

    :raise AudioError: where the file is not there, is no sound, or cannot be decoded to its end.
    """
    header = stream.header(path)
    if (wav := stream.plain_wav(path)) is not None:
        return Sound(wav.rate, wav.channels, wav.length)
    return Sound(header.rate, header.channels, int(cache.derived(path, "length-1", lambda: _count(path, header.frame))))


def _count(path: Path, frame: int) -> int:
    count = 0
    with stream.linear(path) as read:
        while chunk := read(_CHUNK):
            count += len(chunk)
    return count // frame
