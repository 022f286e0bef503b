"""Finds passages before, between and after lines in which somebody seems to speak, and that no line has.

Typescripts leave paragraphs out. Nothing is recognised here: a passage counts that is about as loud as the lines that
were placed, well over what goes on all the time, and as uneven as speech is; so a tone and a hum are none, and in loud
noise nothing is found. Music may be.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from player.align.samples import RATE
from player.timecode import SECOND, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from player.align.samples import Samples

Array = np.ndarray[Any, Any]

#: In milliseconds: what is shorter is not told.
LEAST: Final = 3 * SECOND
# A frame is 20 ms; so many are read at a time: ten minutes.
_FRAME: Final = RATE // 50
_FRAME_MS: Final = 20
_BLOCK: Final = 30_000
# The floor is what a tenth of the frames stay below, in decibels under full scale, and never below the last bits.
_QUIET: Final = 0.1
_BOTTOM: Final = -60.0
# By how much speech has to be over the floor before anything is told of it, and what counts as loud as the lines are.
_OVER: Final = 9.0
_UNDER: Final = 20.0
_ABOVE: Final = 6.0
# How much a passage's frames differ, from the tenth to the ninth: those of speech do by 20 dB and more, a tone's by 1.
_UNEVEN: Final = 8.0
# A pause within a word or a sentence; one within what somebody says; how much of it is heard at least.
_DIP: Final = 300
_PAUSE: Final = 1500
_HEARD: Final = 0.5
# Beside a line its own last word may last longer than it was placed.
_BESIDE: Final = 400


def unwritten(gaps: Iterable[Span], lines: Sequence[Span], samples: Samples) -> list[Span]:
    """Give the passages of ``gaps`` in which somebody seems to speak; ``lines`` are those in which somebody does."""
    wide = [Span(gap.start + _BESIDE, gap.end - _BESIDE) for gap in gaps if gap.duration >= LEAST + 2 * _BESIDE]
    if not wide or not lines:
        return []
    levels = _levels(samples)
    spoken = np.concatenate([_within(levels, span) for span in lines])
    if not len(spoken):
        return []
    floor = max(_BOTTOM, float(np.quantile(levels, _QUIET)))
    # Half of speech is pauses and soft sounds.
    voice = float(np.quantile(spoken, 0.75))
    if voice - floor < _OVER:
        return []
    limit = max(voice - _UNDER, floor + _ABOVE)
    return [each for gap in wide for each in _spoken(gap, _within(levels, gap), limit)]


def gaps(spans: Sequence[Span | None], part: Span) -> Iterator[Span]:
    """Give what ``part`` of the sound has before, between and after lines; the untimed are None.

    Beside an untimed line nothing is given, for that may be said there.
    """
    lines = ((span.start, span.end) if span else None for span in spans)
    end = part.start
    for before, after in pairwise([(part.start, part.start), *lines, (part.end, part.end)]):
        if before is not None:
            end = max(end, before[1])
            if after is not None and end < (until := min(after[0], part.end)):
                yield Span(end, until)


def _levels(samples: Samples) -> Array:
    """Measure how loud each frame is, in decibels under full scale."""
    sound, give_back = samples.mapped()
    whole = len(sound) // _FRAME
    powers = np.zeros(whole, np.float32)
    for first in range(0, whole, _BLOCK):
        last = min(whole, first + _BLOCK)
        for at in range(first, last, 500):  # ten seconds: in floating point they take half a megabyte
            to = min(last, at + 500)
            part = sound[at * _FRAME : to * _FRAME].astype(np.float32).reshape(-1, _FRAME)
            powers[at:to] = np.square(part - part.mean(axis=1, keepdims=True)).mean(axis=1)
        give_back()
    levels: Array = 10 * np.log10(np.maximum(powers, 1e-3) / 2.0**30)
    return levels


def _within(levels: Array, span: Span) -> Array:
    return levels[span.start // _FRAME_MS : span.end // _FRAME_MS]


def _spoken(gap: Span, levels: Array, limit: float) -> Iterator[Span]:
    loud = np.flatnonzero(levels > limit)
    if not len(loud):
        return
    for run in np.split(loud, np.flatnonzero(np.diff(loud) > _PAUSE // _FRAME_MS) + 1):
        first, last = int(run[0]), int(run[-1]) + 1
        steps = np.diff(run)
        heard = 1 + int(steps[steps <= _DIP // _FRAME_MS].sum())
        own = levels[first:last]
        is_uneven = float(np.quantile(own, 0.9) - np.quantile(own, 0.1)) >= _UNEVEN
        is_long = heard * _FRAME_MS >= LEAST and heard >= _HEARD * (last - first)
        if is_long and is_uneven:
            yield Span(gap.start + first * _FRAME_MS, gap.start + last * _FRAME_MS)
