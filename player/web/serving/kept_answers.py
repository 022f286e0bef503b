"""Keeps answers that took long to make, in memory, until what they were made of has changed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

#: A page, its status, and the headers of its own.
Answer = tuple[str, HTTPStatus, Mapping[str, str]]

# Letters that are kept in all; those that were asked for longest ago go first.
_MOST: Final = 4_000_000


class KeptAnswers:
    """Answers by all that they depend on, which has to be in their keys."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[Any, Answer] = OrderedDict()
        self._size = 0

    def get(self, key: object) -> Answer | None:
        """Give the answer of a key, if it is kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: object, answer: Answer) -> None:
        """Keep an answer, and let go of others where there are too many."""
        with self._lock:
            if key not in self._kept:
                self._size += len(answer[0])
            self._kept[key] = answer
            while self._size > _MOST:
                _, gone = self._kept.popitem(last=False)
                self._size -= len(gone[0])
