"""Writes the values of a TOML file as cells of a table, and reads cells as such values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from player import timecode
from player.archive.toml.values import WrongValueError, read_value
from player.errors import Fault, TimecodeError
from player.spreadsheets import joined, texts

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.toml.declared import Key
    from player.archive.toml.editing import Value

#: The kinds of keys of which the file has a list; a cell has its texts with a sign between them.
LISTS: Final = frozenset({"texts", "sources"})

_DECIMAL_COMMA: Final = re.compile(r"(?<=\d),(?=\d+$)")
# Finer than a millisecond, and less than a second: what is left of a time where its cell lost its form.
_FRACTION_OF_A_DAY: Final = re.compile(r"0?\.\d{4,}(?:e-\d+)?|\d(?:\.\d+)?e-\d+", re.IGNORECASE)
_DAY: Final = 24 * timecode.HOUR


class WrongTimeError(Exception):
    """A cell is no time: what it is, and what to write."""


def time_of(text: str) -> int:
    """Read a time of a table into milliseconds; a decimal comma is understood.

    :raise WrongTimeError: where it is none, or what a spreadsheet made of another.
    """
    remedy = "write 0:03:12 for three minutes and twelve seconds, and format the column as text"
    plain = _DECIMAL_COMMA.sub(".", text.strip())
    if _FRACTION_OF_A_DAY.fullmatch(plain):
        raise WrongTimeError("seems to be a part of a day, as spreadsheets keep times", remedy)
    try:
        moment = timecode.parse(plain)
    except TimecodeError as error:
        what, _, how = str(error).partition("; ")
        raise WrongTimeError(f"cannot be read: {what}", how) from None
    if moment >= _DAY:
        raise WrongTimeError("is more than a day; a spreadsheet takes 25:10 for hours and minutes", remedy)
    return moment


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
