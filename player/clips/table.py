"""Reads the table of the passages that clips are to be cut of, as CSV (RFC 4180): ``start,end,name``, a row a clip.

A column ``recording`` names the recording of each row, and a column ``format`` how its clip is written. Where decimals
have a comma, spreadsheets divide cells by semicolons: such tables are read too.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player.audio.formats import FORMATS
from player.clips.defaults import COPY
from player.errors import ArchiveError, Fault, TimecodeError, quoted
from player.files import read_text
from player.timecode import Span, parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_COLUMNS: Final = ("start", "end", "name")
_NAME: Final = "name"
_RECORDING: Final = "recording"
_FORMAT: Final = "format"
_REMEDY: Final = "name them start,end,name, and recording or format where rows differ in these, or leave the row out"
_NAMED: Final = (*(each.name for each in FORMATS.values()), COPY)
_LARGEST: Final = 16_000_000  # bytes


@dataclass(frozen=True)
class Row:
    """One passage of the table, in line ``line``; its ``name``, ``recording`` and ``format`` may be empty.

    ``format`` is one that clips have, or ``copy``.
    """

    line: int
    span: Span
    name: str
    recording: str = ""
    format: str = ""


@dataclass(frozen=True)
class _Form:
    """What stands between the cells of a table, and what its columns are called."""

    divider: str
    columns: Sequence[str]

    def time(self, cell: str) -> int:
        # Between semicolons a comma stands in a decimal.
        return parse(cell.replace(",", ".") if self.divider == ";" else cell)


def read_passages(path: Path) -> tuple[list[Row], list[Fault]]:
    """Read the rows of a table, and what is wrong with the others; a first row of column names may be left out.

    :raise ArchiveError: where the file cannot be read, is over 16 MB, or is not UTF-8; where its columns are others.
    """
    rows: list[Row] = []
    faults: list[Fault] = []
    lines = read_text(path, _LARGEST).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    divider = _divider(lines)
    form: _Form | None = None
    for line, cells in _cells(path, lines, divider, faults):
        if form is None:
            form = _Form(divider, _columns(path, line, cells))
            if form.columns is not _COLUMNS:
                continue
        try:
            rows.append(_row(path, line, form, cells))
        except ArchiveError as error:
            faults.extend(error.faults)
    return rows, faults


def _divider(lines: Sequence[str]) -> str:
    """Tell what stands between cells: a semicolon where with it the first row names columns, or begins with two times.

    One in a name comes after two times with a comma between.
    """
    first = next((line for line in lines if line.strip()), "")
    cells = [cell.strip().strip('"') for cell in first.split(";")]
    if len(cells) > 1 and {cell.casefold() for cell in cells} & {"start", "end"}:
        return ";"
    try:
        start, end = map(_Form(";", _COLUMNS).time, cells[:2])
    except (TimecodeError, ValueError):
        return ","
    return ";" if start < end else ","


def _cells(path: Path, lines: Sequence[str], divider: str, faults: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    """Give each row that is not empty, with the line at which it begins."""
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=divider, skipinitialspace=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            faults.append(Fault(path, line, f"this is not a row of a CSV table ({error})", "write start,end,name"))
            continue
        if any(cell.strip() for cell in cells):
            yield line, [cell.strip() for cell in cells]


def _columns(path: Path, line: int, cells: list[str]) -> Sequence[str]:
    """Give the columns that the first row names; the usual ones where it names none."""
    named = [cell.casefold() for cell in cells]
    if not {"start", "end"} & set(named):
        return _COLUMNS
    if {*named, _NAME, _RECORDING, _FORMAT} != {*_COLUMNS, _RECORDING, _FORMAT} or len(set(named)) != len(named):
        raise ArchiveError([Fault(path, line, f"the columns are {quoted(','.join(named))}", _REMEDY)])
    return named


def _row(path: Path, line: int, form: _Form, cells: list[str]) -> Row:
    columns = form.columns
    if not len(columns) - 1 <= len(cells) <= len(columns):
        what = f"the row has {len(cells)} column{'' if len(cells) == 1 else 's'}"
        between = "a comma" if form.divider == "," else "a semicolon"
        raise ArchiveError([Fault(path, line, what, f"write {form.divider.join(columns)}, with {between} between")])
    row = dict(zip(columns, cells, strict=False))
    try:
        span = Span(form.time(row.get("start", "")), form.time(row.get("end", "")))
    except TimecodeError as error:
        what, _, remedy = str(error).partition("; ")
        raise ArchiveError([Fault(path, line, what, remedy)]) from None
    name = row.get(_FORMAT, "").casefold().removeprefix(".")
    if name and name not in _NAMED:
        what = f"{quoted(row[_FORMAT])} is not a format of clips"
        raise ArchiveError([Fault(path, line, what, f"write {', '.join(_NAMED[:-1])} or {COPY}, or leave it empty")])
    return Row(line, span, row.get(_NAME, ""), row.get(_RECORDING, ""), name)
