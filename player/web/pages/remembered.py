"""Remembers what a page has asked of the index, which reads one thing at a time: lines name the same source again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

_Value = TypeVar("_Value")


class Remembered(Mapping[str, _Value]):
    """Another mapping, of which each key is asked for once."""

    def __init__(self, asked: Mapping[str, _Value]) -> None:
        self._asked = asked
        self._known: dict[str, _Value | None] = {}

    def __getitem__(self, key: str) -> _Value:
        if key not in self._known:
            self._known[key] = self._asked.get(key)
        found = self._known[key]
        if found is None:
            raise KeyError(key)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._asked)

    def __len__(self) -> int:
        return len(self._asked)
