"""Writes and reads a table of records, as CSV (RFC 4180) that spreadsheets open and save: a row a record.

Spreadsheets run what begins with one of ``= + - @``, and a table of records has words that others wrote. So such a cell
is written with an apostrophe before it, by which a spreadsheet knows it for text, and read without. What a spreadsheet
saves may have semicolons or tabs in place of commas, may begin with a byte order mark or with ``sep=;``, and may be
UTF-16. Its older encodings, in which one byte means different letters in different countries, are refused.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player.archive.recording import Record
from player.errors import ArchiveError, Fault, quoted, reason
from player.files import content

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from player.archive.toml.declared import Key

#: The column that says which record a row is about: the name of its folder.
SLUG: Final = "slug"
#: The column that says what of it visitors may not see. It is for reading; the tables of the record decide.
ACCESS: Final = "access"
#: The keys that a table has: those that hold one value, or a list of texts.
KEYS: Final[Mapping[str, Key]] = {key.name: key for key in Record.keys if key.of is None}
#: The kinds of keys of which the file has a list; a cell has its texts with this sign between them.
LISTS: Final = frozenset({"texts", "sources"})
BETWEEN: Final = "|"

# A table of 100,000 records is smaller; reading a larger one would be the attack.
_LARGEST: Final = 200_000_000  # bytes
_LONGEST_CELL: Final = 1_000_000  # signs
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")
_QUOTED_FORMULA: Final = re.compile(r"'+[=+\-@\t\r]")
_SEPARATOR_LINE: Final = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_DELIMITERS: Final = ",;\t"
_MARKS: Final = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
# How a workbook begins (a ZIP file, and the compound file that Excel wrote before 2007).
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_SAVE_ANEW: Final = "save it as “CSV UTF-8”"


@dataclass(frozen=True)
class Row:
    """A row of a table: its line, the record that it is about, and its cells by the names of their columns."""

    line: int
    slug: str
    cells: Mapping[str, str]


def written(rows: Iterable[tuple[str, Mapping[str, str]]]) -> bytes:
    """Write a table: for each record its slug and its cells, by their keys, and what visitors may not see of it.

    It begins with a byte order mark, by which spreadsheets know UTF-8.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    columns = (*KEYS, ACCESS)
    writer.writerow([SLUG, *columns])
    for slug, cells in rows:
        writer.writerow([_harmless(slug), *(_harmless(cells.get(name, "")) for name in columns)])
    return text.getvalue().encode("utf-8-sig")


def read_table(path: Path) -> list[Row]:
    """Read a table of records.

    :raise ArchiveError: naming every fault: no table, columns that no record has, rows that are too short or too long,
        two rows of one record.
    """
    text, delimiter = _divided(_decoded(path))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        lines = list(_numbered(reader))
    except csv.Error as error:
        raise _refused(path, reader.line_num, f"this cannot be read as a table ({error})", _SAVE_ANEW) from None
    finally:
        csv.field_size_limit(before)
    if not lines:
        raise _refused(path, 1, "the table is empty", f"its first row names its columns: {SLUG}, title and others")
    (_, header), *rows = lines
    columns = [name.strip() for name in header]
    faults = list(_column_faults(path, columns))
    if faults:
        raise ArchiveError(faults)
    found: dict[str, Row] = {}
    for line, cells in rows:
        if len(cells) != len(columns):
            what = f"this row has {len(cells)} cells, and the first row has {len(columns)}"
            faults.append(Fault(path, line, what, "correct the row"))
            continue
        named = {name: _meant(cell) for name, cell in zip(columns, cells, strict=True) if name}
        row = Row(line, named.pop(SLUG), named)
        if row.slug in found:
            what = f"line {found[row.slug].line} is about {quoted(row.slug)} too"
            faults.append(Fault(path, line, what, "remove one of the two"))
        found[row.slug] = row
    if faults:
        raise ArchiveError(faults)
    return list(found.values())


def cell(value: object, key: Key) -> str:
    """Write a value of a record as a cell; empty where there is none."""
    if value is None:
        return ""
    if key.kind in LISTS and isinstance(value, list):
        return BETWEEN.join(str(each).strip().replace("\\", "\\\\").replace(BETWEEN, f"\\{BETWEEN}") for each in value)
    return str(value).strip().replace("\r\n", "\n")


def texts(written_cell: str) -> list[str]:
    """Read a cell that has several texts."""
    parts = re.findall(rf"(?:[^\\{BETWEEN}]|\\.)+", written_cell, re.DOTALL)
    return [text for part in parts if (text := re.sub(r"\\(.)", r"\1", part, flags=re.DOTALL).strip())]


def _harmless(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def _meant(written_cell: str) -> str:
    text = written_cell.replace("\r\n", "\n").strip()
    return text[1:] if _QUOTED_FORMULA.match(text) else text


def _decoded(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise _refused(path, None, f"the table is larger than {_LARGEST // 1_000_000} MB", "split it")
        table = content(path)
    except OSError as error:
        raise _refused(path, None, f"the table cannot be read ({reason(error)})", "name a CSV file") from None
    if table.startswith(_WORKBOOKS):
        raise _refused(path, None, "this is a workbook, not a table of text", _SAVE_ANEW)
    encoding = next((name for mark, name in _MARKS.items() if table.startswith(mark)), "utf-8")
    try:
        text = table.decode(encoding)
    except UnicodeDecodeError as error:
        line = table[: error.start].count(b"\n") + 1 if encoding != "utf-16" else None
        raise _refused(path, line, f"byte 0x{table[error.start]:02x} is not UTF-8", _SAVE_ANEW) from None
    if "\0" in text:
        raise _refused(path, None, "this has NUL characters in it, as no table of text has", _SAVE_ANEW)
    return text


def _divided(text: str) -> tuple[str, str]:
    """Give the text of the table, and the sign between its cells: that which finds the slugs in the first row."""
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


def _column_faults(path: Path, columns: Sequence[str]) -> Iterator[Fault]:
    if SLUG not in columns:
        yield Fault(path, 1, f'there is no column "{SLUG}"', "let it say which record each row is about")
    for number, name in enumerate(columns):
        if name and name not in {SLUG, ACCESS, *KEYS}:
            known = ", ".join([SLUG, *KEYS])
            yield Fault(
                path, 1, f"no record has the key {quoted(name)}", f"remove the column, or call it one of {known}"
            )
        elif name and name in columns[:number]:
            yield Fault(path, 1, f"two columns are called {quoted(name)}", "remove one of the two")


def _refused(path: Path, line: int | None, what: str, remedy: str) -> ArchiveError:
    return ArchiveError([Fault(path, line, what, remedy)])
