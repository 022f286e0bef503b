"""Measures the outline of a passage to the sample: what it costs follows the passage, not the tape.

A passage of up to ``LONGEST`` is decoded, from a seek that is proven or in place (``decode/samples``), and each part of
its outline begins and ends at the sample where it should. A longer one takes the parts of the whole sound's outline
(``waveform``), which are coarser and may begin an eighth of their length too early or too late.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from player.audio.decode.samples import decoding, sample_at
from player.audio.segment import loudest
from player.timecode import MINUTE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from player.audio.probe import Sound
    from player.timecode import Span

#: The longest passage that is decoded for its outline, in milliseconds.
LONGEST: Final = 5 * MINUTE
#: The most parts of an outline: one for each pixel of a wide screen, or each 5 ms of 20 seconds.
MOST: Final = 4000
#: The level of full scale.
FULL: Final = 255


def levels(path: Path, sound: Sound, span: Span, points: int) -> list[int]:
    """Give the level of the loudest sample in each of ``points`` equal parts of a passage, from 0 to ``FULL``.

    A level is the square root of the loudness, which is 1 at full scale: 255 steps then reach from 0 down to -96 dB, so
    that a soft recording has more than two. There are fewer parts where the passage has fewer samples, and none where
    it is not in the sound. Its end may lie after that of the sound: only what is there is measured.

    :raise AudioError: where it cannot be decoded.
    """
    first, last = _samples(sound, span)
    parts = min(points, last - first)
    if parts <= 0:
        return []
    passage = decoding(path, first, last)
    found = [0] * parts
    part, at, length = 0, 0, last - first
    for piece in passage.pieces():
        taken = 0
        while taken < len(piece):
            end = (part + 1) * length // parts
            size = min((end - at) * passage.frame, len(piece) - taken)
            found[part] = max(found[part], loudest(piece[taken : taken + size], passage.width))
            taken += size
            at += size // passage.frame
            if at == end:
                part += 1
    full = 1 << 8 * passage.width - 1
    return [_level(each / full) for each in found]


def coarse_levels(outline: Sequence[float], sound: Sound, span: Span, points: int) -> list[int]:
    """Give the levels of a passage from the outline of the whole sound, which has parts from 0 to 1.

    There are at most as many as ``outline`` has parts in the passage.
    """
    first, last = _samples(sound, span)
    begin = first * len(outline) // sound.length
    end = max(begin + 1, -(-last * len(outline) // sound.length))
    there = outline[begin:end] if first < last else ()
    parts = min(points, len(there))
    return [_level(max(there[at * len(there) // parts : (at + 1) * len(there) // parts])) for at in range(parts)]


def _samples(sound: Sound, span: Span) -> tuple[int, int]:
    return min(sample_at(span.start, sound.rate), sound.length), min(sample_at(span.end, sound.rate), sound.length)


def _level(loudness: float) -> int:
    return round(FULL * math.sqrt(min(1.0, loudness)))
