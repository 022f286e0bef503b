"""Writes the notes of a recording as a table for spreadsheets, and reads such a table: a row a note.

A note is at a line, or has a start and an end, or is about the whole recording. What else it may have, such as claims
or people, stays in annotations.toml; a column names it, and is only for reading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from player import spreadsheets, timecode
from player.archive.annotations import Annotation
from player.archive.toml.values import WrongValueError, read_value
from player.intake import table, workbook
from player.intake.cells import cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from player.archive.toml.declared import Key

#: The columns, and the key of annotations.toml that each stands for.
COLUMNS: Final[Mapping[str, str]] = {
    "id": "id",
    "kind": "kind",
    "title": "title",
    "start": "start",
    "end": "end",
    "line": "cue",
    "certainty": "certainty",
    "sources": "sources",
    "body": "body",
}
#: The column that says what else a note has, by the names of its keys. It is for reading.
MORE: Final = "more"
#: The column that says what visitors may not see. It is for reading; recording.toml decides.
ACCESS: Final = "access"
#: The columns that are only for reading.
READ_ONLY: Final = (MORE, ACCESS)
#: The columns of which a cell is a time in the recording.
TIMES: Final = ("start", "end")

_KEYS: Final[Mapping[str, Key]] = {key.name: key for key in Annotation.keys}
_TABLE: Final = table.Columns({}, (*COLUMNS, *READ_ONLY), "note", TIMES)


def key_of(column: str) -> Key:
    """Give the key of an annotation for which a column stands."""
    return _KEYS[COLUMNS[column]]


def are_fine(notes: Iterable[Mapping[str, Any]]) -> bool:
    """Tell whether one of the times in notes is finer than a second, so that a table has all in the finer form."""
    moments = (_moment(note[name], name) for note in notes for name in TIMES if name in note)
    return any(moment is not None and moment % timecode.SECOND for moment in moments)


def cells(note: Mapping[str, Any], *, is_fine: bool = False) -> dict[str, str]:
    """Give a note, as it is written in the file, as the cells of a table; times in the finer form where it ``is_fine``.

    So one table has one form of them.
    """
    found = {column: cell(note.get(name), key_of(column)) for column, name in COLUMNS.items()}
    for name in TIMES:
        if name in note and (moment := _moment(note[name], name)) is not None:
            found[name] = _written(moment, is_fine=is_fine or bool(moment % timecode.SECOND))
    return {**found, MORE: ", ".join(others(note))}


def others(note: Mapping[str, Any]) -> list[str]:
    """List what a note has that no column can hold, by the names of its keys."""
    return [name for name in note if name not in COLUMNS.values()]


def written(rows: Iterable[Mapping[str, str]], path: Path) -> bytes:
    """Write the cells of notes as the table that is to be at ``path``: a workbook if its name says so, else CSV.

    :raise WriteError: where a text is longer than a cell of a workbook can be.
    """
    write = workbook.written if path.suffix.lower() == workbook.SUFFIX else spreadsheets.written
    return write((*COLUMNS, *READ_ONLY), rows)


def read_table(path: Path) -> list[table.Row]:
    """Read a table of notes, as CSV or as a workbook.

    :raise ArchiveError: naming every fault: no table, columns that no note has, rows of another length.
    """
    return workbook.read_any(path, _TABLE)


def _moment(value: object, name: str) -> int | None:
    try:
        moment: int = read_value(value, _KEYS[name])
    except WrongValueError:
        return None
    return moment


def _written(moment: int, *, is_fine: bool) -> str:
    """Write a time so that a spreadsheet takes it for nothing else, and saves it as it is.

    Excel takes 25:10 for hours, and saves 1:02:03.5 as 02:03.5.
    """
    hours, rest = divmod(moment, timecode.HOUR)
    minutes, seconds = divmod(rest, timecode.MINUTE)
    whole, fraction = divmod(seconds, timecode.SECOND)
    if not is_fine:
        return f"{hours}:{minutes:02d}:{whole:02d}"
    part = f".{f'{fraction:03d}'.rstrip('0')}" if fraction else ""
    return f"{hours}h{minutes:02d}m{whole:02d}{part}s"
