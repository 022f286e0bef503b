"""Finds out, where lines of a transcript are gone, which lines of its next version have their words.

Words are compared, not lines: one that was split has its words in two lines, and one of two that were joined has them
among others. Lines with the same identifier and the same words stay where they are; between them, words are matched in
their order, as far as ``differing.same_places`` finds them. A line of few words is where they are only if that is when
they were said, too.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from player.archive.transcript import Cue
from player.history.differing import in_order, same_places
from player.timecode import SECOND

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from player.archive.transcript import Line

    #: Numbers of two words that are the same: the one in the old lines, and the other in the new.
    Pair = tuple[int, int]

# A line with as many words is known by them alone; fewer may be an answer that anybody gives at any time.
_MANY: Final = 5
# How far from where it was a line with few words may be.
_NEAR: Final = 2 * SECOND
# A line is where at least half of its words are. Another has words of it, and not by chance, if it has so many of them
# one after another, or a fifth of them, or if half of its words are theirs.
ENOUGH: Final = 0.5
RUN: Final = 3
_SHARE: Final = 0.2
# As many comparisons of words as difflib makes in a tenth of a second.
_SMALL: Final = 1_000_000
_SIGNS: Final = re.compile(r"[^\w\s]+")


class _Word(NamedTuple):
    text: str
    #: The number of its line.
    line: int


class There(NamedTuple):
    """How many words of a line are in another, and how many of them at most one after another in both."""

    words: int = 0
    run: int = 0


class Moves(NamedTuple):
    """Where the words of lines are that went: the lines that have them, and those to which ever so few strayed."""

    moved: dict[str, tuple[str, ...]]
    strayed: dict[str, tuple[str, ...]]


def moved(old: Sequence[Line], new: Sequence[Line]) -> Moves:
    """Give for each line whose identifier is gone the lines that have its words now, by theirs; there may be none."""
    there = {line.id for line in new}
    gone = {number for number, line in enumerate(old) if line.id not in there}
    if not gone:
        return Moves({}, {})
    before, after = _words(old), _words(new)
    found = _found(before, after, gone, _matched(old, new, before, after))
    counts, lengths = Counter(word.line for word in before), Counter(word.line for word in after)
    _find_elsewhere(old, new, [number for number in gone if number not in found and counts[number] >= _MANY], found)
    moves = Moves({}, {})
    for number in sorted(gone):
        own = found.get(number, {})
        moves.moved[old[number].id] = to = tuple(_successors(old[number], new, counts[number], own, lengths))
        if strayed := tuple(name for each in sorted(own) if (name := new[each].id) not in to):
            moves.strayed[old[number].id] = strayed
    return moves


def is_enough(there: There, count: int, length: int) -> bool:
    """Tell whether a line of ``length`` words has words of one that has ``count``, and not by chance."""
    return there.run >= RUN or (there.words > 0 and there.words >= min(count * _SHARE, length * ENOUGH))


def _found(
    before: Sequence[_Word], after: Sequence[_Word], gone: Collection[int], pairs: Iterable[Pair]
) -> dict[int, dict[int, There]]:
    """Give how many words of each line that is gone are in which lines, and how many of these one after another."""
    found: dict[int, dict[int, There]] = {}
    known, run = (-2, -2), 0
    for number, own in pairs:
        line, other = before[number].line, after[own].line
        is_next = (number - 1, own - 1) == known and (before[number - 1].line, after[own - 1].line) == (line, other)
        known, run = (number, own), run + 1 if is_next else 1
        if line in gone:
            there = found.setdefault(line, {}).get(other, There())
            found[line][other] = There(there.words + 1, max(there.run, run))
    return found


def _successors(
    line: Line, new: Sequence[Line], count: int, found: Mapping[int, There], lengths: Counter[int]
) -> Iterator[str]:
    if not found or sum(there.words for there in found.values()) < max(1, count * ENOUGH):
        return
    for number, there in sorted(found.items()):
        if is_enough(there, count, lengths[number]) and (count >= _MANY or _is_near(line, new[number])):
            yield new[number].id


def _is_near(line: Line, other: Line) -> bool:
    if not isinstance(line, Cue) or not isinstance(other, Cue):
        return True
    return line.start < other.span.end + _NEAR and other.start < line.span.end + _NEAR


def _matched(
    old: Sequence[Line], new: Sequence[Line], before: Sequence[_Word], after: Sequence[_Word]
) -> Iterator[Pair]:
    """Give the words that are the same, between lines that have stayed."""
    places = {line.id: number for number, line in enumerate(new)}
    stayed = [
        (number, own)
        for number, line in enumerate(old)
        if (own := places.get(line.id)) is not None and line.text == new[own].text
    ]
    of_old, of_new = _firsts(before, len(old)), _firsts(after, len(new))
    edges = [(-1, -1), *in_order(stayed), (len(old), len(new))]
    for (number, own), (until, own_until) in pairwise(edges):
        if until - number > 1 and own_until - own > 1:
            first, own_first = of_old[number + 1], of_new[own + 1]
            theirs = [word.text for word in before[first : of_old[until]]]
            ours = [word.text for word in after[own_first : of_new[own_until]]]
            yield from ((first + one, own_first + other) for one, other in _same(theirs, ours))


def _same(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """Give the same words of two runs: few are compared all with all, many by threes, twos and ones that occur once."""
    return list(_within(old, new, (0, len(old)), (0, len(new)), 3))


def _within(
    old: Sequence[str], new: Sequence[str], of_old: tuple[int, int], of_new: tuple[int, int], run: int
) -> Iterator[Pair]:
    count, other = of_old[1] - of_old[0], of_new[1] - of_new[0]
    if not count or not other:
        return
    if count * other <= _SMALL or not run:
        if count * other <= _SMALL:
            matcher = SequenceMatcher(None, old[slice(*of_old)], new[slice(*of_new)], autojunk=False)
            for block in matcher.get_matching_blocks():
                yield from ((of_old[0] + block.a + each, of_new[0] + block.b + each) for each in range(block.size))
        return
    runs = list(zip(*(old[of_old[0] + each : of_old[1]] for each in range(run)), strict=False))
    others = list(zip(*(new[of_new[0] + each : of_new[1]] for each in range(run)), strict=False))
    known = (of_old[0] - 1, of_new[0] - 1)
    for one, another in (*same_places(runs, others), (count, other)):
        pair = of_old[0] + one, of_new[0] + another
        yield from _within(old, new, (known[0] + 1, pair[0]), (known[1] + 1, pair[1]), run - 1)
        if one < count and another < other:
            yield pair
        known = pair


def _find_elsewhere(
    old: Sequence[Line], new: Sequence[Line], lost: Iterable[int], found: dict[int, dict[int, There]]
) -> None:
    """Find lines that stand elsewhere in the order, as one line whose words occur once."""
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, line in enumerate(new):
        places[tuple(bare(line.text))].append(number)
    for number in lost:
        words = bare(old[number].text)
        if len(there := places.get(tuple(words), [])) == 1:
            found[number] = {there[0]: There(len(words), len(words))}


def _words(lines: Sequence[Line]) -> list[_Word]:
    return [_Word(word, number) for number, line in enumerate(lines) for word in bare(line.text)]


def bare(text: str) -> list[str]:
    """Give the words of a text without signs and capitals."""
    return _SIGNS.sub(" ", text).casefold().split()


def _firsts(words: Sequence[_Word], count: int) -> list[int]:
    """Give for each line, and for the end, the number of the first word that is of it or of one below it."""
    firsts = [len(words)] * (count + 1)
    for number in range(len(words) - 1, -1, -1):
        firsts[words[number].line] = number
    for line in range(count - 1, -1, -1):
        firsts[line] = min(firsts[line], firsts[line + 1])
    return firsts
