"""Changes keys at the top of a TOML file, and not a sign of the file beside them.

A library that writes TOML brings its own ideas of spaces, quotation marks and line ends. Here the values that change
are cut out of the text, by the lexical rules by which ``tables`` finds its lines, and others are put in their place.
What comes out is read again, and has to say what was meant.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from player.archive.toml.tables import KEY_PART, TOKEN, end_of_string

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: What a key may be given: a text, a list of texts, or nothing at all, which takes the key out.
Value = str | list[str] | None

_EQUALS: Final = re.compile(r"\s*=[ \t]*")
# What a basic string does not hold as it is (TOML 1.0, String), but for the line breaks of one of several lines.
_ESCAPED: Final = re.compile(r'[\\"\x00-\x08\x0a-\x1f\x7f]')
_ESCAPED_IN_LINES: Final = re.compile(r'[\\\x00-\x08\x0b-\x1f\x7f]|"(?="")|"$')
_SHORT: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"}


class EditError(Exception):
    """A text is too unlike what people write to be changed by a program."""


@dataclass(frozen=True)
class _Statement:
    """A key at the top of a file: its name, where its line and its value begin and end."""

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
    statements, first_table = _at_top(text)
    known = {each.name: each for each in statements if each.name is not None}
    eol = "\r\n" if "\r\n" in text else "\n"
    edits: list[tuple[int, int, str]] = []
    for name in sorted(changes, key=order.index):
        value, there = changes[name], known.get(name)
        if value is None:
            edits += [(there.start, there.end, "")] if there else []
        elif there is not None:
            edits.append((there.value, there.value_end, _written(value, eol)))
        else:
            before = [each for each in order[: order.index(name)] if each in known]
            place = known[before[-1]].end if before else statements[0].start if statements else first_table
            lead = eol if place and text[place - 1] != "\n" else ""
            edits.append((place, place, f"{lead}{name} = {_written(value, eol)}{eol}"))
    result = text
    for start, end, put in _from_the_last(edits):
        result = result[:start] + put + result[end:]
    _hold(text, result, changes)
    return result


def _from_the_last(edits: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Give the edits from the last place to the first; several at one place, in the order given, as one."""
    joined: dict[int, tuple[int, int, str]] = {}
    for start, end, put in edits:
        _, until, so_far = joined.get(start, (start, start, ""))
        joined[start] = (start, max(end, until), so_far + put)
    return [joined[start] for start in sorted(joined, reverse=True)]


def _at_top(text: str) -> tuple[list[_Statement], int]:
    """Find the keys above the first table, and where that begins."""
    found: list[_Statement] = []
    depth, position, start, end = 0, 0, -1, 0
    while position < len(text):
        match = TOKEN.match(text, position)
        assert match is not None  # noqa: S101  # for mypy: there is a token for every sign
        kind = match.lastgroup
        position = end_of_string(text, match) if kind == "string" else match.end()
        if kind == "newline" and depth == 0:
            if start >= 0:
                found.append(_statement(text, start, end, position))
            start = -1
        elif kind not in {"newline", "space", "comment"}:
            if start < 0 and match.group() == "[":
                return found, text.rfind("\n", 0, match.start()) + 1
            start = match.start() if start < 0 else start
            end = position
            depth += (kind == "open") - (kind == "close")
    if start >= 0:
        found.append(_statement(text, start, end, position))
    return found, len(text)


def _statement(text: str, start: int, value_end: int, end: int) -> _Statement:
    part = KEY_PART.match(text, start)
    equals = _EQUALS.match(text, part.end()) if part else None
    line = text.rfind("\n", 0, start) + 1
    if part is None or equals is None or part[2]:
        return _Statement(None, line, start, value_end, end)
    name = next(iter(tomllib.loads(f"{part[1]} = 0")))
    return _Statement(name, line, equals.end(), value_end, end)


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


def _hold(text: str, result: str, changes: Mapping[str, Value]) -> None:
    """Make sure that the result says what was meant, and that nothing else in it says anything else.

    :raise EditError: where it does not.
    """
    try:
        expected: dict[str, Any] = tomllib.loads(text) | {
            name: value for name, value in changes.items() if value is not None
        }
        for name in (name for name, value in changes.items() if value is None):
            expected.pop(name, None)
        if tomllib.loads(result) == expected:
            return
    except ValueError:
        pass
    raise EditError
