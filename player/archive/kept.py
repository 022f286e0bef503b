"""Keeps in memory what was read of an archive's files, until one of them changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final

from player.archive.recording import Recording
from player.stamp import stamp

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from player.stamp import Stamp

# How many recordings stay in memory that were read, and how many lines of theirs: a line with words takes 4.5 kB, and
# 2,000 recordings of half an hour took a gigabyte.
_KEPT: Final = 64
_KEPT_LINES: Final = 6_000


class Kept:
    """What was read below the folder ``transcripts``: of recordings the latest, of other files everything."""

    def __init__(self, transcripts: Path) -> None:
        self._transcripts = transcripts
        self._read: dict[Path, tuple[object, Any]] = {}
        #: The recordings and records among these, with their lines; what was asked for longest ago comes first.
        self._recordings: OrderedDict[Path, int] = OrderedDict()
        self._lines = 0
        self._lock = threading.Lock()

    def unless_changed(self, key: Path, files: list[Path], read: Callable[[], Any], also: object = None) -> Any:
        """Give what was read under ``key`` before, as long as the files have kept their names and stamps.

        ``also`` is what else it depends on.
        """
        # With their names: a file that is renamed keeps all that a stamp has.
        signature = ([(path, _stamp(path)) for path in files], also)
        with self._lock:
            kept = self._read.get(key)
        if kept is None or kept[0] != signature:
            kept = (signature, read())
        with self._lock:
            self._read[key] = kept
            if key.parent != self._transcripts or isinstance(kept[1], Recording):
                self._forget_for(key, _lines(kept[1]))
        return kept[1]

    def _forget_for(self, key: Path, lines: int) -> None:
        """Forget the recordings that were asked for longest ago, where this one of ``lines`` makes them too many."""
        self._lines += lines - self._recordings.pop(key, 0)
        self._recordings[key] = lines
        while len(self._recordings) > 1 and (len(self._recordings) > _KEPT or self._lines > _KEPT_LINES):
            oldest, count = self._recordings.popitem(last=False)
            self._lines -= count
            del self._read[oldest]


def _lines(value: object) -> int:
    return len(value.transcript.cues) if isinstance(value, Recording) and value.transcript else 0


def _stamp(path: Path) -> Stamp | None:
    """Give the stamp of a file; None where there is none, which may change at any moment."""
    try:
        return stamp(path)
    except OSError:
        return None
