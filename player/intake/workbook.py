"""Reads and writes a table as a workbook of Excel (.xlsx, ISO/IEC 29500), by openpyxl.

Excel makes numbers of what looks like a time: 3:12 becomes three hours and twelve minutes of a day, and 0:03:12 becomes
what it says. So a cell that shows seconds is read as it shows, and one that does not is refused in words. openpyxl
trusts a workbook in all things: how large a file is once it is unpacked is asked before, and one that defines entities
is none.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
import zipfile
from typing import TYPE_CHECKING, Any, Final

from player.errors import ArchiveError, Fault, PlayerError, WriteError
from player.intake import table
from player.timecode import HOUR, MINUTE, SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

#: How the names of such files end.
SUFFIX: Final = ".xlsx"

# Unpacked; a table of 20,000 notes has 10 MB.
_LARGEST: Final = 64_000_000  # bytes
_MOST_FILES: Final = 1_000
_MOST_ROWS: Final = 50_000
_MOST_COLUMNS: Final = 50
_MOST_CELLS: Final = 1_000_000
# What a cell holds; openpyxl cuts off the rest without a word.
_LONGEST_CELL: Final = 32_767  # signs
_TEXT_FORMAT: Final = "@"
_PIECE: Final = 1_000_000  # bytes
_DEFINES: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# Rows and cells of a sheet, and texts of a workbook, each by its opening tag: openpyxl makes objects of empty ones too.
_ROW: Final = re.compile(rb"<(?:\w+:)?row\b")
_CELL: Final = re.compile(rb"<(?:\w+:)?(?:c|si)\b")
_MERGES: Final = re.compile(rb"<(?:\w+:)?mergeCell\b")
# In the texts of a workbook openpyxl 3.1 takes these signs away wherever they are, also where they escape nothing.
_LOST: Final = re.compile(rb"(?<!_)x005F_")
# How Excel writes a carriage return (ISO/IEC 29500-1, 22.9.2.19).
_RETURN: Final = re.compile(r"_x000D_\n?")
_LONGEST_MARK: Final = 40  # bytes
_QUOTED: Final = re.compile(r'"[^"]*"|\\.')
_SAVE_ANEW: Final = 'save it as "CSV UTF-8", or make it anew'


class NoWorkbooksError(PlayerError):
    """What reads workbooks is not installed."""


def read_any(path: Path, columns: table.Columns) -> list[table.Row]:
    """Read a table, as a workbook if it is one, else as CSV.

    :raise ArchiveError: as ``read`` and ``table.read`` do.
    :raise NoWorkbooksError: where it is a workbook, and openpyxl is not installed.
    """
    return (read if table.table_bytes(path).startswith(table.ZIPPED) else table.read)(path, columns)


def read(path: Path, columns: table.Columns) -> list[table.Row]:
    """Read the first sheet of a workbook as a table; a row has the number that the sheet gives it.

    :raise ArchiveError: naming every fault: no workbook, one too large, cells that hold formulas, dates or errors, and
        what ``table.read`` refuses.
    :raise NoWorkbooksError: where openpyxl is not installed.
    """
    data = table.table_bytes(path)
    _refuse_bombs(path, data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of what it leaves out: styles, validation, drawings
        try:
            book = _openpyxl().load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what a sheet says of its own size may be anything
            lines = _lines(path, sheet, columns)
        except PlayerError:
            raise
        except Exception:  # noqa: BLE001  # openpyxl raises whatever its code comes upon in a workbook that is broken
            raise table.refused(path, None, "this cannot be read as a workbook", _SAVE_ANEW) from None
    return table.rows_of(path, columns, lines)


def written(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """Write a table as a workbook in which every cell is text, so that nothing is taken for a time or a formula.

    :raise WriteError: where a cell is longer than a workbook can hold.
    :raise NoWorkbooksError: where openpyxl is not installed.
    """
    openpyxl = _openpyxl()
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415  # an extra, and slow to import

    lines = [list(columns), *([row.get(name, "") for name in columns] for row in rows)]
    if (longest := max(len(text) for line in lines for text in line)) > _LONGEST_CELL:
        raise WriteError(f"a text of {longest:,} signs is more than a workbook's cell can hold; write a CSV file")
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("table")
    for line in lines:
        cells = [WriteOnlyCell(sheet, text) for text in line]
        for cell in cells:
            cell.data_type = "s"
            cell.number_format = _TEXT_FORMAT
        sheet.append(cells)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _openpyxl() -> Any:
    try:
        import openpyxl  # noqa: PLC0415  # an extra, and slow to import
    except ImportError:
        what = "workbooks are read and written by openpyxl, which is not installed"
        raise NoWorkbooksError(f"{what}; pip install 'tape-player[import]', or use a CSV file") from None
    return openpyxl


def _refuse_bombs(path: Path, data: bytes) -> None:
    """Refuse what unpacks to more than a table has, and what only an attack has in it.

    :raise ArchiveError: where it is such, or no ZIP file at all.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as files:
            held = files.infolist()
            _refuse_size(path, held)
            for each in held:
                if each.filename.endswith((".xml", ".rels")):
                    _refuse_marks(path, files, each)
    except PlayerError:
        raise
    except Exception:  # noqa: BLE001  # zipfile lets through what decompressors and its own parsing come upon
        raise table.refused(path, None, "this cannot be read as a workbook", _SAVE_ANEW) from None


def _refuse_size(path: Path, held: Sequence[zipfile.ZipInfo]) -> None:
    # zipfile unpacks no more of a file than its entry says that there is.
    if len(held) > _MOST_FILES or sum(each.file_size for each in held) > _LARGEST:
        raise table.refused(path, None, "this workbook is too large once it is unpacked", _SAVE_ANEW)


def _refuse_marks(path: Path, files: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    is_sheet = entry.filename.startswith("xl/worksheets/")
    has_texts = entry.filename == "xl/sharedStrings.xml"
    rows = cells = 0
    with files.open(entry) as file:
        before = b""
        while piece := file.read(_PIECE):
            seen = before + piece
            rows += is_sheet and _count(_ROW, before, seen)
            cells += (is_sheet or has_texts) and _count(_CELL, before, seen)
            if rows > _MOST_ROWS or cells > _MOST_CELLS:
                what = f"this workbook has more than {_MOST_ROWS:,} rows, or {_MOST_CELLS:,} cells"
                raise table.refused(path, None, what, "split it, or remove those that are empty")
            # In UTF-16 none of these could be found; no program writes a workbook so.
            if _DEFINES.search(seen) or seen.startswith((b"\xff\xfe", b"\xfe\xff", b"\0", b"<\0")):
                raise table.refused(path, None, "this workbook has definitions in it as no table has", _SAVE_ANEW)
            if is_sheet and _MERGES.search(seen):
                what = "cells of this workbook are merged, so that nobody knows to which row they belong"
                raise table.refused(path, None, what, "separate them, and save it again")
            if has_texts and _LOST.search(seen):
                what = "a text of this workbook has x005F_ in it, which cannot be read from a workbook"
                raise table.refused(path, None, what, 'save it as "CSV UTF-8"')
            before = seen[-_LONGEST_MARK:]


def _count(pattern: re.Pattern[bytes], before: bytes, seen: bytes) -> int:
    """Count what is new in what was ``seen``, which begins with what was seen ``before``."""
    return sum(1 for _ in pattern.finditer(seen)) - sum(1 for _ in pattern.finditer(before))


def _lines(path: Path, sheet: Any, columns: table.Columns) -> list[tuple[int, list[str]]]:
    """Give the rows that are not empty as texts, each as long as the first, or longer where it has more."""
    faults: list[Fault] = []
    found: list[tuple[int, list[str]]] = []
    names: list[str] = []
    for number, row in enumerate(sheet.iter_rows(max_col=_MOST_COLUMNS), 1):
        if number > _MOST_ROWS:
            raise table.refused(path, None, f"this workbook has more than {_MOST_ROWS:,} rows", "split it")
        cells = list(row)
        while cells and cells[-1].value is None:
            cells.pop()
        if not any(cell.value is not None for cell in cells):
            continue
        texts = []
        for place, cell in enumerate(cells):
            name = names[place] if place < len(names) else ""
            try:
                texts.append(_text(cell, is_time=name in columns.times, is_date=name in columns.dates))
            except _WrongCellError as wrong:
                what, remedy = wrong.args
                faults.append(Fault(path, number, f"cell {cell.coordinate} {what}", remedy))
                texts.append("")
        names = names or [text.strip() for text in texts]
        found.append((number, texts + [""] * (len(names) - len(texts))))
    if faults:
        raise ArchiveError(faults)
    return found


class _WrongCellError(Exception):
    """A cell does not hold what a table has: what it is, and what to do."""


def _text(cell: Any, *, is_time: bool, is_date: bool) -> str:
    value, kind = cell.value, cell.data_type
    if kind == "f" or (kind != "s" and isinstance(value, str) and value.startswith("=")):
        raise _WrongCellError("holds a formula", "paste its value in place of it")
    if kind == "e":
        raise _WrongCellError(f"holds an error, {value}", "correct it")
    if value is None:
        return ""
    if isinstance(value, str):
        return _RETURN.sub("\n", value.replace("\r\n", "\n")).strip()
    if isinstance(value, dt.time | dt.timedelta):
        return _time(cell, value, is_time=is_time)
    if isinstance(value, dt.datetime) and is_date and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, dt.datetime | dt.date):
        remedy = "write it as text: format the column as text first"
        raise _WrongCellError("holds a date, which the spreadsheet made of what was written", remedy)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _time(cell: Any, value: dt.time | dt.timedelta, *, is_time: bool) -> str:
    """Give a time that Excel made of what was written, as hours, minutes and seconds."""
    if isinstance(value, dt.time):
        value = dt.timedelta(
            hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond
        )
    moment = round(value / dt.timedelta(milliseconds=1))
    hours, minutes = divmod(moment // MINUTE, 60)
    remedy = "write 0:03:12 for three minutes and twelve seconds, or format the column as text"
    if not is_time:
        raise _WrongCellError("holds a time of day", "write it as text: format the column as text first")
    if "s" not in _QUOTED.sub("", cell.number_format).lower():
        raise _WrongCellError(f"holds a time of day, {hours} hours and {minutes} minutes", remedy)
    if moment < 0 or moment >= 24 * HOUR:
        raise _WrongCellError(f"holds a time of {hours} hours and {minutes} minutes", remedy)
    seconds, rest = divmod(moment % MINUTE, SECOND)
    return f"{hours}:{minutes:02d}:{seconds:02d}" + (f".{rest:03d}" if rest else "")
