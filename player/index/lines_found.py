"""Gives the lines of recordings in which hits begin, with what stands around them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from player.archive.references import Citation
from player.archive.transcript import Cue, Turn, UntimedLine
from player.search.needles import hits_in
from player.search.phrases import Found, found_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from player.archive.transcript import Line
    from player.index.store import Row, Store
    from player.search.bodies import Body

# Some lines, by their recordings and numbers.
_LINES: Final = """
SELECT recording, n, line.id AS id, start, "end", until, voice, text, words, is_approximate, page, is_unchecked,
    doubtful
FROM json_each(?1) AS pair CROSS JOIN line
WHERE recording = CAST(json_extract(pair.value, '$[0]') AS BIGINT)
    AND n = CAST(json_extract(pair.value, '$[1]') AS BIGINT)
"""


def lines_of(
    store: Store, needles: Sequence[str], recordings: Sequence[int], most: int, *, with_sources: bool
) -> dict[int, list[Found]]:
    """Give the first lines of each recording in which needles are found, at most so many, by the recordings' numbers.

    What they rest on is looked up ``with_sources`` only.
    """
    bodies = store.bodies_of(recordings, "lines")
    wanted = {number: _first(body, needles, most) for number, body in bodies.items()}
    rows: dict[int, list[Row]] = {}
    touched = [[number, n] for number, body in bodies.items() for n in sorted(_touched(body, wanted[number]))]
    for row in store.rows(_LINES, json.dumps(touched)):
        rows.setdefault(row["recording"], []).append(row)
    found: dict[int, list[Found]] = {}
    for number, its in rows.items():
        doubts = {row["id"]: tuple(map(int, row["doubtful"].split())) for row in its}
        lines = found_in({row["n"]: _line(row) for row in its}, bodies[number], wanted[number])
        found[number] = [replace(each, doubtful=tuple(doubts[name] for name in each.ids)) for each in lines]
        if with_sources:
            cited = _citations(store, number, {row["id"]: row["n"] for row in its})
            lines = found[number]
            found[number] = [
                replace(each, citations=_of_all(cited.get(name, ()) for name in each.ids)) for each in lines
            ]
    return found


def _citations(store: Store, recording: int, places: Mapping[str, int]) -> dict[str, list[Citation]]:
    """Give what lines of a recording rest on, in the order of the sources' identifiers."""
    ids = {-n - 1: name for name, n in places.items()}
    found: dict[str, list[Citation]] = {}
    for row in store.rows(
        "SELECT place, source, locator FROM cites WHERE unit = ? AND place IN (SELECT value FROM json_each(?))"
        " ORDER BY source, locator",
        recording,
        json.dumps(sorted(ids)),
    ):
        found.setdefault(ids[row["place"]], []).append(Citation(row["source"], row["locator"] or None))
    return found


def _first(body: Body, needles: Sequence[str], most: int) -> list[tuple[int, int]]:
    """Give the hits that begin in the first lines that have any, at most so many."""
    found: list[tuple[int, int]] = []
    lines: set[int] = set()
    for hit in hits_in(body.folded, needles):
        lines.add(body.line_at(hit[0]))
        if len(lines) > most:
            break
        found.append(hit)
    return found


def _touched(body: Body, hits: Iterable[tuple[int, int]]) -> set[int]:
    return {n for begin, end in hits for n in range(body.line_at(begin), body.line_at(end - 1) + 1)}


def _line(row: Row) -> Line:
    turns = (Turn(row["voice"], row["text"]),)
    is_unchecked = bool(row["is_unchecked"])
    if row["start"] is None:
        return UntimedLine(row["id"], row["text"], turns, (), 0, page=row["page"], is_unchecked=is_unchecked)
    words = tuple(None if each == "-" else int(each) for each in row["words"].split())
    return Cue(
        *(row["id"], row["start"], row["end"], row["text"], turns, words, (), 0),
        until=row["until"],
        is_approximate=bool(row["is_approximate"]),
        page=row["page"],
        is_unchecked=is_unchecked,
    )


def _of_all(citations: Iterable[Sequence[Citation]]) -> tuple[Citation, ...]:
    """Give what several lines rest on, each once."""
    return tuple(dict.fromkeys(each for its in citations for each in its))
