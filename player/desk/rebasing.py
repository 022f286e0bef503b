"""Moves a working copy to the transcript as others have changed it meanwhile: by the program, or in a text editor."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from player.archive.recording import TRANSCRIPT
from player.desk.bases import delta
from player.desk.conflicts import Conflict, merged
from player.desk.exchanges import difference
from player.errors import ArchiveError
from player.history.versions import history

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from player.archive.recording import Record
    from player.desk.bases import Base
    from player.desk.progress import Progress


def moved_to(present: Base, progress: Progress, record: Record) -> dict[str, Any]:
    """Give the entry that moves a working copy to the transcript as it is in the file at ``present``."""
    found = merged(progress.base.lines, progress.lines, present.lines)
    conflicts = list(_conflicts(progress, present, found.conflicts))
    who = _Who(record, present)
    return {
        "rebased": [each.kept() for each in difference(progress.lines, found.lines)],
        "sha256": present.sha256,
        "base": delta(progress.base.lines, difference(progress.base.lines, present.lines)),
        "conflicts": [who.told(each).kept() for each in conflicts],
    }


def _conflicts(progress: Progress, present: Base, new: Sequence[Conflict]) -> Iterator[Conflict]:
    """Give the conflicts that there are then: new ones, and those that nobody has decided."""
    there = {line.id: line for line in present.lines}
    before = list(progress.conflicts.values())
    for each in new:
        older = next((old for old in before if not old.names.isdisjoint(each.names)), None)
        if older is None:
            yield each
        elif each.theirs != older.before:  # else they have taken their change back
            yield replace(each, before=older.before)
    for old in before:
        is_same = all(there.get(line.id) == line for line in old.theirs)
        is_same = is_same and (bool(old.theirs) or not any(line.id in there for line in old.before))
        if is_same and all(old.names.isdisjoint(each.names) for each in new):
            yield old


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
