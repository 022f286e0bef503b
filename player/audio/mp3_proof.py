"""Proves that a file gives the samples of a passage of an MP3, from its first to its last.

The frames between are the tape's own bytes, which decode as they do there. So it is enough to compare the first second
and the last, side by side: one ffmpeg decodes the file, and those frames of the tape that its index names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from player.audio import ffmpeg
from player.audio.decode import mp3
from player.errors import AudioError

if TYPE_CHECKING:
    from pathlib import Path

    from player.audio.decode.mp3 import Index

#: How many seconds of sound at each end are compared.
SECONDS: Final = 1
_WIDTH: Final = 2


def is_proven(clip: Path, path: Path, found: Index, first: int, last: int) -> bool:
    """Tell whether the file ``clip`` has as many samples as ``[first, last)`` of the MP3 at ``path``, and the same.

    :raise AudioError: where ffmpeg cannot be started.
    """
    length, most = last - first, SECONDS * found.frames.rate
    ends = [(0, length)] if length <= 2 * most else [(0, most), (length - most, length)]
    inputs, trims, size = [], [], 0
    for number, (begin, end) in enumerate(ends, 1):
        raw = found.frames.raw(first + begin), found.frames.raw(first + end - 1) + 1
        place = mp3.place_of(path, found, *raw)
        if place is None:
            return False
        stop = path.stat().st_size if place.stop is None else found.frames.offset(place.stop)
        inputs += ffmpeg.part(path, mp3.CODEC, found.frames.offset(place.stride), stop)
        trims.append(f"[{number}:a]{_trim(raw[0] - place.start, raw[1] - place.start)}[t{number}]")
        size += (end - begin) * found.frames.channels * _WIDTH
    # The last piece of the file is not cut off at its end: if there is more, or less, than there is to be, it shows.
    pieces = [_trim(begin, None if end == length else end) for begin, end in ends]
    names = "".join(f"[s{number}]" for number in range(len(pieces)))
    parts = [f"[s{number}]{piece}[f{number}]" for number, piece in enumerate(pieces)]
    joined = [
        *(f"[f{number}]" for number in range(len(pieces))),
        *(f"[t{number + 1}]" for number in range(len(pieces))),
    ]
    graph = [
        f"[0:a]asplit={len(pieces)}{names}",
        *parts,
        *trims,
        f"{''.join(joined)}concat=n={len(joined)}:v=0:a=1[out]",
    ]
    source = [*ffmpeg.whole(clip, mp3.CODEC), *inputs]
    wanted = ("-filter_complex", ";".join(graph), "-map", "[out]", "-c:a", "pcm_s16le", "-f", "s16le", "pipe:1")
    try:
        with ffmpeg.decoding(clip, *wanted, source=source) as running:
            samples = running.read(2 * size + 1)
    except AudioError:
        return False
    return len(samples) == 2 * size and samples[:size] == samples[size:]


def _trim(begin: int, end: int | None) -> str:
    stop = "" if end is None else f":end_sample={end}"
    return f"atrim=start_sample={begin}{stop},asetpts=N/SR/TB"
