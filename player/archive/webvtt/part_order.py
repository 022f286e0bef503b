"""Puts the parts of a WebVTT file in another order: as few as can be are moved, and pages begin where they did."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from player.archive.transcript import Cue, in_turn
from player.archive.webvtt.parts import Part

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from player.archive.transcript import Line
    from player.archive.webvtt.parts import Remark


def staying(there: Sequence[str], old: Sequence[Line], lines: Sequence[Line]) -> set[str]:
    """Say which lines need not be moved, of those that are ``there`` in the order of the file, for it to have these.

    A file whose lines are in the order of their times stays so.
    """
    wanted = {line.id: number for number, line in enumerate(lines)}
    kept = [name for name in there if name in wanted]
    following = _following(set(kept), [line.id for line in lines])
    order = [*following[None], *(each for name in kept for each in (name, *following[name]))]
    names = [line.id for line in lines]
    is_in_order = [*there] == [line.id for line in old]
    if order == names or (
        not is_in_order and [line.id for line in in_turn(lines[wanted[each]] for each in order)] == names
    ):
        return set(kept)
    moved = _moved(old, lines)
    calm = [name for name in kept if name not in moved]
    if all(wanted[one] < wanted[other] for one, other in pairwise(calm)):
        return _with_calm(kept, moved, wanted)
    return _longest_run(kept, wanted)


def in_order(
    parts: Sequence[Part], made: Mapping[str, Part], stay: Collection[str], names: Sequence[str]
) -> list[Part]:
    """Give the parts of a file with those that were ``made`` for lines, which are to be read in this order."""
    there = {part.line.id for part in parts if part.line is not None}
    following = _following(stay, names)
    waiting = following[None]
    found: list[Part] = []
    carried: list[Remark] = []
    is_begun = False

    def put(part: Part) -> None:
        found.append(replace(part, remarks=[*carried, *part.remarks]) if carried else part)
        carried.clear()

    for part in (*parts, None):
        if part is not None and part.line is not None and part.line.id not in stay:
            # What it says of pages stays in its place, as does what says nothing to us.
            carried += (each for each in part.remarks if each.turns_page or each.says_nothing)
            is_begun = True
            continue
        if part is None or part.line is not None or is_begun:
            for name in waiting:
                mine = made[name]
                if name in there:
                    stays = [each for each in mine.remarks if not (each.turns_page or each.says_nothing)]
                    mine = replace(mine, remarks=stays)
                put(mine)
            waiting = []
        if part is not None and part.line is not None:
            put(made[part.line.id])
            waiting, is_begun = following[part.line.id], True
        elif part is not None:
            put(part)
    if carried:
        put(Part([], b""))
    return found


def on_pages(parts: Sequence[Part], write: Callable[[str], Remark]) -> list[Part]:
    """Give parts of which each line is on its page: what names others goes, and what is missing is written.

    :raise ValueError: where a line is on no page, and lines before it are.
    """
    parts = list(parts)
    page: str | None = None
    spare: dict[str | None, Remark] = {}
    for number, part in enumerate(parts):
        turns = [each for each in part.remarks if each.turns_page]
        now = turns[-1].about.page if turns else page
        wanted = now if part.line is None else part.line.page
        if wanted != now:
            spare |= {each.about.page: each for each in turns}
            others = [each for each in part.remarks if not each.turns_page]
            turn: list[Remark] = []
            if wanted != page:
                if wanted is None:
                    raise ValueError("it is on no page, and lines before it are")
                turn = _taken(parts, number + 1, wanted) or [spare.pop(wanted) if wanted in spare else write(wanted)]
            parts[number] = replace(part, remarks=[*turn, *others])
        page = wanted
    return parts


def _taken(parts: list[Part], number: int, page: str) -> list[Remark]:
    """Take the comment that begins a page from the next part, where a line before it is on that page now."""
    turns = [each for each in parts[number].remarks if each.turns_page] if number < len(parts) else []
    if len(turns) != 1 or turns[0].about.page != page:
        return []
    parts[number] = replace(parts[number], remarks=[each for each in parts[number].remarks if each is not turns[0]])
    return turns


def _following(stay: Collection[str], names: Sequence[str]) -> dict[str | None, list[str]]:
    """Give for each line that stays those that are put behind it; under None those that are put first."""
    found: dict[str | None, list[str]] = {None: []}
    at: str | None = None
    for name in names:
        if name in stay:
            at = name
            found[at] = []
        else:
            found[at].append(name)
    return found


def _moved(old: Sequence[Line], lines: Sequence[Line]) -> set[str]:
    """Give the lines that begin at another time."""
    starts = {line.id: _start(line) for line in old}
    return {line.id for line in lines if starts.get(line.id) != _start(line)}


def _start(line: Line) -> int | None:
    return line.start if isinstance(line, Cue) else None


def _with_calm(names: Sequence[str], moved: Collection[str], number: Mapping[str, int]) -> set[str]:
    """Give all lines but those of the ``moved`` that are not in order between the others."""
    found = set()
    below = len(number)
    for name in reversed(names):
        if name not in moved:
            below = number[name]
            found.add(name)
        elif number[name] < below:
            found.add(name)
    above = -1
    for name in names:
        if name in found and name in moved and number[name] < above:
            found.remove(name)
        elif name in found:
            above = number[name]
    return found


def _longest_run(names: Sequence[str], number: Mapping[str, int]) -> set[str]:
    """Give the most of these that are in the order of their numbers (patience sorting)."""
    ends: list[int] = []
    tops: list[str] = []
    below: dict[str, str | None] = {}
    for name in names:
        at = bisect_left(ends, number[name])
        below[name] = tops[at - 1] if at else None
        ends[at : at + 1] = [number[name]]
        tops[at : at + 1] = [name]
    found = set()
    last = tops[-1] if tops else None
    while last is not None:
        found.add(last)
        last = below[last]
    return found
