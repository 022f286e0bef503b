"""Leaves out lines that nobody can have said as they were placed: too slowly, torn apart by other sound, or alone.

Whoever looks for words in any speech finds some: those of another text lie scattered over it, each probable where it
lies. What tells them from words that are said is the pace, and that the lines next to them are not where they would be.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from player.align.asked import Placed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.align.asked import NotPlaced
    from player.align.samples import Samples

#: Milliseconds: what a phone lasts in unhurried speech, and what a word may have more than its phones.
_PHONE, _WORD = 80, 40
# Of one word, up to the next: so many times as long as its phones, and so much more, at which something is heard.
_STRETCH, _SLACK = 3.5, 300
# Of a whole line: so many times as long as its words.
_PACE: Final = 1.5
# A line is borne out by lines so near in the text, that lie no further away than reading slowly, with a break, takes.
_REACH: Final = 6
_SLOWLY, _BREAK = 2.5, 20_000
# How many of them have to bear it out: for one of so many words, one is enough.
_BEARERS, _LONG = 2, 12
# A line of fewer words is heard in any speech: it stands beside one of so many, or not at all.
_SHORT, _FULL = 3, 4
# The length of a frame in samples; frames are loud that have so many times the power of the quietest tenth, and at
# least this (-55 dB of full scale).
_FRAME, _RATE_MS, _OVER, _LEAST = 320, 16, 2.0, 58.0**2
# Frames without anything loud that are a pause, where there are more.
_PAUSE: Final = 20
_BLOCK: Final = 60 * 16_000 // _FRAME


@dataclass(frozen=True, eq=False)
class Loud:
    """For how long something is heard in a sound: ``until`` counts its loud frames."""

    until: Any

    def within(self, start: int, end: int) -> int:
        """Give for how many of these milliseconds something is heard."""
        last = len(self.until) - 1
        first, after = (min(last, moment * _RATE_MS // _FRAME) for moment in (start, end))
        return int(self.until[after] - self.until[first]) * _FRAME // _RATE_MS


def loud(samples: Samples) -> Loud:
    """Find where something is heard that is louder than what goes on all the time."""
    sound, give_back = samples.mapped()
    powers = []
    for first in range(0, len(sound) // _FRAME * _FRAME, _BLOCK * _FRAME):
        part = sound[first : first + _whole(sound, first)].astype(np.float32)
        powers.append(np.square(part).reshape(-1, _FRAME).mean(axis=1))
        give_back()
    power = np.concatenate(powers) if powers else np.zeros(0, np.float32)
    least = max(_LEAST, _OVER * float(np.quantile(power, 0.1))) if len(power) else _LEAST
    heard = np.flatnonzero(power > least)
    # What is between two loud frames counts, unless it is a pause.
    edges = np.zeros(len(power) + 1, np.int64)
    np.add.at(edges, heard, 1)
    np.add.at(edges, heard + 1, -1)
    joined = np.flatnonzero(np.diff(heard) <= _PAUSE)
    np.add.at(edges, heard[joined] + 1, 1)
    np.add.at(edges, heard[joined + 1], -1)
    return Loud(np.concatenate([[0], np.cumsum(np.cumsum(edges[:-1]) > 0)]))


def _whole(sound: Any, first: int) -> int:
    return min(_BLOCK * _FRAME, (len(sound) - first) // _FRAME * _FRAME)


def plausible(
    placed: Sequence[Placed | NotPlaced | None],
    phones: Sequence[Sequence[int]],
    sound: Loud,
    fixed: Sequence[int | None],
) -> list[Placed | NotPlaced | None]:
    """Leave out what is not plausible. ``phones`` are how many each token of each line has, none where none is said.

    ``fixed`` has the start of each line that was timed before.
    """
    lasts = [sum(_PHONE * count + _WORD for count in tokens if count) for tokens in phones]
    kept = [
        each if not isinstance(each, Placed) or _is_in_pace(each, tokens, sound) else None
        for each, tokens in zip(placed, phones, strict=True)
    ]
    begins = [0, *accumulate(lasts)]
    is_less = True
    while is_less:
        starts = [each.start if isinstance(each, Placed) else at for each, at in zip(kept, fixed, strict=True)]
        lone = [
            index
            for index, each in enumerate(kept)
            if isinstance(each, Placed) and not _is_borne_out(index, starts, begins, phones)
        ]
        for index in lone:
            kept[index] = None
        is_less = bool(lone)
    return kept


def _is_in_pace(line: Placed, tokens: Sequence[int], sound: Loud) -> bool:
    """Tell whether its words follow one another as words of one line do; a pause may be as long as it likes."""
    timed = [(start, count) for start, count in zip(line.words, tokens, strict=True) if start is not None and count]
    ends = [start for start, _ in timed[1:]] + [line.end]
    heard = total = 0
    for (start, count), end in zip(timed, ends, strict=True):
        own = _PHONE * count + _WORD
        lasting = sound.within(start, end)
        if lasting > _STRETCH * own + _SLACK:
            return False
        heard += lasting
        total += own
    return heard <= _PACE * total + _SLACK


def _is_borne_out(
    index: int, starts: Sequence[int | None], begins: Sequence[int], phones: Sequence[Sequence[int]]
) -> bool:
    """Tell whether enough of the lines around it lie where they may, if it is where it was placed."""
    own = starts[index]
    if own is None:
        return False
    first, last = max(0, index - _REACH), min(len(starts), index + _REACH + 1)
    others = sum(any(phones[other]) for other in range(first, last)) - 1
    wanted = 1 if sum(map(bool, phones[index])) >= _LONG else _BEARERS
    count = 0
    is_short = sum(map(bool, phones[index])) < _SHORT
    for other in range(first, last):
        start = starts[other]
        if other == index or start is None or (start - own) * (other - index) <= 0:
            continue
        if abs(start - own) <= _SLOWLY * abs(begins[other] - begins[index]) + _BREAK:
            count += 1
            is_short &= sum(map(bool, phones[other])) < _FULL
    # Of few others, half.
    return count >= min(wanted, max(1, others // 2), others) and not is_short
