"""One value of a TOML file by the type that its key has: a date, a time, a list of citations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from player import timecode
from player.archive import dates
from player.archive.citations import IDENTIFIER, parse_citation
from player.archive.pointers import parse_claim, parse_moment, parse_part
from player.errors import TimecodeError, quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from player.archive.toml.key import Key

SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*", re.ASCII)
_FILE_NAME = re.compile(r"[^/\\\x00-\x1f\x7f.][^/\\\x00-\x1f\x7f]*")
_CUES = re.compile(r"([A-Za-z][\w-]*)(?:\.\.([A-Za-z][\w-]*))?", re.ASCII)
# The last two are signs that turn the order of the text around them, so that a name reads as another.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_DIGEST = re.compile(r"[0-9a-fA-F]{64}")

# Numbers in these files are seconds of silence and paces of speech; an hour of either is a slip.
_LONGEST_PAUSE = 3600


class WrongValueError(Exception):
    """A value is not what its key asks for: what it is, and what to write."""


def read_value(value: Any, key: Key) -> Any:
    """Read the value of a key that is no table.

    :raise WrongValueError: where it is of another type.
    """
    return _choice(value, key) if key.type == "choice" else _READERS[key.type](value)


def shown(value: Any) -> str:
    """Show a value in a message, whatever it is."""
    if isinstance(value, str):
        return quoted(value)
    try:
        return quoted(str(value))[1:-1]
    except (RecursionError, ValueError):
        return "too deep or too long to show"  # tables that dotted keys nest, a number of thousands of digits


def _choice(value: Any, key: Key) -> str:
    if value not in key.choices:
        raise WrongValueError(f"is {shown(value)}", f"write one of {', '.join(key.choices)}")
    return str(value)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise WrongValueError(f"is {shown(value)}, not a text", "write words in quotation marks")
    if _CONTROL.search(value):
        raise WrongValueError("has a control character in it", "take it out")
    return value.strip()


def _matching(pattern: re.Pattern[str], noun: str, remedy: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or pattern.fullmatch(value) is None:
            raise WrongValueError(f"is {shown(value)}, not {noun}", remedy)
        return value

    return read


def _date(value: Any) -> str:
    text = value if isinstance(value, str) else shown(value)
    if not dates.is_date(text):
        raise WrongValueError(
            f"is {shown(value)}, not a date", 'write it as EDTF has it: "1963-11-05", "1963-11", "1963~"'
        )
    return text


def _time(value: Any) -> int:
    try:
        return timecode.parse(value if isinstance(value, str) else shown(value))
    except TimecodeError as error:
        what, _, remedy = str(error).partition("; ")
        raise WrongValueError(f"cannot be read: {what}", remedy) from None


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LONGEST_PAUSE:
        what = f"is {shown(value)}, not a number from 0 to {_LONGEST_PAUSE}"
        raise WrongValueError(what, "write a number such as 0.35")
    return float(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise WrongValueError(
            f"is {shown(value)}, neither true nor false", "write true or false, without quotation marks"
        )
    return value


def _address(value: Any) -> str:
    text = value if isinstance(value, str) else ""
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.netloc or re.search(r"[\s\x00-\x1f\"<>\\]", text):
        raise WrongValueError(f"is {shown(value)}, not a web address", "write one that begins with https:// or http://")
    return text


def _one(parse: Callable[[str], Any], noun: str, remedy: str) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        found = parse(value) if isinstance(value, str) else None
        if found is None:
            raise WrongValueError(f"is {shown(value)}, not {noun}", remedy)
        return found

    return read


def _list(parse: Callable[[str], Any], noun: str, remedy: str) -> Callable[[Any], tuple[Any, ...]]:
    def read(value: Any) -> tuple[Any, ...]:
        texts = value if isinstance(value, list) and value else [None]
        found = tuple(parse(text) if isinstance(text, str) else None for text in texts)
        if None in found:
            raise WrongValueError(f"is {shown(value)}, not a list of {noun}", remedy)
        return found

    return read


def _identifier(text: str) -> str | None:
    return text if IDENTIFIER.fullmatch(text) else None


def _line_of_text(text: str) -> str | None:
    return text.strip() if text.strip() and not _CONTROL.search(text) else None


def _cues(value: Any) -> tuple[str, str]:
    match = _CUES.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise WrongValueError(
            f"is {shown(value)}, not a line", 'write the identifier of a cue, "c7", or of two, "c7..c9"'
        )
    return match[1], match[2] or match[1]


def _words(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(spoken, str) and spoken for spoken in value.values()):
        raise WrongValueError("is not a table of words", 'write each as "printed" = "spoken"')
    return dict(value)


_READERS: dict[str, Callable[[Any], Any]] = {
    "text": _text,
    "date": _date,
    "slug": _matching(SLUG, "a slug", "write letters, digits, hyphens and underscores"),
    "id": _matching(IDENTIFIER, "an id", "begin with a letter; go on with letters, digits, hyphens and underscores"),
    "time": _time,
    "number": _number,
    "flag": _flag,
    "address": _address,
    "citation": _one(parse_citation, "a source", 'write "id" or "id, locator"'),
    "citations": _list(parse_citation, "sources", 'write ["id", "id, locator"]'),
    "ids": _list(_identifier, "ids", 'write ["id", "id"]'),
    "texts": _list(_line_of_text, "texts", 'write ["words", "words"]'),
    "moment": _one(parse_moment, "a moment", 'write "recording#line", or "recording#note-annotation"'),
    "moments": _list(parse_moment, "moments", 'write ["recording#line", "recording#note-annotation"]'),
    "dossiers": _list(parse_part, "dossiers", 'write ["dossier", "dossier#question"]'),
    "claims": _list(parse_claim, "claims", 'write ["annotation", "annotation.claim"]'),
    "cues": _cues,
    "words": _words,
    "digest": _matching(_DIGEST, "a SHA-256 digest", "write its 64 hexadecimal digits"),
    "file name": _matching(_FILE_NAME, "the name of a file", "write the name of a file in media/, without a folder"),
}
