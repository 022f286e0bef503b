"""A key of a file: its type, whether it is required, and what it means; and the keys that many tables have."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

CERTAINTIES: Final = ("documented", "reported", "inferred", "unknown")


@dataclass(frozen=True)
class Key:
    """One key of a table. ``type`` names a reader in ``toml_values``; ``choices`` are the words a choice may be."""

    name: str
    type: str
    meaning: str
    required: bool = False
    choices: tuple[str, ...] = ()
    tables: tuple[Key, ...] = field(default=(), repr=False)


def tables(name: str, meaning: str, *keys: Key, single: bool = False) -> Key:
    """Make the key of a table, or of a list of tables, that has the given keys."""
    return Key(name, "table" if single else "tables", meaning, tables=keys)


SOURCES: Final = Key("sources", "citations", "what it rests on: `id` or `id, locator`, each id from sources.toml")
CERTAINTY: Final = Key("certainty", "choice", "how sure the claim is", choices=CERTAINTIES)
