r"""Reads and writes one entry of a transcript's history: who changed what of the file, when, and how.

An entry is a file of JSON, ``0012.json``, which makes the version of that number of the one before::

    {"number": 12, "date": "2026-11-29T14:27:03Z", "by": "Ines Keeper", "how": "desk",
     "before": "<SHA-256>", "after": "<SHA-256>",
     "edits": [{"line": 31, "out": ["…\n"], "in": ["…\n"]}],
     "changed": ["c7"], "new": ["k3f9x2a", "b0c1d2e"], "gone": ["c9"],
     "moved": {"c9": ["k3f9x2a", "b0c1d2e"]},
     "strayed": {}, "words": {"c9": "The pocket boat", "k3f9x2a": "The pocket", "b0c1d2e": "boat"}}

``credit``, where there is any, names the listeners who suggested what became of a line: ``{"c7": ["Nora Quill"]}``.
``back``, where there are any, are the numbers of the versions that were taken back at the desk.

``edits`` is null where it is not known what the file was before: then ``0012-whole.vtt`` beside it is that version.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from player.archive.references import IDENTIFIER
from player.errors import ArchiveError, Fault, reason
from player.files import content
from player.history.differing import Edit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

#: How a file came to be that no command of the program wrote, and what other ways there are.
OUTSIDE: Final = "outside the program"
DESK: Final = "desk"
IMPORT: Final = "import"
ALIGN: Final = "align"
TRANSCRIBE: Final = "transcribe"
REVIEWED: Final = "reviewed"
VOICES: Final = "voices"
BIND: Final = "bind"
GO_BACK: Final = "go back"
EXPUNGE: Final = "expunge"

# An entry has what is taken out of a transcript and what is put in, and a transcript is at most 64 MB.
_LARGEST: Final = 300_000_000
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_FORM: Final = "%Y-%m-%dT%H:%M:%SZ"
_REMEDY: Final = "put the file back from a backup; what other files of the history say is not affected"


@dataclass(frozen=True)
class Entry:
    """One change of the file; ``date`` is that of the moment, in UTC, at which it was written down."""

    number: int
    date: dt.datetime
    by: str | None
    how: str
    #: The SHA-256 of the version before, None where nobody knows that; and of the version that it makes.
    before: str | None
    after: str
    edits: tuple[Edit, ...] | None
    #: The identifiers of lines that were changed, that came, and that went.
    changed: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    #: Where the words of lines are that went: the identifiers of lines of the later version, none where they are gone.
    moved: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: The lines to which so few of these words strayed that they may be there by chance.
    strayed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: The words of lines that went, as they were last, and of those to which they moved, and strayed, as they are
    #: first.
    words: Mapping[str, str] = field(default_factory=dict)
    #: The listeners who suggested what became of a line.
    credit: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: The versions that were taken back by this one.
    back: tuple[int, ...] = ()


def name_of(number: int) -> str:
    """Give the name of the file of an entry."""
    return f"{number:04d}.json"


def written(entry: Entry) -> bytes:
    """Write an entry as its file has it."""
    told: dict[str, Any] = {
        "number": entry.number,
        "date": entry.date.strftime(_FORM),
        "by": entry.by,
        "how": entry.how,
        "before": entry.before,
        "after": entry.after,
        "edits": None
        if entry.edits is None
        else [{"line": each.line, "out": each.out, "in": each.put} for each in entry.edits],
        "changed": entry.changed,
        "new": entry.new,
        "gone": entry.gone,
        "moved": entry.moved,
        "strayed": entry.strayed,
        "words": entry.words,
    }
    if entry.credit:
        told["credit"] = entry.credit
    if entry.back:
        told["back"] = entry.back
    text = ",\n ".join(f'"{key}": {_dumped(value)}' for key, value in told.items())
    # What is not UTF-8 in a transcript stands as lone surrogates, which no file of UTF-8 can have.
    text = _SURROGATE.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)
    return f"{{\n {text}\n}}\n".encode()


def _dumped(value: Any) -> str:
    """Write a value: what is many, such as the edits of 20,000 lines, in a line of text for each."""
    if not isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    rows = ",\n  ".join(json.dumps(each, ensure_ascii=False) for each in value)
    return f"[\n  {rows}\n ]" if value else "[]"


def own_content(path: Path) -> bytes:
    """Read a file of a history, which may be no link: what is shown of an archive is its own.

    :raise ArchiveError: where it cannot be read.
    """
    try:
        state = os.lstat(path)
        if stat.S_ISLNK(state.st_mode):
            what = "this is a link, which is not followed here"
            raise ArchiveError([Fault(path, None, what, "put the file itself there")])
        if state.st_size > _LARGEST:
            raise ArchiveError([Fault(path, None, "this is too large for a file of a history", _REMEDY)])
        return content(path)
    except FileNotFoundError:
        raise ArchiveError([Fault(path, None, "this file of the history is missing", _REMEDY)]) from None
    except OSError as error:
        what = f"this cannot be read ({reason(error)})"
        raise ArchiveError([Fault(path, None, what, "check that you may read it")]) from None


def read_entry(path: Path) -> Entry:
    """Read an entry.

    :raise ArchiveError: where it cannot be read, or is none.
    """
    data = own_content(path)
    try:
        told = json.loads(data)
        return _entry(told, path.name)
    except json.JSONDecodeError as error:
        raise ArchiveError([Fault(path, error.lineno, "this is not JSON", _REMEDY)]) from None
    except (UnicodeDecodeError, RecursionError):
        raise ArchiveError([Fault(path, None, "this is not JSON", _REMEDY)]) from None
    except _WrongError as wrong:
        raise ArchiveError([Fault(path, 1, str(wrong), _REMEDY)]) from None


class _WrongError(Exception):
    """What is in a file is not what an entry has."""


def _entry(told: object, name: str) -> Entry:
    if not isinstance(told, dict):
        raise _WrongError("this is no entry of a history")
    number = told.get("number")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise _WrongError('"number" is no number')
    if name_of(number) != name:
        raise _WrongError(f"its number is {number}, which is not that of its name")
    changed, new, gone = (_names(told.get(each, []), each) for each in ("changed", "new", "gone"))
    return Entry(
        number,
        _date(told.get("date")),
        None if told.get("by") is None else _text(told, "by"),
        _text(told, "how"),
        None if told.get("before") is None else _digest(told, "before"),
        _digest(told, "after"),
        _edits(told.get("edits")),
        changed,
        new,
        gone,
        _moved(told.get("moved", {}), "moved"),
        _moved(told.get("strayed", {}), "strayed"),
        _words(told.get("words", {})),
        _credit(told.get("credit", {})),
        _numbers(told.get("back", [])),
    )


def _date(said: object) -> dt.datetime:
    try:
        return dt.datetime.strptime(str(said), _FORM).replace(tzinfo=dt.UTC)
    except ValueError:
        raise _WrongError('"date" is no moment as 2026-11-29T14:27:03Z') from None


def _text(told: Mapping[str, object], name: str) -> str:
    said = told.get(name)
    if not isinstance(said, str):
        raise _WrongError(f'"{name}" is no text')
    return said


def _digest(told: Mapping[str, object], name: str) -> str:
    said = _text(told, name)
    if _DIGEST.fullmatch(said) is None:
        raise _WrongError(f'"{name}" is no SHA-256')
    return said


def _edits(said: object) -> tuple[Edit, ...] | None:
    if said is None:
        return None
    found = []
    for each in _list(said, "edits"):
        if not isinstance(each, dict) or not isinstance(each.get("line"), int):
            raise _WrongError('"edits" has something that is none')
        found.append(Edit(each["line"], _texts(each.get("out"), "out"), _texts(each.get("in"), "in")))
    return tuple(found)


def _moved(said: object, name: str) -> dict[str, tuple[str, ...]]:
    if not isinstance(said, dict):
        raise _WrongError(f'"{name}" is no table')
    _names(list(said), name)
    return {each: _names(names, name) for each, names in said.items()}


def _words(said: object) -> dict[str, str]:
    if not isinstance(said, dict) or not all(isinstance(each, str) for each in said.values()):
        raise _WrongError('"words" is no table of texts')
    return said


def _credit(said: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(said, dict):
        raise _WrongError('"credit" is no table')
    return {name: _texts(whom, "credit") for name, whom in said.items()}


def _numbers(said: object) -> tuple[int, ...]:
    found = _list(said, "back")
    if not all(isinstance(each, int) and not isinstance(each, bool) and each > 0 for each in found):
        raise _WrongError('"back" has something that is no number of a version')
    return tuple(found)


def _names(said: object, name: str) -> tuple[str, ...]:
    found = _texts(said, name)
    if not all(map(IDENTIFIER.fullmatch, found)):
        raise _WrongError(f'"{name}" has something that identifies no line')
    return found


def _texts(said: object, name: str) -> tuple[str, ...]:
    found = _list(said, name)
    if not all(isinstance(each, str) for each in found):
        raise _WrongError(f'"{name}" has something that is no text')
    return tuple(found)


def _list(said: object, name: str) -> Sequence[Any]:
    if not isinstance(said, list):
        raise _WrongError(f'"{name}" is no list')
    return said
