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
        #: Whether lines of the last recording alone are kept.
        self.is_of_one = False
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
        """Forget the recordings that were asked for longest ago, where this one of ``lines`` makes them too many.

        The last one that has lines stays, however many these are.
        """
        self._lines += lines - self._recordings.pop(key, 0)
        self._recordings[key] = lines
        most = 0 if self.is_of_one else _KEPT_LINES
        if self._lines > most:
            for long in [name for name, count in self._recordings.items() if count][:-1]:
                self._forget(long)
                if self._lines <= most:
                    break
        while len(self._recordings) > _KEPT:
            self._forget(next(iter(self._recordings)))

    def _forget(self, key: Path) -> None:
        self._lines -= self._recordings.pop(key)
        del self._read[key]


def _lines(value: object) -> int:
    return len(value.transcript.cues) if isinstance(value, Recording) and value.transcript else 0


def _stamp(path: Path) -> Stamp | None:
    """Give the stamp of a file; None where there is none, which may change at any moment."""
    try:
        return stamp(path)
    except OSError:
        return None
