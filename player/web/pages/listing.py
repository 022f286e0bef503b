"""Reads which part of a list an address asks for, and gives the addresses that ask for others: values, order, page.

What stands in an address may be anything: it is bounded here, in length and in number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import request, url_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: In letters: the words that narrow a list, and a value of a facet.
LONGEST_WORDS: Final = 200
_LONGEST_VALUE: Final = 200
#: How many people, sources, entries, dossiers, or places that name or cite one, are on a page.
LISTED: Final = 100
#: How many values of one facet may be chosen.
_MOST_VALUES: Final = 20
# More digits are no page of anything.
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
#: How far from the current page the numbers of others are shown.
_NEAR: Final = 2


@dataclass(frozen=True)
class Order:
    """A way to sort a list: its name in addresses, what it is called, and its direction as a sign and in words.

    ``back`` is the same order from its other end, if a list has that too.
    """

    name: str
    words: str
    arrow: str = ""
    direction: str = ""
    back: Order | None = None


@dataclass(frozen=True)
class Way:
    """A link to the list in an ``order``; where the list ``is_current``ly sorted so, to the same from its other end."""

    order: Order
    address: str
    is_current: bool


@dataclass(frozen=True)
class Asked:
    """What an address asks of a list: ``chosen`` values by facet, ``words``, the name of an order, and a page.

    ``page`` is None where what stands in the address is no number. ``every`` is the facet all of whose values are asked
    for, and ``named`` what these are to be narrowed to. ``at`` is the id of what is to be on the page.
    """

    endpoint: str
    path: Mapping[str, str]
    orders: Sequence[Order] = ()
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: str = ""
    sort: str = ""
    page: int | None = 1
    every: str | None = None
    named: str = ""
    at: str | None = None

    @classmethod
    def read(cls, orders: Sequence[Order] = (), facets: Iterable[str] = (), *, endpoint: str | None = None) -> Asked:
        """Read the address of the current request; its list has these orders, the usual one first, and facets.

        ``endpoint`` is where its links lead; left out, to the page that was asked for.
        """
        known = {order.name for front in orders for order in (front, front.back) if order}
        names = tuple(facets)
        sort = request.args.get("sort", "")
        page = request.args.get("page", "1")
        every = request.args.get("all")
        return cls(
            endpoint or request.endpoint or "",
            dict(request.view_args or {}),
            orders,
            {name: found for name in names if (found := _values(name))},
            _words("q"),
            sort if sort in known else orders[0].name if orders else "",
            int(page) if _NUMBER.fullmatch(page) else None,
            every if every in names else None,
            _words("named"),
            request.args.get("at", "")[:_LONGEST_VALUE] or None,
        )

    @property
    def is_narrowed(self) -> bool:
        """Tell whether a part of the list is asked for by what is in it."""
        return bool(self.words or any(self.chosen.values()))

    @property
    def is_plain(self) -> bool:
        """Tell whether it is the list itself, or a page of it: what a search engine may keep."""
        return not (self.is_narrowed or self.every or self.at or self.sort != self._usual)

    def address(self, **otherwise: Any) -> str:
        """Give the address that asks for the same, but for what is given otherwise; from its first page, if not given.

        What is None is left out: ``address(q=None)``. ``_anchor`` is the place on the page.
        """
        query: dict[str, Any] = {
            **self.chosen,
            "q": self.words or None,
            "all": self.every,
            "named": self.named or None,
            "sort": None if self.sort == self._usual else self.sort,
            **otherwise,
        }
        return url_for(self.endpoint, **{**self.path, **query})

    def without(self, name: str, value: str) -> str:
        """Give the address that asks for the same without one chosen value."""
        return self.address(**{name: [each for each in self.chosen.get(name, ()) if each != value] or None})

    @property
    def list_address(self) -> str:
        """The address of the list, where all values of a facet are shown instead."""
        return self.address(all=None, named=None)

    @property
    def everything(self) -> str:
        """The address of the whole list, in the same order."""
        return self.address(q=None, all=None, named=None, **dict.fromkeys(self.chosen))

    @property
    def action(self) -> str:
        """Where a form is sent that asks anew."""
        return url_for(self.endpoint, **dict[str, Any](self.path))

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What a form has to carry along so that it changes only what it is about: the order, where it is not usual."""
        return [("sort", self.sort)] if self.sort != self._usual else []

    @property
    def chosen_pairs(self) -> list[tuple[str, str]]:
        """Every chosen value with its facet, for a form that is to keep them."""
        return [(name, value) for name, values in self.chosen.items() for value in values]

    @property
    def ways(self) -> list[Way]:
        """The orders that the list can be given."""
        found = []
        for front in self.orders:
            order = front.back if front.back and front.back.name == self.sort else front
            is_current = order.name == self.sort
            to = (front if order is front.back else front.back or front) if is_current else order
            found.append(Way(order, self.address(sort=None if to.name == self._usual else to.name), is_current))
        return found

    @property
    def _usual(self) -> str:
        return self.orders[0].name if self.orders else ""


@dataclass(frozen=True)
class Part:
    """Which part of a list of ``total`` things is on its page ``number``: those from ``start`` up to ``stop``.

    ``asked`` says which page was wanted; where there is no such page, it is the last one, and ``is_there`` is false.
    """

    asked: Asked
    total: int
    number: int
    last: int
    start: int
    stop: int
    is_there: bool
    anchor: str | None = None

    @classmethod
    def of(cls, asked: Asked, total: int, size: int, *, anchor: str | None = None, at: int | None = None) -> Part:
        """Divide a list into pages of ``size``; a few that would be left over stand on the last page too.

        ``anchor`` is where the list begins on its page. Where the page wanted is that of one thing, ``at`` says how
        many are before it.
        """
        last = pages_of(total, size)
        wanted = asked.page if at is None else min(at // size + 1, last)
        number = min(wanted or 1, last)
        stop = total if number == last else number * size
        return cls(asked, total, number, last, (number - 1) * size, stop, wanted == number, anchor)

    @property
    def answer(self) -> tuple[HTTPStatus, dict[str, str]]:
        """The status and the headers of its page: robots are to follow pages, not the many ways to narrow and sort."""
        status = HTTPStatus.OK if self.is_there else HTTPStatus.NOT_FOUND
        return status, {} if self.asked.is_plain else {"X-Robots-Tag": "noindex"}

    def address(self, number: int) -> str:
        """Give the address of another page."""
        return self.asked.address(page=None if number == 1 else number, _anchor=self.anchor)

    @property
    def numbers(self) -> list[int | None]:
        """The numbers of the pages that are named: the first, the last and those near; None for those between."""
        near = {1, self.last, *range(self.number - _NEAR, self.number + _NEAR + 1)}
        # One page that is left out takes as much room as its number.
        near |= {number for number in range(1, self.last) if number - 1 in near and number + 1 in near}
        found: list[int | None] = []
        for number in sorted(near & set(range(1, self.last + 1))):
            if found and found[-1] != number - 1:
                found.append(None)
            found.append(number)
        return found


def pages_of(total: int, size: int) -> int:
    """Tell how many pages of ``size`` a list has: one less, where only a few would stand on the last."""
    return max(1, -(-(total - size // 5) // size))


def _words(name: str) -> str:
    return " ".join(request.args.get(name, "")[:LONGEST_WORDS].split())


def _values(name: str) -> tuple[str, ...]:
    """Give the values of a facet that are chosen, each once."""
    given = (value[:_LONGEST_VALUE].strip() for value in request.args.getlist(name))
    return tuple(dict.fromkeys(value for value in given if value))[:_MOST_VALUES]
