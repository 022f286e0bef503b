"""Tells which lines of text one file has in place of another's, and makes each of the two from the other, byte by byte.

Lines that occur once in both files are found first, and as many of them as are in the same order in both are taken to
be the same; then what is equal beside them. That is how B. Cohen's "patience diff" works
(https://bramcohen.livejournal.com/73318.html): no shortest list of changes, but one that is found in n log n steps,
however many places differ.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    #: The numbers of two things that are the same: in the first sequence, and in the second.
    Pair = tuple[int, int]


class Edit(NamedTuple):
    """Lines of text that are taken out, the first of which is number ``line`` (from 1) of the file, and those put in.

    Each line has its end, whatever that is; what is not UTF-8 in it stands as lone surrogates (PEP 383).
    """

    line: int
    out: tuple[str, ...]
    put: tuple[str, ...]


class UnlikeError(Exception):
    """A file does not have the lines that were to be taken out of it."""


def edits(before: bytes, after: bytes) -> tuple[Edit, ...]:
    """Say what makes one file of the other."""
    old, new = lines_of(before), lines_of(after)
    found: list[Edit] = []
    place = (0, 0)
    for pair in (*same_places(old, new), (len(old), len(new))):
        if pair != place:
            out, put = old[place[0] : pair[0]], new[place[1] : pair[1]]
            found.append(Edit(place[0] + 1, _decoded(out), _decoded(put)))
        place = (pair[0] + 1, pair[1] + 1)
    return tuple(found)


def apply(lines: list[bytes], changes: Sequence[Edit]) -> None:
    """Make the lines of the later file, each with its end, of those of the earlier.

    :raise UnlikeError: where these are not there.
    """
    _exchange(lines, [(each.line - 1, _encoded(each.out), _encoded(each.put)) for each in changes])


def undo(lines: list[bytes], changes: Sequence[Edit]) -> None:
    """Make the lines of the earlier file of those of the later.

    :raise UnlikeError: where these are not there.
    """
    turned = []
    moved = 0
    for each in changes:
        turned.append((each.line - 1 + moved, _encoded(each.put), _encoded(each.out)))
        moved += len(each.put) - len(each.out)
    _exchange(lines, turned)


def _exchange(lines: list[bytes], changes: Sequence[tuple[int, list[bytes], list[bytes]]]) -> None:
    before = len(lines) + 1
    for first, out, put in reversed(changes):
        after = first + len(out)
        if first < 0 or after > before or lines[first:after] != out:
            raise UnlikeError
        lines[first:after] = put
        before = first


def same_places(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Pair]:
    """Give places at which two sequences have the same, in the order of both, and as many as are found in this way."""
    first = 0
    while first < min(len(old), len(new)) and old[first] == new[first]:
        first += 1
    last = 0
    while last < min(len(old), len(new)) - first and old[-1 - last] == new[-1 - last]:
        last += 1
    pairs = [(number, number) for number in range(first)]
    middle = (first, len(old) - last), (first, len(new) - last)
    pairs += _within(old, new, *middle)
    pairs += [(len(old) - number, len(new) - number) for number in range(last, 0, -1)]
    return pairs


def in_order(pairs: Sequence[Pair]) -> list[Pair]:
    """Give as many of the pairs, which are in the order of their first, as are in that of their second too."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int | None] = []
    for place, (_, own) in enumerate(pairs):
        at = bisect_left(tails, own)
        before.append(ends[at - 1] if at else None)
        tails[at : at + 1] = [own]
        ends[at : at + 1] = [place]
    order: list[Pair] = []
    at_last = ends[-1] if ends else None
    while at_last is not None:
        order.append(pairs[at_last])
        at_last = before[at_last]
    return order[::-1]


def _within(
    old: Sequence[Hashable], new: Sequence[Hashable], of_old: tuple[int, int], of_new: tuple[int, int]
) -> Iterator[Pair]:
    """Give the same places between two that are known, by what occurs once in both."""
    counts = Counter(old[number] for number in range(*of_old))
    others = Counter(new[number] for number in range(*of_new))
    places = {new[number]: number for number in range(*of_new)}
    once = [
        (number, places[old[number]])
        for number in range(*of_old)
        if counts[old[number]] == 1 == others.get(old[number])
    ]
    known = (of_old[0] - 1, of_new[0] - 1)
    end = (of_old[1], of_new[1])
    for pair in (*in_order(once), end):
        yield from _beside(old, new, known, pair)
        if pair != end:
            yield pair
        known = pair


def _beside(old: Sequence[Hashable], new: Sequence[Hashable], before: Pair, after: Pair) -> Iterator[Pair]:
    """Give what is the same onward from one known place, and backward from the next."""
    number, own = before[0] + 1, before[1] + 1
    while number < after[0] and own < after[1] and old[number] == new[own]:
        yield number, own
        number, own = number + 1, own + 1
    count = 0
    while (
        number < after[0] - count and own < after[1] - count and old[after[0] - 1 - count] == new[after[1] - 1 - count]
    ):
        count += 1
    yield from ((after[0] - each, after[1] - each) for each in range(count, 0, -1))


def lines_of(data: bytes) -> list[bytes]:
    """Divide a file at LF, CR and CRLF, where WebVTT has lines end; each line has its end."""
    return data.splitlines(keepends=True)


def _decoded(lines: Sequence[bytes]) -> tuple[str, ...]:
    return tuple(line.decode(errors="surrogateescape") for line in lines)


def _encoded(lines: Sequence[str]) -> list[bytes]:
    try:
        return [line.encode(errors="surrogateescape") for line in lines]
    except UnicodeEncodeError:
        raise UnlikeError from None
