"""Moves a working copy to the transcript as others have changed it meanwhile: by the program, or in a text editor."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from player.archive.recording import TRANSCRIPT
from player.desk.bases import StandIn, delta
from player.desk.conflicts import Conflict, merged
from player.desk.exchanges import difference
from player.errors import ArchiveError
from player.history.versions import history

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from player.archive.recording import Record
    from player.archive.transcript import Line
    from player.desk.bases import Base
    from player.desk.exchanges import Exchange
    from player.desk.progress import Progress


def moved_to(present: Base, progress: Progress, record: Record) -> dict[str, Any]:
    """Give the entry that moves a working copy to the transcript as it is in the file at ``present``."""
    found = merged(progress.base.lines, progress.lines, present.lines)
    lines = _known(found.lines)
    conflicts = _conflicts(progress, present, lines, found.conflicts)
    who = _Who(record, present)
    return {
        "rebased": [each.kept() for each in difference(progress.lines, lines)],
        "sha256": present.sha256,
        "base": delta(progress.base.lines, difference(progress.base.lines, present.lines)),
        "conflicts": [who.told(each).kept() for each in conflicts],
    }


def _known(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Give lines without those whose words nobody has any more: others have changed them, and theirs are there."""
    return tuple(line for line in lines if not isinstance(line, StandIn))


@dataclass
class _Open:
    """What is undecided: lines as they were, the names of mine and theirs, and the conflict that it was, if it was."""

    before: tuple[Line, ...]
    mine: set[str]
    theirs: set[str]
    was: Conflict | None = None

    @property
    def names(self) -> set[str]:
        """The identifiers of all of its lines."""
        return {line.id for line in self.before} | self.mine | self.theirs

    def together(self, other: _Open) -> _Open:
        """Give it together with another; of a line that both have, what it was is what this one says."""
        names = self.names
        before = (*self.before, *(line for line in other.before if line.id not in names))
        return _Open(before, self.mine | other.mine, self.theirs | other.theirs, self.was)


def _conflicts(progress: Progress, present: Base, lines: Sequence[Line], new: Iterable[Conflict]) -> Iterator[Conflict]:
    """Give the conflicts that there are then: new ones, and those that nobody has decided, as their lines are now.

    ``lines`` are mine, with what is theirs and no conflict.
    """
    moves = difference(progress.base.lines, present.lines)
    found: list[_Open] = []
    for each in (*progress.conflicts.values(), *new):
        was = each if each in progress.conflicts.values() else None
        before, mine, theirs = ({line.id for line in of} for of in (each.before, each.mine, each.theirs))
        added = _Open(_known(each.before), mine | before, (_followed(theirs, moves) if was else theirs) | before, was)
        for other in [other for other in found if not added.names.isdisjoint(other.names)]:
            found.remove(other)
            added = other.together(added)
        found.append(added)
    for each_open in found:
        own = tuple(line for line in lines if line.id in each_open.mine)
        other_lines = tuple(line for line in present.lines if line.id in each_open.theirs)
        # Else they have taken their change back, or done the same.
        if other_lines not in (own, each_open.before):
            was = each_open.was
            is_same = was is not None and was.theirs == other_lines
            by, date = (was.by, was.date) if was is not None and is_same else (None, None)
            yield Conflict(each_open.before, own, other_lines, by, date)


def _followed(names: set[str], moves: Iterable[Exchange]) -> set[str]:
    """Give the lines that are there of some, and those that others have put in their place."""
    found = set(names)
    for each in moves:
        old, new = {line.id for line in each.old}, {line.id for line in each.new}
        if found & (old - new):
            found = (found - (old - new)) | (new - old)
    return found


class _Who:
    """Says who changed lines last, as the history of the transcript has it, and when."""

    def __init__(self, record: Record, present: Base) -> None:
        self._path = record.folder / TRANSCRIPT
        try:
            there = history(record)
            is_told = there.last >= 0 and there.digest(there.last) == present.sha256
            self._entries = sorted(there.entries.values(), key=lambda each: -each.number) if is_told else []
        except ArchiveError:
            self._entries = []

    def told(self, conflict: Conflict) -> Conflict:
        """Give a conflict with who made it; one that says so stays as it is."""
        if conflict.date is not None:
            return conflict
        names = {line.id for line in (*conflict.before, *conflict.theirs)}
        for entry in self._entries:
            if not names.isdisjoint((*entry.changed, *entry.new, *entry.gone)):
                return replace(conflict, by=entry.by, date=entry.date.isoformat(timespec="seconds"))
        try:
            changed = dt.datetime.fromtimestamp(self._path.stat().st_mtime, dt.UTC)
        except OSError:
            return conflict
        return replace(conflict, date=changed.isoformat(timespec="seconds"))
