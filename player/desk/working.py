"""A person's working copy of a transcript: each step is kept as it is made; only what is written is in the archive.

The copy stands on the transcript as it was when it was begun, and moves with it: where another person or a text editor
has changed the file, their lines come in, and lines that both have changed wait until one of the versions is chosen.

A state has a name. It is made of the file's own beginning and the number of its entries, so that it says the same in
every process, and after a restart.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import threading
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from player.archive.recording import TRANSCRIPT
from player.desk import asking
from player.desk.exchanges import difference, touched
from player.desk.kept_steps import KeptSteps
from player.desk.progress import Base, Done, Progress
from player.desk.refusals import NO_ROOM, DeskError, DeskFullError, ElsewhereError, is_full
from player.errors import ArchiveError, Fault, NotFoundError, WriteError, reason, shown
from player.files import content
from player.intake.transaction import recover

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from player.archive.archive import Archive
    from player.archive.recording import Record
    from player.archive.transcript import Line
    from player.desk.conflicts import Conflict
    from player.desk.exchanges import Exchange

# Changes of state that are remembered, for windows that have seen an earlier one.
_REMEMBERED: Final = 1000


class WorkingCopy:
    """What ``person`` has changed in the transcript of a recording, and not written to the archive yet.

    It may be used from several threads, and from several processes at once.
    """

    def __init__(self, archive: Archive, record: Record, person: str) -> None:
        self.archive = archive
        self.folder = record.folder
        self.person = person
        self.path = record.folder / TRANSCRIPT
        self.kept = KeptSteps(record.folder, person)
        self._lock = threading.Lock()
        self._progress: Progress | None = None
        self._head: str | None = None
        self._file: tuple[int, ...] | None = None
        self._stamp: tuple[int, int] | None = None
        self._changes: deque[tuple[str, str, tuple[Exchange, ...]]] = deque(maxlen=_REMEMBERED)

    @classmethod
    def opened(cls, archive: Archive, record: Record, person: str) -> WorkingCopy:
        """Open the working copy of a person; where none is begun, it is the transcript as it stands.

        :raise NotFoundError: where the recording has no transcript.
        :raise ArchiveError: where the transcript or the working copy cannot be read.
        """
        found = cls(archive, record, person)
        with found.current():
            return found

    @contextmanager
    def current(self) -> Iterator[Progress]:
        """Give the copy as it is now, after what others have changed; nobody changes it until the block ends.

        :raise ArchiveError: where the transcript or the working copy cannot be read.
        :raise DeskFullError: where there is no room.
        :raise WriteError: where something cannot be read or written otherwise.
        """
        with self._lock:
            try:
                with self.kept.locked():
                    yield self._now()
            except OSError as error:
                if is_full(error):
                    raise DeskFullError(*NO_ROOM) from None
                place = shown(self.folder)
                raise WriteError(f"{place}: this cannot be read or written ({reason(error)}); check it") from None

    @property
    def state(self) -> str:
        """The name of the state that was last seen."""
        if self._progress is None:
            raise RuntimeError("nothing was read yet")
        if self._head is None:
            return f"file-{self._progress.base.sha256[:16]}"
        return f"{self._head}-{self._progress.entries}"

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines as they were last seen."""
        return () if self._progress is None else self._progress.lines

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """The lines that have two versions."""
        return () if self._progress is None else tuple(self._progress.conflicts.values())

    @property
    def unwritten(self) -> int:
        """How many lines and notes are not in the archive as they are here."""
        return 0 if self._progress is None else self._progress.unwritten

    def since(self, state: str) -> tuple[Exchange, ...] | None:
        """Give what was exchanged since a state; None where that is not known any more."""
        if state == self.state:
            return ()
        found: list[Exchange] = []
        is_known = False
        for before, _, exchanges in self._changes:
            is_known = is_known or before == state
            if is_known:
                found += exchanges
        return tuple(found) if is_known else None

    def step(self, operation: Mapping[str, Any], state: str | None = None) -> Done:
        """Do an operation, and keep it. ``state`` is the one that was seen by whoever asks for it.

        :raise ElsewhereError: where another window has changed the same line since that.
        :raise DeskError: where it cannot be done.
        """
        with self.current() as progress:
            do = operation.get("do")
            if do in ("undo", "redo"):
                return self._turn(progress, str(do), state)
            step, done = asking.performed(progress, operation, self._is_used)
            self._refuse_touched(state, asking.names_of(operation) | frozenset(touched(step.exchanges)))
            self._keep(step.kept())
            return done

    def undo(self) -> Done:
        """Take the last step back."""
        return self.step({"do": "undo"})

    def redo(self) -> Done:
        """Do again what was taken back last."""
        return self.step({"do": "redo"})

    @property
    def can_undo(self) -> bool:
        """Tell whether there is a step to take back."""
        return self._progress is not None and self._progress.can_turn(self._progress.done, back=True)

    @property
    def can_redo(self) -> bool:
        """Tell whether there is a step to do again."""
        return self._progress is not None and self._progress.can_turn(self._progress.undone, back=False)

    @property
    def saved(self) -> str | None:
        """When the last step was kept, as ``14:27`` by the clock of this machine; None where none is."""
        if self._progress is None or self._progress.saved is None:
            return None
        return dt.datetime.fromisoformat(self._progress.saved).astimezone().strftime("%H:%M")

    def _is_used(self, name: str) -> bool:
        """Tell whether an identifier was ever a line's, as far as this copy knows."""
        progress = self._progress
        if progress is None:
            return False
        steps = (*progress.done, *progress.undone)
        return any(name in each.names for step in steps for each in step.exchanges) or any(
            line.id == name for line in (*progress.base.lines, *progress.lines)
        )

    def _turn(self, progress: Progress, do: str, state: str | None) -> Done:
        if state is not None and state != self.state:
            raise ElsewhereError(frozenset(touched(self.since(state) or ())))
        steps = progress.done if do == "undo" else progress.undone
        if not steps:
            raise DeskError("There is nothing to take back" if do == "undo" else "Nothing was taken back", "Go on")
        if not progress.can_turn(steps, back=do == "undo"):
            raise DeskError("Somebody else has changed these lines since", "Change them as they are now")
        exchanges = self._keep({do: True})
        first = next((line.id for each in exchanges for line in each.new), None)
        return Done(exchanges, first)

    def _refuse_touched(self, state: str | None, names: frozenset[str]) -> None:
        if state is None or state == self.state:
            return
        since = self.since(state)
        if since is None or not names.isdisjoint(touched(since)):
            raise ElsewhereError(names)

    def _keep(self, entry: dict[str, Any]) -> tuple[Exchange, ...]:
        """Keep an entry, and follow it once it is kept."""
        if self._head is None:
            self._begin()
        progress = self._progress
        if progress is None:
            raise RuntimeError("nothing was read yet")
        before = self.state
        entry = {**entry, "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds")}
        self.kept.append(entry)
        exchanges = progress.follow(json.loads(json.dumps(entry)))
        self._stamp = self.kept.stamp()
        self._remember(before, exchanges)
        return exchanges

    def _begin(self) -> None:
        """Begin the file of the copy."""
        progress = self._progress
        if progress is None:
            raise RuntimeError("nothing was read yet")
        before = self.state
        self.kept.begin(progress.base.content, dt.datetime.now(dt.UTC).isoformat(timespec="seconds"))
        self._stamp = self.kept.stamp()
        self._head = self._head_of(*self.kept.read()[:1])
        self._remember(before, ())

    def _remember(self, before: str, exchanges: Sequence[Exchange]) -> None:
        if before != self.state:
            self._changes.append((before, self.state, tuple(exchanges)))

    def _now(self) -> Progress:
        """Read what others have changed since the last look."""
        recover(self.archive.root)
        before = None if self._progress is None else (self.state, self._progress.lines)
        stamp, file = self.kept.stamp(), self._file_stamp()
        if self._progress is None or stamp != self._stamp or (self._head is None and file != self._file):
            self._read(stamp)
        self._file = file
        progress = self._progress
        if progress is None:
            raise RuntimeError("nothing was read")
        if before is not None and before[0] != self.state:
            self._remember(before[0], difference(before[1], progress.lines))
        return progress

    def _read(self, stamp: tuple[int, int] | None) -> None:
        if stamp is None:
            self._progress = Progress.begun(self.path, Base.of(self.path, self._content()))
            self._head = None
        else:
            head, entries = self.kept.read()
            try:
                self._progress = Progress.of(self.path, head, entries)
            except ValueError:
                what = "the steps of this working copy do not follow from one another"
                remedy = "move the file away; what stands in it can be read there"
                raise ArchiveError([Fault(self.kept.path, None, what, remedy)]) from None
            self._head = self._head_of(head)
        self._stamp = stamp

    @staticmethod
    def _head_of(head: Mapping[str, Any]) -> str:
        return hashlib.sha256(f"{head.get('begun')} {head.get('sha256')} {head.get('by')}".encode()).hexdigest()[:16]

    def _content(self) -> bytes:
        try:
            return content(self.path)
        except FileNotFoundError:
            raise NotFoundError("this recording has no transcript yet; bring one in with player import") from None

    def _file_stamp(self) -> tuple[int, ...] | None:
        try:
            found = os.stat(self.path)  # noqa: PTH116  # as elsewhere: Path.stat takes half as long again
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
