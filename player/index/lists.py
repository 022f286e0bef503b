"""Lists recordings, people, sources and entries of the chronology: in an order, narrowed, and counted.

A list is the numbers of its things; what is shown of them is asked for a page at a time.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from player.archive import dates
from player.index import cards, facets, values
from player.index.remembered import remembered
from player.letters import folded
from player.search.needles import count_in

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from player.archive.chronology import Strand
    from player.index.cards import Card
    from player.index.facets import Chosen, Facet
    from player.index.index import Index

# How recordings are ordered. What is undated, or has no known length, comes last whichever way it goes.
_RECORDINGS: Final = {
    "date": "SELECT id FROM recording ORDER BY earliest IS NULL, earliest, title_order, slug",
    "latest": "SELECT id FROM recording ORDER BY earliest IS NULL, earliest DESC, title_order, slug",
    "title": "SELECT id FROM recording ORDER BY title_order, slug",
    "length": "SELECT id FROM recording ORDER BY length IS NULL, length DESC, title_order, slug",
    "added": "SELECT id FROM recording ORDER BY added DESC, title_order, slug",
}
RECORDING_ORDERS: Final = tuple(_RECORDINGS)
_THINGS: Final = {
    # Each dossier has a file of its own, so that n tells nothing of them; numbers change when a file is read anew.
    "listed": "SELECT number FROM thing WHERE kind = ? ORDER BY n, name_order, id",
    "name": "SELECT number FROM thing WHERE kind = ? ORDER BY name_order, n, id",
}
#: How people and sources are ordered: as their file has them, by name, date, or how often they are named or cited.
THING_ORDERS: Final = (*_THINGS, "date", "latest", "most")
# What was published last comes first, and of that what was made last.
_HEARD: Final = """
    SELECT id FROM recording WHERE state IN (SELECT value FROM json_each(?)) AND (CAST(? AS TEXT) IS NULL OR series = ?)
    ORDER BY coalesce(published, '') DESC, coalesce(earliest, '') DESC, slug DESC
"""
# Each place once, however many statements stand there: that of a note and those of its claims, for instance.
_COUNTS: Final = {
    "person": """
        SELECT person AS id,
            count(DISTINCT names.unit || ' ' || coalesce(spot_name || ' ' || part, CAST(place AS TEXT))) AS count
        FROM names LEFT JOIN statement ON statement.unit = names.unit AND n = place
        WHERE (spot_kind IS NULL OR spot_kind <> 'person' OR spot_name <> person) GROUP BY person
    """,
    "source": """
        SELECT source AS id,
            count(DISTINCT cites.unit || ' ' || coalesce(spot_name || ' ' || part, CAST(place AS TEXT))) AS count
        FROM cites LEFT JOIN statement ON statement.unit = cites.unit AND n = place GROUP BY source
    """,
}
# The kind of the unit that holds things of a kind.
_UNITS: Final = {"person": "people", "source": "sources", "entry": "chronology", "dossier": "dossier", "set": "set"}


@dataclass(frozen=True)
class Listed:
    """The recordings of a list, by their numbers and in order, and the facets by which it can be narrowed."""

    numbers: Sequence[int]
    facets: Sequence[Facet]


def shelf(index: Index, chosen: Chosen, order: str) -> Listed:
    """List the recordings that have what is chosen, in one of ``RECORDING_ORDERS``."""
    ordered = remembered(
        index, ("recordings", order), lambda: tuple(row["id"] for row in index.rows(_RECORDINGS[order]))
    )
    wanted = facets.matching(index, chosen)
    found = ordered if wanted is None else tuple(number for number in ordered if number in wanted)
    return Listed(found, facets.facets(index, chosen))


def heard(index: Index, series: str | None = None) -> Sequence[int]:
    """List the recordings that can be played, all of them or those of a series; what was published last comes first."""
    states = json.dumps(sorted(cards.HEARD))
    return remembered(
        index,
        ("heard", *([series] if series else [])),
        lambda: tuple(row["id"] for row in index.rows(_HEARD, states, series, series)),
    )


def heard_series(index: Index) -> list[str]:
    """List the series of which something can be played, as each is called."""
    states = json.dumps(sorted(cards.HEARD))
    sql = "SELECT DISTINCT series FROM recording WHERE state IN (SELECT value FROM json_each(?)) AND series IS NOT NULL"
    return sorted(row["series"] for row in index.rows(sql, states))


def has_machine_words(index: Index) -> bool:
    """Tell whether a machine wrote the words of some recording, and nobody has heard or reviewed all of them."""
    return remembered(
        index, ("unchecked",), lambda: bool(index.rows("SELECT 1 FROM recording WHERE unchecked > 0 LIMIT 1"))
    )


def cards_of(index: Index, numbers: Sequence[int]) -> list[Card]:
    """Give the cards of recordings, in the order of their numbers, but for those that have gone meanwhile."""
    return [card for _, card in numbered_cards(index, numbers)]


def numbered_cards(index: Index, numbers: Sequence[int]) -> list[tuple[int, Card]]:
    """Give the same, each with its number."""
    rows = index.rows(
        "SELECT id, card FROM recording WHERE id IN (SELECT value FROM json_each(?))", json.dumps(list(numbers))
    )
    found = {row["id"]: row["card"] for row in rows}
    return [(number, index.database.decoded(found[number], cards.read)) for number in numbers if number in found]


def total(index: Index, kind: str) -> int:
    """Count the things of a kind: person, source, entry, dossier."""
    count = index.rows("SELECT count(*) AS count FROM thing WHERE kind = ?", kind)[0]["count"]
    return int(count)


def things(index: Index, kind: str, order: str, words: str = "") -> Sequence[int]:
    """List the numbers of the people, sources or dossiers that have all ``words``, or parts of words, in an order."""
    ordered = remembered(index, ("things", kind, order), lambda: _things(index, kind, order))
    wanted = _with_words(index, kind, words)
    return ordered if wanted is None else [number for number in ordered if number in wanted]


def strands(index: Index) -> Mapping[str, Strand]:
    """Give the strands of the chronology by their ids, in order."""
    rows = index.rows("SELECT value FROM thing WHERE kind = 'strand' ORDER BY n")
    return {strand.id: strand for strand in (values.decode(row["value"]) for row in rows)}


def entries(index: Index, order: str, of: Collection[str] = (), words: str = "") -> Sequence[int]:
    """List the numbers of the entries of the chronology: ordered by ``strand``, or by ``date`` alone.

    ``of`` are the strands whose entries are wanted; those of all, where it is empty.
    """
    ordered = remembered(index, ("entries", order), lambda: _entries(index, order))
    wanted = _with_words(index, "entry", words)
    return [number for number, strand in ordered if (not of or strand in of) and (wanted is None or number in wanted)]


def number_of(index: Index, kind: str, name: str) -> int | None:
    """Give the number of a thing by its id; None where there is none."""
    found = index.rows("SELECT number FROM thing WHERE kind = ? AND id = ?", kind, name)
    return found[0]["number"] if found else None


def values_of(index: Index, numbers: Sequence[int]) -> list[Any]:
    """Give people, sources, entries or dossiers in the order of their numbers."""
    rows = index.rows(
        "SELECT number, value FROM thing WHERE number IN (SELECT value FROM json_each(?))", json.dumps(list(numbers))
    )
    found = {row["number"]: row["value"] for row in rows}
    return [index.database.decoded(found[number], values.decode) for number in numbers if number in found]


def faults(index: Index, kind: str) -> list[str]:
    """Say what is wrong with the units of a kind that cannot be read, as visitors are told."""
    rows = index.rows("SELECT fault FROM unit WHERE kind = ? AND fault IS NOT NULL ORDER BY name", kind)
    return [row["fault"] for row in rows]


def counts(index: Index, kind: str) -> Mapping[str, int]:
    """Count the places that name each person, or cite each source, by its id; those of none are left out."""
    return remembered(index, ("counts", kind), lambda: {row["id"]: row["count"] for row in index.rows(_COUNTS[kind])})


def _things(index: Index, kind: str, order: str) -> Sequence[int]:
    if order in _THINGS:
        return [row["number"] for row in index.rows(_THINGS[order], kind)]
    rows = index.rows(
        "SELECT number, id, json_extract(value, '$.date') AS date FROM thing WHERE kind = ? ORDER BY name_order, n, id",
        kind,
    )
    if order == "most":
        often = counts(index, kind)
        rows.sort(key=lambda row: -often.get(row["id"], 0))
        return [row["number"] for row in rows]
    dated = [row for row in rows if row["date"]]
    dated.sort(key=lambda row: dates.sort_key(row["date"]), reverse=order == "latest")
    return [row["number"] for row in (*dated, *(row for row in rows if not row["date"]))]


def _entries(index: Index, order: str) -> list[tuple[int, str]]:
    rows = index.rows(
        "SELECT number, json_extract(value, '$.strand') AS strand FROM thing WHERE kind = 'entry' ORDER BY n"
    )
    found = [(row["number"], row["strand"]) for row in rows]
    if order != "date":
        places = {row["id"]: row["n"] for row in index.rows("SELECT id, n FROM thing WHERE kind = 'strand'")}
        found.sort(key=lambda each: places.get(each[1], len(places)))
    return found


def _with_words(index: Index, kind: str, words: str) -> AbstractSet[int] | None:
    """Give the numbers of the things that have all words, as they are compared; None where there are no words."""
    needles = folded(words).split()
    if not needles:
        return None
    rows = index.rows(
        "SELECT owner, folded FROM unit JOIN body ON body.unit = unit.id WHERE unit.kind = ? AND body.kind = ?",
        _UNITS[kind],
        kind,
    )
    return {row["owner"] for row in rows if all(count_in(row["folded"], [needle]) for needle in needles)}
