"""Brings records into agreement with a table: what each row changes, and the changed files, each whole or not at all.

Only the values that differ are changed; every other sign of a record stays. A column that the table does not have is
left as it is; an empty cell takes its key out of the record.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from player.archive.toml.editing import EditError, edited
from player.archive.toml.rewriting import put
from player.errors import ArchiveError, Fault, NotFoundError, quoted
from player.files import content
from player.index import access
from player.intake.cells import cell, fault_of, says_the_same, value_of
from player.intake.record_table import ACCESS, KEYS, SLUG

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Record
    from player.intake.record_table import Row

_MARK = "\ufeff"


@dataclass(frozen=True)
class Change:
    """What a cell changes: the key, and what its cell is before and after; empty where the record has no such key."""

    key: str
    before: str
    after: str


@dataclass(frozen=True)
class ChangedRecord:
    """A record that a table changes: its file, the bytes of it before and after, and the changes."""

    path: Path
    before: bytes
    after: bytes
    changes: tuple[Change, ...]


def cells(archive: Archive, slug: str) -> dict[str, str]:
    """Give what a record says, as the cells of a table.

    :raise ArchiveError: where the record cannot be read.
    """
    record = archive.record(slug)
    values = tomllib.loads(_text(content(record.path)))
    return {**{name: cell(values.get(name), key) for name, key in KEYS.items()}, ACCESS: _access(record)}


def changed_records(archive: Archive, table: Path, rows: Iterable[Row]) -> list[ChangedRecord]:
    """Give the records that the rows of ``table`` change.

    :raise ArchiveError: naming every row that is about no record, or has a value that its key cannot have; then nothing
        may be changed.
    """
    found: list[ChangedRecord] = []
    faults: list[Fault] = []
    for row in rows:
        try:
            changed = _changed(archive, table, row)
        except NotFoundError as error:
            faults.append(Fault(table, row.line, error.for_visitors, f'write the name of its folder as "{SLUG}"'))
        except ArchiveError as error:
            faults += error.faults
        else:
            found += [changed] if changed is not None else []
    if faults:
        raise ArchiveError(faults)
    return found


def write(record: ChangedRecord) -> None:
    """Write a record that was changed.

    :raise ArchiveError: where it cannot be written, or has been changed meanwhile; it is then as it was.
    """
    put(record.path, record.before, record.after, "import the table again")


def _changed(archive: Archive, table: Path, row: Row) -> ChangedRecord | None:
    """Give the record that a row is about as the row would have it; None where it is so.

    :raise NotFoundError: where there is no such record.
    :raise ArchiveError: where the record cannot be read, or the row has a value that cannot be.
    """
    record = archive.record(row.slug)
    path = record.path
    before = content(path)
    text = _text(before)
    values = tomllib.loads(text)
    changes = [
        Change(name, old, new)
        for name, new in row.cells.items()
        if name in KEYS
        and (old := cell(values.get(name), KEYS[name])) != new
        and not says_the_same(values.get(name), new, KEYS[name])
    ]
    faults = [fault for change in changes for fault in _faults(table, row, change)]
    if (said := row.cells.get(ACCESS)) not in {None, "", there := _access(record)}:
        what = f'"{ACCESS}" says {quoted(said or "")}, but the record of {quoted(row.slug)} is {there}'
        remedy = "remove the column; what may be shown is changed in recording.toml, or by player publish and withdraw"
        faults.append(Fault(table, row.line, what, remedy))
    if not (changes or faults):
        return None
    if faults:
        raise ArchiveError(faults)
    new_values = {change.key: value_of(change.after, KEYS[change.key], values.get(change.key)) for change in changes}
    try:
        after = edited(text, new_values, list(KEYS))
    except EditError:
        what = f"the record of {quoted(row.slug)} is written in a way that cannot be changed here"
        raise ArchiveError([Fault(table, row.line, what, "change it by hand")]) from None
    mark = _MARK if before.decode("utf-8").startswith(_MARK) else ""
    return ChangedRecord(path, before, f"{mark}{after}".encode(), tuple(changes))


def _access(record: Record) -> str:
    return access.of_recording(record.shown) or access.OPEN


def _faults(table: Path, row: Row, change: Change) -> Iterator[Fault]:
    key = KEYS[change.key]
    if not change.after:
        if key.required:
            what = f'the record of {quoted(row.slug)} would have no "{key.name}"'
            yield Fault(table, row.line, what, f"write it ({key.meaning})")
        return
    if (fault := fault_of(change.after, key, table, row.line)) is not None:
        yield fault


def _text(written: bytes) -> str:
    return written.decode("utf-8").removeprefix(_MARK)
