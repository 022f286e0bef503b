"""Finds who is named in many texts at once, as ``Person.is_named_in`` would in each.

What that costs does not grow with the people: a name can only stand where its first word stands, so texts are split
into words once, and only those people are looked for whose names begin with one of them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_WORD = re.compile(r"\w+")


class Naming:
    """The names of people, for finding them in texts."""

    def __init__(self, people: Mapping[str, Iterable[str]]) -> None:
        """Take for each person's id the forms of the name."""
        self._by_word: dict[str, list[tuple[str, str]]] = {}
        self._wordless: list[tuple[str, str]] = []
        for person, forms in people.items():
            for form in forms:
                first = _WORD.search(form)
                if first is not None:
                    self._by_word.setdefault(first[0], []).append((form, person))
                elif form:
                    self._wordless.append((form, person))

    def named_in(self, texts: Sequence[str]) -> Iterator[tuple[int, str]]:
        """Give the index of each text that names somebody, with the person's id; each pair once or more."""
        if not (self._by_word or self._wordless) or not texts:
            return
        joined = "\n".join(texts)
        starts = [0, *accumulate(len(text) + 1 for text in texts[:-1])]
        there = self._by_word.keys() & set(_WORD.findall(joined))
        for form, person in [*self._wordless, *(each for word in there for each in self._by_word[word])]:
            at = joined.find(form)
            while at >= 0:
                end = at + len(form)
                if not (_is_letter(joined[at - 1 : at]) or _is_letter(joined[end : end + 1])):
                    index = bisect_right(starts, at) - 1
                    if end <= starts[index] + len(texts[index]):
                        yield index, person
                at = joined.find(form, at + 1)


def _is_letter(sign: str) -> bool:
    """Tell whether a sign is one that stands in a word: what a regular expression calls ``w``."""
    return sign.isalnum() or sign == "_"
