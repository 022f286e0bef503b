"""Holds all clients in one loop, which looks only at those with whom something happened.

Waitress asks every one of its clients, each time that anything happens with one, what it waits for. With 1,000
listeners who paused, that is more than half of the work. Here the system keeps what each waits for (epoll), and a
client is asked again only when it was heard of, or when a thread has made its answer. Elsewhere than on Linux waitress
does it as it does.
"""

from __future__ import annotations

import select
from collections import deque
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

from waitress import wasyncore

if TYPE_CHECKING:
    from collections.abc import Callable

_PAUSE: Final = 1.0  # seconds, at the end of which those whose time is up are let go
_AT_A_TIME: Final = 512  # events
#: Whether the system keeps what each client waits for.
IS_KEPT: Final = hasattr(select, "epoll")


class Loop:
    """What waits (``waiting``, by descriptor), and what has changed since the loop last looked.

    ``wake`` ends a pause of the loop, from another thread.
    """

    def __init__(self, waiting: dict[int, Any], wake: Callable[[], object]) -> None:
        self._waiting = waiting
        self._wake = wake
        self._changed: deque[Any] = deque()
        self._is_asleep = False
        self._is_over = False

    def changed(self, each: Any) -> None:
        """Have the loop ask ``each`` again what it waits for; any thread may say so."""
        if IS_KEPT:
            self._changed.append(each)
        if self._is_asleep or not IS_KEPT:
            self._is_asleep = False
            self._wake()

    def stop(self) -> None:
        """Have the loop end when it has done what it is at; a handler of signals may say so.

        One that raised would leave what it breaks into half done: a connection that is no longer known and yet open.
        """
        self._is_over = True
        self._wake()

    def run(self, listener: Any) -> None:
        """Run until ``stop`` is called.

        ``listener`` is asked each time: it takes nobody in when all places are taken, and lets go whose time is up.
        """
        while not IS_KEPT and not self._is_over:
            wasyncore.poll2(_PAUSE, self._waiting)
        self._changed.extend(self._waiting.values())
        if self._is_over:
            return
        with closing(select.epoll()) as system:
            while not self._is_over:
                _ask(system, listener)
                while self._changed:
                    _ask(system, self._changed.popleft())
                for descriptor, events in self._heard(system):
                    each = self._waiting.get(descriptor)
                    if each is not None:
                        each.asked_for = 0  # EPOLLONESHOT: an event is reported once
                        wasyncore.readwrite(each, events)
                        self._changed.append(each)

    def _heard(self, system: select.epoll) -> list[tuple[int, int]]:
        """Wait until something is heard of."""
        self._is_asleep = True
        # What was said before that was written did not wake anybody.
        events = system.poll(0 if self._changed else _PAUSE, _AT_A_TIME)
        self._is_asleep = False
        return events


def _ask(system: select.epoll, each: Any) -> None:
    """Have the system tell when what ``each`` waits for comes about."""
    descriptor = each._fileno  # noqa: SLF001  # wasyncore has no other name for it
    if descriptor is None:  # closed, and with that forgotten by the system
        return
    wanted = select.EPOLLIN | select.EPOLLPRI if each.readable() else 0
    if each.writable() and not each.accepting:
        wanted |= select.EPOLLOUT
    before = getattr(each, "asked_for", None)
    if wanted == (before or 0):
        return
    (system.register if before is None else system.modify)(descriptor, wanted | select.EPOLLONESHOT)
    each.asked_for = wanted
