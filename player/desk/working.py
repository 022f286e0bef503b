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
import threading
from collections import deque
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from player.archive.recording import TRANSCRIPT
from player.archive.webvtt.reading import Readings
from player.desk import asking, rebasing, writing
from player.desk.bases import Base, former_lines, pairs, stamp_of
from player.desk.exchanges import difference, touched
from player.desk.kept_steps import KeptSteps, told_aside
from player.desk.progress import Done, Progress
from player.desk.refusals import NO_ROOM, DeskError, DeskFullError, ElsewhereError, UndecidedError, is_full
from player.desk.taking_back import taken_back
from player.errors import ArchiveError, NotFoundError, WriteError, reason, shown
from player.files import content
from player.history.whereabouts import used
from player.intake.transaction import recover

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from player.archive.archive import Archive
    from player.archive.recording import Record
    from player.archive.transcript import Line
    from player.desk.conflicts import Conflict
    from player.desk.exchanges import Exchange
    from player.desk.writing import Written

# Changes of state that are remembered, for windows that have seen an earlier one.
_REMEMBERED: Final = 1000


class WorkingCopy:
    """What ``person`` has changed in the transcript of a recording, and not written to the archive yet.

    It may be used from several threads, and from several processes at once. What it says of itself outside
    ``current()`` is as it was last seen.
    """

    def __init__(self, archive: Archive, record: Record, person: str) -> None:
        self.archive = archive
        self.record = record
        self.person = person
        self.path = record.folder / TRANSCRIPT
        #: Why the file cannot be followed at the moment, though the working copy can be used; None where it can.
        self.trouble: str | None = None
        self._kept = KeptSteps(record.folder, person)
        self._lock = threading.Lock()
        self._seen: Progress | None = None
        self._head: str | None = None
        self._stamp: object = None
        self._present: tuple[object, Base] | None = None
        self._used: tuple[str, frozenset[str]] | None = None
        self._changes: deque[tuple[str, tuple[Exchange, ...]]] = deque(maxlen=_REMEMBERED)

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
                with self._kept.locked():
                    yield self._now()
            except OSError as error:
                if is_full(error):
                    raise DeskFullError(*NO_ROOM) from None
                place = shown(self.record.folder)
                raise WriteError(
                    f"{place}: this cannot be read or written ({reason(error)}); check that you may write there"
                ) from None

    @property
    def progress(self) -> Progress:
        """How far it has come."""
        if self._seen is None:
            raise RuntimeError("nothing was read yet")
        return self._seen

    @property
    def state(self) -> str:
        """The name of the state."""
        if self._head is None:
            return f"file-{self.progress.base.sha256[:16]}"
        return f"{self._head}-{self.progress.entries}"

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines as they are with all steps."""
        return self.progress.lines

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """The lines that have two versions."""
        return tuple(self.progress.conflicts.values())

    @property
    def unwritten(self) -> int:
        """How many lines and notes are not in the archive as they are here."""
        return self.progress.unwritten

    @property
    def can_undo(self) -> bool:
        """Tell whether there is a step to take back."""
        return self.progress.can_turn(self.progress.done, back=True)

    @property
    def can_redo(self) -> bool:
        """Tell whether there is a step to do again."""
        return self.progress.can_turn(self.progress.undone, back=False)

    @property
    def saved(self) -> str | None:
        """When the last step was kept, as ``14:27`` by the clock of this machine; None where none is."""
        if self._head is None or self.progress.saved is None:
            return None
        return dt.datetime.fromisoformat(self.progress.saved).astimezone().strftime("%H:%M")

    @property
    def aside(self) -> list[str]:
        """What there is to be told of working copies that could not be followed."""
        return [told_aside(name) for name in self._kept.aside()]

    def since(self, state: str) -> tuple[Exchange, ...] | None:
        """Give what was exchanged since a state; None where that is not known any more."""
        if state == self.state:
            return ()
        found: list[Exchange] = []
        is_known = False
        for before, exchanges in self._changes:
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
            name = operation.get("id")
            if isinstance(name, str):
                self._refuse_touched(state, frozenset({name}))
            if do in ("back", "again"):
                step, done = taken_back(self.record, self.person, progress, is_again=do == "again")
            else:
                step, done = asking.performed(progress, operation, self.person, self._is_used, self._sources())
            self._refuse_touched(state, frozenset(touched(step.exchanges)))
            if step.exchanges or step.note is not None or step.decided is not None:
                self._keep(step.kept())
            return done

    def write(self, state: str | None = None) -> Written:
        """Write all of it to the archive, in one change with its history, and have no working copy then.

        :raise UndecidedError: where lines have two versions.
        :raise ElsewhereError: where there is another state than the one that was seen.
        :raise ArchiveError: where the files would be read back as something else.
        :raise DeskError: where it cannot be written.
        """
        with self.current() as progress:
            if self.trouble is not None:
                raise DeskError(self.trouble, "Correct the file first; what was changed here is kept")
            if progress.conflicts:
                raise UndecidedError("Lines have two versions", "Choose one of each first")
            if state is not None and state != self.state:
                raise ElsewhereError(frozenset(touched(self.since(state) or ())), of_a_line=False)
            if self._head is None:
                return writing.Written(None, 0)
            readings = Readings(self.path)
            written = writing.write(self.archive, self.record, readings, self._kept.path, progress, self.person)
            self._now(readings)
            return written

    def _turn(self, progress: Progress, do: str, state: str | None) -> Done:
        if state is not None and state != self.state:
            raise ElsewhereError(frozenset(touched(self.since(state) or ())), of_a_line=False)
        steps = progress.done if do == "undo" else progress.undone
        if not steps:
            raise DeskError("There is nothing to take back" if do == "undo" else "Nothing was taken back", "Go on")
        names = frozenset(touched(steps[-1].exchanges))
        if steps[-1].decided is None and any(not names.isdisjoint(each.names) for each in self.conflicts):
            raise DeskError("There are two versions of this line", "Choose one of them first")
        if not progress.can_turn(steps, back=do == "undo"):
            raise DeskError("Somebody else has changed these lines since", "Change them as they are now")
        exchanges = self._keep({do: True})
        return Done(exchanges, next((line.id for each in exchanges for line in each.new), None))

    def _refuse_touched(self, state: str | None, names: frozenset[str]) -> None:
        if state is None or state == self.state:
            return
        since = self.since(state)
        if since is None or not names.isdisjoint(touched(since)):
            raise ElsewhereError(names)

    def _is_used(self, name: str) -> bool:
        """Tell whether an identifier was ever a line's."""
        sha256 = self.progress.base.sha256
        if self._used is None or self._used[0] != sha256:
            self._used = (sha256, used(self.record))
        return (
            name in self._used[1]
            or any(name in each.names for step in self.progress.steps for each in step.exchanges)
            or any(line.id == name for line in self.progress.lines)
        )

    def _sources(self) -> frozenset[str] | None:
        try:
            return frozenset(self.archive.sources)
        except ArchiveError:
            return None

    def _keep(self, entry: dict[str, Any]) -> tuple[Exchange, ...]:
        """Keep an entry, and follow it once it is kept."""
        if self._head is None:
            self._begin()
        before = self.state
        entry = {**entry, "at": _moment()}
        self._kept.append(entry)
        # As it would be read.
        exchanges = self.progress.follow(json.loads(json.dumps(entry)))
        self._stamp = self._kept.stamp()
        self._remember(before, exchanges)
        return exchanges

    def _begin(self) -> None:
        """Begin the file of the copy. Before, each line gets its present identifier in the transcript."""
        base, before = self.progress.base, self.state
        if self.trouble is not None:
            raise DeskError(self.trouble, "Correct the file first; what was changed here is kept")
        named = writing.name_lines(self.archive, self.record, Readings(self.path), base.sha256, self.person)
        digest = hashlib.sha256(named).hexdigest()
        base = Base(digest, base.lines, base.is_draft)
        stamp = stamp_of(self.path)
        self._present = (stamp, base) if self._content() == named else None
        self._kept.begin(digest, pairs(base.lines), _moment())
        self._read(base)
        self._remember(before, ())

    def _remember(self, before: str, exchanges: Sequence[Exchange]) -> None:
        if before != self.state:
            self._changes.append((before, tuple(exchanges)))

    def _now(self, readings: Readings | None = None) -> Progress:
        """Read what others have changed since the last look."""
        recover(self.archive.root)
        seen = None if self._seen is None else (self.state, self.lines)
        present = self._file(readings)
        if present is None:
            if self._seen is None or self._stamp != self._kept.stamp():
                raise NotFoundError(self.trouble or "the transcript of this recording cannot be read")
            return self.progress
        if self._seen is None or self._stamp != self._kept.stamp():
            self._read(present)
        if seen is not None and seen[0] != self.state:
            self._remember(seen[0], difference(seen[1], self.lines))
        if self.progress.base.sha256 != present.sha256:
            self._move(present)
        return self.progress

    def _file(self, readings: Readings | None) -> Base | None:
        """Read the transcript as it is in the file; None where that cannot be done at the moment."""
        stamp = stamp_of(self.path)
        if self._present is not None and stamp == self._present[0]:
            self.trouble = None
            return self._present[1]
        try:
            self._present = (stamp, Base.of(self.path, self._content(), readings))
        except (ArchiveError, NotFoundError) as error:
            if self._seen is None and isinstance(error, NotFoundError):
                raise
            self.trouble = error.for_visitors
            return None
        self.trouble = None
        return self._present[1]

    def _move(self, present: Base) -> None:
        """Go on from the transcript as it is in the file now."""
        before = self.state
        if self._head is None:
            exchanges = difference(self.lines, present.lines)
            self._seen = Progress.begun(present)
            self._remember(before, exchanges)
        else:
            self._keep(rebasing.moved_to(present, self.progress, self.record))
            self.progress.base = present

    def _read(self, present: Base) -> None:
        self._stamp = self._kept.stamp()
        if self._stamp is None:
            self._seen, self._head = Progress.begun(present), None
            return
        head, entries, is_whole = self._kept.read()
        former = partial(former_lines, self.record)
        seen = None if head is None else Progress.of(head, entries, present, former)
        if seen is None or head is None or not is_whole or seen.entries < len(entries):
            # Whatever has happened to it: nothing of it is lost, and the desk goes on.
            self._kept.set_aside(seen.entries if seen else 0)
            self._read(present)
            return
        self._seen = seen
        told = f"{head.get('copy')} {head.get('begun')} {head.get('sha256')} {head.get('by')}"
        self._head = hashlib.sha256(told.encode()).hexdigest()[:16]

    def _content(self) -> bytes:
        try:
            return content(self.path)
        except FileNotFoundError:
            raise self._kept.without_transcript() from None


def _moment() -> str:
    """Give the time, as entries have it."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
