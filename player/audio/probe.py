"""Measures the sound in a file: its rate, its channels, and its length to the sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

from player.audio.decode import chunks, mp3, stream
from player.timecode import SECOND
from player.values import value

if TYPE_CHECKING:
    from pathlib import Path


@value
class Sound:
    """The sound of one file: samples per second, channels, and ``length`` in samples of one channel."""

    rate: int
    channels: int
    length: int

    @property
    def duration(self) -> int:
        """How long it is, in milliseconds; a last one that is there in part is not counted."""
        return self.length * SECOND // self.rate


def probe(path: Path) -> Sound:
    """Tell rate, channels and length of the sound in the file at ``path``.

    The length is that of a linear decode, since some containers state only an estimate. A plain WAV states it, the
    index of an MP3 gives it; everything else is decoded once, and the count is cached.

    :raise AudioError: where the file is missing, holds no sound, or cannot be decoded to its end.
    """
    header = stream.header(path)
    return counted(path) or Sound(header.rate, header.channels, chunks.chunks(path).length)


def counted(path: Path) -> Sound | None:
    """Tell what ``probe`` would, where nothing has to be decoded for it; None where that has yet to be done.

    :raise AudioError: where the file is missing, or holds no sound.
    """
    header = stream.header(path)
    if (wav := stream.plain_wav(path)) is not None:
        length = wav.length
    elif header.codec == mp3.CODEC and (index := mp3.index(path)) is not None:
        length = index.length
    elif (known := chunks.kept(path)) is not None:
        length = known.length
    else:
        return None
    return Sound(header.rate, header.channels, length)


def stated(path: Path) -> int | None:
    """Give the length that the container states, in milliseconds; None where it states none.

    It is an estimate, to be shown until the sound is counted.

    :raise AudioError: where the file is missing, or holds no sound.
    """
    return stream.header(path).stated


def missing(path: Path) -> int:
    """Tell how much more sound than there is the container states, in milliseconds: of a file that was cut short, much.

    :raise AudioError: where the file is missing, holds no sound, or cannot be decoded to its end.
    """
    if (wav := stream.plain_wav(path)) is not None:
        return (wav.length + wav.missing) * SECOND // wav.rate - wav.length * SECOND // wav.rate
    return max(0, (stated(path) or 0) - probe(path).duration)
