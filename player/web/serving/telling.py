"""Tells whoever keeps an archive what is wrong with it, in the log, without saying the same at every request."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import logging

# In seconds: what is still wrong then may be told again.
_AGAIN: Final = 3600
# How many messages are remembered; an archive with more faults than these is told of them anew.
_REMEMBERED: Final = 2000

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
