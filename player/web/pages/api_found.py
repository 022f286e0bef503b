"""Gathers what the API answers to a search: recordings with their lines, notes, and what else there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app, request

from player.archive.gate.shown import CLOSED_LINE
from player.errors import PlayerError
from player.index import facets, lists
from player.index.searching import THINGS
from player.publish.api import found as written
from player.publish.api.recordings import brief, told_first
from player.search.phrases import marked
from player.web.current import current_archive, current_index
from player.web.pages import api, found
from player.web.serving.public_address import public_address

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from player.archive.recording import Record
    from player.index.cards import Card
    from player.index.searching import Hits, Search
    from player.web.pages.found import Other


def search(asked: Mapping[str, Any], chosen: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """Give a page of what is found of what is ``asked``, narrowed to what is ``chosen``.

    :raise SearchError: where no word is asked for.
    :raise NotFoundError: where there is no such page.
    """
    searching: Search = current_app.extensions["search"]
    index = current_index()  # looks at what has changed, before anything is looked for in it
    hits = searching.find(asked["q"])
    wanted = facets.matching(index, chosen)
    among = {"recordings": hits.recordings, "notes": hits.noted.keys()}
    narrowed: dict[str, AbstractSet[int]] = {
        name: each if wanted is None else each & wanted for name, each in among.items()
    }
    # Nothing but recordings has what these are narrowed by.
    things: dict[str, Sequence[int]] = {
        name: hits.things.get(kind, ()) if wanted is None else ()
        for name, kind in written.PLACES.items()
        if kind in THINGS
    }
    place, size = asked["in"], asked["limit"]
    if place in narrowed:
        by_date = asked["sort"] == "date"
        numbers: Sequence[int] = (
            searching.by_date(narrowed[place]) if by_date else searching.by_rank(hits, narrowed[place])
        )
        shown = api.part_of(numbers, asked["page"], size)
        give = _recordings if place == "recordings" else _notes
        items = list(give(searching, hits, shown, asked["lines"]))
    else:
        numbers = things[place]
        shown = api.part_of(numbers, asked["page"], size)
        kind = written.PLACES[place]
        items = [_thing(kind, each) for each in found.things(index, hits, kind, shown)]
    return {
        "query": asked["q"],
        "place": place,
        "total": len(numbers),
        "counts": {name: len(narrowed[name] if name in narrowed else things[name]) for name in written.PLACES},
        "items": items,
        "links": api.pages("api.search", asked["page"], len(numbers), size),
    }


def _recordings(searching: Search, hits: Hits, numbers: Sequence[int], most: int) -> Iterator[dict[str, Any]]:
    for number, card, record in _there(numbers):
        is_open = record.shown.transcript is None
        lines = searching.lines(hits, number, most, with_sources=True) if is_open and most else []
        closed = card.access is not None
        yield {
            "what": "recording",
            "recording": _brief(record, card),
            "title": written.pieces(marked(card.title, hits.needles)),
            "count": hits.passages.get(number, 0) if is_open else 0,
            "lines": [
                written.line(
                    each,
                    found.line_cited(record, each),
                    is_closed=closed and each.line.id.startswith(CLOSED_LINE),
                )
                for each in lines
            ],
        }


def _notes(searching: Search, hits: Hits, numbers: Sequence[int], most: int) -> Iterator[dict[str, Any]]:
    for number, card, record in _there(numbers):
        notes = searching.cited_notes(hits, number)[:most] if record.shown.notes is None else []
        said = []
        for note, citations in notes:
            title, text = (marked(note[each], hits.needles) for each in ("title", "text"))
            if not any(is_hit for _, is_hit in (*title, *text)):
                text = found.claimed(current_index(), hits, number, note["id"]) or text
            said.append(written.note(note, text, citations, found.cited_note(record, note), title))
        yield {
            "what": "notes",
            "recording": _brief(record, card),
            "count": hits.noted.get(number, 0) if record.shown.notes is None else 0,
            "notes": said,
        }


def _there(numbers: Sequence[int]) -> Iterator[tuple[int, Card, Record]]:
    """Give recordings, but for those that were closed, or removed, since the index looked."""
    for number, card in lists.numbered_cards(current_index(), numbers):
        try:
            yield number, card, current_archive().record(card.slug)
        except PlayerError:
            continue


def _brief(record: Record, card: Card) -> dict[str, Any]:
    return {
        **brief(record, told_first(record, card.unchecked or 0)),
        "address": public_address("recordings.recording", slug=record.slug),
        "api": public_address("api.recording", slug=record.slug),
    }


def _thing(kind: str, thing: Other) -> dict[str, Any]:
    home = public_address("recordings.shelf").removesuffix("/")
    return {
        "what": kind,
        "title": written.pieces(thing.name),
        "text": written.pieces(thing.text),
        "address": f"{home}{thing.address.removeprefix(request.script_root)}",
    }
