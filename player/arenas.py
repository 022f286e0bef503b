"""Tells the C library how memory is taken: by many threads from one part, the same again and again, or no more."""

from __future__ import annotations

import contextlib
import ctypes
from typing import Final

# <malloc.h> of glibc: M_ARENA_MAX, https://sourceware.org/glibc/manual/latest/html_node/Malloc-Tunable-Parameters.html
_ARENA_MAX: Final = -8
_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
# Bytes that are kept when they are free, and those from which a part is asked of the system by itself. By default both
# are 128 kB until a larger part has been freed. What zlib needs for an answer, 268 kB, was then given back after each
# and asked for again, page by page: of 66 us in which 11 kB are compressed that was 45.
_KEPT: Final = 4 * 1024 * 1024
_ALONE: Final = 1024 * 1024


def share_one() -> None:
    """Let all threads that begin from now on share one arena, where the C library is glibc.

    An arena gives little of what it once held back to the system: of 20 threads that had each made a page, 18 arenas
    held 6 to 9 MB, and of two that make copies, 1 MB. Threads of Python seldom wait for one another here, since they
    hold one lock anyway.
    """
    _set(_ARENA_MAX, 1)


def keep_freed() -> None:
    """Let a few megabytes that were freed be used again, and not be given back to the system after every answer."""
    _set(_TRIM_THRESHOLD, _KEPT)
    _set(_MMAP_THRESHOLD, _ALONE)


def _set(what: int, value: int) -> None:
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(what, value)


def give_back() -> None:
    """Give the system what is free, also where it lies between what is in use, which glibc keeps.

    Of a process that had made the pages of 40 recordings, that were 17 of 94 MB.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
