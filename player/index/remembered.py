"""Remembers what is derived from an index as a whole, such as an order of all recordings, until anything in it changes.

What is remembered under comes from a short list, never from an address: there are as many values as the program has
orders and facets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable

    from player.index.index import Index

_Value = TypeVar("_Value")

_REMEMBERED: WeakKeyDictionary[Index, tuple[int, dict[tuple[str, ...], Any]]] = WeakKeyDictionary()


def remembered(index: Index, key: tuple[str, ...], find: Callable[[], _Value]) -> _Value:
    """Give what ``find`` gave for ``key`` before, unless the index has changed since."""
    generation = index.generation
    held = _REMEMBERED.get(index)
    if held is None or held[0] != generation:
        held = _REMEMBERED[index] = (generation, {})
    if key not in held[1]:
        held[1][key] = find()
    return cast("_Value", held[1][key])
