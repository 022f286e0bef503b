"""Walks through the values of a TOML file as they are written, beside the declarations of their keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from player.archive.toml.declared import Key, Table
    from player.archive.toml.tables import TomlPath


class Written(NamedTuple):
    """A key of a table: which table of the file, what the key is declared as, and all that the table holds.

    ``texts`` are the texts that it has: one, several, or none where something else is written.
    """

    table: TomlPath
    key: Key
    within: Mapping[str, Any]
    texts: tuple[str, ...]


def written_keys(values: Mapping[str, Any], kind: type[Table], at: TomlPath = ()) -> Iterator[Written]:
    """Give the keys of a table of a ``kind`` that hold no table, and those of the tables below it."""
    for key in kind.keys:
        value = values.get(key.name)
        if key.of is not None:
            several = value if isinstance(value, list) else []
            below = [((*at, key.name, number), each) for number, each in enumerate(several)]
            below += [((*at, key.name), value)] if isinstance(value, dict) else []
            for path, each in below:
                if isinstance(each, dict):
                    yield from written_keys(each, key.of, path)
            continue
        texts = value if isinstance(value, list) else [value]
        yield Written(at, key, values, tuple(text for text in texts if isinstance(text, str)))
