"""Says on which page of a list something stands, for a copy of the site: no server finds it there for a reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from player.index import lists
from player.index.remembered import remembered
from player.web.pages.listing import LISTED, pages_of
from player.web.pages.things import usual_order

if TYPE_CHECKING:
    from collections.abc import Mapping

    from player.index.index import Index


def page_with(index: Index, kind: str, name: str) -> int:
    """Give the number of the page with a person, a source or an entry; the first where there is no such thing."""
    places = remembered(index, ("places in a list", kind), lambda: _places(index, kind))
    number = lists.number_of(index, kind, name)
    place = 0 if number is None else places.get(number, 0)
    return min(place // LISTED + 1, pages_of(len(places), LISTED))


def _places(index: Index, kind: str) -> Mapping[int, int]:
    if kind == "entry":
        order = "strand" if len(lists.strands(index)) > 1 else "date"
        return {number: place for place, number in enumerate(lists.entries(index, order))}
    return {number: place for place, number in enumerate(lists.things(index, kind, usual_order(index, kind)))}
