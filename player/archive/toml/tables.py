"""Reads a TOML file into the frozen value that declares its keys, and reports all that is wrong with it at once."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, TypeVar

from player.archive.text_file import read_text
from player.archive.toml.declared import Key, Position, Table
from player.archive.toml.lines import TomlPath, line_of, locate
from player.archive.toml.values import WrongValueError, read_value, shown
from player.errors import ArchiveError, Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

# A TOML file is written by hand; one larger than this is not, and parsing it would be the attack.
_LARGEST = 8_000_000

_Table = TypeVar("_Table", bound=Table)


def read_file(
    path: Path, kind: type[_Table], faults: Callable[[_Table], Iterable[Fault]] = lambda _: (), **others: Any
) -> _Table:
    """Read a whole TOML file whose top level has the keys of ``kind``.

    ``faults`` gives what is wrong with it as a whole, where every value is right by itself. ``others`` are the fields
    that are no keys.

    :raise ArchiveError: naming every fault: no such file, not UTF-8, not TOML, unknown and missing keys, wrong values;
        else tables that share what must be their own, and what ``faults`` gives.
    """
    text = read_text(path, _LARGEST).replace("\r\n", "\n")
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a ValueError that is no TOMLDecodeError: int() has its limit
        raise ArchiveError([_syntax_fault(path, error)]) from None
    reader = _Reader(path, locate(text))
    found = reader.table(values, kind, (), others)
    if found is None:
        raise ArchiveError(reader.faults)
    if wrong := [*reader.repeated, *faults(found)]:
        raise ArchiveError(wrong)
    return found


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
        #: What does not keep the file from being read, and is reported where nothing else does.
        self.repeated: list[Fault] = []

    def table(
        self, values: Mapping[str, Any], kind: type[_Table], at: TomlPath, others: Mapping[str, Any]
    ) -> _Table | None:
        """Make a value of the class ``kind``; None where anything in it is wrong."""
        before = len(self.faults)
        known = {key.name: key for key in kind.keys}
        for name in values:
            if name not in known:
                self._fault((*at, name), f"unknown key {shown(name)}", f"write one of {', '.join(known)}")
        for key in known.values():
            if key.required and not _is_given(values.get(key.name), key):
                self._fault(at, *_missing(key))
        found = {
            known[name].filled: self._value(value, known[name], (*at, name))
            for name, value in values.items()
            if name in known
        }
        if len(self.faults) > before:
            return None
        lines = {name: line_of(self.lines, (*at, name)) for name in values}
        return kind(position=Position(self.path, line_of(self.lines, at), lines), **found, **others)

    def _value(self, value: Any, key: Key, at: TomlPath) -> Any:
        if key.kind == "tables" and key.of is not None:
            if isinstance(value, list) and all(isinstance(entry, dict) for entry in value):
                return self._tables(value, key, key.of, at)
            return self._fault(at, f'"{key.name}" is not a list of tables', f"begin each one with [[{key.name}]]")
        if key.kind == "table" and key.of is not None:
            if isinstance(value, dict):
                return self.table(value, key.of, at, {})
            return self._fault(at, f'"{key.name}" is not a table', f"begin it with [{key.name}]")
        try:
            return read_value(value, key)
        except WrongValueError as wrong:
            what, remedy = wrong.args
            return self._fault(at, f'"{key.name}" {what}', remedy)

    def _tables(self, values: Sequence[Mapping[str, Any]], key: Key, kind: type[Table], at: TomlPath) -> Any:
        found = [self.table(value, kind, (*at, index), {}) for index, value in enumerate(values)]
        entries = [entry for entry in found if entry is not None]
        if key.unique is None:
            return tuple(entries)
        by_name: dict[Any, Table] = {}
        for entry in entries:
            name = getattr(entry, key.unique)
            if name in by_name:
                what = f'an earlier [[{key.name}]] has the same {key.unique}, "{name}"'
                self.repeated.append(entry.fault(key.unique, what, "give each its own"))
            by_name.setdefault(name, entry)
        return by_name if key.is_mapping else tuple(entries)

    def _fault(self, at: TomlPath, what: str, remedy: str) -> None:
        self.faults.append(Fault(self.path, line_of(self.lines, at) or 1, what, remedy))


def _is_given(value: Any, key: Key) -> bool:
    """Tell whether a required key is there; a list of tables has at least one."""
    return value is not None and not (key.kind == "tables" and value == [])


def _missing(key: Key) -> tuple[str, str]:
    if key.kind == "tables":
        return f"there is no [[{key.name}]]", "write at least one"
    return f'the key "{key.name}" is missing', f"write {key.name} = … ({key.meaning})"
