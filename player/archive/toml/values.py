"""Reads one value of a TOML file by the kind that its key declares: a date, a time, a list of sources."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlsplit

from player import timecode
from player.archive import dates
from player.archive.references import (
    IDENTIFIER,
    SLUG,
    parse_citation,
    parse_claim,
    parse_moment,
    parse_part,
)
from player.errors import TimecodeError, quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from player.archive.toml.declared import Key, Kind

_FILE_NAME = re.compile(r"[^/\\\x00-\x1f\x7f.][^/\\\x00-\x1f\x7f]*")
_CUES = re.compile(r"([A-Za-z][\w-]*)(?:\.\.([A-Za-z][\w-]*))?", re.ASCII)
# The last two are signs that turn the order of the text around them, so that a name reads as another.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_DIGEST = re.compile(r"[0-9a-fA-F]{64}")

# What may stand in a mailto link without further ado; RFC 5322 allows much that nobody has. RFC 5321 has the length.
_MAIL = re.compile(r"[^\s@<>()\[\]\\,;:\"?&%#/]+@[\w-]+(?:\.[\w-]+)+")
_LONGEST_MAIL = 254

# Numbers in these files are seconds of silence and paces of speech; an hour of either is a slip.
_LONGEST_PAUSE = 3600


class WrongValueError(Exception):
    """A value is not what its key asks for: what it is, and what to write."""


class _Form(NamedTuple):
    """How a kind of value is read, and how docs/files.md says that it is written."""

    read: Callable[[Any], Any]
    written: str


def read_value(value: Any, key: Key) -> Any:
    """Read the value of a key that is no table.

    :raise WrongValueError: where it is of another kind.
    """
    return _choice(value, key) if key.kind == "choice" else _FORMS[key.kind].read(value)


def how_written() -> dict[str, str]:
    """Say, for each kind of value that a table of keys names, how it is written."""
    return {name: form.written for name, form in _FORMS.items()}


def shown(value: Any) -> str:
    """Show a value in a message, whatever it is."""
    if isinstance(value, str):
        return quoted(value)
    try:
        return quoted(_spelled(value))[1:-1]
    except (RecursionError, ValueError):
        return "too deep or too long to show"  # tables that dotted keys nest, a number of thousands of digits


def _spelled(value: Any) -> str:
    """Write a value as TOML does, in which Python's True is true, also within lists and tables."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(_spelled_within, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name} = {_spelled_within(each)}' for name, each in value.items())}}}"
    return str(value)


def _spelled_within(value: Any) -> str:
    return repr(value) if isinstance(value, str) else _spelled(value)


def _choice(value: Any, key: Key) -> str:
    if isinstance(value, bool):
        words = ", ".join(f'"{choice}"' for choice in key.choices)
        raise WrongValueError(f"is {shown(value)}, without quotation marks", f"write one of {words}")
    if not isinstance(value, str) or value not in key.choices:
        raise WrongValueError(f"is {shown(value)}", f"write one of {', '.join(key.choices)}")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise WrongValueError(f"is {shown(value)}, not text", "write words in quotation marks")
    return _without_control(value).strip()


def control_in(text: str) -> str | None:
    """Give the first character of a text that no text of a file may have; None where there is none."""
    found = _CONTROL.search(text)
    return None if found is None else found[0]


def without_controls(text: str, instead: str = "") -> str:
    """Give a text with ``instead`` in place of each character that no text of a file may have."""
    return _CONTROL.sub(instead, text)


def _without_control(text: str) -> str:
    if (control := control_in(text)) is not None:
        # What Python makes of a byte of an option that is no UTF-8; no file that is read has it.
        if "\ud800" <= control <= "\udfff":
            raise WrongValueError("is not text in UTF-8", "write it in UTF-8")
        raise WrongValueError(f"has a control character in it, U+{ord(control):04X}", "remove it")
    return text


def _matching(pattern: re.Pattern[str], noun: str, remedy: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or pattern.fullmatch(value) is None:
            raise WrongValueError(f"is {shown(value)}, not {noun}", remedy)
        return value

    return read


def _date(value: Any) -> str:
    text = value if isinstance(value, str) else shown(value)
    if not dates.is_date(text):
        remedy = 'write it like "1963-11-05", "1963-11" or "1963~" (EDTF)'
        raise WrongValueError(f"is {shown(value)}, which is not in the form of a date", remedy)
    return text


def _last_day(value: Any) -> str:
    text = value if isinstance(value, str) else shown(value)
    if not dates.is_plain(text):
        what = f"is {shown(value)}, not a date with a last day that is sure"
        raise WrongValueError(what, 'write a day, month or year: "2041-06-30", "2041-06" or "2041"')
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


def _milliseconds(value: Any) -> int:
    return round(_number(value) * timecode.SECOND)


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


def _contact(value: Any) -> str:
    if isinstance(value, str) and _MAIL.fullmatch(value) and len(value) <= _LONGEST_MAIL:
        return value
    try:
        return _address(value)
    except WrongValueError:
        remedy = "write one such as archive@example.org, or one that begins with https://"
        raise WrongValueError(f"is {shown(value)}, neither an e-mail address nor a web address", remedy) from None


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
    return _without_control(text).strip() or None


def _cues(value: Any) -> tuple[str, str]:
    match = _CUES.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise WrongValueError(
            f"is {shown(value)}, not a line", 'write the identifier of a cue, "c7", or of two, "c7..c9"'
        )
    return match[1], match[2] or match[1]


def _spellings(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(spoken, str) and spoken for spoken in value.values()):
        raise WrongValueError("is not a table of spellings", 'write each one as "printed" = "spoken"')
    return dict(value)


_FILE: Final = _matching(_FILE_NAME, "the name of a file", "write the name of a file in media/, without a folder")


def _sound(value: Any) -> str:
    if not (isinstance(value, str) and "://" in value):
        return str(_FILE(value))
    from player.storage.addresses import REMEDY, parsed  # noqa: PLC0415  # where a sound lies elsewhere

    if parsed(value) is None:
        raise WrongValueError(f"is {shown(value)}, not the address of a sound", REMEDY)
    return value


_ID: Final = _matching(
    IDENTIFIER, "an id", "begin with a letter, and go on with letters, digits, hyphens and underscores"
)
_IDS: Final = _list(_identifier, "ids", 'write ["id", "id"]')
_MOMENT: Final = 'write "recording#line", or "recording#note-annotation"'
_SLUG: Final = _matching(SLUG, "a valid name", "use only letters, digits, hyphens and underscores")

_FORMS: Final[dict[Kind, _Form]] = {
    "text": _Form(_text, "words in quotation marks"),
    "Markdown": _Form(_text, "the same, with Markdown's emphasis, lists and links; HTML in it is shown as text"),
    "quotation": _Form(_text, "words of a source, exactly, without quotation marks of their own"),
    "texts": _Form(_list(_line_of_text, "texts", 'write ["words", "words"]'), '`["words", "words"]`'),
    "spellings": _Form(_spellings, 'a table: `"Vallejo" = "va yay ho"`'),
    "flag": _Form(_flag, "`true` or `false`"),
    "number": _Form(_number, "`1.1`"),
    "seconds": _Form(_milliseconds, "a number of seconds: `0.35`"),
    "time": _Form(_time, '`"0:25"`, `"1:02.5"`, `"1:02:03.004"`, or a number of seconds'),
    "date": _Form(_date, '[EDTF](https://www.loc.gov/standards/datetime/): `"1963-11-05"`, `"1963-11"`, `"1963~"`'),
    "last day": _Form(_last_day, 'a day, month or year: `"2041-06-30"`, `"2041-06"`, `"2041"`'),
    "address": _Form(_address, "a web address, beginning with `https://` or `http://`"),
    "contact": _Form(_contact, "an e-mail address, or a web address"),
    "file name": _Form(_FILE, "a file in `media/`, without a folder"),
    "sound": _Form(
        _sound,
        "a file in `media/`, without a folder; or where the sound lies elsewhere, `s3://bucket/name` or "
        "`https://host/name` (see [storage.md](storage.md))",
    ),
    "digest": _Form(
        _matching(_DIGEST, "a SHA-256 digest", "write its 64 hexadecimal digits"),
        "a SHA-256 digest, 64 hexadecimal digits",
    ),
    "id": _Form(_ID, "a letter, then letters, digits, `-` and `_`"),
    "ids": _Form(_IDS, '`["id", "id"]`'),
    "cues": _Form(_cues, 'the identifier of a line of the transcript, `"c7"`, or of the first and last, `"c7..c9"`'),
    "claims": _Form(
        _list(parse_claim, "claims", 'write ["annotation", "annotation.claim"]'),
        '`["annotation", "annotation.claim"]`, by their ids',
    ),
    "person": _Form(_ID, "an id from people.toml"),
    "people": _Form(_IDS, "a list of ids from people.toml"),
    "entries": _Form(_IDS, "a list of ids of entries in chronology.toml"),
    "recording": _Form(_SLUG, "a recording's slug: the name of its folder"),
    "dossier": _Form(_SLUG, "a dossier's slug: the name of its file, without `.toml`"),
    "set": _Form(_SLUG, "a set's slug: the name of its file, without `.toml`"),
    "dossiers": _Form(
        _list(parse_part, "dossiers", 'write ["dossier", "dossier#question"]'), '`["dossier", "dossier#question"]`'
    ),
    "moment": _Form(_one(parse_moment, "a moment", _MOMENT), '`"recording#line"` or `"recording#note-annotation"`'),
    "moments": _Form(
        _list(parse_moment, "moments", 'write ["recording#line", "recording#note-annotation"]'), "a list of moments"
    ),
    "source": _Form(
        _one(parse_citation, "a source", 'write "id" or "id, locator"'),
        'an id from sources.toml, with the place in it: `"log, p. 1"`',
    ),
    "sources": _Form(_list(parse_citation, "sources", 'write ["id", "id, locator"]'), '`["id", "id, locator"]`'),
}
