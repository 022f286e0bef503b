"""Keeps the ways of saying something few."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, product
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: One way of saying a token: its words in small letters, as dictionaries spell them; none where nothing is said.
Spoken: TypeAlias = tuple[str, ...]

#: A token has at most so many ways: a decoder weighs every one.
MOST_WAYS: Final = 4


@dataclass(frozen=True)
class Beside:
    """What stands around a token: the tokens before and after it, and whether all is in capital letters."""

    before: str = ""
    after: str = ""
    is_shouted: bool = False


def few(ways: Iterable[Spoken]) -> list[Spoken]:
    """Give each way once, in order, and of many the first."""
    return list(islice(dict.fromkeys(ways), MOST_WAYS))


def chained(*parts: Sequence[Spoken]) -> list[Spoken]:
    """Say one thing after another, each of which may be said in some ways."""
    # Of every part as many ways as matter: the number of combinations is bounded before they are made.
    kept = [range(len(part[:MOST_WAYS])) if place < MOST_WAYS else range(1) for place, part in enumerate(parts)]
    likeliest = sorted(product(*kept), key=sum)
    return few(tuple(w for part, way in zip(parts, ways, strict=True) for w in part[way]) for ways in likeliest)
