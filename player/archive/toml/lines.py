"""Finds the line on which each table and key of a TOML file stands.

``tomllib`` keeps no positions. This locator walks the text by TOML 1.0's own lexical rules (strings, comments,
brackets) and notes where each header and each key begins; it expects a text that ``tomllib`` has already accepted.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter

#: A path of names and, in an array of tables, indexes: ``("source", 2, "title")``.
TomlPath = tuple[str | int, ...]

_TOKEN = re.compile(
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
# No key that an archive knows lies deeper; a key of a thousand parts is not worth its thousand prefixes.
_DEEPEST = 16
_KEY_PART = re.compile(r"""\s*("(?:\\.|[^"\\])*"|'[^']*'|[A-Za-z0-9_-]+)\s*(\.?)""")


def locate(text: str) -> dict[TomlPath, int]:
    """Map each table, each entry of an array of tables, and each key to its line, counted from 1.

    Keys inside an inline table or an array share the line of the key that holds them and are not listed.
    """
    lines: dict[TomlPath, int] = {}
    entries: Counter[TomlPath] = Counter()
    table: TomlPath = ()
    for number, statement in _statements(text):
        if statement.startswith("["):
            is_entry = statement.startswith("[[")
            names = _names(statement.lstrip("["))
            table = _inside_entries(names[:-1] if is_entry else names, entries)
            if is_entry:
                holder = (*table, names[-1])
                lines.setdefault(holder, number)
                table = (*holder, entries[holder])
                entries[holder] += 1
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
    while match := _TOKEN.match(text, position):
        kind = match.lastgroup
        position = _end_of_string(text, match) if kind == "string" else match.end()
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


def _end_of_string(text: str, opening: re.Match[str]) -> int:
    """Give the place after the string that begins with ``opening``."""
    for found in _IN_STRING[opening.group()].finditer(text, opening.end()):
        if not found.group().startswith("\\"):
            return found.end()
    return len(text)


def _names(statement: str) -> TomlPath:
    """Read the dotted key at the head of a statement."""
    names: list[str] = []
    position = 0
    while len(names) < _DEEPEST and (match := _KEY_PART.match(statement, position)):
        part, dot = match.groups()
        names.append(next(iter(tomllib.loads(f"{part} = 0"))))
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
