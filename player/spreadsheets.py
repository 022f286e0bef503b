"""Writes tables as CSV (RFC 4180) that spreadsheets open and save, and that make them do nothing.

Spreadsheets run what begins with one of ``= + - @``, and a table of an archive has words that others wrote. So such a
cell is written with an apostrophe before it, by which a spreadsheet knows it for text.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: What stands between the texts of a cell that has several.
BETWEEN: Final = "|"

_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")
_QUOTED_FORMULA: Final = re.compile(r"'+[=+\-@\t\r]")


def written(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """Write a table of these columns; a cell that a row does not have is empty.

    It begins with a byte order mark, by which spreadsheets know UTF-8.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_harmless(row.get(name, "")) for name in columns])
    return text.getvalue().encode("utf-8-sig")


def as_text(cell: str) -> str:
    """Give a cell without the apostrophe that was put before it."""
    return cell[1:] if _QUOTED_FORMULA.match(cell) else cell


def joined(texts_of_cell: Iterable[object]) -> str:
    """Write several texts as one cell."""
    return BETWEEN.join(
        str(each).strip().replace("\\", "\\\\").replace(BETWEEN, f"\\{BETWEEN}") for each in texts_of_cell
    )


def texts(written_cell: str) -> list[str]:
    """Read a cell that has several texts."""
    parts = re.findall(rf"(?:[^\\{BETWEEN}]|\\.)+", written_cell, re.DOTALL)
    return [text for part in parts if (text := re.sub(r"\\(.)", r"\1", part, flags=re.DOTALL).strip())]


def _harmless(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell
