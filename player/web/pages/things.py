"""Makes the lists of people, sources, dossiers and sets: which of them stand on the page, in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from player.index import lists
from player.web.pages.listing import LISTED, Asked, Order, Part

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.index.index import Index

#: So few can be looked over: there is nothing to find or sort them by.
FEW: Final = 12
# Up to so many are shown as their file has them, which may be an order that somebody thought about; more are not.
_LOOKED_OVER: Final = LISTED + LISTED // 5

_LISTED: Final = Order("listed", "As listed")
_NAME: Final = Order("name", "Name", "↓", "from A to Z")
_TITLE: Final = Order("name", "Title", "↓", "from A to Z")
_DATE: Final = Order("date", "Date", "↑", "earliest first", Order("latest", "Date", "↓", "latest first"))
#: The orders of a list but for that of the file, by the kind of things.
_ORDERS: Final = {
    "person": (_NAME, Order("most", "Most often named")),
    "source": (_TITLE, _DATE, Order("most", "Most often cited")),
}


@dataclass(frozen=True)
class Things:
    """A page of a list: the ``things`` on it, and how many there are in ``total``; of a few, all are on it."""

    part: Part
    things: Sequence[Any]
    total: int

    @property
    def is_long(self) -> bool:
        """Tell whether there are enough to be found and sorted."""
        return self.total > FEW or self.part.asked.is_narrowed


def things(index: Index, kind: str) -> Things:
    """Make the page of people, sources, dossiers or sets that the request asks for; ``kind`` is one of them."""
    total = lists.total(index, kind)
    asked = Asked.read(_orders(kind, total))
    numbers = lists.things(index, kind, asked.sort, asked.words)
    number = lists.number_of(index, kind, asked.at) if asked.at else None
    part = Part.of(asked, len(numbers), LISTED, at=numbers.index(number) if number in numbers else None)
    return Things(part, lists.values_of(index, numbers[part.start : part.stop]), total)


def usual_order(index: Index, kind: str) -> str:
    """Name the order that the list of people, sources or dossiers has where the address asks for none."""
    return _orders(kind, lists.total(index, kind))[0].name


def _orders(kind: str, total: int) -> tuple[Order, ...]:
    if kind == "dossier":
        return (Order("date", "Date"),)
    if kind == "set":
        return (_TITLE,)
    return (_LISTED, *_ORDERS[kind]) if total <= _LOOKED_OVER else (*_ORDERS[kind], _LISTED)
