"""Reads the table of the passages that clips are to be cut of, as CSV (RFC 4180): ``start,end,name``, a row a clip."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player.errors import ArchiveError, Fault, TimecodeError, quoted
from player.files import read_text
from player.timecode import Span, parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_COLUMNS: Final = ("start", "end", "name")
_LARGEST: Final = 16_000_000  # bytes


@dataclass(frozen=True)
class Row:
    """One passage of the table, in line ``line``; its name is empty where it has none."""

    line: int
    span: Span
    name: str


def read_passages(path: Path) -> tuple[list[Row], list[Fault]]:
    """Read the rows of a table, and what is wrong with the others; a first row of column names may be left out.

    :raise ArchiveError: where the file cannot be read, is over 16 MB, or is not UTF-8; where its columns are others.
    """
    rows: list[Row] = []
    faults: list[Fault] = []
    columns: Sequence[str] | None = None
    for line, cells in _cells(path, faults):
        if columns is None:
            columns = _columns(path, line, cells)
            if columns is not _COLUMNS:
                continue
        try:
            rows.append(_row(path, line, columns, cells))
        except ArchiveError as error:
            faults.extend(error.faults)
    return rows, faults


def _cells(path: Path, faults: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    """Give each row that is not empty, with the line at which it begins."""
    lines = read_text(path, _LARGEST).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    reader = csv.reader((f"{line}\n" for line in lines), skipinitialspace=True)
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
    if sorted({*named, "name"}) != sorted(_COLUMNS) or len(set(named)) != len(named):
        what = f"the columns are {quoted(','.join(named))}"
        raise ArchiveError([Fault(path, line, what, "name them start,end,name, or leave the row out")])
    return named


def _row(path: Path, line: int, columns: Sequence[str], cells: list[str]) -> Row:
    if not len(columns) - 1 <= len(cells) <= len(columns):
        what = f"the row has {len(cells)} column{'' if len(cells) == 1 else 's'}"
        raise ArchiveError([Fault(path, line, what, "write start,end,name, with a comma between")])
    row = dict(zip(columns, cells, strict=False))
    try:
        span = Span(parse(row.get("start", "")), parse(row.get("end", "")))
    except TimecodeError as error:
        what, _, remedy = str(error).partition("; ")
        raise ArchiveError([Fault(path, line, what, remedy)]) from None
    return Row(line, span, row.get("name", ""))
