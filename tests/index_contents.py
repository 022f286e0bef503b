"""What the index of an archive holds, so that two can be compared: numbers of rows, which are chance, become names."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from player.archive.archive import Archive
from player.index.index import Index

if TYPE_CHECKING:
    import sqlite3

#: What depends on when something was looked at, and not on what there is.
_CHANCE: Final = {"stamp", "added", "is_pending"}
#: Tables whose rows may outlive what they are about, or are the program's own.
_OWN: Final = ("meta", "sqlite_", "words", "examined")

Contents = dict[str, list[str]]


def fresh(root: Path, cache: Path) -> Contents:
    """Give what an index holds that is made of the files as they are, in a cache that has nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAYER_CACHE", str(cache))
        index = Index.of(Archive(root))
        index.look()
        return contents(index)


def contents(index: Index) -> Contents:
    """Give the rows of all tables, by table, and for each word that is searched where it is found."""
    units = {row["id"]: f"{row['kind']}:{row['name']}" for row in index.rows("SELECT * FROM unit")}
    things = {row["number"]: f"{row['kind']}:{row['id']}" for row in index.rows("SELECT * FROM thing")}
    named = {"unit": units, "thing": things}
    found: Contents = {}
    for (table,) in index.rows("SELECT name FROM sqlite_master WHERE type = 'table'"):
        if table.startswith(_OWN):
            continue
        keys = index.rows("SELECT * FROM pragma_foreign_key_list(?)", table)
        columns = {row["from"]: named[row["table"]] for row in keys}
        columns |= {"id": units} if table == "unit" else {"number": things} if table == "thing" else {}
        rows = index.rows(f"SELECT * FROM {table}")  # noqa: S608  # a table's own name
        found[table] = sorted(str(_plain(row, columns, table, things)) for row in rows)
    found["found"] = _found(index, units)
    return found


def _plain(row: sqlite3.Row, columns: dict[str, dict[int, str]], table: str, things: dict[int, str]) -> dict[str, Any]:
    plain = {name: row[name] for name in row.keys() if name not in _CHANCE}  # noqa: SIM118  # a row iterates over its values
    for name, names in columns.items():
        if plain[name] is not None:
            plain[name] = names[plain[name]]
    if table == "body":
        del plain["id"]
        plain["owner"] = things.get(plain["owner"], plain["owner"])  # of notes it is none
    return plain


def _found(index: Index, units: dict[int, str]) -> list[str]:
    """Look for every word of every body, and give where it is found: the index of words is not read, only asked."""
    bodies = index.rows("SELECT id, unit, kind, folded FROM body")
    names = {row["id"]: f"{units[row['unit']]} {row['kind']}" for row in bodies}
    words = {word for row in bodies for word in _text(row["folded"]).split() if len(word) > 2}
    found = []
    for word in sorted(words):
        rows = index.rows("SELECT rowid FROM words WHERE words MATCH ?", f'"{word.replace(chr(34), "")}"')
        found.append(f"{word}: {sorted(names.get(row['rowid'], 'nothing') for row in rows)}")
    return found


def _text(folded: str | bytes) -> str:
    return folded.decode() if isinstance(folded, bytes) else folded


if __name__ == "__main__":
    _index = Index.of(Archive(Path(sys.argv[1])))
    _index.look()
    json.dump(contents(_index), sys.stdout)
