"""Keeps what answers are put together from, as long as nothing that it is made of has changed.

When that is so is seen as it is of kept pages (``player.web.serving.kept_pages``): files are asked for their times and
sizes every time, and all else once a second, also whether the index has changed: it sees a change later than that.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar

from player.web.serving.kept_pages import TRUST, times_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from pathlib import Path

    from player.web.serving.kept_pages import Shown

#: In letters: the lines of two recordings of ten hours.
MOST: Final = 32_000_000


class Sized(Protocol):
    """What knows how large it is."""

    @property
    def size(self) -> int:
        """In letters, about."""


_Value = TypeVar("_Value", bound=Sized)


@dataclass
class Kept(Generic[_Value]):
    """A value that is kept, and what it shows."""

    value: _Value
    generation: int
    shown: Shown
    #: Their names: to write a Path as one takes as long as to ask for a file's time.
    paths: tuple[str, ...]
    times: Hashable
    looked: float = field(default_factory=time.monotonic)

    def is_seen(self, trust: float = TRUST) -> bool:
        """Tell whether it was seen to be current a moment ago, and no file says that it was changed since."""
        return time.monotonic() - self.looked < trust and times_of(self.paths) == self.times


class KeptValues(Generic[_Value]):
    """Values by keys, up to ``most`` letters of them; what was asked for longest ago goes first, and the last stays."""

    def __init__(self, most: int = MOST, trust: float = TRUST) -> None:
        self._most = most
        self._trust = trust
        self._lock = threading.Lock()
        self._making = threading.Lock()
        self._kept: OrderedDict[Hashable, Kept[_Value]] = OrderedDict()

    def get(
        self,
        key: Hashable,
        generation: int,
        look: Callable[[], Shown],
        make: Callable[[], _Value],
        is_made_of: Callable[[Path], bool] = lambda _path: True,
        has_still: Callable[[_Value], bool] = lambda _value: False,
    ) -> Kept[_Value]:
        """Give the value of a key, made if it is not kept as it is now; one is made at a time.

        ``generation`` is that of the index; ``look`` says what the value shows, and ``is_made_of`` which of its files
        are asked every time. Where anything in the index has changed, ``has_still`` tells whether that of it which the
        value has is the same.
        """
        if (found := self._current(key, generation, look, has_still)) is not None:
            return found
        with self._making:
            if (found := self._current(key, generation, look, has_still)) is not None:
                return found
            # What changes while it is made is seen the next time.
            shown = look()
            paths = tuple(map(str, filter(is_made_of, shown.paths)))
            times = times_of(paths)
            kept = Kept(make(), generation, shown, paths, times)
            if shown.is_settled:
                self._keep(key, kept)
            else:
                kept.looked = -1.0  # it is looked at again before it is sent again
            return kept

    def _current(
        self, key: Hashable, generation: int, look: Callable[[], Shown], has_still: Callable[[_Value], bool]
    ) -> Kept[_Value] | None:
        kept = self._kept.get(key)
        if kept is None or (kept.generation != generation and not has_still(kept.value)):
            return None
        if kept.generation != generation or not kept.is_seen(self._trust):
            now, times = time.monotonic(), times_of(kept.paths)
            if look() != kept.shown:
                return None
            # The index may have changed again since: then its generation is another one, and it is asked again.
            kept.generation, kept.times, kept.looked = generation, times, now
        self.use(key)
        return kept

    def use(self, key: Hashable) -> None:
        """Count a value among those that were asked for last."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)

    def _keep(self, key: Hashable, kept: Kept[_Value]) -> None:
        with self._lock:
            self._kept[key] = kept
            self._kept.move_to_end(key)
            left = sum(each.value.size for each in self._kept.values())
            while left > self._most and len(self._kept) > 1:
                left -= self._kept.popitem(last=False)[1].value.size
