"""Writes the values of a TOML file as cells of a table, and reads cells as such values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from player.archive.toml.values import WrongValueError, read_value
from player.errors import Fault
from player.intake.table import joined, texts

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.toml.declared import Key
    from player.archive.toml.editing import Value

#: The kinds of keys of which the file has a list; a cell has its texts with a sign between them.
LISTS: Final = frozenset({"texts", "sources"})


def cell(value: object, key: Key) -> str:
    """Write a value as a cell; empty where there is none."""
    if value is None:
        return ""
    if key.kind in LISTS and isinstance(value, list):
        return joined(value)
    return str(value).strip().replace("\r\n", "\n")


def says_the_same(value: Any, text: str, key: Key) -> bool:
    """Tell whether a cell says what a list in the file does, though it is written otherwise."""
    return key.kind in LISTS and isinstance(value, list) and [str(each).strip() for each in value] == texts(text)


def fault_of(text: str, key: Key, table: Path, line: int) -> Fault | None:
    """Say what is wrong with a cell that is to be the value of a key; None where nothing is."""
    try:
        read_value(texts(text) if key.kind in LISTS else text, key)
    except WrongValueError as wrong:
        what, remedy = wrong.args
        return Fault(table, line, f'"{key.name}" {what}', remedy)
    return None


def value_of(text: str, key: Key, before: Any) -> Value:
    """Give what a cell writes into the file, where ``before`` was; None where it is empty."""
    if not text:
        return None
    if key.kind in LISTS:
        return texts(text)
    # A text of several lines ends with a line break, and one that did so before goes on doing so.
    ends_with_break = "\n" in text or (isinstance(before, str) and before.endswith("\n"))
    return f"{text}\n" if ends_with_break else text
