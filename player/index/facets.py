"""Counts by what a list of recordings can be narrowed: people, tags, decades, kinds and series.

Values of one facet widen the list (any of them), facets narrow it (all of them). Each facet is counted as if nothing of
it were chosen, so that a reader sees what choosing another value would give.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player.index.remembered import remembered
from player.letters import folded
from player.search.needles import count_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.index.index import Index

#: In the order in which they are shown.
NAMES: Final = ("person", "tag", "decade", "kind", "series")
#: Values by facet.
Chosen = Mapping[str, tuple[str, ...]]

# How many values are shown of a facet that may have hundreds; one or two more are shown instead of being counted.
_SHOWN: Final = 5
_SPARE: Final = 2
_LONG: Final = frozenset({"person", "tag", "series"})

_COUNTED: Final = (
    "SELECT value, count(*) AS count FROM facet"
    " WHERE name = ? AND recording IN (SELECT value FROM json_each(?))"
    " GROUP BY value ORDER BY 2 DESC, 1"
)
# The same, recording by recording: for so few of 2,000 that takes a third of the time and less.
_FEW: Final = 300
_COUNTED_FEW: Final = (
    "SELECT facet.value, count(*) AS count FROM (SELECT value AS number FROM json_each(?2)) AS few CROSS JOIN facet"
    " WHERE recording = few.number AND name = ?1 GROUP BY facet.value ORDER BY 2 DESC, 1"
)


@dataclass(frozen=True)
class Value:
    """A value, what it is called, and how many recordings have it."""

    value: str
    label: str
    count: int
    is_chosen: bool = False


@dataclass(frozen=True)
class Facet:
    """The values to be shown of a facet, and how many there are in ``total``."""

    name: str
    values: tuple[Value, ...]
    total: int

    @property
    def is_chosen(self) -> bool:
        """Tell whether the list is narrowed by it."""
        return any(value.is_chosen for value in self.values)

    @property
    def can_narrow(self) -> bool:
        """Tell whether there is anything to choose, or to take away."""
        return len(self.values) > 1 or self.is_chosen


def matching(index: Index, chosen: Chosen) -> AbstractSet[int] | None:
    """Give the numbers of the recordings that have what is chosen; None where nothing is, for all of them."""
    pairs = [(name, value) for name, values in chosen.items() for value in values]
    if not pairs:
        return None
    rows = index.rows(
        "SELECT recording FROM json_each(?1) AS pair JOIN facet"
        " ON name = json_extract(pair.value, '$[0]') AND facet.value = json_extract(pair.value, '$[1]')"
        " GROUP BY recording HAVING count(DISTINCT name) = ?2",
        json.dumps(pairs),
        len({name for name, _ in pairs}),
    )
    return {row["recording"] for row in rows}


def facets(index: Index, chosen: Chosen, among: AbstractSet[int] | None = None) -> list[Facet]:
    """Give all facets of the recordings in ``among``, those that words found for instance; None for all of them."""
    return [_facet(index, name, chosen, among) for name in NAMES]


def values(
    index: Index, name: str, chosen: Chosen, among: AbstractSet[int] | None = None, words: str = ""
) -> list[Value]:
    """Give all values of one facet by their labels, or those whose labels have the letters of ``words``."""
    counts = _counts(index, name, chosen, among)
    labels = _labels(index, name, counts)
    needles = folded(words).split()
    found = sorted((f" {folded(labels[value])} ", value) for value in counts)
    return [
        Value(value, labels[value], counts[value], value in chosen.get(name, ()))
        for label, value in found
        if all(count_in(label.encode(), [needle]) for needle in needles)
    ]


def _facet(index: Index, name: str, chosen: Chosen, among: AbstractSet[int] | None) -> Facet:
    own = chosen.get(name, ())
    counts = _counts(index, name, chosen, among)
    ordered = sorted(counts) if name == "decade" else list(counts)
    most = _SHOWN if name in _LONG and len(ordered) > _SHOWN + _SPARE else len(ordered)
    shown = [*ordered[:most], *(value for value in own if value not in ordered[:most])]
    labels = _labels(index, name, shown)
    return Facet(
        name, tuple(Value(each, labels[each], counts.get(each, 0), each in own) for each in shown), len(counts)
    )


def _counts(index: Index, name: str, chosen: Chosen, among: AbstractSet[int] | None) -> dict[str, int]:
    """Count the recordings that have each value, the most frequent first."""
    others = matching(index, {facet: values for facet, values in chosen.items() if facet != name})
    wanted = others if among is None else among if others is None else others & among
    if wanted is None:
        return remembered(index, ("facet", name), lambda: _all_counts(index, name))
    rows = index.rows(_COUNTED_FEW if len(wanted) < _FEW else _COUNTED, name, json.dumps(sorted(wanted)))
    return {row["value"]: row["count"] for row in rows}


def _all_counts(index: Index, name: str) -> dict[str, int]:
    rows = index.rows(
        "SELECT value, count(*) AS count FROM facet WHERE name = ? GROUP BY value ORDER BY 2 DESC, 1", name
    )
    return {row["value"]: row["count"] for row in rows}


def _labels(index: Index, name: str, shown: Sequence[str] | Mapping[str, int]) -> dict[str, str]:
    """Say what values are called: people by their names, everything else by itself."""
    if name != "person":
        return {value: value for value in shown}
    rows = index.rows(
        "SELECT id, name FROM thing WHERE kind = 'person' AND id IN (SELECT value FROM json_each(?))",
        json.dumps(list(shown)),
    )
    return {value: value for value in shown} | {row["id"]: row["name"] for row in rows}
