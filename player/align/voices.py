"""Tells which lines of a recording sound as if one voice said them.

Two lines are compared by Hotelling's statistic (Ann. Math. Stat. 2, 1931): how far their means lie apart, measured by
how far the stretches within one line do, which one voice says. It is 1 on average where the voice is the same, however
short, noisy or muffled they are, and that noise makes voices more alike is seen in the same measure. Lines are then
joined into groups while the mean of all comparisons between two groups is below ``SAME`` (average linkage).

A wrong name is worse than none. So a voice may come out as two groups, but seldom two voices as one; and a line with
too little speech, or like no other, or that begins as one voice and ends as another, is in no group. The outcome does
not depend on the order in which lines are given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from player.align.timbre import timbres
from player.timecode import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from numpy.typing import NDArray

    from player.align.timbre import Rows, Timbre
    from player.timecode import Span

#: Groups that are at most so far apart, on average, are one voice: one voice is at 1 from itself, and two of
#: ``flite`` at 3 and more, at 10 dB too.
SAME: Final = 2.0
#: A part of a line that is further from its own group, and by so much nearer to another, is said by another voice.
_ASTRAY: Final = 1.5
_NEARER: Final = 0.5
#: The other voices that a line may have: so many of those that speak most.
_RIVALS: Final = 50
#: So many stretches of a line are a part of it.
_PART: Final = 2
#: A group of one line has to have so much speech to be a voice, in milliseconds.
ALONE: Final = 4 * SECOND

# As many lines are compared each with each; of more, groups are made in pieces, and compared by their longest lines.
_PIECE: Final = 600
_LONGEST_OF_GROUP: Final = 12
_MOST_COMPARED: Final = 1800
# What is known of how one voice varies grows with the rows; without many of them, each column is taken by itself.
_FEWEST: Final = 8
_ENOUGH: Final = 20


def named_turns(
    lines: Sequence[Span], samples: Any, progress: Callable[[float], object] = lambda _: None
) -> list[int | None]:
    """Give the number of the voice of each line, counted from 1 in the order in which the voices are first heard.

    ``samples`` are those of the whole recording, 16,000 a second of one channel. None is a line of which the voice is
    not known: it is too short, like no other, or has several voices. ``progress`` is told how much is
    measured, from 0 to 1.
    """
    return numbered(lines, groups(timbres(lines, samples, progress)))


def numbered(lines: Sequence[Span], found: Sequence[int | None]) -> list[int | None]:
    """Give groups numbers from 1, in the order of the first line of each."""
    numbers: dict[int, int] = {}
    for index in sorted(range(len(lines)), key=lambda each: (lines[each].start, lines[each].end, each)):
        if (group := found[index]) is not None:
            numbers.setdefault(group, len(numbers) + 1)
    return [None if group is None else numbers[group] for group in found]


def groups(heard: Sequence[Timbre | None], names: Sequence[str | None] = ()) -> list[int | None]:
    """Give the group of each line, None where it is in none.

    ``names`` are those that a person gave the lines' voices: lines of different names are never in one group.
    """
    found: list[int | None] = [None] * len(heard)
    known = [index for index, each in enumerate(heard) if each is not None]
    known.sort(key=lambda index: _order(heard[index]))
    measured = _Measured.of([timbre for index in known if (timbre := heard[index]) is not None])
    if measured is None:
        return found
    whose = [names[index] if names else None for index in known]
    joined = _in_pieces(measured, whose)
    mixed = _mixed(measured, joined)
    for group, members in enumerate([each for each in those if each not in mixed] for those in joined):
        speech = sum(measured.speech[each] for each in members)
        if len(members) > 1 or speech >= ALONE:
            for each in members:
                found[known[each]] = group
    return found


def likeness(heard: Sequence[Timbre | None], voice: Collection[int]) -> list[float | None]:
    """Say how like each line is to those of a voice, from 0 to 1; None where a line is too short to say.

    It is 1 / (1 + d / ``SAME``), where d is the mean comparison with the lines of ``voice``, itself left out: one voice
    is at 0.67 from itself on average, and at 0.5 lines are not taken for those of one voice any more.
    """
    known = [index for index, each in enumerate(heard) if each is not None]
    measured = _Measured.of([timbre for index in known if (timbre := heard[index]) is not None])
    found: list[float | None] = [None] * len(heard)
    if measured is None:
        return found
    own = [place for place, index in enumerate(known) if index in voice]
    own = sorted(own, key=lambda each: (-measured.counts[each], _order(heard[known[each]])))[: 4 * _LONGEST_OF_GROUP]
    for place, index in enumerate(known):
        others = [each for each in own if each != place]
        if others:
            found[index] = 1 / (1 + float(measured.between([place], others).mean()) / SAME)
        elif own:
            found[index] = 1.0
    return found


def _order(timbre: Timbre | None) -> tuple[int, bytes]:
    return (timbre.start, timbre.rows.tobytes()) if timbre is not None else (0, b"")


class _Measured:
    """The means of lines, in a space where what one voice varies within a line is 1 in every direction."""

    def __init__(self, rows: Sequence[Rows], speech: list[int]) -> None:
        self.rows = rows
        self.means: Rows = np.array([each.mean(axis=0) for each in rows])
        self.counts: NDArray[np.float64] = np.array([len(each) for each in rows], dtype=np.float64)
        self.speech = speech

    @classmethod
    def of(cls, heard: Sequence[Timbre]) -> _Measured | None:
        """Measure lines; None where they are too few to say how one voice varies."""
        if not heard:
            return None
        pitches = np.concatenate([each.rows[:, -1] for each in heard])
        usual = float(np.nanmedian(pitches)) if np.isfinite(pitches).any() else 0.0
        rows = [np.where(np.isfinite(each.rows), each.rows, usual) for each in heard]
        free = sum(len(each) - 1 for each in rows)
        if free < _FEWEST:
            return None
        apart = np.concatenate([each - each.mean(axis=0) for each in rows])
        within = apart.T @ apart / free
        alone = np.diag(np.diag(within))
        trust = 0.9 * free / (free + _ENOUGH)
        within = trust * within + (1 - trust) * alone + 1e-6 * np.eye(len(within))
        whitened = np.linalg.inv(np.linalg.cholesky(within)).T
        return cls([each @ whitened for each in rows], [each.speech for each in heard])

    def between(self, some: Sequence[int], others: Sequence[int]) -> Rows:
        """Compare each of some lines with each of others: 1 on average where the voice is the same."""
        one, other = self.means[some], self.means[others]
        squared = (one**2).sum(axis=1)[:, None] + (other**2).sum(axis=1) - 2 * (one @ other.T)
        weight = 1 / (1 / self.counts[some][:, None] + 1 / self.counts[others])
        compared: Rows = np.maximum(squared, 0) * weight / self.means.shape[1]
        return compared


def _mixed(measured: _Measured, joined: Sequence[Sequence[int]]) -> set[int]:
    """Find the lines of which the beginning or the end is said by another voice than the group that they are in."""
    firm = [group for group in joined if _speech(measured, group) >= ALONE]
    firm.sort(key=lambda group: (-_speech(measured, group), group[0]))
    sums = [np.sum([measured.rows[each].sum(axis=0) for each in group], axis=0) for group in firm]
    counts = [float(measured.counts[group].sum()) for group in firm]
    found: set[int] = set()
    for own, group in enumerate(firm):
        others = [each for each in range(min(len(firm), _RIVALS)) if each != own]
        if not others:
            continue
        lengths = np.array([counts[each] for each in others])
        means = np.array([sums[each] for each in others]) / lengths[:, None]
        for each in group:
            rows = measured.rows[each]
            away = _parts_from(rows, means, lengths).min(axis=1)
            if len(group) > 1:
                count = counts[own] - len(rows)
                mean = (sums[own] - rows.sum(axis=0)) / count
                at_home = _parts_from(rows, mean[None], np.array([count]))[:, 0]
                is_mixed = (at_home > _ASTRAY) & (away + _NEARER < at_home)
            else:
                # Beginning and end of a line that is alone are each like some other voice: that is none of its own.
                is_mixed = away.reshape(2, -1).max(axis=0) < _ASTRAY
            if is_mixed.any():
                found.add(each)
    return found


def _parts_from(rows: Rows, means: Rows, counts: NDArray[np.float64]) -> Rows:
    """Compare each beginning and each end of a line with the means of groups."""
    begun = np.cumsum(rows, axis=0)
    cuts = np.arange(_PART, len(rows) - _PART + 1)
    lengths = np.concatenate([cuts, len(rows) - cuts])
    parts = np.concatenate([begun[cuts - 1], begun[-1] - begun[cuts - 1]]) / lengths[:, None]
    squared = ((parts[:, None] - means) ** 2).sum(axis=2)
    compared: Rows = squared / (1 / lengths[:, None] + 1 / counts) / rows.shape[1]
    return compared


def _in_pieces(measured: _Measured, names: Sequence[str | None]) -> list[list[int]]:
    """Join all lines, in the order of time; more of them than fit in one piece by the longest of each group."""
    every = range(len(measured.counts))
    pieces = [every[first : first + _PIECE] for first in range(0, len(every), _PIECE)]
    found = [
        [[piece[each] for each in group] for group in _joined(_apart(measured, [[each] for each in piece], names), 1)]
        for piece in pieces
    ]
    if len(found) == 1:
        return found[0]
    # Of those that are one line each there may be thousands: what is like no other in its piece stays so.
    firm = [group for groups in found for group in groups if _speech(measured, group) >= ALONE]
    firm.sort(key=lambda group: (-_speech(measured, group), group[0]))
    longest = [sorted(group, key=lambda each: (-measured.counts[each], each))[:_LONGEST_OF_GROUP] for group in firm]
    compared, count = 0, 0
    while compared < len(longest) and count + len(longest[compared]) <= _MOST_COMPARED:
        count += len(longest[compared])
        compared += 1
    together = _joined(_apart(measured, longest[:compared], names), [len(group) for group in longest[:compared]])
    merged = [[each for group in some for each in firm[group]] for some in together]
    taken = {each for group in firm[:compared] for each in group}
    return merged + [group for groups in found for group in groups if group[0] not in taken]


def _speech(measured: _Measured, group: Iterable[int]) -> int:
    return sum(measured.speech[each] for each in group)


def _apart(measured: _Measured, some: Sequence[Sequence[int]], names: Sequence[str | None]) -> Rows:
    """Compare groups of lines, each with each, by the mean of the comparisons; infinite where the names differ."""
    lines = [each for group in some for each in group]
    firsts = np.cumsum([0, *(len(group) for group in some)])[:-1]
    sizes = np.array([len(group) for group in some], dtype=np.float64)
    whole = measured.between(lines, lines)
    means: Rows = np.add.reduceat(np.add.reduceat(whole, firsts, axis=0), firsts, axis=1)
    means /= sizes[:, None] * sizes
    called = [{names[each] for each in group} - {None} for group in some]
    for one in (index for index, those in enumerate(called) if those):
        for other in (index for index, those in enumerate(called) if those and those != called[one]):
            means[one, other] = means[other, one] = np.inf
    return means


def _joined(apart: Rows, sizes: int | Sequence[int]) -> list[list[int]]:
    """Join what is nearest, again and again, while it is nearer than ``SAME``; each comparison counts as much."""
    count = len(apart)
    weights = np.full(count, 1.0) * sizes
    members = [[index] for index in range(count)]
    near = apart.copy()
    np.fill_diagonal(near, np.inf)
    gone = np.zeros(count, dtype=bool)
    while count > 1:
        # The first of those that are as near.
        one, other = (int(each) for each in np.unravel_index(int(near.argmin()), near.shape))
        if not near[one, other] < SAME:
            break
        mean = (weights[one] * near[one] + weights[other] * near[other]) / (weights[one] + weights[other])
        mean[gone] = mean[one] = mean[other] = np.inf
        gone[other] = True
        near[one] = near[:, one] = mean
        near[other] = near[:, other] = np.inf
        weights[one] += weights[other]
        members[one] += members[other]
    return [sorted(group) for group, is_gone in zip(members, gone, strict=True) if not is_gone]
