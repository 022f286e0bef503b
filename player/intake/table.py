"""Reads tables as CSV (RFC 4180) that spreadsheets save: a row a thing, a column a key of it.

What ``player.spreadsheets`` writes is read as it was meant. What a spreadsheet saves may have semicolons or tabs in
place of commas, may begin with a byte order mark or with ``sep=;``, and may be UTF-16. Its older encodings, in which
one byte means different letters in different countries, are refused.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player.errors import ArchiveError, Fault, quoted, reason
from player.files import content
from player.spreadsheets import as_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

# A table of 100,000 records is smaller; reading a larger one would be the attack.
_LARGEST: Final = 200_000_000  # bytes
_LONGEST_CELL: Final = 1_000_000  # signs
_SEPARATOR_LINE: Final = re.compile(r"sep=([^\w\s\"]|\t)\r?\n", re.IGNORECASE)
_DELIMITERS: Final = ",;\t"
_MARKS: Final = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
#: How a workbook begins: a ZIP file, and the compound file that Excel wrote before 2007.
ZIPPED: Final = b"PK\x03\x04"
_WORKBOOKS: Final = (ZIPPED, b"\xd0\xcf\x11\xe0")
_SAVE_ANEW: Final = 'save it as "CSV UTF-8"'


@dataclass(frozen=True)
class Columns:
    """The columns that a table may have: those that it ``needs``, with what each says, and all that are ``known``.

    ``thing`` is what a row is about. What stands in the columns of ``times`` is a time in the recording, and a date in
    those of ``dates``.
    """

    needs: Mapping[str, str]
    known: Collection[str]
    thing: str
    times: Collection[str] = ()
    dates: Collection[str] = ()


@dataclass(frozen=True)
class Row:
    """A row of a table: the line on which it begins, and its cells by the names of their columns."""

    line: int
    cells: Mapping[str, str]


def read(path: Path, columns: Columns) -> list[Row]:
    """Read a table.

    :raise ArchiveError: naming every fault: no table, columns that are not known, rows of another length.
    """
    return rows_of(path, columns, divided(path, _decoded(path))[0])


def divided(path: Path, text: str) -> tuple[list[tuple[int, list[str]]], str]:
    """Give the cells of each row of a table that is not empty, with its line; and the sign that stands between cells.

    :raise ArchiveError: where it is no table.
    """
    text, delimiter = _delimited(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        return [(line, list(map(_meant, cells))) for line, cells in _numbered(reader)], delimiter
    except csv.Error as error:
        raise refused(path, reader.line_num, f"this cannot be read as a table ({error})", _SAVE_ANEW) from None
    finally:
        csv.field_size_limit(before)


def heads(text: str) -> list[str]:
    """Give the names of columns with which a text begins, if it is a table; never raises."""
    text, delimiter = _delimited(text)
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return []


def rows_of(path: Path, columns: Columns, lines: Sequence[tuple[int, Sequence[str]]]) -> list[Row]:
    """Give the rows of a table by its lines, each with its number, the first of which names the columns.

    :raise ArchiveError: naming every fault: no columns, columns that are not known, rows of another length.
    """
    if not lines:
        some = ", ".join(list(columns.known)[:2])
        raise refused(path, 1, "the table is empty", f"its first row names its columns: {some} and others")
    (_, header), *rows = lines
    names = [name.strip() for name in header]
    faults = list(_column_faults(path, columns, names))
    if faults:
        raise ArchiveError(faults)
    found = []
    for line, cells in rows:
        if len(cells) != len(names):
            what = f"this row has {len(cells)} cells, and the first row has {len(names)}"
            faults.append(Fault(path, line, what, "correct the row"))
            continue
        found.append(Row(line, {name: cell for name, cell in zip(names, cells, strict=True) if name}))
    if faults:
        raise ArchiveError(faults)
    return found


def refused(path: Path, line: int | None, what: str, remedy: str) -> ArchiveError:
    """Give the refusal of a table for one reason."""
    return ArchiveError([Fault(path, line, what, remedy)])


def table_bytes(path: Path) -> bytes:
    """Read the bytes of a table.

    :raise ArchiveError: where it cannot be read, or is too large.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise refused(path, None, f"the table is larger than {_LARGEST // 1_000_000} MB", "split it")
        return content(path)
    except OSError as error:
        raise refused(path, None, f"the table cannot be read ({reason(error)})", "name a CSV file") from None


def _meant(cell: str) -> str:
    return as_text(cell.replace("\r\n", "\n").strip())


def _decoded(path: Path) -> str:
    table = table_bytes(path)
    if table.startswith(_WORKBOOKS):
        raise refused(path, None, "this is a workbook, not a table of text", _SAVE_ANEW)
    encoding = next((name for mark, name in _MARKS.items() if table.startswith(mark)), "utf-8")
    try:
        text = table.decode(encoding)
    except UnicodeDecodeError as error:
        line = table[: error.start].count(b"\n") + 1 if encoding != "utf-16" else None
        raise refused(path, line, f"byte 0x{table[error.start]:02x} is not UTF-8", _SAVE_ANEW) from None
    if "\0" in text:
        raise refused(path, None, "this has NUL characters in it, as no table of text has", _SAVE_ANEW)
    return text


def _delimited(text: str) -> tuple[str, str]:
    """Give the text of the table, and the sign between its cells: that which stands most often in the first row."""
    if line := _SEPARATOR_LINE.match(text):
        # An empty line in its place keeps the numbers of the others.
        return f"\n{text[line.end() :]}", line[1]
    first = text.lstrip().partition("\n")[0]
    return text, max(_DELIMITERS, key=first.count) if any(sign in first for sign in _DELIMITERS) else ","


def _numbered(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Give each row that is not empty, with the line on which it begins."""
    line = 1
    for cells in reader:
        if any(text.strip() for text in cells):
            yield line, cells
        line = reader.line_num + 1  # type: ignore[attr-defined]  # csv's readers have it


def _column_faults(path: Path, columns: Columns, names: Sequence[str]) -> Iterator[Fault]:
    for needed, meaning in columns.needs.items():
        if needed not in names:
            yield Fault(path, 1, f'there is no column "{needed}"', f"let it say {meaning}")
    for number, name in enumerate(names):
        if name and name not in columns.known:
            what = f"no {columns.thing} has the key {quoted(name)}"
            yield Fault(path, 1, what, f"remove the column, or call it one of {', '.join(columns.known)}")
        elif name and name in names[:number]:
            yield Fault(path, 1, f"two columns are called {quoted(name)}", "remove one of the two")
