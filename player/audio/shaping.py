"""Brings sounds that are sampled differently to one rate, one number of channels and one size of samples.

What is sampled alike is passed on as it is. The rest goes through ffmpeg: the rate by its resampler, one channel into
both of two, sample for sample.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from player.audio import ffmpeg
from player.audio.decode import stream
from player.files import temporary_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from player.audio.decode.samples import Decoding

_TWO: Final = 2


@dataclass(frozen=True, order=True)
class Shape:
    """How a sound is sampled: ``rate`` per second, ``channels``, and ``width`` in bytes of a sample."""

    rate: int
    channels: int
    width: int

    @classmethod
    def of(cls, sound: Decoding) -> Shape:
        """Give the shape of a sound."""
        return cls(sound.rate, sound.channels, sound.width)

    def __str__(self) -> str:
        """Write it as people say it: ``16,000 samples a second, two channels``."""
        count = {1: "one channel", 2: "two channels"}.get(self.channels, f"{self.channels} channels")
        return f"{self.rate:,} samples a second, {count}"


def common(shapes: Sequence[Shape]) -> Shape:
    """Give the shape that loses least of some: the highest rate, the largest samples; two channels if these differ."""
    counts = {each.channels for each in shapes}
    return Shape(
        max(each.rate for each in shapes),
        counts.pop() if len(counts) == 1 else _TWO,
        max(each.width for each in shapes),
    )


def shaped(sound: Decoding, shape: Shape) -> Decoding:
    """Give a sound in another shape, of the length that is nearest to its own; as it is, where it has that shape."""
    if Shape.of(sound) == shape:
        return sound
    length = (sound.length * shape.rate + sound.rate // 2) // sound.rate
    return replace(
        sound,
        rate=shape.rate,
        channels=shape.channels,
        width=shape.width,
        length=length,
        _begin=partial(_converted, sound, shape, length),
    )


def _converted(sound: Decoding, shape: Shape, length: int) -> Iterator[bytes]:
    raw = stream.RAW_FORMATS[shape.width]
    # Half a sample more or less is silence, or left out.
    filters = [f"aresample={shape.rate}", f"apad=whole_len={length}", f"atrim=end_sample={length}"]
    if sound.channels == 1 and shape.channels == _TWO:
        filters.insert(0, "pan=stereo|c0=c0|c1=c0")
    with temporary_folder("to bring sounds to one rate in") as folder:
        path = folder / "passage"
        with path.open("wb") as file:
            file.writelines(sound.pieces())
        given = ("-f", stream.RAW_FORMATS[sound.width], "-ar", str(sound.rate), "-ac", str(sound.channels))
        arguments = ("-af", ",".join(filters), "-ac", str(shape.channels), "-c:a", f"pcm_{raw}", "-f", raw, "pipe:1")
        with ffmpeg.decoding(path, *arguments, source=(*given, "-i", f"file:{path}")) as running:
            frame = shape.channels * shape.width
            yield from running.pieces(length * frame, stream.piece_of(frame))
