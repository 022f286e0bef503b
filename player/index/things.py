"""Gives what the index keeps as mappings by slug or id, which read one thing at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Generic, TypeVar

from player.index import cards, values
from player.index.cards import Card

if TYPE_CHECKING:
    from collections.abc import Iterator

    from player.index.store import Store

_Value = TypeVar("_Value")


class Cards(Mapping[str, Card]):
    """What lists show of each recording, by its slug."""

    def __init__(self, database: Store) -> None:
        self._database = database

    def __getitem__(self, slug: str) -> Card:
        found = self._database.row("SELECT card FROM recording WHERE slug = ?", slug)
        if found is None:
            raise KeyError(slug)
        return self._database.decoded(found["card"], cards.read)

    def __iter__(self) -> Iterator[str]:
        return (row["slug"] for row in self._database.rows("SELECT slug FROM recording ORDER BY slug"))

    def __len__(self) -> int:
        found = self._database.row("SELECT count(*) AS count FROM recording")
        return int(found["count"]) if found else 0


class Things(Mapping[str, _Value], Generic[_Value]):
    """What a shared file holds, by id, in the order of the file."""

    def __init__(self, database: Store, kind: str) -> None:
        self._database = database
        self._kind = kind

    def __getitem__(self, name: str) -> _Value:
        found = self._database.row("SELECT value FROM thing WHERE kind = ? AND id = ?", self._kind, name)
        if found is None:
            raise KeyError(name)
        value: _Value = self._database.decoded(found["value"], values.decode)
        return value

    def __iter__(self) -> Iterator[str]:
        sql = "SELECT thing.id FROM thing JOIN unit ON unit.id = thing.unit WHERE thing.kind = ? ORDER BY unit.name, n"
        return (row["id"] for row in self._database.rows(sql, self._kind))

    def __len__(self) -> int:
        found = self._database.row("SELECT count(*) AS count FROM thing WHERE kind = ?", self._kind)
        return int(found["count"]) if found else 0
