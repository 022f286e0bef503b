"""Makes the outlines and counts the lengths of sounds, in a thread beside those that answer requests.

Reading ten hours of sound takes seconds, and nobody should wait for it: ``look`` answers at once. One sound is read at
a time, with little claim on the machine. The thread starts when first needed, so that a server may fork before; it ends
with its process, and so does its ffmpeg, which finds nobody left to write to.
"""

from __future__ import annotations

import logging
import os
import queue
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from player.audio import probe, waveform
from player.audio.modesty import be_modest
from player.errors import AudioError, shown

if TYPE_CHECKING:
    from collections.abc import Callable

_log = logging.getLogger(__name__)

# How many sounds may be queued; whoever asks for another has to ask again, as everybody does.
_WAITING: Final = 64


@dataclass(frozen=True)
class Look:
    """What there is of an outline: its ``points`` once they are made, and until then how much was ``read``, 0 to 1.

    Neither is there where the sound could not be read. What ``is_kept`` will be there until the file changes.
    """

    points: tuple[float, ...] | None = None
    read: float | None = None
    is_kept: bool = False


class WaveformWorker:
    """Makes outlines and counts samples, one sound at a time, in the order in which they were first asked for."""

    def __init__(self, waiting: int = _WAITING) -> None:
        self._queue: queue.Queue[tuple[Callable[[Path], None], Path]] = queue.Queue(waiting)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._read: dict[Path, float] = {}
        self._ended: dict[Path, Look] = {}
        self._counted: set[Path] = set()
        self._reported: set[str] = set()

    def look(self, path: Path) -> Look:
        """Give the outline of the sound at ``path`` if it is there; if not, see to it that it will be.

        The outcome of an attempt, if a failure or an outline that the cache cannot keep, is given to one who asks
        after it; the next who asks starts another attempt.
        """
        path = Path(os.path.realpath(path))
        try:
            points = waveform.kept(path)
        except AudioError as error:
            self._report(str(error))
            return Look()
        with self._lock:
            ended = self._ended.pop(path, None)
            if points is not None:
                return Look(points, is_kept=True)
            if ended is not None:
                return ended
            self._want_outline(path)
            return Look(read=self._read.get(path, 0.0))

    def count(self, path: Path) -> None:
        """See to it that the samples of the sound at ``path`` are counted, so that nobody who probes it later waits.

        Its outline is made before, since that is what a page with this sound asks for and shows.
        """
        path = Path(os.path.realpath(path))
        try:
            is_drawn = waveform.kept(path) is not None
        except AudioError as error:
            self._report(str(error))
            return
        with self._lock:
            if path in self._counted:
                return
            if not is_drawn:
                self._want_outline(path)
            if self._enter(self._count, path):
                self._counted.add(path)

    def join(self) -> None:
        """Wait until everything that was asked for is made, or has failed."""
        self._queue.join()

    def _want_outline(self, path: Path) -> None:
        if path not in self._read and self._enter(self._outline, path):
            self._read[path] = 0.0

    def _enter(self, task: Callable[[Path], None], path: Path) -> bool:
        """Queue a task, and tell whether there is room for it."""
        try:
            self._queue.put_nowait((task, path))
        except queue.Full:
            return False
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="waveform", daemon=True)
            self._thread.start()
        return True

    def _work(self) -> None:
        be_modest()
        while True:
            task, path = self._queue.get()
            try:
                task(path)
            except AudioError as error:
                self._report(str(error))
            except Exception:  # noqa: BLE001  # the next sound may be a better one
                _log.exception("%s: the sound could not be read to its end", shown(path))
            self._queue.task_done()

    def _outline(self, path: Path) -> None:
        found = Look()
        try:
            found = Look(waveform.peaks(path, progress=lambda read: self._read.update({path: read})))
        finally:  # whoever waits for it gets the outcome
            with self._lock:
                del self._read[path]
                self._ended[path] = found

    def _count(self, path: Path) -> None:
        try:
            probe.probe(path)
        finally:
            with self._lock:
                self._counted.discard(path)

    def _report(self, what: str) -> None:
        """Say what is wrong once, however often it is tried."""
        if what not in self._reported:
            self._reported.add(what)
            _log.warning("%s", what)
