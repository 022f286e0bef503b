"""Proves that files give the samples of passages of an MP3, from the first to the last of each.

The frames between are the tape's own bytes, which decode as they do there. So it is enough to compare the first second
and the last, side by side: ffmpeg decodes the first of the file and, from a whole second on, all to its end, and those
frames of the tape that its index names. How many samples there are to the end says how many there are in all. One
ffmpeg does that for several files at a time: to start it costs as much as to decode ten seconds.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from player.audio import ffmpeg
from player.audio.decode import mp3
from player.errors import AudioError
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from player.audio.decode.mp3 import Index

#: How many seconds of sound at each end are compared.
SECONDS: Final = 1
#: How many files one ffmpeg is given: each is four inputs, and these take 0.8 MB and four threads each.
TOGETHER: Final = 16
# What a decoder gives may be wrong for so many seconds after the place where it begins: 511 bytes of main data that
# are not there, at 8 kbit/s. Those are not compared.
_AFTER_SEEK: Final = 1
_WIDTH: Final = 2


@value
class Claim:
    """That the file ``clip`` has as many samples as ``[first, last)`` of the MP3 at ``path``, and the same.

    ``found`` is the index of that MP3.
    """

    clip: Path
    path: Path
    found: Index
    first: int
    last: int


def is_proven(clip: Path, path: Path, found: Index, first: int, last: int) -> bool:
    """Tell whether the file ``clip`` has as many samples as ``[first, last)`` of the MP3 at ``path``, and the same."""
    return proven([Claim(clip, path, found, first, last)])[0]


def proven(claims: Sequence[Claim]) -> list[bool]:
    """Tell of each claim whether it is so."""
    alike = defaultdict(list)
    for number, claim in enumerate(claims):
        alike[claim.found.frames.rate, claim.found.frames.channels].append(number)
    told = [False] * len(claims)
    for numbers in alike.values():
        for at in range(0, len(numbers), TOGETHER):
            some = numbers[at : at + TOGETHER]
            if _are_proven([claims[number] for number in some]):
                for number in some:
                    told[number] = True
            elif len(some) > 1:
                # Where one is wrong, nothing is known of the others.
                for number in some:
                    told[number] = _are_proven([claims[number]])
    return told


@value
class _Graph:
    """What ffmpeg is to decode: inputs, and filters, which take what is wanted of each."""

    inputs: list[str]
    filters: list[str]

    def add(self, arguments: Sequence[str], begin: int, end: int | None) -> None:
        """Add the samples from one to before another (None: to its end) of an input."""
        number = len(self.filters)
        self.inputs.extend(arguments)
        stop = "" if end is None else f":end_sample={end}"
        self.filters.append(f"[{number}:a:0]atrim=start_sample={begin}{stop},asetpts=N/SR/TB[p{number}]")

    def arguments(self) -> tuple[str, ...]:
        """Give the arguments that follow the inputs."""
        names = "".join(f"[p{number}]" for number in range(len(self.filters)))
        graph = ";".join([*self.filters, f"{names}concat=n={len(self.filters)}:v=0:a=1[out]"])
        return ("-filter_complex", graph, "-map", "[out]", "-c:a", "pcm_s16le", "-f", "s16le", "pipe:1")


def _are_proven(claims: Sequence[Claim]) -> bool:
    """Tell whether all is as it is claimed: files that have as many samples a second, and as many channels."""
    graph = _Graph([], [])
    sizes = [_add(graph, claim) for claim in claims]
    try:
        with ffmpeg.decoding(claims[0].clip, *graph.arguments(), source=graph.inputs) as running:
            # Each: what the file gives, then what the tape gives. If any file has more or less, so has the whole.
            is_so = all(size is not None and running.read(size) == running.read(size) for size in sizes)
            return is_so and not running.read(1)
    except AudioError:
        return False


def _add(graph: _Graph, claim: Claim) -> int | None:
    """Add a claim, and tell how many bytes are to be compared; None where the tape cannot be decoded there."""
    frames = claim.found.frames
    length, rate = claim.last - claim.first, frames.rate
    most = SECONDS * rate
    # From here on, in whole seconds: times are read in microseconds, which few samples lie at.
    late = (length - most) // rate - _AFTER_SEEK
    file = ffmpeg.whole(claim.clip, mp3.CODEC)
    if late < SECONDS:
        ends = [(0, length)]
        # Nothing is cut off at its end: if there is more, or less, than there is to be, it shows.
        graph.add(file, 0, None)
    else:
        ends = [(0, most), (length - most, length)]
        graph.add(["-t", str(SECONDS), *file], 0, most)
        graph.add(["-ss", str(late), *file], length - most - late * rate, None)
    for begin, end in ends:
        raw = frames.raw(claim.first + begin), frames.raw(claim.first + end - 1) + 1
        place = mp3.place_of(claim.path, claim.found, *raw)
        if place is None:
            return None
        stop = claim.path.stat().st_size if place.stop is None else frames.offset(place.stop)
        part = ffmpeg.part(claim.path, mp3.CODEC, frames.offset(place.stride), stop)
        graph.add(part, raw[0] - place.start, raw[1] - place.start)
    return sum(end - begin for begin, end in ends) * frames.channels * _WIDTH
