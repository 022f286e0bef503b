"""Lets a thread that works in the background step back for everything else that the machine does."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from typing import Final

# As "nice" counts: 19 is the least claim on the machine, 0 the usual.
_MODEST: Final = 10


def be_modest(turn: int = 0) -> None:
    """Let this thread, and the ffmpeg that it starts, step back for everything else. Linux counts this by thread.

    They stay on one processor, another one for each ``turn``: ffmpeg hands each packet of an MP3 from thread to thread,
    and between processors that costs as much again as the decoding (41 s of their time for ten hours, and 19 s on one).
    """
    if sys.platform != "linux":
        return
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _MODEST)
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
        allowed = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {allowed[(os.getpid() + turn) % len(allowed)]})
