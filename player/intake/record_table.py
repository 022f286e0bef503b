"""Writes and reads a table of records, as spreadsheets open and save it: a row a record, a column a key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player import spreadsheets
from player.archive.recording import Record
from player.errors import ArchiveError, Fault, quoted
from player.intake import table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from player.archive.toml.declared import Key

#: The column that says which record a row is about: the name of its folder.
SLUG: Final = "slug"
#: The column that says what of it visitors may not see. It is for reading; the tables of the record decide.
ACCESS: Final = "access"
#: The keys that a table has: those that hold one value, or a list of texts.
KEYS: Final[Mapping[str, Key]] = {key.name: key for key in Record.keys if key.of is None}

_COLUMNS: Final = table.Columns({SLUG: "which record each row is about"}, (SLUG, *KEYS, ACCESS), "record")


@dataclass(frozen=True)
class Row:
    """A row of a table: its line, the record that it is about, and its cells by the names of their columns."""

    line: int
    slug: str
    cells: Mapping[str, str]


def written(rows: Iterable[tuple[str, Mapping[str, str]]]) -> bytes:
    """Write a table: for each record its slug and its cells, by their keys, and what visitors may not see of it."""
    return spreadsheets.written((SLUG, *KEYS, ACCESS), ({**cells, SLUG: slug} for slug, cells in rows))


def read_table(path: Path) -> list[Row]:
    """Read a table of records.

    :raise ArchiveError: naming every fault: no table, columns that no record has, rows that are too short or too long,
        two rows of one record.
    """
    faults = []
    found: dict[str, Row] = {}
    for each in table.read(path, _COLUMNS):
        slug = each.cells[SLUG]
        if slug in found:
            what = f"line {found[slug].line} is about {quoted(slug)} too"
            faults.append(Fault(path, each.line, what, "remove one of the two"))
        found[slug] = Row(each.line, slug, {name: text for name, text in each.cells.items() if name != SLUG})
    if faults:
        raise ArchiveError(faults)
    return list(found.values())
