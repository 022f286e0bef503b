"""How many clients a process can keep: each may hold two descriptors, its connection and the file that it is sent."""

from __future__ import annotations

import resource
import sys
from contextlib import suppress
from typing import Final

_EACH: Final = 2
_OWN: Final = 256  # for everything else: files being read, ffmpeg's pipes, the cache
#: With fewer places than these a server is told about, since it then turns listeners away who could be held.
_FEW: Final = 1024


def room_for(wanted: int) -> int:
    """Give how many clients can be kept, ``wanted`` at most, after raising the limit of descriptors as far as needed.

    Where that is few, say so, and what to do.
    """
    needed = _OWN + _EACH * wanted
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if _is_less(soft, needed):
        with suppress(ValueError, OSError):  # macOS may allow less than it says
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard if _is_less(hard, needed) else needed, hard))
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    room = max(1, (soft - _OWN) // _EACH) if _is_less(soft, needed) else wanted
    if room < min(wanted, _FEW):
        sys.stderr.write(
            f"This process may open {soft:,} files at a time, so it keeps {room:,} clients; to keep {wanted:,}, raise "
            f"the limit to {needed} (ulimit -n {needed}, or LimitNOFILE={needed} in a systemd unit)\n"
        )
    return room


def _is_less(limit: int, needed: int) -> bool:
    return limit != resource.RLIM_INFINITY and limit < needed
