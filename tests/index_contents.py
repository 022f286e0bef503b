"""What the index of an archive holds, so that two can be compared: numbers of rows, which are chance, become names."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from player.archive.archive import Archive
from player.index.index import Index
from player.index.schema import TABLES
from player.index.store import LONGEST_RUN
from player.search.bodies import TRIGRAM
from player.search.needles import letters_in

#: What depends on when something was looked at, and not on what there is.
_CHANCE: Final = {"stamp", "added", "is_pending"}
#: Tables whose rows may outlive what they are about, or are the program's own.
_OWN: Final = ("meta", "examined")
#: The tables, and of each the columns that are numbers of rows of others.
_TABLES: Final = {
    name: dict(re.findall(r"\b(\w+) INTEGER [A-Z ]*\bREFERENCES (\w+)", columns))
    for name, columns in re.findall(r"CREATE TABLE (\w+) \((.*?)\n?\)(?: WITHOUT ROWID)?;", TABLES, re.DOTALL)
    if name not in _OWN
}

Contents = dict[str, list[str]]


def fresh(root: Path, cache: Path) -> Contents:
    """Give what an index holds that is made of the files as they are, in a cache that has nothing: by SQLite."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PLAYER_INDEX", raising=False)
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
    for table, keys in _TABLES.items():
        columns = {column: named[there] for column, there in keys.items()}
        columns |= {"id": units} if table == "unit" else {"number": things} if table == "thing" else {}
        rows = index.rows(f"SELECT * FROM {table}")  # noqa: S608  # a table's own name
        found[table] = sorted(str(_plain(row, columns, table, things)) for row in rows)
    found["found"] = _found(index, units)
    return found


def _plain(row: Any, columns: dict[str, dict[int, str]], table: str, things: dict[int, str]) -> dict[str, Any]:
    # A row of SQLite iterates over its values; and a truth is a number there.
    plain = {name: _number(row[name]) for name in row.keys() if name not in _CHANCE}  # noqa: SIM118
    for name, names in columns.items():
        if plain[name] is not None:
            plain[name] = names[plain[name]]
    if table == "body":
        del plain["id"]
        plain["owner"] = things.get(plain["owner"], plain["owner"])  # of notes it is none
    return plain


def _found(index: Index, units: dict[int, str]) -> list[str]:
    """Look for every word of every body, and give where it is found: the index of words is not read, only asked."""
    bodies = index.rows("SELECT folded FROM body")
    words = {letters_in(word)[:LONGEST_RUN] for row in bodies for word in _text(row["folded"]).split()}
    found = []
    for word in sorted(word for word in words if len(word) >= TRIGRAM):
        places = (f"{units[unit]} {kind}" for unit, kind, _, _ in index.database.bodies([[word]]))
        found.append(f"{word}: {sorted(places)}")
    return found


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value


def _text(folded: str | bytes) -> str:
    return folded.decode() if isinstance(folded, bytes) else folded


if __name__ == "__main__":
    _index = Index.of(Archive(Path(sys.argv[1])))
    _index.look()
    json.dump(contents(_index), sys.stdout)
