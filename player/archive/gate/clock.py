"""Knows which day it is, as far as the machine's clock can be trusted: by its date things are opened.

A clock that went back, or that jumped by more than a day while a process ran, is not trusted: the day then stays the
earliest that was seen, so that nothing opens, until somebody who can judge runs ``player check``. What was seen lies in
the cache, so that it outlasts a restart, and all processes of an archive go by the same day.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import threading
import time
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from player.files import new_file
from player.roots import cache_folder
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_DAY: Final = 24 * 3600
# A day has ended when it has ended everywhere, which is last twelve hours west of Greenwich.
_LAST_ZONE: Final = 12 * 3600
# Clocks are set right by seconds all the time; back by more than this, in seconds, is another matter.
_SET_RIGHT: Final = 3600
# How long a day counts as looked up, in seconds.
_TRUST: Final = 1.0
_FOLDER: Final = "clock"


def _since_start() -> float:
    """Give seconds on a clock that nobody sets, and that runs on while the machine sleeps, where there is one."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


@value
class _Seen:
    """What was seen of the clock: the day that is gone by, whether it is trusted, and how often somebody said so."""

    day: str
    is_trusted: bool = True
    confirmed: int = 0


class Clock:
    """The day for the archive at ``root``, where no link leads on.

    ``wall`` and ``steady`` give seconds: of the calendar, and of a clock that nobody sets.
    """

    def __init__(
        self, root: Path, wall: Callable[[], float] = time.time, steady: Callable[[], float] = _since_start
    ) -> None:
        self._wall = wall
        self._steady = steady
        folder = cache_folder()
        name = hashlib.sha256(os.fsencode(root)).hexdigest()[:16]
        self._path = None if folder is None else folder / _FOLDER / f"{name}.json"
        self._lock = threading.Lock()
        self._seen: _Seen | None = None
        self._before: tuple[float, float] | None = None
        self._looked = -_TRUST

    @property
    def is_trusted(self) -> bool:
        """Tell whether the clock has neither gone back nor jumped since somebody last looked."""
        self.day()
        return self._seen is None or self._seen.is_trusted

    def day(self) -> dt.date:
        """Give the day that has begun everywhere on earth, or an earlier one while the clock is not trusted."""
        with self._lock:
            steady = self._steady()
            if self._seen is None or steady - self._looked >= _TRUST or steady < self._looked:
                self._look(steady)
                self._looked = steady
            return dt.date.fromisoformat(self._seen.day) if self._seen else self._today()

    def confirm(self) -> dt.date:
        """Trust the clock as it is now, for every process that asks; give the day."""
        with self._lock:
            before = self._kept() or self._seen
            self._seen = _Seen(self._today().isoformat(), confirmed=before.confirmed + 1 if before else 0)
            self._before = (self._wall(), self._steady())
            self._keep()
            return self._today()

    def _today(self, later: float = 0.0) -> dt.date:
        return dt.datetime.fromtimestamp(self._wall() + later - _LAST_ZONE, dt.UTC).date()

    def _look(self, steady: float) -> None:
        today, wall = self._today().isoformat(), self._wall()
        kept = self._kept() or self._seen
        if kept is not None and (self._seen is None or kept.confirmed != self._seen.confirmed):
            self._before = None  # somebody has looked at the clock since
        has_jumped = self._before is not None and (wall - self._before[0]) - (steady - self._before[1]) > _DAY
        self._before = (wall, steady)
        if kept is None:
            self._seen = _Seen(today)
        elif has_jumped or self._today(_SET_RIGHT).isoformat() < kept.day or not kept.is_trusted:
            self._seen = _Seen(min(today, kept.day), is_trusted=False, confirmed=kept.confirmed)
        else:
            self._seen = _Seen(max(today, kept.day), confirmed=kept.confirmed)
        if self._seen != kept:
            self._keep()

    def _kept(self) -> _Seen | None:
        """Read what a process saw before; None where nothing is there that can be read."""
        if self._path is None:
            return None
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
            dt.date.fromisoformat(found["day"])
            # Whoever wrote the file may have had other types.
            if type(found["is_trusted"]) is bool and type(found["confirmed"]) is int:
                return _Seen(found["day"], is_trusted=found["is_trusted"], confirmed=found["confirmed"])
        except (OSError, ValueError, TypeError, KeyError):
            pass
        return None

    def _keep(self) -> None:
        if self._path is None or self._seen is None:
            return
        # Where nothing can be written, it is known for as long as the process runs.
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with new_file(self._path, force=True) as beside:
                beside.write_text(json.dumps(asdict(self._seen)), encoding="utf-8")
