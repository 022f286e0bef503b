"""Brings the notes of a recording into agreement with a table: what each row changes, and the changed file.

Only what differs is changed. A note that has no row stays, unless the table is said to hold all; one of which the table
cannot hold everything is never removed by it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from player.archive.annotations import SEGMENT, read_annotations
from player.archive.toml.editing import EditError
from player.errors import ArchiveError, Fault, quoted
from player.files import content, temporary_folder
from player.index import access
from player.intake import notes_toml
from player.intake.annotation_table import (
    ACCESS,
    COLUMNS,
    MORE,
    READ_ONLY,
    TIMES,
    are_fine,
    cells,
    key_of,
    others,
)
from player.intake.cells import WrongTimeError, fault_of, says_the_same, time_of, value_of
from player.intake.transaction import transaction
from player.timecode import display, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Recording
    from player.archive.toml.editing import Value
    from player.intake.table import Row

_FILE: Final = "annotations.toml"
_MARK: Final = "\ufeff"


@dataclass(frozen=True)
class Change:
    """What a row changes: the column, and what its cell is before and after; empty where there is nothing."""

    column: str
    before: str
    after: str


@dataclass(frozen=True)
class ChangedNotes:
    """The notes that a table changes and removes, by their ids, and those that it adds, with their titles.

    ``before`` is what the file held, None where there is none yet, and ``after`` what it is to hold. ``left`` are the
    ids of notes that have no row, and stay.
    """

    path: Path
    before: bytes | None
    after: bytes
    changed: Mapping[str, tuple[Change, ...]]
    added: Mapping[str, str]
    removed: tuple[str, ...]
    left: tuple[str, ...]

    @property
    def is_nothing(self) -> bool:
        """Tell whether the table agrees with the file."""
        return not (self.changed or self.added or self.removed)


def rows_of(recording: Recording) -> list[dict[str, str]]:
    """Give the notes of a recording as the cells of a table, in the order of the file.

    :raise ArchiveError: where they cannot be read.
    """
    labels = _labels(recording)
    notes = _tables(recording)[1]
    is_fine = are_fine(notes)
    return [{**cells(note, is_fine=is_fine), ACCESS: labels[str(note["id"])]} for note in notes]


def changed_notes(recording: Recording, table: Path, rows: Iterable[Row], *, is_removing: bool) -> ChangedNotes:
    """Give what the rows of ``table`` change; notes that have none are removed where it ``is_removing``.

    :raise ArchiveError: where the notes cannot be read, naming every row that cannot be, and what cannot be removed.
    """
    before, tables = _tables(recording)
    path = recording.folder / _FILE
    plan = _Plan(recording, table, {str(note["id"]): note for note in tables}, list(rows))
    removed = plan.unmentioned if is_removing else ()
    faults = [*plan.faults, *plan.kept_faults(removed)]
    if faults:
        raise ArchiveError(faults)
    text = _text(before)
    try:
        after = notes_toml.changed(text, plan.changes, plan.added.values(), removed)
    except EditError:
        raise _unchangeable(path) from None
    mark = _MARK if before is not None and before.decode("utf-8").startswith(_MARK) else ""
    return ChangedNotes(
        path,
        before,
        f"{mark}{after}".encode(),
        {name: plan.shown[name] for name in plan.changes},
        {name: str(note["title"]) for name, note in plan.added.items()},
        removed,
        () if is_removing else plan.unmentioned,
    )


def write(archive: Archive, recording: Recording, notes: ChangedNotes) -> None:
    """Write notes that were changed.

    :raise ArchiveError: where they cannot be read again, or were changed meanwhile; all is then as it was.
    :raise WriteError: where they cannot be written.
    """
    lines = recording.transcript.lines if recording.transcript else None if recording.unread.transcript else ()
    with temporary_folder("to read the notes again") as folder:
        trial = folder / _FILE
        trial.write_bytes(notes.after)
        try:
            read_annotations(trial, lines)
        except ArchiveError as error:
            raise ArchiveError(replace(fault, path=notes.path) for fault in error.faults) from None
    with transaction(archive.root) as change:
        if notes.before is None:
            change.write(notes.path, notes.after)
        else:
            change.replace(notes.path, notes.before, notes.after)


def _labels(recording: Recording) -> dict[str, str]:
    """Say of each note what visitors may not see of it."""
    shown = recording.shown
    return {
        note.id: access.of_note(shown, note.span, is_adrift=note.is_adrift or bool(note.beside))
        for note in recording.annotations
    }


def _tables(recording: Recording) -> tuple[bytes | None, list[dict[str, Any]]]:
    """Give what the file of a recording's notes holds, None where there is none, and the notes in it."""
    if recording.unread.annotations:
        raise ArchiveError(recording.unread.annotations)
    path = recording.folder / _FILE
    before = content(path) if os.path.lexists(path) else None
    try:
        return before, notes_toml.tables(_text(before))
    except EditError:
        raise _unchangeable(path) from None


def _text(before: bytes | None) -> str:
    return (before or b"").decode("utf-8").removeprefix(_MARK)


def _unchangeable(path: Path) -> ArchiveError:
    what = "the notes are written in a way that cannot be changed here"
    return ArchiveError([Fault(path, None, what, "change them by hand")])


class _Plan:
    """What the rows of a table do with notes: faults, changes of those that are there, notes that are new."""

    def __init__(
        self, recording: Recording, table: Path, notes: Mapping[str, Mapping[str, Any]], rows: Sequence[Row]
    ) -> None:
        self.table = table
        self.notes = notes
        self.faults: list[Fault] = []
        self.changes: dict[str, dict[str, Value]] = {}
        self.shown: dict[str, tuple[Change, ...]] = {}
        self.added: dict[str, dict[str, Value]] = {}
        self._labels = _labels(recording)
        self._lines: dict[str, int] | None = None
        if not recording.unread.transcript:
            lines = recording.transcript.lines if recording.transcript else ()
            self._lines = {line.id: number for number, line in enumerate(lines)}
        #: The line of the table that is about each note.
        self._rows: dict[str, int] = {}
        named = {row.cells.get("id", "") for row in rows}
        self._taken = {*notes, *named}
        for row in rows:
            self._read(row)

    @property
    def unmentioned(self) -> tuple[str, ...]:
        """The notes that have no row."""
        return tuple(name for name in self.notes if name not in self._rows)

    def kept_faults(self, removed: Iterable[str]) -> Iterator[Fault]:
        """Give those of the notes to be removed of which the table cannot hold everything, or that others point at."""
        gone = set(removed)
        for name in gone:
            if more := others(self.notes[name]):
                what = f"{quoted(name)} has no row, but also {_listed(more)}, which no table can hold"
                yield Fault(self.table, None, what, "remove that note by hand, or give it its row")
        for name, note in self.notes.items():
            parts = [note, *note.get("claim", [])]
            pointed = {str(to).partition(".")[0] for part in parts for to in part.get("contradicts", [])}
            for other in sorted(pointed & gone - {name} if name not in gone else set()):
                what = f"{quoted(other)} has no row, but {quoted(name)} says that it is disputed with it"
                yield Fault(self.table, None, what, "give it its row, or change the other note by hand first")

    def _read(self, row: Row) -> None:
        name = row.cells.get("id", "") or self._same(row)
        if name in self._rows:
            what = f"line {self._rows[name]} is about {quoted(name)} too"
            self._fault(row, what, "remove one of the two")
        elif name in self.notes:
            self._rows[name] = row.line
            self._change(row, name)
        else:
            self._add(row, name)

    def _same(self, row: Row) -> str:
        """Give the id of a note that says what a row without an id says; empty where there is none.

        So a table of new notes can be imported twice.
        """
        said = {name: text for name, text in row.cells.items() if name not in {"id", *READ_ONLY}}
        for name, note in self.notes.items():
            if name not in self._rows and all(self._agrees(note, column, text) for column, text in said.items()):
                return name
        return ""

    def _agrees(self, note: Mapping[str, Any], column: str, text: str) -> bool:
        before = cells(note)[column]
        if before == text:
            return True
        if column in TIMES and before and text:
            try:
                return time_of(before) == time_of(text)
            except WrongTimeError:
                return False
        return bool(text) and says_the_same(note.get(COLUMNS[column]), text, key_of(column))

    def _change(self, row: Row, name: str) -> None:
        note = self.notes[name]
        given = {column: text for column, text in row.cells.items() if column in COLUMNS and column != "id"}
        different = [column for column, text in given.items() if not self._agrees(note, column, text)]
        there = {MORE: cells(note)[MORE], ACCESS: self._labels[name]}
        for column in READ_ONLY:
            if (said := row.cells.get(column, "")) not in {"", there[column]}:
                what = f'"{column}" says {quoted(said)}, but of the note it is {quoted(there[column])}'
                self._fault(row, what, "leave that column as it is: it is only for reading")
        values = self._values(row, different, note)
        if values is not None and self._holds({**note, **values}, row) and values:
            self.changes[name] = values
            before = cells(note)
            self.shown[name] = tuple(Change(column, before[column], given[column]) for column in different)

    def _add(self, row: Row, name: str) -> None:
        if more := row.cells.get(MORE, ""):
            what = f"a new note cannot have what {quoted(more)} means: no table can hold it"
            self._fault(row, what, "empty that cell, and write it into annotations.toml afterwards")
            return
        if name and (fault := fault_of(name, key_of("id"), self.table, row.line)):
            self.faults.append(fault)
            return
        given = {column for column, text in row.cells.items() if text and column in COLUMNS and column != "id"}
        values = self._values(row, [column for column in COLUMNS if column in given], {})
        if values is None or not self._holds(values, row):
            return
        name = name or notes_toml.identifier(str(values["title"]), self._taken)
        self._taken.add(name)
        self._rows[name] = row.line
        self.added[name] = {"id": name, **values}

    def _values(self, row: Row, columns: Iterable[str], note: Mapping[str, Any]) -> dict[str, Value] | None:
        """Give what the cells of these columns write; None where one of them is wrong."""
        found: dict[str, Value] = {}
        count = len(self.faults)
        for column in columns:
            text, key = row.cells[column], key_of(column)
            if text and column in TIMES:
                try:
                    text = display(time_of(text))
                except WrongTimeError as wrong:
                    what, remedy = wrong.args
                    self._fault(row, f'"{column}" {what}', remedy)
                    continue
            elif text and (fault := fault_of(text, key, self.table, row.line)):
                self.faults.append(replace(fault, what=fault.what.replace(f'"{key.name}"', f'"{column}"', 1)))
                continue
            found[key.name] = value_of(text, key, note.get(key.name))
        return found if len(self.faults) == count else None

    def _holds(self, note: Mapping[str, Any], row: Row) -> bool:
        """Tell whether a note is one after a row; say what is wrong with it where it is not."""
        count = len(self.faults)
        for name in ("kind", "title"):
            if not note.get(name):
                key = key_of(name)
                write = f"one of {', '.join(key.choices)}" if key.choices else "it"
                self._fault(row, f'there is no "{name}"', f"write {write} ({key.meaning})")
        if not note.get("sources") and note.get("kind") not in {SEGMENT, None}:
            self._fault(row, 'there are no "sources"', f"write at least one: {key_of('sources').meaning}")
        if not (note.get("body") or note.get("claim") or note.get("kind") == SEGMENT):
            self._fault(row, "the note says nothing", 'write a "body"')
        self._check_place(note, row)
        return len(self.faults) == count

    def _check_place(self, note: Mapping[str, Any], row: Row) -> None:
        start, end, cue = (note.get(name) for name in ("start", "end", "cue"))
        if cue is not None and (start is not None or end is not None):
            self._fault(row, "both a line and a time are given", "empty the one or the other")
        elif (start is None) != (end is None):
            self._fault(row, "only one of start and end is given", "give both, or a line, or neither")
        elif start is not None and (times := cells(note)) and parse(times["end"]) <= parse(times["start"]):
            what = f"it ends ({times['end']}) no later than it starts ({times['start']})"
            self._fault(row, what, "give an end after its start")
        elif cue is not None and self._lines is not None:
            first, _, last = str(cue).partition("..")
            names = [first, last or first]
            unknown = [name for name in names if name not in self._lines]
            if unknown:
                what = f"no line of the transcript has the identifier {quoted(unknown[0])}"
                self._fault(row, what, "write the identifier of one that is there")
            elif self._lines[names[1]] < self._lines[names[0]]:
                what = f"the line {quoted(names[1])} comes before {quoted(names[0])}"
                self._fault(row, what, f'write "{names[1]}..{names[0]}"')

    def _fault(self, row: Row, what: str, remedy: str) -> None:
        self.faults.append(Fault(self.table, row.line, what, remedy))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
