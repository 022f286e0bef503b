"""Reads a JSON file that has a list of things, each with the line of the file on which it begins."""

from __future__ import annotations

import json
import re
from bisect import bisect
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from player.intake.table import refused, table_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_DEEPEST: Final = 4


class Item(NamedTuple):
    """A thing, and the line on which it begins."""

    line: int
    value: Any


def read_items(path: Path) -> tuple[Any, list[Item]]:
    """Give what a file says as a whole, and the things in its list: ``items``, also of a ``first`` page, or the whole.

    :raise ArchiveError: where it cannot be read, or is no JSON.
    """
    data = table_bytes(path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise refused(path, line, f"byte 0x{data[error.start]:02x} is not UTF-8", "save it as UTF-8") from None
    try:
        whole = json.loads(text)
    except json.JSONDecodeError as error:
        what = f"this is no JSON ({error.msg}, column {error.colno})"
        raise refused(path, error.lineno, what, "name a file of JSON that is whole") from None
    except (ValueError, RecursionError):
        what = "this is JSON that nobody can have meant: nested too deep, or with numbers too long"
        raise refused(path, None, what, "name another file") from None
    ends = [match.start() for match in re.finditer("\n", text)]
    return whole, [Item(bisect(ends, at) + 1, value) for at, value in _items(text, _after_space(text, 0), 0)]


def _items(text: str, at: int, depth: int) -> Iterator[tuple[int, Any]]:
    """Give the things of the list that stands at a place, or in what stands there, with the places of each."""
    if text[at] == "[":
        yield from _elements(text, at)
        return
    if text[at] == "{":
        members = {name: (place, value) for name, place, value in _members(text, at)}
        place, value = members.get("items", (at, None))
        if isinstance(value, list):
            yield from _elements(text, place)
            return
        place, value = members.get("first", (at, None))
        if isinstance(value, dict) and depth < _DEEPEST:
            yield from _items(text, place, depth + 1)
            return
    yield at, _read(text, at)[0]


def _elements(text: str, at: int) -> Iterator[tuple[int, Any]]:
    at = _after_space(text, at + 1)
    while text[at] != "]":
        value, end = _read(text, at)
        yield at, value
        at = _after_space(text, end)
        at = _after_space(text, at + 1) if text[at] == "," else at


def _members(text: str, at: int) -> Iterator[tuple[str, int, Any]]:
    at = _after_space(text, at + 1)
    while text[at] != "}":
        name, end = _read(text, at)
        at = _after_space(text, _after_space(text, end) + 1)
        value, end = _read(text, at)
        yield name, at, value
        at = _after_space(text, end)
        at = _after_space(text, at + 1) if text[at] == "," else at


def _read(text: str, at: int) -> tuple[Any, int]:
    return json.JSONDecoder().raw_decode(text, at)


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at
