"""Makes access copies into the cache, in a thread of its own: an outline never waits for a copy.

A copy takes minutes where the sound has hours. Until it is there, what is held plays; or nothing, where passages are
closed, which are silent in the copy. One is made at a time, with little claim on the machine. The thread starts when
first needed, so that a server may fork before; it ends with its process, and so does its ffmpeg, which finds nobody
left to read from or to write to.
"""

from __future__ import annotations

import itertools
import logging
import os
import queue
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from player.audio import access, access_room, probe, silence
from player.audio.access_faults import making
from player.audio.decode import stream
from player.audio.modesty import be_modest
from player.errors import AudioError, WriteError, shown
from player.stamp import close_stamp
from player.timecode import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from player.stamp import Stamp
    from player.timecode import Span

_log = logging.getLogger(__name__)

_MEGABYTE: Final = 1_000_000
# How many sounds may be queued; whoever asks for another has to ask again, as everybody does.
_WAITING: Final = 64
# In seconds: what failed is tried again after so long, for the disk may have room by then; then after twice as long.
_LET_BE: Final = 600
# What a copy in AAC takes: 64 kbit/s a channel. FLAC takes less than its samples do: those of tapes have 16 bits.
_BYTES_A_SECOND: Final = 8000
_BYTES_A_SAMPLE: Final = 2


@dataclass(frozen=True)
class _Wanted:
    """A copy of the sound at ``held``, of the recording ``slug`` of ``media``, in which passages are silent.

    Their times are right in the sound with the SHA-256 ``timed_to``, if one is named.
    """

    media: Path
    slug: str
    held: Path
    silent: tuple[Span, ...]
    timed_to: str | None


@dataclass(frozen=True)
class _Failure:
    """A sound that could not be copied, by its stamp. It is not tried again ``until`` so many seconds have passed."""

    of: Stamp
    wait: float
    until: float


class AccessWorker:
    """Makes access copies, one at a time, in the order in which they were first asked for, silenced ones before others.

    At most ``most`` bytes of them are kept; of 0, none is made.
    """

    def __init__(self, most: int, waiting: int = _WAITING) -> None:
        self._most = most
        # Until a silenced copy is there, nothing plays: it comes before those of which what is held plays meanwhile.
        self._queue: queue.PriorityQueue[tuple[bool, int, _Wanted, Stamp, Callable[[], bool]]] = queue.PriorityQueue(
            waiting
        )
        self._asked = itertools.count()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._coming: set[_Wanted] = set()
        self._failed: dict[_Wanted, _Failure] = {}
        self._reported: set[str] = set()

    def want(
        self,
        media: Path,
        slug: str,
        held: Path,
        silent: Sequence[Span] = (),
        timed_to: str | None = None,
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> bool:
        """See to it that there will be a copy of the sound at ``held``, and tell whether one is to be expected.

        ``media`` is the folder in which the archive may have one itself, by the name ``slug``, which only has to be
        compared. The passages in ``silent`` are silent in it; none is made where these were ``timed_to`` another sound.
        It is not kept unless it ``is_wanted`` still once it is made.
        """
        wanted = _Wanted(media, slug, Path(os.path.realpath(held)), tuple(silent), timed_to)
        try:
            seen = close_stamp(wanted.held)
        except OSError:
            return False  # who plays it says why
        with self._lock:
            if wanted in self._coming:
                return self._most > 0
            failure = self._failed.get(wanted)
            if failure is not None and failure.of == seen and time.monotonic() < failure.until:
                return False
            try:
                self._queue.put_nowait((not silent, next(self._asked), wanted, seen, is_wanted))
            except queue.Full:
                return self._most > 0
            self._coming.add(wanted)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="access", daemon=True)
                self._thread.start()
        return self._most > 0

    def join(self) -> None:
        """Wait until every copy that was asked for is made, or has failed."""
        self._queue.join()

    def _work(self) -> None:
        be_modest(turn=1)  # beside the thread that draws outlines
        while True:
            _, _, wanted, seen, is_wanted = self._queue.get()
            try:
                self._make(wanted, is_wanted)
            except AudioError as error:
                self._let_be(wanted, seen)
                self._report(str(error))
            except Exception:  # noqa: BLE001  # the next sound may be a better one
                self._let_be(wanted, seen)
                _log.exception("%s: no access copy could be made", shown(wanted.held))
            with self._lock:
                self._coming.discard(wanted)
            self._queue.task_done()

    def _make(self, wanted: _Wanted, is_wanted: Callable[[], bool]) -> None:
        media, slug, held, silent = wanted.media, wanted.slug, wanted.held, wanted.silent
        silence.refuse_wrong(held, slug, wanted.timed_to)
        # The archive's own, where it has hours, is compared here, and not while a page is asked for.
        wrong = access.fault(media, slug, held, silent)
        if wrong is None and access.shipped(media, slug, held, silent):
            return
        if wrong is not None:
            self._report(f"{shown(wrong.path)}: {wrong.effect}; {wrong.remedy(slug)}")
        hush = access.silence_of(media, slug, silent)
        if access.beside(held, silent) or access.cached(held, hush) or not (silent or access.needed(held)):
            return
        if not self._most:
            if silent:
                self._report(
                    f"{shown(held)}: passages of {slug} are closed, and no copies are made in which these are silent "
                    "(PLAYER_COPY_MEGABYTES is 0), so none of the recording is played; "
                    f"make one with: {making(slug, held)}"
                )
            return
        access_room.sweep()
        size = _expected(held)
        if size > self._most:
            raise AudioError(
                f"{shown(held)}: its access copy would take about {-(-size // _MEGABYTE)} MB, and no more than "
                f"{self._most // _MEGABYTE} MB of copies are kept; make one that stays with: "
                f"{making(slug, held)}; or set PLAYER_COPY_MEGABYTES higher"
            )
        try:
            made = access.make_cached(held, silent=hush)
        except WriteError as error:
            # It names a file of the cache, which tells nobody whose it is.
            plays = "nothing" if silent else "the sound itself"
            raise WriteError(
                f"{shown(held)}: no access copy could be made for its page, which plays {plays} until there "
                f"is one ({error}); to make one that stays: {making(slug, held)}"
            ) from None
        if not is_wanted():
            access_room.remove(made.path)
            return
        access_room.label(made.path, held)
        # Not before: for a copy that cannot be made, none should go.
        access_room.make(self._most, but=made.path)

    def _let_be(self, wanted: _Wanted, seen: Stamp) -> None:
        """Try a copy of a sound, as it was ``seen``, no more until that has changed, or for a while."""
        with self._lock:
            before = self._failed.get(wanted)
            wait = _LET_BE if before is None or before.of != seen else 2 * before.wait
            self._failed[wanted] = _Failure(seen, wait, time.monotonic() + wait)

    def _report(self, what: str) -> None:
        """Say what is wrong once, however often it is tried."""
        if what not in self._reported:
            self._reported.add(what)
            _log.warning("%s", what)


def _expected(held: Path) -> int:
    """Tell about how many bytes a copy takes; 0 where the sound does not state how long it lasts."""
    header = stream.header(held)
    in_flac = header.rate * _BYTES_A_SAMPLE
    a_channel = in_flac if access.kind_for(held) == "flac" else _BYTES_A_SECOND
    return (probe.stated(held) or 0) * header.channels * a_channel // SECOND
