"""Tells faults that are alike as one: in a file, or in many files that are each other's like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player.errors import FEW, FOLDERS, Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# What differs between faults of one kind: what is quoted, which line it is, and numbers, times among them.
_QUOTED: Final = re.compile(r'".*"|“.*”', re.DOTALL)
_NAMED: Final = re.compile(r"\b(cue|line) [\w-]+|0x[0-9a-f]+|[0-9][0-9:.]*")


@dataclass(frozen=True)
class Folded:
    """A fault, how many ``more`` of its kind there are, the line of the ``last``, or in how many ``files`` they are."""

    fault: Fault
    more: int = 0
    last: int | None = None
    #: How many other files they are in; 0 where they are in that of the fault.
    files: int = 0

    @property
    def others(self) -> str:
        """Say in a few words that there are others; empty where there are none."""
        if not self.more:
            return ""
        where = "" if self.last is None else f", the last on line {self.last}"
        if self.files:
            where = f" in {self.files} other file{'' if self.files == 1 else 's'}"
        return f"and {self.more} more like it{where}"


def fold(faults: Sequence[Fault]) -> list[Folded]:
    """Give each fault where there are few of its kind in its file, else the first of them; in the order given."""
    return _folded([Folded(fault) for fault in faults], lambda fault: fault.path)


def fold_files(faults: Sequence[Folded]) -> list[Folded]:
    """Fold what is in many files that are each other's like: the transcripts of a thousand records, or the sounds."""
    return _folded(faults, _likeness)


def _likeness(fault: Fault) -> object:
    """Give what a file of an archive has in common with others like it."""
    path = fault.path
    if path.parent.parent.name == "transcripts":
        return path.suffix if path.parent.name in FOLDERS else path.name
    return path.parent if path.parent.name in {"media", "access"} else path


def _folded(faults: Sequence[Folded], place: Callable[[Fault], object]) -> list[Folded]:
    """Fold faults of one kind and place, some of which may be folded already."""
    kinds = [(type(each.fault), place(each.fault), _kind(each.fault.what)) for each in faults]
    alike: dict[object, list[Folded]] = {}
    for kind, each in zip(kinds, faults, strict=True):
        alike.setdefault(kind, []).append(each)
    found = []
    for kind, each in zip(kinds, faults, strict=True):
        others = alike[kind]
        if len(others) <= FEW:
            found.append(each)
        elif others[0] is each:
            files = len({other.fault.path for other in others}) - 1
            more = sum(1 + other.more for other in others) - 1
            found.append(Folded(each.fault, more, None if files else others[-1].fault.line, files))
    return found


def _kind(what: str) -> str:
    return _NAMED.sub("…", _QUOTED.sub("…", what))
