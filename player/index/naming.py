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
        # By what they are looked for: each form, how far into it that stands, and whose it is.
        self._by_word: dict[str, list[tuple[str, int, str]]] = {}
        self._wordless: dict[str, list[tuple[str, int, str]]] = {}
        for person, forms in people.items():
            for form in filter(None, forms):
                first = _WORD.search(form)
                if first is None:
                    self._wordless.setdefault(form, []).append((form, 0, person))
                else:
                    self._by_word.setdefault(first[0], []).append((form, first.start(), person))
        # Most names begin with a capital, and most words do not.
        letters = "".join(sorted({re.escape(word[0]) for word in self._by_word}))
        self._likely = re.compile(rf"(?<!\w)[{letters}]\w*" if letters else "(?!)")

    def named_in(self, texts: Sequence[str]) -> Iterator[tuple[int, str]]:
        """Give the index of each text that names somebody, with the person's id; each pair once or more."""
        if not (self._by_word or self._wordless) or not texts:
            return
        joined = "\n".join(texts)
        starts: list[int] = []
        there = {word: self._by_word[word] for word in self._by_word.keys() & set(self._likely.findall(joined))}
        for word, forms in (there | self._wordless).items():
            at = joined.find(word)
            while at >= 0:
                for form, offset, person in forms:
                    begin, end = at - offset, at - offset + len(form)
                    if begin < 0 or not joined.startswith(form, begin) or _is_inside(joined, begin, end):
                        continue
                    starts = starts or [0, *accumulate(len(text) + 1 for text in texts[:-1])]
                    index = bisect_right(starts, begin) - 1
                    if end <= starts[index] + len(texts[index]):
                        yield index, person
                at = joined.find(word, at + 1)


def _is_inside(text: str, begin: int, end: int) -> bool:
    """Tell whether what stands between two places of a text is part of a longer word."""
    return _is_letter(text[begin - 1 : begin]) or _is_letter(text[end : end + 1])


def _is_letter(sign: str) -> bool:
    """Tell whether a sign is one that stands in a word: what a regular expression calls ``w``."""
    return sign.isalnum() or sign == "_"
