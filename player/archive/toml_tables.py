"""A TOML file into tables of checked values, by the keys that ``keys.py`` lists; all that is wrong is told at once."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from player import timecode
from player.archive import dates
from player.archive.citations import IDENTIFIER, parse_citation
from player.archive.text_file import read_text
from player.archive.toml_lines import TomlPath, line_of, locate
from player.errors import ArchiveError, Fault, TimecodeError, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from player.archive.keys import Key

SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*", re.ASCII)
_FILE_NAME = re.compile(r"[^/\\\x00-\x1f\x7f.][^/\\\x00-\x1f\x7f]*")
_CUES = re.compile(r"([A-Za-z][\w-]*)(?:\.\.([A-Za-z][\w-]*))?", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_DIGEST = re.compile(r"[0-9a-fA-F]{64}")

# A TOML file is written by hand; one larger than this is not, and parsing it would be the attack.
_LARGEST = 8_000_000

# Numbers in these files are seconds of silence and paces of speech; an hour of either is a slip.
_LONGEST_PAUSE = 3600


_Value = TypeVar("_Value")


class _WrongValueError(Exception):
    """A value is not what its key asks for: what it is, and what to write."""


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
                self._fault((*at, name), f"unknown key {_shown(name)}", f"write one of {', '.join(known)}")
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
            return _choice(value, key) if key.type == "choice" else _READERS[key.type](value)
        except _WrongValueError as wrong:
            what, remedy = wrong.args
            return self._fault(at, f'"{key.name}" {what}', remedy)

    def _fault(self, at: TomlPath, what: str, remedy: str) -> None:
        self.faults.append(Fault(self.path, line_of(self.lines, at) or 1, what, remedy))


def _choice(value: Any, key: Key) -> str:
    if value not in key.choices:
        raise _WrongValueError(f"is {_shown(value)}", f"write one of {', '.join(key.choices)}")
    return str(value)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _WrongValueError(f"is {_shown(value)}, not a text", "write words in quotation marks")
    if _CONTROL.search(value):
        raise _WrongValueError("has a control character in it", "take it out")
    return value.strip()


def _matching(pattern: re.Pattern[str], noun: str, remedy: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or pattern.fullmatch(value) is None:
            raise _WrongValueError(f"is {_shown(value)}, not {noun}", remedy)
        return value

    return read


def _date(value: Any) -> str:
    text = value if isinstance(value, str) else _shown(value)
    if not dates.is_date(text):
        raise _WrongValueError(
            f"is {_shown(value)}, not a date", 'write it as EDTF has it: "1963-11-05", "1963-11", "1963~"'
        )
    return text


def _time(value: Any) -> int:
    try:
        return timecode.parse(value if isinstance(value, str) else _shown(value))
    except TimecodeError as error:
        what, _, remedy = str(error).partition("; ")
        raise _WrongValueError(f"cannot be read: {what}", remedy) from None


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LONGEST_PAUSE:
        what = f"is {_shown(value)}, not a number from 0 to {_LONGEST_PAUSE}"
        raise _WrongValueError(what, "write a number such as 0.35")
    return float(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _WrongValueError(
            f"is {_shown(value)}, neither true nor false", "write true or false, without quotation marks"
        )
    return value


def _address(value: Any) -> str:
    text = value if isinstance(value, str) else ""
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.netloc or re.search(r"[\s\x00-\x1f\"<>\\]", text):
        raise _WrongValueError(
            f"is {_shown(value)}, not a web address", "write one that begins with https:// or http://"
        )
    return text


def _citations(value: Any) -> Any:
    texts = value if isinstance(value, list) and value else [None]
    citations = tuple(parse_citation(text) if isinstance(text, str) else None for text in texts)
    if None in citations:
        raise _WrongValueError(f"is {_shown(value)}, not a list of sources", 'write ["id", "id, locator"]')
    return citations


def _cues(value: Any) -> tuple[str, str]:
    match = _CUES.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise _WrongValueError(
            f"is {_shown(value)}, not a line", 'write the identifier of a cue, "c7", or of two, "c7..c9"'
        )
    return match[1], match[2] or match[1]


def _words(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(spoken, str) and spoken for spoken in value.values()):
        raise _WrongValueError("is not a table of words", 'write each as "printed" = "spoken"')
    return dict(value)


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return quoted(value)
    try:
        return quoted(str(value))[1:-1]
    except (RecursionError, ValueError):
        return "too deep or too long to show"  # tables that dotted keys nest, a number of thousands of digits


_READERS: dict[str, Callable[[Any], Any]] = {
    "text": _text,
    "date": _date,
    "slug": _matching(SLUG, "a slug", "write letters, digits, hyphens and underscores"),
    "id": _matching(IDENTIFIER, "an id", "begin with a letter; go on with letters, digits, hyphens and underscores"),
    "time": _time,
    "number": _number,
    "flag": _flag,
    "address": _address,
    "citations": _citations,
    "cues": _cues,
    "words": _words,
    "digest": _matching(_DIGEST, "a SHA-256 digest", "write its 64 hexadecimal digits"),
    "file name": _matching(_FILE_NAME, "the name of a file", "write the name of a file in media/, without a folder"),
}
