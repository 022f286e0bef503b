"""A TOML file into tables of checked values, by the keys that ``keys.py`` lists; all that is wrong is told at once."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from player.archive.text_file import read_text
from player.archive.toml.lines import TomlPath, line_of, locate
from player.archive.toml.values import WrongValueError, read_value, shown
from player.errors import ArchiveError, Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from player.archive.toml.key import Key

# A TOML file is written by hand; one larger than this is not, and parsing it would be the attack.
_LARGEST = 8_000_000

_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Table:
    """One table of a file: its values by key (an absent key reads as None), and where it stands."""

    values: Mapping[str, Any]
    path: Path
    line: int | None
    lines: Mapping[str, int | None]

    def get(self, key: str, default: Any = None) -> Any:
        """Give the value of ``key``, or ``default`` where the file leaves it out."""
        return self.values.get(key, default)

    def build(self, value: type[_Value], **others: Any) -> _Value:
        """Make a frozen value whose fields are named as the keys (``sources`` fills ``citations``)."""
        named = {("citations" if key == "sources" else key): found for key, found in self.values.items()}
        return value(**{**named, **others})

    def fault(self, key: str | None, what: str, remedy: str) -> Fault:
        """Make a fault at the line of ``key``, or of the table."""
        return Fault(self.path, self.lines.get(key, self.line) if key else self.line, what, remedy)


def read_table(path: Path, keys: tuple[Key, ...]) -> Table:
    """Read a whole TOML file whose top level has the given keys.

    :raise ArchiveError: naming every fault: no such file, not UTF-8, not TOML, unknown and missing keys, wrong values.
    """
    text = read_text(path, _LARGEST).replace("\r\n", "\n")
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a ValueError that is no TOMLDecodeError: int() has its limit
        raise ArchiveError([_syntax_fault(path, error)]) from None
    reader = _Reader(path, locate(text))
    table = reader.table(values, keys, ())
    if reader.faults:
        raise ArchiveError(reader.faults)
    return table


def repeated(entries: Iterable[Table], key: str, noun: str) -> list[Fault]:
    """List the entries whose ``key`` an earlier one has too."""
    seen: set[str] = set()
    faults = []
    for entry in entries:
        name = entry.get(key)
        if name in seen:
            faults.append(entry.fault(key, f'another {noun} is called "{name}" already', "give each its own"))
        seen.add(name)
    return faults


def _syntax_fault(path: Path, error: Exception) -> Fault:
    message = "a number in it has thousands of digits"
    if isinstance(error, tomllib.TOMLDecodeError):
        message = str(error)
    elif isinstance(error, RecursionError):
        message = "it is nested too deeply"
    place = re.search(r" \(at line (\d+), column \d+\)", message)
    line = int(place[1]) if place else None
    what = re.sub(r" \(at .*\)", "", message)
    return Fault(
        path, line, f"this is not TOML: {what[:1].lower()}{what[1:]}", "see https://toml.io for how it is written"
    )


class _Reader:
    """Walks one file, collecting faults."""

    def __init__(self, path: Path, lines: dict[TomlPath, int]) -> None:
        self.path = path
        self.lines = lines
        self.faults: list[Fault] = []

    def table(self, values: Mapping[str, Any], keys: tuple[Key, ...], at: TomlPath) -> Table:
        known = {key.name: key for key in keys}
        for name in values:
            if name not in known:
                self._fault((*at, name), f"unknown key {shown(name)}", f"write one of {', '.join(known)}")
        for key in keys:
            if key.required and key.name not in values:
                self._fault(at, f'the key "{key.name}" is missing', f"write {key.name} = … ({key.meaning})")
        read = {name: self._value(values[name], known[name], (*at, name)) for name in values if name in known}
        return Table(
            {name: value for name, value in read.items() if value is not None},
            self.path,
            line_of(self.lines, at),
            {name: line_of(self.lines, (*at, name)) for name in values},
        )

    def _value(self, value: Any, key: Key, at: TomlPath) -> Any:
        if key.type == "tables":
            if isinstance(value, list) and all(isinstance(entry, dict) for entry in value):
                return tuple(self.table(entry, key.tables, (*at, index)) for index, entry in enumerate(value))
            return self._fault(at, f'"{key.name}" is not a list of tables', f"head each one [[{key.name}]]")
        if key.type == "table":
            if isinstance(value, dict):
                return self.table(value, key.tables, at)
            return self._fault(at, f'"{key.name}" is not a table', f"head it [{key.name}]")
        try:
            return read_value(value, key)
        except WrongValueError as wrong:
            what, remedy = wrong.args
            return self._fault(at, f'"{key.name}" {what}', remedy)

    def _fault(self, at: TomlPath, what: str, remedy: str) -> None:
        self.faults.append(Fault(self.path, line_of(self.lines, at) or 1, what, remedy))
