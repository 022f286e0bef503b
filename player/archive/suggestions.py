"""Reads and writes what a listener suggests for a line: a file, ``suggestions/<id>.json``, seen only at the desk.

::

    {"line": "c7", "date": "2026-11-29T14:27:03Z", "seen": ["The pocket boat"], "said": ["The packet boat"],
     "note": "It is the one from the other bank.", "name": "Nora Quill"}

``seen`` and ``said`` are the words of each turn of the line: as its page showed them, and as the listener hears them.
``note`` and ``name`` are null where there is none.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player.archive.recording import SUGGESTIONS
from player.archive.references import IDENTIFIER
from player.files import content

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: The most bytes of a file: each text is a few hundred.
LARGEST: Final = 100_000

_NAME: Final = re.compile(r"[0-9a-f]{16}", re.ASCII)
_FORM: Final = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class Suggestion:
    """What somebody suggests: the identifier of the line as it then was, and the words of each of its turns."""

    id: str
    line: str
    date: dt.datetime
    seen: tuple[str, ...]
    said: tuple[str, ...]
    note: str | None
    name: str | None


def names(folder: Path) -> list[str]:
    """Give the ids of the suggestions in the ``folder`` of a recording; of a folder that is a link, none."""
    place = folder / SUGGESTIONS
    if os.path.islink(place):  # noqa: PTH114  # is_symlink raises where a name is too long
        return []
    try:
        with os.scandir(place) as entries:
            return sorted(entry.name[:-5] for entry in entries if is_name_of_file(entry.name))
    except OSError:
        return []


def is_name_of_file(name: str) -> bool:
    """Tell whether a file is named as that of a suggestion."""
    return name.endswith(".json") and is_id(name[:-5])


def is_id(name: object) -> bool:
    """Tell whether something can identify a suggestion."""
    return isinstance(name, str) and _NAME.fullmatch(name) is not None


def place_of(folder: Path, name: str) -> Path:
    """Give the file of a suggestion to the recording in ``folder``.

    :raise ValueError: where it has no such name, or the folder of suggestions is a link, which could lead elsewhere.
    """
    if not is_id(name) or os.path.islink(folder / SUGGESTIONS):  # noqa: PTH114  # as above
        raise ValueError(name)
    return folder / SUGGESTIONS / f"{name}.json"


def waiting(folder: Path) -> Iterator[Suggestion]:
    """Give the suggestions in the ``folder`` of a recording that can be read, the oldest first."""
    found = [each for name in names(folder) if (each := read(folder, name)) is not None]
    yield from sorted(found, key=lambda each: (each.date, each.id))


def read(folder: Path, name: str) -> Suggestion | None:
    """Read a suggestion; None where there is none that can be read."""
    try:
        path = place_of(folder, name)
        state = os.lstat(path)
        if not stat.S_ISREG(state.st_mode) or state.st_size > LARGEST:
            return None
        told = json.loads(content(path))
        json.dumps(told, ensure_ascii=False).encode()  # half a character can be written in JSON, and on no page
        return _suggestion(name, told)
    except (OSError, ValueError, RecursionError):
        return None


def written(suggestion: Suggestion) -> bytes:
    """Write a suggestion as its file has it."""
    told = {
        "line": suggestion.line,
        "date": suggestion.date.strftime(_FORM),
        "seen": suggestion.seen,
        "said": suggestion.said,
        "note": suggestion.note,
        "name": suggestion.name,
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def _suggestion(name: str, told: object) -> Suggestion:
    """Make a suggestion of JSON.

    :raise ValueError: where it is none.
    """
    told = told if isinstance(told, dict) else {}
    line, date = told.get("line"), told.get("date")
    if not isinstance(line, str) or IDENTIFIER.fullmatch(line) is None or not isinstance(date, str):
        raise ValueError(name)
    seen, said = _texts(told.get("seen")), _texts(told.get("said"))
    if len(seen) != len(said) or not seen:
        raise ValueError(name)
    when = dt.datetime.strptime(date, _FORM).replace(tzinfo=dt.UTC)
    return Suggestion(name, line, when, seen, said, _text_or_none(told.get("note")), _text_or_none(told.get("name")))


def _texts(told: object) -> tuple[str, ...]:
    if not isinstance(told, list) or not all(isinstance(each, str) for each in told):
        raise ValueError(told)
    return tuple(told)


def _text_or_none(told: object) -> str | None:
    if told is not None and not isinstance(told, str):
        raise ValueError(told)
    return told
