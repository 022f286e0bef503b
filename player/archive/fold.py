"""Faults into what is told of them: of many of one kind in a file the first, and how many more there are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.errors import Fault

#: So many of one kind are each told.
FEW: Final = 3

# What differs between faults of one kind: what is quoted, which line it is, and numbers, times among them.
_QUOTED: Final = re.compile(r'".*"|“.*”', re.DOTALL)
_NAMED: Final = re.compile(r"\b(cue|line) [\w-]+|0x[0-9a-f]+|[0-9][0-9:.]*")


@dataclass(frozen=True)
class Told:
    """A fault, how many ``more`` of its kind there are in its file, and the line of the ``last``."""

    fault: Fault
    more: int = 0
    last: int | None = None

    @property
    def others(self) -> str:
        """Tell of the others in a few words; empty where there are none."""
        if not self.more:
            return ""
        where = "" if self.last is None else f", the last on line {self.last}"
        return f"and {self.more} more like it{where}"


def fold(faults: Sequence[Fault]) -> list[Told]:
    """Give each fault where there are few of its kind in its file, else the first of them; in the order given."""
    kinds = [(type(fault), fault.path, _kind(fault.what)) for fault in faults]
    alike: dict[object, list[Fault]] = {}
    for kind, fault in zip(kinds, faults, strict=True):
        alike.setdefault(kind, []).append(fault)
    found = []
    for kind, fault in zip(kinds, faults, strict=True):
        others = alike[kind]
        if len(others) <= FEW:
            found.append(Told(fault))
        elif others[0] is fault:
            found.append(Told(fault, len(others) - 1, others[-1].line))
    return found


def _kind(what: str) -> str:
    return _NAMED.sub("…", _QUOTED.sub("…", what))
