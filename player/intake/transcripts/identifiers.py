"""Gives each line that is brought in the identifier by which it is cited.

A line that was there before (``same_lines`` says which is one) keeps its own. One that was published, and whose words
are gone, is never given to others: a citation of them would come to mean these.
"""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING, Final

from player.archive.gate.shown import CLOSED_LINE
from player.archive.references import IDENTIFIER

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from player.archive.transcript import Line
    from player.intake.transcripts.imported import ImportedLine

_NUMBER: Final = re.compile(r"[0-9]{1,9}")
# What Microsoft's programs name a line by, after the meeting (RFC 9562); nobody could cite it.
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# Letters that a citation can have in it.
_LONGEST: Final = 40


def identified(
    lines: Sequence[ImportedLine], same: Sequence[Line | None], used: Collection[str], *, keeps_ids: bool
) -> list[str]:
    """Give each line its identifier: that which it had, else the file's own where it is one, else ``c`` and a number.

    ``same`` is what ``matched`` gives, and ``used`` are the identifiers that were ever published. ``keeps_ids`` says
    whether one that a program made for its own use is kept.
    """
    wanted = [_own(line.id, keeps_ids=keeps_ids) for line in lines]
    there = {each.id for each in same if each is not None}
    barred = {*used, *there, *_repeated(wanted)}
    kept = {name for name in wanted if name} - barred
    taken = barred | kept
    numbers = (each for each in map("c{}".format, count(len(lines) + 1)) if each not in taken)
    return list(_named(wanted, same, kept, taken, numbers))


def _named(
    wanted: Sequence[str],
    same: Sequence[Line | None],
    kept: Collection[str],
    taken: Collection[str],
    numbers: Iterator[str],
) -> Iterator[str]:
    for number, (name, before) in enumerate(zip(wanted, same, strict=True), 1):
        if before is not None:
            yield before.id
        elif name in kept:
            yield name
        else:
            yield plain if (plain := f"c{number}") not in taken else next(numbers)


def _own(name: str, *, keeps_ids: bool) -> str:
    """Give the identifier that a line has in its file, in the form of ours; empty where it has none that can be."""
    if _NUMBER.fullmatch(name):
        return f"c{int(name)}"
    if len(name) > _LONGEST or name.startswith(CLOSED_LINE) or IDENTIFIER.fullmatch(name) is None:
        return ""
    return "" if _UUID.match(name) and not keeps_ids else name


def _repeated(names: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    return {name for name in names if name in seen or seen.add(name)}  # type: ignore[func-returns-value]  # for its effect
