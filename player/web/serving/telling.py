"""Tells whoever keeps an archive what is wrong with it, in the log, without saying the same at every request.

A log is read by more people than an archive, and is kept elsewhere. So it has no words of a file of which something may
not be shown, or of which that is not known because it cannot be read: only where to look.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from player.errors import ArchiveError, Fault

if TYPE_CHECKING:
    import logging
    from collections.abc import Iterable

# In seconds: what is still wrong then may be told again.
_AGAIN: Final = 3600
# How many messages are remembered; an archive with more faults than these is told of them anew.
_REMEMBERED: Final = 2000

# Says whose names are not shown.
_PEOPLE: Final = "people.toml"

_lock = threading.Lock()
_told: OrderedDict[str, float] = OrderedDict()


def tell(log: logging.Logger, message: object) -> None:
    """Write a warning into ``log``, unless the same was written within the last hour."""
    text = str(message)
    now = time.monotonic()
    with _lock:
        if now - _told.get(text, -_AGAIN) < _AGAIN:
            return
        _told[text] = now
        _told.move_to_end(text)
        while len(_told) > _REMEMBERED:
            _told.popitem(last=False)
    log.warning("%s", text)


def tell_faults(log: logging.Logger, faults: Iterable[Fault], *, is_open: bool) -> None:
    """Write faults of a recording's files into ``log``: their words only if all of the recording ``is_open``."""
    for fault in faults:
        tell(log, fault if is_open else without_words(fault))


def for_the_log(error: Exception) -> str:
    """Give what a log may have of an error: no words of people.toml, which may say whose name is private."""
    if not isinstance(error, ArchiveError):
        return str(error)
    return "\n".join(str(without_words(each) if each.path.name == _PEOPLE else each) for each in error.faults)


def without_words(fault: Fault) -> Fault:
    """Give a fault without what it says of the file's content."""
    return Fault(fault.path, fault.line, "there is a fault here, which is not told in a log", "run player check")
