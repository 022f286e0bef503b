"""A sound whose outline is wanted into that outline, made by a thread beside those that answer requests.

Reading ten hours of sound takes seconds, and nobody is to wait for it: ``look`` answers at once. One sound is read at a
time, with little claim on the machine. The thread starts when first needed, so that a server may fork before; it ends
with its process, and so does its ffmpeg, which finds nobody left to write to.
"""

from __future__ import annotations

import logging
import os
import queue
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player.audio import waveform
from player.errors import AudioError, shown

if TYPE_CHECKING:
    from pathlib import Path

_log = logging.getLogger(__name__)

# How many sounds may wait for their turn; who asks for another is told to ask again, as all are.
_WAITING: Final = 64
# As "nice" counts: 19 is the least claim on the machine, 0 the usual.
_MODEST: Final = 10


@dataclass(frozen=True)
class Look:
    """What there is of an outline: its ``points`` once they are made, and until then how much was ``read``, 0 to 1.

    Neither is there where the sound could not be read. What ``is_kept`` will be there until the file changes.
    """

    points: tuple[float, ...] | None = None
    read: float | None = None
    is_kept: bool = False


class WaveformWorker:
    """Makes outlines, one at a time, in the order in which they were first asked for."""

    def __init__(self, waiting: int = _WAITING) -> None:
        self._queue: queue.Queue[Path] = queue.Queue(waiting)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._read: dict[Path, float] = {}
        self._ended: dict[Path, Look] = {}
        self._told: set[str] = set()

    def look(self, path: Path) -> Look:
        """Give the outline of the sound at ``path`` if it is there; if not, see to it that it will be.

        What came of an attempt, a failure or an outline that the cache may not keep, is told to one who asks after
        it; with who asks next, it begins again.
        """
        path = path.resolve()
        try:
            points = waveform.kept(path)
        except AudioError as error:
            self._tell(str(error))
            return Look()
        with self._lock:
            ended = self._ended.pop(path, None)
            if points is not None:
                return Look(points, is_kept=True)
            if ended is not None:
                return ended
            if path not in self._read:
                self._enter(path)
            return Look(read=self._read.get(path, 0.0))

    def join(self) -> None:
        """Wait until all that was asked for is made, or was found to be impossible."""
        self._queue.join()

    def _enter(self, path: Path) -> None:
        with suppress(queue.Full):
            self._queue.put_nowait(path)
            self._read[path] = 0.0
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="waveform", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        _be_modest()
        while True:
            path = self._queue.get()
            found = self._try(path)
            with self._lock:
                del self._read[path]
                self._ended[path] = found
            self._queue.task_done()

    def _try(self, path: Path) -> Look:
        try:
            return Look(waveform.peaks(path, told=lambda read: self._read.update({path: read})))
        except AudioError as error:
            self._tell(str(error))
        except Exception:  # noqa: BLE001  # the next sound may be a better one, and who waits for this is to be told
            _log.exception("%s: its outline was not made", shown(path))
        return Look()

    def _tell(self, what: str) -> None:
        """Say what is wrong once, however often it is tried."""
        if what not in self._told:
            self._told.add(what)
            _log.warning("%s", what)


def _be_modest() -> None:
    """Let this thread, and the ffmpeg that it starts, step back for everything else. Linux counts this by thread.

    They stay on one processor: ffmpeg hands each packet of an MP3 from thread to thread, and between processors that
    costs as much again as the decoding (41 s of their time for ten hours, and 19 s on one).
    """
    if sys.platform != "linux":
        return
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _MODEST)
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
        allowed = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {allowed[os.getpid() % len(allowed)]})
