"""Writes values of an archive as JSON, and reads them back: dataclasses by their names, tuples as lists.

Where a value stands in its file is left out: an index is for showing, and a file may have changed since.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Final

from player.archive import chronology, dossiers, people, sets, sources
from player.archive.recording import Publication
from player.archive.references import Citation, Pointer
from player.archive.toml.declared import Table, walk

_CLASS: Final = "="


def _classes() -> dict[str, type[Any]]:
    """List the classes of which values are kept, by name."""
    found: list[type[Any]] = [Citation, Pointer, Publication]
    for module in (chronology, dossiers, people, sets, sources):
        found += [each for each in vars(module).values() if isinstance(each, type) and issubclass(each, Table)]
    return {each.__name__: each for each in found}


_CLASSES: Final = _classes()


def encode(value: Any) -> str:
    """Write a value, and all that is in it, as JSON."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def decode(text: str) -> Any:
    """Read what ``encode`` wrote."""
    return _value(json.loads(text))


def pointed_at(value: Table) -> set[str]:
    """List the recordings that a value, or a table in it, points at."""
    found: set[str] = set()
    for table in walk(value):
        for each in table.keys:
            here = getattr(table, each.filled)
            if not here:
                continue
            if each.kind == "recording":
                found.add(here)
            elif each.kind == "moment":
                found.add(here.to)
            elif each.kind == "moments":
                found.update(pointer.to for pointer in here)
    return found


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        held = {each.name: _plain(getattr(value, each.name)) for each in fields(value) if each.name != "position"}
        return {_CLASS: type(value).__name__, **held}
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, Path) else value


def _value(found: Any) -> Any:
    if isinstance(found, list):
        return tuple(map(_value, found))
    if isinstance(found, dict):
        held = {key: _value(each) for key, each in found.items() if key != _CLASS}
        return _CLASSES[found[_CLASS]](**held) if _CLASS in found else held
    return found
