"""Defines what a step of the desk does to lines: some stand in place of others; and finds how two states differ.

A step keeps what it took out and what it put in as whole lines, so that it can be undone by turning it round.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from player.desk.line_values import described, line_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from player.archive.transcript import Line


def plain(line: Line) -> Line:
    """Give a line without where it stands in a file, so that it is compared by what it says."""
    return replace(line, line=0) if line.line else line


def lines_of(found: Any) -> tuple[Line, ...]:
    """Read lines that were kept.

    :raise ValueError: where they are something else.
    """
    return tuple(map(line_of, found))


class StaleError(Exception):
    """The lines that were to be exchanged are not there as they were."""


@dataclass(frozen=True)
class Exchange:
    """Lines that stand in place of a run of others, behind the line ``after``; None where they begin the transcript."""

    after: str | None
    old: tuple[Line, ...]
    new: tuple[Line, ...]

    @property
    def turned(self) -> Exchange:
        """The exchange that takes this one back."""
        return Exchange(self.after, self.new, self.old)

    @property
    def names(self) -> frozenset[str]:
        """The identifiers of all lines that it takes out or puts in."""
        return frozenset(line.id for line in (*self.old, *self.new))

    def kept(self) -> dict[str, Any]:
        """Give it as JSON has it."""
        return {
            "after": self.after,
            "old": [described(line) for line in self.old],
            "new": [described(line) for line in self.new],
        }


def exchange_of(found: Any) -> Exchange:
    """Read what ``Exchange.kept`` gave.

    :raise ValueError: where it is something else.
    """
    try:
        after, old, new = found["after"], found["old"], found["new"]
        if after is not None and not isinstance(after, str):
            raise ValueError
        return Exchange(after, lines_of(old), lines_of(new))
    except (TypeError, KeyError):
        raise ValueError from None


def applied(lines: Sequence[Line], exchanges: Iterable[Exchange], *, is_lenient: bool = False) -> tuple[Line, ...]:
    """Give lines after exchanges were made one after another; leniently, lines count as the same by their identifiers.

    :raise StaleError: where the lines that one of them takes out are not there, or not as they were.
    """
    found = list(lines)
    for each in exchanges:
        first = _place(found, each)
        there = tuple(found[first : first + len(each.old)])
        if there != each.old and not (is_lenient and [line.id for line in there] == [line.id for line in each.old]):
            raise StaleError
        found[first : first + len(each.old)] = each.new
    return tuple(found)


def difference(before: Sequence[Line], after: Sequence[Line]) -> tuple[Exchange, ...]:
    """Give exchanges, in order, that make ``after`` of ``before``: one for each changed line, as far as that can be.

    The identifiers in each are different from one another. Lines that have changed places are exchanged together with
    all that stands between.
    """
    places = {line.id: number for number, line in enumerate(before)}
    kept_pairs = _in_order([(places[line.id], number) for number, line in enumerate(after) if line.id in places])
    kept_pairs = _without_moved(before, after, kept_pairs)
    found = []
    edges = [(-1, -1), *kept_pairs, (len(before), len(after))]
    for (old, new), (next_old, next_new) in pairwise(edges):
        if new >= 0 and before[old] is not after[new] and before[old] != after[new]:
            found.append(Exchange(after[new - 1].id if new else None, (before[old],), (after[new],)))
        if next_old - old > 1 or next_new - new > 1:
            gone, come = tuple(before[old + 1 : next_old]), tuple(after[new + 1 : next_new])
            found.append(Exchange(after[new].id if new >= 0 else None, gone, come))
    return tuple(found)


def _place(lines: Sequence[Line], exchange: Exchange) -> int:
    wanted = exchange.old[0].id if exchange.old else exchange.after
    if wanted is None:
        return 0
    for number, line in enumerate(lines):
        if line.id == wanted:
            return number if exchange.old else number + 1
    raise StaleError


def _in_order(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give as many pairs as possible, whose second numbers rise, of which the first rise too (patience sorting)."""
    tails: list[int] = []
    at: list[int] = []
    before: list[int] = [-1] * len(pairs)
    for index, (first, _) in enumerate(pairs):
        place = bisect_left(tails, first)
        if place == len(tails):
            tails.append(first)
            at.append(index)
        else:
            tails[place] = first
            at[place] = index
        before[index] = at[place - 1] if place else -1
    found = []
    index = at[-1] if at else -1
    while index >= 0:
        found.append(pairs[index])
        index = before[index]
    return found[::-1]


def _without_moved(
    before: Sequence[Line], after: Sequence[Line], pairs: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Take out the pairs between the two places of a line that has moved, and around them."""
    there = {line.id: number for number, line in enumerate(after)}
    paired = {old for old, _ in pairs}
    moved = [(old, there[line.id]) for old, line in enumerate(before) if old not in paired and line.id in there]
    for old, new in moved:
        pairs = [pair for pair in pairs if (pair[0] < old) == (pair[1] < new)]
    return pairs


def touched(exchanges: Iterable[Exchange]) -> Iterator[str]:
    """Give the identifiers of all lines that exchanges take out or put in."""
    for each in exchanges:
        yield from each.names
