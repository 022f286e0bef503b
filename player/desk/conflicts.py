"""Brings together what two people did to one transcript: line by line, and where both changed a line, both are kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from player.archive.transcript import in_turn
from player.desk.exchanges import difference, lines_of
from player.desk.line_values import described

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from player.archive.transcript import Line
    from player.desk.exchanges import Exchange


@dataclass(frozen=True)
class Conflict:
    """Lines that both have changed: what they were ``before``, ``mine`` and ``theirs``; none where they were removed.

    Until one is chosen, the working copy has mine.
    """

    before: tuple[Line, ...]
    mine: tuple[Line, ...]
    theirs: tuple[Line, ...]
    by: str | None = None
    date: str | None = None

    @property
    def id(self) -> str:
        """The identifier of the first of its lines."""
        return (*self.before, *self.mine, *self.theirs)[0].id

    @property
    def names(self) -> frozenset[str]:
        """The identifiers of all of its lines."""
        return frozenset(line.id for line in (*self.before, *self.mine, *self.theirs))

    def kept(self) -> dict[str, Any]:
        """Give it as JSON has it."""
        parts = {"before": self.before, "mine": self.mine, "theirs": self.theirs}
        return {name: [described(line) for line in lines] for name, lines in parts.items()} | {
            "by": self.by,
            "date": self.date,
        }


def conflict_of(found: Any) -> Conflict:
    """Read what ``Conflict.kept`` gave.

    :raise ValueError: where it is something else.
    """
    try:
        before, mine, theirs = (lines_of(found[name]) for name in ("before", "mine", "theirs"))
        by, date = found["by"], found["date"]
    except (TypeError, KeyError):
        raise ValueError from None
    if not (before or mine or theirs) or not all(each is None or isinstance(each, str) for each in (by, date)):
        raise ValueError
    return Conflict(before, mine, theirs, by, date)


@dataclass(frozen=True)
class Merged:
    """The lines in which both stand, with mine where both changed the same, and those conflicts."""

    lines: tuple[Line, ...]
    conflicts: tuple[Conflict, ...]


def merged(before: Sequence[Line], mine: Sequence[Line], theirs: Sequence[Line]) -> Merged:
    """Bring together two states that were one before (after diff3: Khanna, Kunal and Pierce, FSTTCS 2007).

    Where both put new lines at the same place, theirs stand first, unless they begin later.
    """
    lines: list[Line] = []
    conflicts = []
    at = 0
    for first, last, of_mine, of_theirs in _clusters(_spans(before, mine), _spans(before, theirs)):
        lines += before[at:first]
        at = last
        was = tuple(before[first:last])
        own = _changed(before, first, last, of_mine)
        other = _changed(before, first, last, of_theirs)
        if not of_mine or own == other:
            lines += other
        elif not of_theirs:
            lines += own
        elif first == last:
            lines += (*other, *own)
        else:
            lines += own
            conflicts.append(Conflict(was, own, other))
    lines += before[at:]
    found = _once(Merged(tuple(lines), tuple(conflicts)), before, mine, theirs)
    return Merged(tuple(in_turn(found.lines)), found.conflicts)


def _once(found: Merged, before: Iterable[Line], mine: Iterable[Line], theirs: Iterable[Line]) -> Merged:
    """Give lines of which none stands twice: the two may have put one in different places, or each a new one."""
    counted = Counter(line.id for line in found.lines)
    if len(counted) == len(found.lines):
        return found
    was, own, other = ({line.id: line for line in lines} for lines in (before, mine, theirs))
    decided = {name for each in found.conflicts for name in each.names}
    lines, conflicts = [], list(found.conflicts)
    for line in found.lines:
        if counted[line.id] > 1:
            counted[line.id] = 0
            its, theirs_own = own.get(line.id, line), other.get(line.id, line)
            if its == was.get(line.id) and line.id not in decided:
                its = theirs_own
            elif theirs_own not in (its, was.get(line.id)) and line.id not in decided:
                conflicts.append(Conflict(tuple(filter(None, [was.get(line.id)])), (its,), (theirs_own,)))
            lines.append(its)
        elif counted[line.id]:
            lines.append(line)
    return Merged(tuple(lines), tuple(conflicts))


#: An exchange as a span of the lines before, and what stands there instead.
_Span = tuple[int, int, "tuple[Line, ...]"]


def _spans(before: Sequence[Line], after: Sequence[Line]) -> list[_Span]:
    places = {line.id: number for number, line in enumerate(before)}
    found: list[_Span] = []
    at = 0
    for each in difference(before, after):
        at = _first(each, places, at)
        found.append((at, at + len(each.old), each.new))
        at += len(each.old)
    return found


def _first(exchange: Exchange, places: dict[str, int], at: int) -> int:
    if exchange.old:
        return places[exchange.old[0].id]
    after = exchange.after
    return max(at, places[after] + 1 if after in places else 0)


def _clusters(mine: Sequence[_Span], theirs: Sequence[_Span]) -> Iterator[tuple[int, int, list[_Span], list[_Span]]]:
    """Give the spans that run into one another, from where to where, in order."""
    rest = sorted([(span, True) for span in mine] + [(span, False) for span in theirs], key=lambda each: each[0][:2])
    while rest:
        (first, last, _), _ = rest[0]
        taken = 1
        while taken < len(rest) and _runs_into(rest[taken][0], first, last):
            last = max(last, rest[taken][0][1])
            taken += 1
        now, rest = rest[:taken], rest[taken:]
        yield first, last, [span for span, own in now if own], [span for span, own in now if not own]


def _runs_into(span: _Span, first: int, last: int) -> bool:
    """Tell whether a span, none of which begins before, shares a line with one, or stands in it or at its place."""
    return span[0] < last or (span[0] == first == last and span[1] == last)


def _changed(before: Sequence[Line], first: int, last: int, spans: Iterable[_Span]) -> tuple[Line, ...]:
    found: list[Line] = []
    at = first
    for begins, ends, new in spans:
        found += before[at:begins]
        found += new
        at = ends
    return (*found, *before[at:last])
