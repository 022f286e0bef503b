"""Keeps folded texts that searches have read: what is searched for next is in some of them again.

A text never changes, and its number is never another's: those of an index begin at random where it is made anew. What
was taken out of the index is asked for no more, and so is never looked into.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

# In bytes: those of 800,000 lines are 40 million.
_MOST: Final = 64_000_000


class Texts:
    """The texts that were read last, by the numbers of their bodies."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._size = 0
        self._kept: OrderedDict[int, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, numbers: Sequence[int], read: Callable[[list[int]], Iterable[tuple[int, bytes]]]) -> dict[int, bytes]:
        """Give texts by their numbers: those that are not kept as ``read`` gives them, which may leave some out."""
        with self._lock:
            found = {number: self._kept[number] for number in numbers if number in self._kept}
            for number in found:
                self._kept.move_to_end(number)
        lacking = [number for number in numbers if number not in found]
        if lacking:
            new = dict(read(lacking))
            found.update(new)
            self._keep(new)
        return found

    def _keep(self, new: dict[int, bytes]) -> None:
        with self._lock:
            for number, text in new.items():
                if number not in self._kept:
                    self._kept[number] = text
                    self._size += len(text)
            while self._size > self._most:
                self._size -= len(self._kept.popitem(last=False)[1])
