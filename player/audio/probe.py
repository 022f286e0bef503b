"""A media file into what can be said of its sound without hearing it: rate, channels, and its length to the sample."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from player.audio.decode import mp3, stream, stretches
from player.timecode import SECOND

if TYPE_CHECKING:
    from pathlib import Path


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

    The length is that of a linear decode, for what containers state is an estimate in some. A plain WAV states it, the
    index of an MP3 gives it; all else is decoded once, and the count is cached.

    :raise AudioError: where the file is not there, is no sound, or cannot be decoded to its end.
    """
    header = stream.header(path)
    return counted(path) or Sound(header.rate, header.channels, stretches.stretches(path).length)


def counted(path: Path) -> Sound | None:
    """Tell what ``probe`` would, where nothing has to be decoded for it; None where that has yet to be done.

    :raise AudioError: where the file is not there, or is no sound.
    """
    header = stream.header(path)
    if (wav := stream.plain_wav(path)) is not None:
        length = wav.length
    elif header.codec == mp3.CODEC and (index := mp3.index(path)) is not None:
        length = index.length
    elif (known := stretches.kept(path)) is not None:
        length = known.length
    else:
        return None
    return Sound(header.rate, header.channels, length)


def stated(path: Path) -> int | None:
    """Tell how many milliseconds the container says that the sound lasts: an estimate, to be shown until it is counted.

    None where it does not say.

    :raise AudioError: where the file is not there, or is no sound.
    """
    return stream.header(path).stated
