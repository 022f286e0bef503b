"""Reads a TOML file into the frozen value that declares its keys, and reports all that is wrong with it at once.

``tomllib`` keeps no positions. So the text that it has accepted is walked once more, by the lexical rules of TOML 1.0
(strings, comments, brackets), for the line on which each table and key begins.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from typing import TYPE_CHECKING, Any, TypeVar

from player.archive.toml.declared import Key, Position, Table
from player.archive.toml.values import WrongValueError, read_value, shown
from player.errors import ArchiveError, Fault
from player.files import read_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from pathlib import Path

# A TOML file is written by hand; one larger than this is not, and parsing it would be the attack.
_LARGEST = 8_000_000

_Table = TypeVar("_Table", bound=Table)

#: A path of names and, in an array of tables, indexes: ``("source", 2, "title")``.
TomlPath = tuple[str | int, ...]

TOKEN = re.compile(
    r"(?P<string>\"\"\"|'''|[\"'])|(?P<comment>#[^\n]*)|(?P<open>[\[{])|(?P<close>[\]}])|(?P<newline>\n)"
    r"|(?P<space>[ \t\r]+)|(?P<other>[^\"'#\[\]{}\n \t\r]+)"
)
# In a string that begins with these marks, what to look for next: its end, or an escaped sign, which does not end it.
# A pattern of the whole string would remember it sign by sign, and Python 3.11.2 misreads one that need not ("*+").
_IN_STRING = {
    '"': re.compile(r'\\.|"', re.DOTALL),
    "'": re.compile("'"),
    '"""': re.compile(r'\\.|"{3,5}', re.DOTALL),
    "'''": re.compile("'{3,5}"),
}
# A line that is a statement by itself, as most are, with what may stand around it: a header of bare keys, or a bare key
# with a value that holds no other line. It is walked at once; the others sign by sign, and so are those of more parts
# than a hundred, since a pattern remembers each.
_USUAL = re.compile(
    r"""[ \t]*(?:(?P<statement>
        \[\[?[A-Za-z0-9_. -]+\]\]?
        | [A-Za-z0-9_.-]+[ \t]*=[ \t]*(?:
            "[^"\\\n]*(?:\\.[^"\\\n]*){0,99}"
            | [^"'\[\]{}\#\n]+
            | \[(?:[^\[\]"'\#{}\n]*"[^"\\\n]*"){0,99}[^\[\]"'\#{}\n]*\]
        )
    )[ \t]*)?(?:\#[^\n]*)?\n""",
    re.VERBOSE,
)
# No key that an archive knows lies deeper; a key of a thousand parts is not worth its thousand prefixes.
_DEEPEST = 16
# What tomllib says of a key that stands twice in one table.
_TWICE = "Cannot overwrite a value"
KEY_PART = re.compile(r"""\s*("(?:\\.|[^"\\])*"|'[^']*'|[A-Za-z0-9_-]+)\s*(\.?)""")


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
    reader = _Reader(path, locate(text), {key.name for key in kind.keys if key.of is None})
    found = reader.table(values, kind, (), others)
    if found is None:
        raise ArchiveError(reader.faults)
    if wrong := [*reader.repeated, *faults(found)]:
        raise ArchiveError(wrong)
    return found


def _syntax_fault(path: Path, error: Exception) -> Fault:
    remedy = "see https://toml.io for how it is written"
    message = "a number in it has thousands of digits"
    if isinstance(error, tomllib.TOMLDecodeError):
        message = str(error)
    elif isinstance(error, RecursionError):
        message = "it is nested too deeply"
    place = re.search(r" \(at line (\d+), column \d+\)", message)
    line = int(place[1]) if place else None
    what = re.sub(r" \(at .*\)", "", message)
    if what == _TWICE:
        what, remedy = "a key is given twice", "remove one of the two"
    return Fault(path, line, f"this is not TOML: {what[:1].lower()}{what[1:]}", remedy)


class _Reader:
    """Walks one file, collecting faults."""

    def __init__(self, path: Path, lines: dict[TomlPath, int], at_top: Collection[str]) -> None:
        self.path = path
        self.lines = lines
        #: The keys of the file itself, which go above its tables.
        self.at_top = at_top
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
                self._fault((*at, name), *self._unknown(name, at, known))
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

    def _unknown(self, name: str, at: TomlPath, known: Iterable[str]) -> tuple[str, str]:
        """Say that a key does not belong where it stands, and where it does, or which keys do."""
        remedy = f"write one of {', '.join(known)}"
        if not at:
            return f"unknown key {shown(name)}", remedy
        if name in self.at_top:
            remedy = "move it above the first table"
        return f"unknown key {shown(name)} in {_header(at)}", remedy

    def _value(self, value: Any, key: Key, at: TomlPath) -> Any:
        if key.of is not None:
            return self._below(value, key, key.of, at)
        try:
            return read_value(value, key)
        except WrongValueError as wrong:
            what, remedy = wrong.args
            return self._fault(at, f'"{key.name}" {what}', remedy)

    def _below(self, value: Any, key: Key, kind: type[Table], at: TomlPath) -> Any:
        """Read the table, or the list of tables, below a key."""
        if key.kind == "tables":
            if key.may_be_single and isinstance(value, dict):
                return tuple(filter(None, [self.table(value, kind, at, {})]))
            if isinstance(value, list) and all(isinstance(entry, dict) for entry in value):
                return self._tables(value, key, kind, at)
            return self._fault(at, f'"{key.name}" is not a list of tables', f"begin each one with [[{key.name}]]")
        if isinstance(value, dict):
            return self.table(value, kind, at, {})
        return self._fault(at, f'"{key.name}" is not a table', f"begin it with [{key.name}]")

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


def _header(at: TomlPath) -> str:
    """Write the header of a table: ``[original]``, or ``[[claim.quote]]`` for an entry of an array of tables."""
    names = ".".join(part for part in at if isinstance(part, str))
    return f"[[{names}]]" if isinstance(at[-1], int) else f"[{names}]"


def _is_given(value: Any, key: Key) -> bool:
    """Tell whether a required key is there; a list of tables has at least one."""
    return value is not None and not (key.kind == "tables" and value == [])


def _missing(key: Key) -> tuple[str, str]:
    if key.kind == "tables":
        return f"there is no [[{key.name}]]", "write at least one"
    return f'the key "{key.name}" is missing', f"write {key.name} = … ({key.meaning})"


class Headers:
    """Tells which table each header of a file begins, when it is given one after another."""

    def __init__(self) -> None:
        self._entries: Counter[TomlPath] = Counter()

    def table(self, header: str) -> TomlPath:
        """Give the table that a header begins: ``("original",)``, or ``("source", 2)`` for an entry of an array."""
        is_entry = header.startswith("[[")
        names = _names(header.lstrip("["))
        table = _inside_entries(names[:-1] if is_entry else names, self._entries)
        if is_entry:
            holder = (*table, names[-1])
            table = (*holder, self._entries[holder])
            self._entries[holder] += 1
        return table


def locate(text: str) -> dict[TomlPath, int]:
    """Map each table, each entry of an array of tables, and each key to its line, counted from 1.

    Keys inside an inline table or an array share the line of the key that holds them and are not listed.
    """
    lines: dict[TomlPath, int] = {}
    headers = Headers()
    table: TomlPath = ()
    for number, statement in _statements(text):
        if statement.startswith("["):
            table = headers.table(statement)
            if isinstance(table[-1], int):
                lines.setdefault(table[:-1], number)
            lines[table] = number
        else:
            names = _names(statement)
            for depth in range(1, len(names) + 1):
                lines.setdefault((*table, *names[:depth]), number)
    return lines


def line_of(lines: dict[TomlPath, int], path: TomlPath) -> int | None:
    """Give the line of ``path``, or of the nearest table that holds it."""
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return None


def _statements(text: str) -> list[tuple[int, str]]:
    """List each header and each ``key = value``, as far as its first line tells, with the line it begins on."""
    statements: list[tuple[int, str]] = []
    number, depth, position = 1, 0, 0
    start: int | None = None
    while position < len(text):
        if start is None and (usual := _USUAL.match(text, position)):
            if usual["statement"]:
                statements.append((number, usual["statement"]))
            position = usual.end()
            number += 1
            continue
        match = TOKEN.match(text, position)
        assert match is not None  # noqa: S101  # for mypy: there is a token for every sign
        kind = match.lastgroup
        position = end_of_string(text, match) if kind == "string" else match.end()
        if kind == "newline" and depth == 0:
            start = None
        elif start is None and kind not in {"newline", "space", "comment"}:
            start = match.start()
            end = text.find("\n", start)
            statements.append((number, text[start:] if end < 0 else text[start:end]))
        elif start is not None and text[start] != "[":
            depth += (kind == "open") - (kind == "close")
        number += text.count("\n", match.start(), position)
    return statements


def end_of_string(text: str, opening: re.Match[str]) -> int:
    """Give the place after the string that begins with ``opening``."""
    for found in _IN_STRING[opening.group()].finditer(text, opening.end()):
        if not found.group().startswith("\\"):
            return found.end()
    return len(text)


def _names(statement: str) -> TomlPath:
    """Read the dotted key at the head of a statement."""
    names: list[str] = []
    position = 0
    while len(names) < _DEEPEST and (match := KEY_PART.match(statement, position)):
        part, dot = match.groups()
        names.append(next(iter(tomllib.loads(f"{part} = 0"))) if part[0] in "\"'" else part)
        position = match.end()
        if not dot:
            break
    return tuple(names)


def _inside_entries(names: TomlPath, entries: Counter[TomlPath]) -> TomlPath:
    """Put into a header's names the index of the latest entry wherever a name is an array of tables."""
    path: TomlPath = ()
    for name in names:
        path = (*path, name)
        if entries[path]:
            path = (*path, entries[path] - 1)
    return path
