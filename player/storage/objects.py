"""Asks for what lies elsewhere: what it is now, and parts of it, each held against what it was.

A part is asked for under the condition that the sound is still the one that was looked at (its entity tag), so that no
answer is ever put together from two. What is torn off is asked for again, twice. Small parts are kept: the beginning of
a file is looked at by everything that reads it, and a passage is decoded twice.

Whoever waits a while only (``elsewhere.hurried``) is told that nobody knows yet; what comes later is for who asks next.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from player.elsewhere import patience
from player.storage.faults import ChangedError, SilentError, SlowError, StorageError, TornError

if TYPE_CHECKING:
    from player.storage.addresses import Address
    from player.storage.looks import Look

#: Seconds for which a look counts. What is read after it is held against it all the same.
FRESH: Final = 5
#: Seconds after which what did not answer is asked again.
_PAUSE: Final = 10
_ATTEMPTS: Final = 3
_WAIT: Final = 0.2
#: The most bytes of one request: more would take longer than a request may.
_MOST: Final = 4 << 20
_PAGE: Final = 4096
# The most bytes of a part that is kept, and of all that are: two minutes of an MP3 with 320 kbit/s.
_LARGEST: Final = 1 << 18
_ROOM: Final = 5 << 20


class Store(Protocol):
    """One way to ask for objects."""

    def look(self, address: Address) -> Look:
        """Tell what lies there.

        :raise StorageError: where that cannot be told.
        """
        ...

    def read(self, address: Address, look: Look, start: int, end: int) -> bytes:
        """Give the bytes ``[start, end)`` of what was looked at.

        :raise ChangedError: where it is another now.
        :raise StorageError: where they cannot be had.
        """
        ...


@dataclass
class _Coming:
    """A look for who waits a while only: when it was begun, and what came of it once it is ``over``."""

    since: float
    over: threading.Event
    found: Look | None = None
    error: Exception | None = None


_lock = threading.Lock()
_looks: Final[dict[Address, tuple[float, Look]]] = {}
_faults: Final[dict[Address, tuple[float, StorageError]]] = {}
# Where nobody answered in time, with the address that was asked; and where somebody asks now.
_silent: Final[dict[str, tuple[float, Address, StorageError]]] = {}
_asking: Final[set[str]] = set()
_coming: Final[dict[Address, _Coming]] = {}
_parts: Final[OrderedDict[tuple[Address, str, int, int], bytes]] = OrderedDict()
_held = 0


def look(address: Address) -> Look:
    """Tell what lies at an address, by a look that is some seconds old at most.

    :raise StorageError: where that cannot be told; it is not asked again for some seconds.
    """
    now, place = time.monotonic(), address.place
    with _lock:
        seen, fault, silent = _looks.get(address), _faults.get(address), _silent.get(place)
        if seen is not None and now - seen[0] < FRESH:
            return seen[1]
        if fault is not None and now - fault[0] < _PAUSE:
            raise fault[1].with_traceback(None)
        # One finds out whether it answers again: whoever else wants anything from there is not kept waiting.
        if silent is not None and (now - silent[0] < _PAUSE or place in _asking):
            _, of, error = silent
            raise type(error)(f"{address}: {str(error).removeprefix(f'{of}: ')}")
        seconds = patience()
        if seconds is None:
            _asking.add(place)
        else:
            begun = _begun(address, now, seconds)
    return _looked(address) if seconds is None else _awaited(address, begun, begun.since + seconds - now)


def _begun(address: Address, now: float, seconds: float) -> _Coming:
    """Give the look that is under way, or begin one; of those at one place, none where one is late already."""
    if address in _coming:
        return _coming[address]
    for of, other in _coming.items():
        if of.place == address.place and now - other.since >= seconds:
            return _Coming(other.since, threading.Event())
    begun = _coming[address] = _Coming(now, threading.Event())
    _asking.add(address.place)
    threading.Thread(target=_look_for_others, args=(address, begun), daemon=True).start()
    return begun


def _awaited(address: Address, coming: _Coming, seconds: float) -> Look:
    """Wait for what a look says; who is not told in time is told the next time.

    :raise StorageError: where that cannot be told, or not yet.
    """
    coming.over.wait(max(0, seconds))
    if coming.found is not None:
        return coming.found
    if coming.error is not None:
        raise coming.error.with_traceback(None)
    raise SlowError(f"{address}: the storage has not answered yet; try again later")


def _look_for_others(address: Address, coming: _Coming) -> None:
    try:
        coming.found = _looked(address)
    except Exception as error:  # noqa: BLE001  # whoever waits for it is told
        coming.error = error
    with _lock:
        del _coming[address]
    coming.over.set()


def _looked(address: Address) -> Look:
    """Ask what lies at an address, however long that takes, and remember what came of it."""
    place = address.place
    try:
        found = _store(address).look(address)
    except StorageError as error:
        with _lock:
            _faults[address] = time.monotonic(), error
            if isinstance(error, SilentError | SlowError):
                _silent[place] = time.monotonic(), address, error
        raise
    finally:
        with _lock:
            _asking.discard(place)
    with _lock:
        _looks[address] = time.monotonic(), found
        _faults.pop(address, None)
        _silent.pop(place, None)
    return found


def forget(address: Address | None = None) -> None:
    """Forget what was seen at an address, or at all of them."""
    with _lock:
        for kept in (_looks, _faults):
            for each in [address] if address is not None else list(kept):
                kept.pop(each, None)
        if address is None:
            _silent.clear()


def read(address: Address, seen: Look, start: int, end: int) -> bytes:
    """Give the bytes ``[start, end)`` of what was looked at, or as many of them as it has.

    :raise ChangedError: where it is another now.
    :raise StorageError: where they cannot be had.
    """
    end = min(end, seen.size)
    if start >= end:
        return b""
    if end <= 4 * _PAGE:
        # The beginning is looked at in many small steps.
        first, last = start // _PAGE, (end - 1) // _PAGE
        pages = ((each * _PAGE, min((each + 1) * _PAGE, seen.size)) for each in range(first, last + 1))
        return b"".join(_kept(address, seen, *page) for page in pages)[start - first * _PAGE :][: end - start]
    if end - start <= _LARGEST:
        return _kept(address, seen, start, end)
    return b"".join(_tried(address, seen, at, min(at + _MOST, end)) for at in range(start, end, _MOST))


def _kept(address: Address, seen: Look, start: int, end: int) -> bytes:
    """Give a part that is small, and keep it: a passage is decoded to be counted, and again to be passed on."""
    global _held  # noqa: PLW0603  # how much all of them are
    key = address, seen.tag, start, end
    with _lock:
        if (found := _parts.get(key)) is not None:
            _parts.move_to_end(key)
            return found
    found = _tried(address, seen, start, end)
    with _lock:
        _held += len(found) - len(_parts.pop(key, b""))
        _parts[key] = found
        while _held > _ROOM:
            _held -= len(_parts.popitem(last=False)[1])
    return found


def _tried(address: Address, seen: Look, start: int, end: int) -> bytes:
    """Ask for a part, and again where it was torn off."""
    store = _store(address)
    for attempt in range(_ATTEMPTS):
        try:
            found = store.read(address, seen, start, end)
        except ChangedError:
            forget(address)
            raise
        except TornError:
            if attempt + 1 == _ATTEMPTS:
                raise
        else:
            if len(found) == end - start:
                return found
        time.sleep(_WAIT * (attempt + 1))
    raise TornError(f"{address}: less came than was asked for; try again later")


def _store(address: Address) -> Store:
    if address.scheme == "s3":
        from player.storage import s3  # noqa: PLC0415  # 20 ms and 25 MB, where sounds lie there

        return s3
    from player.storage import web  # noqa: PLC0415  # 15 ms, likewise

    return web
