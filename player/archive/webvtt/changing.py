"""Gives a WebVTT file other lines in place of some of its own: reworded, retimed, divided, joined, new or gone.

What else is in the file stays as it is, byte for byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from player.archive.transcript import in_turn
from player.archive.webvtt.reading import parse
from player.archive.webvtt.writing import written
from player.errors import ArchiveError, Fault, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from player.archive.transcript import Line


@dataclass(frozen=True)
class Splice:
    """A run of lines that is replaced by another: those with the identifiers ``old``, which follow the line ``after``.

    ``after`` is None where they are the first lines. Both may be empty: lines are put in, or taken out.
    """

    after: str | None
    old: tuple[str, ...]
    new: tuple[Line, ...]


def spliced(lines: Sequence[Line], splices: Sequence[Splice]) -> tuple[Line, ...]:
    """Give lines as they are after splices, each of which is of the lines as those before it have left them.

    :raise ValueError: where one is not of these lines.
    """
    found = list(lines)
    for splice in splices:
        first = 0 if splice.after is None else _number(found, splice.after) + 1
        there = found[first : first + len(splice.old)]
        if tuple(line.id for line in there) != splice.old:
            raise ValueError(f"the lines after {splice.after} are not {', '.join(splice.old)}")
        found[first : first + len(splice.old)] = splice.new
    return tuple(found)


def with_names(path: Path, before: bytes) -> bytes:
    """Give the bytes of the transcript at ``path`` in which each cue has its present identifier above its times.

    :raise ArchiveError: where the file would be read back as something else.
    """
    return with_lines(path, before, ())


def with_lines(path: Path, before: bytes, splices: Sequence[Splice]) -> bytes:
    """Give the bytes of the transcript at ``path``, which holds ``before``, after some splices of its lines.

    :raise ArchiveError: where the file would be read back as something else.
    """
    old = parse(path, before.decode("utf-8-sig", errors="replace"))
    try:
        lines = spliced(old.lines, splices)
    except ValueError as error:
        raise ArchiveError([Fault(path, None, f"the lines cannot be changed: {error}", "do it again")]) from None
    if tuple(in_turn(lines)) != lines:
        raise ArchiveError([Fault(path, None, "lines would not be in the order of their times", "do it again")])
    return written(path, lines, old.header)


def _number(lines: Sequence[Line], name: str) -> int:
    """Find a line by its identifier.

    :raise ValueError: where there is none.
    """
    number = next((number for number, line in enumerate(lines) if line.id == name), None)
    if number is None:
        raise ValueError(f"there is no line {quoted(name)}")
    return number
