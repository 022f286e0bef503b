"""Checks values by what their keys are declared as: a date is past, a pointer leads somewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from player.archive import dates
from player.archive.toml.declared import values_of, walk
from player.checks.examined import DECLARED, Pointing
from player.checks.register import POINTERS, targets
from player.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from player.archive.toml.declared import Table

# Citations are checked with the statements that make them: a line of a transcript has some too.
_POINTERS: Final = tuple(kind for kind in POINTERS if kind not in {"source", "sources"})


def future_faults(top: Table) -> Iterator[Fault]:
    """Give the dates in a table, and in the tables below it, that have not come yet."""
    today = dates.today()
    for table in walk(top):
        for key, day in values_of(table, "date"):
            # An interval is not over before its end.
            if dates.begins_after(day, today):
                what = f'"{key.name}" ({dates.readable(day)}) lies in the future'
                yield Fault(table.path, table.line or table.line_of(key.name), what, "correct the date")


def pointings(top: Table) -> Iterator[Pointing]:
    """Give what a table, and the tables below it, point at by their keys, but for what they cite."""
    for table in walk(top):
        for key, found in values_of(table, *_POINTERS):
            line = table.line or table.line_of(key.name)
            for target in targets(key.kind, found):
                yield Pointing(DECLARED, target, table.path, line)
