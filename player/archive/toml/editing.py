"""Changes keys at the top of a TOML file or in its tables, and not a sign of the file beside them.

A library that writes TOML brings its own ideas of spaces, quotation marks and line ends. Here the values that change
are cut out of the text, by the lexical rules by which ``tables`` finds its lines, and others are put in their place.
What comes out is read again, and has to say what was meant.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from player.archive.toml.tables import KEY_PART, TOKEN, Headers, end_of_string

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from player.archive.toml.tables import TomlPath

#: What a key may be given: a text, a list of texts, or nothing at all, which takes the key out.
Value = str | list[str] | None

_BLANK: Final = re.compile(r"[ \t]*\r?\n")
_EQUALS: Final = re.compile(r"\s*=[ \t]*")
# What a basic string does not hold as it is (TOML 1.0, String), but for the line breaks of one of several lines.
_ESCAPED: Final = re.compile(r'[\\"\x00-\x08\x0a-\x1f\x7f]')
_ESCAPED_IN_LINES: Final = re.compile(r'[\\\x00-\x08\x0b-\x1f\x7f]|"(?="")|"$')
_SHORT: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"}


class EditError(Exception):
    """A text is too unlike what people write to be changed by a program."""


@dataclass(frozen=True)
class _Statement:
    """A key or a header: the table it is in or begins, its name, where its line and its value begin and end.

    Neither a header nor a key of several parts has a name.
    """

    table: TomlPath
    is_header: bool
    name: str | None
    start: int
    value: int
    value_end: int
    end: int


def edited(text: str, changes: Mapping[str, Value], order: Sequence[str]) -> str:
    """Give the text of a TOML file with other values for keys at its top; ``order`` is that in which new ones stand.

    A comment behind a value stays, unless its key goes.

    :raise EditError: where a key is written in a way that cannot be changed alone, such as ``a.b = 1``.
    """
    statements = _statements(text)
    at_top = [each for each in statements if not each.table]
    first_table = next((each.start for each in statements if each.is_header), len(text))
    known = {each.name: each for each in at_top if each.name is not None}
    eol = _line_end(text)
    edits: list[tuple[int, int, str]] = []
    for name in sorted(changes, key=order.index):
        value, there = changes[name], known.get(name)
        if value is None:
            edits += [(there.start, there.end, "")] if there else []
        elif there is not None:
            edits.append((there.value, there.value_end, _written(value, eol)))
        else:
            before = [each for each in order[: order.index(name)] if each in known]
            place = known[before[-1]].end if before else at_top[0].start if at_top else first_table
            edits.append((place, place, f"{_lead(text, place, eol)}{name} = {_written(value, eol)}{eol}"))
    return _held(text, edits, {(): changes})


def edited_tables(text: str, changes: Mapping[TomlPath, Mapping[str, Value]]) -> str:
    """Give the text of a TOML file with other values for keys of its tables, each named as ``tables.locate`` names it.

    A new key stands below the others of its table. A table that is not there is put at the end of the file. Where a key
    goes, a comment behind its value stays, in a line of its own.

    :raise EditError: where a table is written in a way that cannot be changed alone, such as ``a = { b = 1 }``.
    """
    statements, eol = _statements(text), _line_end(text)
    edits: list[tuple[int, int, str]] = []
    for table, values in changes.items():
        inside = [each for each in statements if each.table == table]
        known = {each.name: each for each in inside if each.name is not None}
        place = inside[-1].end if inside else len(text)
        new = {name: value for name, value in values.items() if value is not None and name not in known}
        put = "".join(f"{name} = {_written(value, eol)}{eol}" for name, value in new.items())
        if not inside:
            blank = eol if text and not text.endswith((f"{eol}{eol}", "\n\n")) else ""
            put = f"{blank}[{'.'.join(map(str, table))}]{eol}{put}"
        for name, value in values.items():
            there = known.get(name)
            if there is not None and value is None:
                comment = text[there.value_end : there.end].lstrip(" \t")
                edits.append((there.start, there.end, comment if comment.startswith("#") else ""))
            elif there is not None and value is not None:
                edits.append((there.value, there.value_end, _written(value, eol)))
        edits += [(place, place, f"{_lead(text, place, eol)}{put}")] if put else []
    return _held(text, edits, changes)


def without_tables(text: str, name: str, numbers: Collection[int]) -> str:
    """Give the text of a TOML file without some of its ``[[name]]`` tables, by their numbers, and what is in them.

    What stands from the header of such a table to its last line goes, comments included, and the empty lines behind it.

    :raise EditError: where they are written otherwise than under headers of their own.
    """
    edits: list[tuple[int, int, str]] = []
    statements = _statements(text)
    for number in sorted(numbers):
        inside = [each for each in statements if each.table[:2] == (name, number)]
        if not inside:
            raise EditError
        end = inside[-1].end
        while blank := _BLANK.match(text, end):
            end = blank.end()
        edits.append((inside[0].start, end, ""))
    result = _replaced(text, edits)
    try:
        expected: dict[str, Any] = tomllib.loads(text)
        expected[name] = [each for number, each in enumerate(expected[name]) if number not in numbers]
        if not expected[name]:
            del expected[name]
        if tomllib.loads(result) == expected:
            return result
    except (ValueError, LookupError, TypeError, RecursionError):
        pass
    raise EditError


def with_tables(text: str, name: str, tables: Sequence[Mapping[str, Value | bool | int]]) -> str:
    """Give the text of a TOML file with more tables of an array at its end, ``[[name]]`` each; keys without value go.

    :raise EditError: where the file has something else of that name.
    """
    eol = _line_end(text)
    result = text
    for values in tables:
        keys = "".join(f"{key} = {_any_written(value, eol)}{eol}" for key, value in values.items() if value is not None)
        blank = eol if result and not result.endswith((f"{eol}{eol}", "\n\n")) else ""
        result += f"{_lead(result, len(result), eol)}{blank}[[{name}]]{eol}{keys}"
    try:
        before, after = tomllib.loads(text), tomllib.loads(result)
        added = [{key: value for key, value in values.items() if value is not None} for values in tables]
        if after == {**before, **({name: [*before.get(name, []), *added]} if added else {})}:
            return result
    except (ValueError, TypeError, RecursionError):
        pass
    raise EditError


def _any_written(value: Value | bool | int, eol: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else _written(value or "", eol)


def substituted(text: str, changes: Mapping[TomlPath, Mapping[str, re.Pattern[str]]], put: str) -> str:
    """Give the text of a TOML file with other words in texts and lists of texts, wherever else they stand.

    ``changes`` has the keys of each table, and what is to go in the value of each: behind what the first group of the
    pattern finds comes ``put``. Order, spaces and comments of a list stay.

    :raise EditError: where a key is not written in a line of its own, or a text is spelled with escapes.
    """

    def replace(found: re.Match[str]) -> str:
        return f"{found[1]}{put}"

    def changed(value: Any, pattern: re.Pattern[str]) -> Any:
        if isinstance(value, list):
            return [changed(each, pattern) for each in value]
        return pattern.sub(replace, value) if isinstance(value, str) else value

    edits: list[tuple[int, int, str]] = []
    for each in _statements(text):
        pattern = changes.get(each.table, {}).get(each.name or "")
        if pattern is not None:
            edits.append((each.value, each.value_end, pattern.sub(replace, text[each.value : each.value_end])))
    result = _replaced(text, edits)
    try:
        expected: dict[str, Any] = tomllib.loads(text)
        for path, patterns in changes.items():
            table: Any = expected
            for part in path:
                table = table[part]
            table.update({name: changed(table[name], pattern) for name, pattern in patterns.items()})
        if tomllib.loads(result) == expected:
            return result
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        pass
    raise EditError


def keys_of(text: str) -> list[tuple[int, int]]:
    """Give where the keys and headers of a TOML file stand, from which sign to which, without the values."""
    return [(each.start, each.value_end if each.is_header else each.value) for each in _statements(text)]


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _lead(text: str, place: int, eol: str) -> str:
    """Give what ends the line before a place, where nothing does."""
    return eol if place and text[place - 1] != "\n" else ""


def _replaced(text: str, edits: Sequence[tuple[int, int, str]]) -> str:
    for start, end, put in _from_the_last(edits):
        text = text[:start] + put + text[end:]
    return text


def _from_the_last(edits: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Give the edits from the last place to the first; several at one place, in the order given, as one."""
    joined: dict[int, tuple[int, int, str]] = {}
    for start, end, put in edits:
        _, until, so_far = joined.get(start, (start, start, ""))
        joined[start] = (start, max(end, until), so_far + put)
    return [joined[start] for start in sorted(joined, reverse=True)]


def _statements(text: str) -> list[_Statement]:
    """Find the headers and the keys of a file."""
    found: list[_Statement] = []
    headers = Headers()
    table: TomlPath = ()
    depth, position, start, end = 0, 0, -1, 0
    while position <= len(text):
        match = TOKEN.match(text, position)
        kind = match.lastgroup if match else "newline"
        next_position = position + 1 if match is None else match.end()
        if match is not None and kind == "string":
            next_position = end_of_string(text, match)
        if kind == "newline" and depth <= 0:
            if start >= 0:
                if text[start] == "[":
                    table = headers.table(text[start:end])
                found.append(_statement(text, table, start, end, min(next_position, len(text))))
            start, depth = -1, 0
        elif match is not None and kind not in {"newline", "space", "comment"}:
            start = position if start < 0 else start
            end = next_position
            depth += (kind == "open") - (kind == "close")
        position = next_position
    return found


def _statement(text: str, table: TomlPath, start: int, value_end: int, end: int) -> _Statement:
    line = text.rfind("\n", 0, start) + 1
    is_header = text[start] == "["
    part = None if is_header else KEY_PART.match(text, start)
    equals = _EQUALS.match(text, part.end()) if part else None
    if part is None or equals is None or part[2]:
        return _Statement(table, is_header, None, line, start, value_end, end)
    name = next(iter(tomllib.loads(f"{part[1]} = 0")))
    return _Statement(table, is_header, name, line, equals.end(), value_end, end)


def _written(value: str | list[str], eol: str) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_string(each) for each in value)}]"
    if "\n" not in value:
        return _string(value)
    lines = _ESCAPED_IN_LINES.sub(_escape, value).replace("\n", eol)
    return f'"""{eol}{lines}"""'


def _string(value: str) -> str:
    return f'"{_ESCAPED.sub(_escape, value)}"'


def _escape(sign: re.Match[str]) -> str:
    return _SHORT.get(sign[0]) or f"\\u{ord(sign[0]):04X}"


def _held(text: str, edits: Sequence[tuple[int, int, str]], changes: Mapping[TomlPath, Mapping[str, Value]]) -> str:
    """Give the edited text, after making sure that it says what was meant, and that nothing else says anything else.

    :raise EditError: where it does not.
    """
    result = _replaced(text, edits)
    try:
        expected: dict[str, Any] = tomllib.loads(text)
        for path, values in changes.items():
            table: Any = expected
            for part in path:
                table = table.setdefault(part, {}) if isinstance(part, str) else table[part]
            table.update({name: value for name, value in values.items() if value is not None})
            for name in (name for name, value in values.items() if value is None):
                table.pop(name, None)
        if tomllib.loads(result) == expected:
            return result
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        pass
    raise EditError
