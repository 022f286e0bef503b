"""Locks files and folders for as long as this process lives, however it ends (``flock``).

A lock belongs to whoever has open what was opened to take it. A process that is forked would have it open too, and hold
the lock when this one is gone: it closes that at once.
"""

from __future__ import annotations

import os

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # a module has no other way not to be there

_held: set[int] = set()


def is_there() -> bool:
    """Tell whether the system has such locks."""
    return fcntl is not None


def lock(handle: int) -> bool:
    """Lock an open file or folder, if nobody else has; tell whether that worked. ``let_go`` closes it."""
    _held.add(handle)
    if fcntl is None:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def let_go(handle: int) -> None:
    """Close what was to be locked, unless that is another process's."""
    if handle in _held:
        _held.remove(handle)
        os.close(handle)


def _let_go_of_all() -> None:
    for handle in list(_held):
        let_go(handle)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go_of_all)
