"""Says where the words of a line are now that was once cited, and what became of a line.

An identifier that is gone leads to the lines of today's transcript that have its words, through all changes since; to
none where they are gone. What was changed from outside the program, and is not in the history yet, is taken into
account as if it were.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from player.archive.recording import TRANSCRIPT
from player.errors import ArchiveError
from player.files import content
from player.history.blocks_of_lines import line_in
from player.history.comparing import compared, lines_in
from player.history.moving import moved
from player.history.versions import history, history_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from player.archive.recording import Record
    from player.archive.transcript import Line
    from player.history.versions import History, Signature


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


def former(record: Record) -> Mapping[str, tuple[str, ...]]:
    """Give each identifier that a version had and today's transcript has not, with those of the lines of its words."""
    there = history(record)
    if there.last < 0:
        return {}
    return _former(there.transcript, there.signature, _present(there.transcript))


def where(record: Record, name: str) -> tuple[str, ...] | None:
    """Give the identifiers of the lines that have the words of a line; none where they are gone; None: never known."""
    if any(line.id == name for line in lines_in(record.folder / TRANSCRIPT, _present(record.folder / TRANSCRIPT))):
        return (name,)
    return former(record).get(name)


def used(record: Record) -> frozenset[str]:
    """Give all identifiers that a line has or ever had; no other line may be called so."""
    path = record.folder / TRANSCRIPT
    return frozenset((*former(record), *(line.id for line in lines_in(path, _present(path)))))


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
    return there.last if name in _first(there.transcript, there.signature) else None


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
        for each in touched:
            origins = [old for old, to in entry.moved.items() if each in to] if each in entry.new else []
            before = _line(there, entry.number - 1, origins[0] if origins else each)
            after = None if each in entry.gone else _line(there, entry.number, each)
            found.append(LineChange(entry.number, entry.date, entry.by, entry.how, before, after))
            wanted.update(origins)
    return found


def _line(there: History, number: int, name: str) -> Line | None:
    return line_in(there.transcript, there.content(number), name)


@lru_cache(maxsize=64)
def _former(path: Path, signature: Signature, present: bytes) -> Mapping[str, tuple[str, ...]]:
    there = history_of(path)
    known = set(_first(path, signature))
    to: dict[str, tuple[str, ...]] = {}
    for entry in there.entries.values():
        known.update(entry.new)
        _follow(to, entry.gone, entry.new, entry.moved)
    now = lines_in(path, present)
    if there.last >= 0 and there.digest(there.last) != hashlib.sha256(present).hexdigest():
        _follow(to, *_since(there, now))
    ids = {line.id for line in now}
    return {name: tuple(dict.fromkeys(_today(name, to, ids, ()))) for name in sorted(known - ids)}


def _follow(
    to: dict[str, tuple[str, ...]],
    gone: Sequence[str],
    new: Sequence[str],
    moves: Mapping[str, tuple[str, ...]],
) -> None:
    for name in gone:
        to[name] = moves.get(name, ())
    for name in new:
        # It has come back: a version was gone back to.
        to.pop(name, None)


def _today(name: str, to: Mapping[str, tuple[str, ...]], ids: set[str], passed: tuple[str, ...]) -> Iterator[str]:
    if name in ids:
        yield name
    elif name not in passed:
        for each in to.get(name, ()):
            yield from _today(each, to, ids, (*passed, name))


def _since(there: History, now: Sequence[Line]) -> tuple[Sequence[str], Sequence[str], Mapping[str, tuple[str, ...]]]:
    """Say what has become of lines since the last version, which no entry says yet."""
    try:
        was = lines_in(there.transcript, there.content(there.last))
    except ArchiveError:
        return (), (), {}
    changes = compared(was, now)
    return changes.gone, changes.new, moved(was, now)


@lru_cache(maxsize=64)
def _first(path: Path, signature: Signature) -> frozenset[str]:  # noqa: ARG001  # what is kept depends on it
    """Give the identifiers of the first version, and of others that are there as a whole."""
    there = history_of(path)
    found: set[str] = set()
    for number in there.wholes:
        try:
            found |= {line.id for line in lines_in(path, there.content(number))}
        except ArchiveError:
            continue
    return frozenset(found)


def _present(path: Path) -> bytes:
    try:
        return content(path)
    except OSError:
        return b""
