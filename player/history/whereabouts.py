"""Says where the words of a line are now that was once cited, and what became of a line.

An identifier that is gone leads to the lines of today's transcript that have its words, through all changes since; to
none where they are gone. What was changed from outside the program, and is not in the history yet, is taken into
account as if it were.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from player.archive.recording import TRANSCRIPT
from player.files import content
from player.history.blocks_of_lines import line_in
from player.history.comparing import lines_in
from player.history.followed import first_lines, former_lines, known_lines
from player.history.versions import history

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

    from player.archive.recording import Record
    from player.archive.transcript import Line
    from player.history.versions import History


@dataclass(frozen=True)
class LineChange:
    """What an entry of the history did to a line: it came where there is none ``before``, and went with no ``after``.

    Where it came of another, by a split or a join, that is ``before``, with its own identifier.
    """

    number: int
    date: dt.datetime
    by: str | None
    how: str
    before: Line | None
    after: Line | None
    #: The listeners who suggested it.
    credit: tuple[str, ...] = ()


def former(record: Record) -> Mapping[str, tuple[str, ...]]:
    """Give each identifier that a version had and today's transcript has not, with those of the lines of its words."""
    there = history(record)
    return {} if there.last < 0 else former_lines(there, _present(there.transcript))


def where(record: Record, name: str) -> tuple[str, ...] | None:
    """Give the identifiers of the lines that have the words of a line; none where they are gone; None: never known."""
    if any(line.id == name for line in lines_in(record.folder / TRANSCRIPT, _present(record.folder / TRANSCRIPT))):
        return (name,)
    return former(record).get(name)


def used(record: Record) -> frozenset[str]:
    """Give all identifiers that a line has or ever had; no other line may be called so."""
    path = record.folder / TRANSCRIPT
    return known_lines(history(record)).union(line.id for line in lines_in(path, _present(path)))


def last_with(record: Record, name: str) -> int | None:
    """Give the number of the last version that had a line of this identifier; None where none is known to."""
    there = history(record)
    for number in range(there.last, 0, -1):
        entry = there.entries.get(number)
        if entry is None:
            continue
        if name in entry.gone:
            return number - 1
        if name in entry.new or name in entry.changed:
            return there.last
    return there.last if name in first_lines(there) else None


def line_history(record: Record, name: str) -> list[LineChange]:
    """Give what became of a line, the latest first, and before that of those that its words came from.

    An entry that cannot be read says nothing, and the others go on.

    :raise ArchiveError: where the versions of an entry cannot be made.
    """
    there = history(record)
    found = []
    wanted = {name}
    for entry in sorted(there.entries.values(), key=lambda each: -each.number):
        touched = [
            each for each in (*entry.changed, *entry.new, *entry.gone) if each in wanted and entry.edits is not None
        ]
        if not touched:
            continue
        origins = {
            each: [old for old, to in entry.moved.items() if each in to] for each in touched if each in entry.new
        }
        went_on = {olds[0] for olds in origins.values() if olds}
        for each in touched:
            if each in went_on and each in entry.gone:
                continue  # what it became says so
            olds = origins.get(each, [])
            before = _line(there, entry.number - 1, olds[0] if olds else each)
            after = None if each in entry.gone else _line(there, entry.number, each)
            credit = entry.credit.get(each, ())
            found.append(LineChange(entry.number, entry.date, entry.by, entry.how, before, after, credit))
            wanted.update(olds)
    return found


def _line(there: History, number: int, name: str) -> Line | None:
    return line_in(there.transcript, there.content(number), name)


def _present(path: Path) -> bytes:
    try:
        return content(path)
    except OSError:
        return b""
