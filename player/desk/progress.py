"""Follows the entries of a working copy: what the lines are now, what can be undone, which have two versions."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from player.desk.bases import Base, StandIns, changed_pairs, pairs_of
from player.desk.conflicts import Conflict, conflict_of
from player.desk.exchanges import Exchange, StaleError, applied, exchange_of, touched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from player.archive.transcript import Line

    _Former = Callable[[str], Iterable[Line]]


class _BrokenError(ValueError):
    """An entry does not follow from the ``count`` before it."""

    def __init__(self, count: int) -> None:
        self.count = count


@dataclass(frozen=True)
class Step:
    """What one operation did: the lines exchanged, the note added, the conflict decided; none where it did not."""

    exchanges: tuple[Exchange, ...]
    note: Mapping[str, Any] | None = None
    decided: Conflict | None = None
    #: The suggestion that it took: its ``id``, the ``line``, and the ``name`` of the listener, or None.
    suggestion: Mapping[str, Any] | None = None
    #: Where what it did was written as this version, and is taken back behind the beginning of the copy; whether that
    #: had taken back others, so that these are brought back.
    version: int | None = None
    is_again: bool = False

    @property
    def turned(self) -> tuple[Exchange, ...]:
        """What takes its exchanges back."""
        return tuple(each.turned for each in reversed(self.exchanges))

    def kept(self) -> dict[str, Any]:
        """Give it as JSON has it."""
        if self.version is not None:
            back = [each.kept() for each in self.exchanges]
            return {"back": back, "version": self.version, "again": self.is_again}
        found: dict[str, Any] = {"step": [each.kept() for each in self.exchanges]}
        if self.note is not None:
            found["note"] = dict(self.note)
        if self.decided is not None:
            found["decided"] = self.decided.kept()
        if self.suggestion is not None:
            found["suggestion"] = dict(self.suggestion)
        return found


@dataclass(frozen=True)
class Done:
    """What a step did: the exchanges, the line to take in hand, and what there is to be told of it."""

    exchanges: tuple[Exchange, ...]
    select: str | None = None
    told: tuple[str, ...] = ()


@dataclass
class Progress:
    """A working copy as its entries have it so far; ``base`` is the transcript that it stands on."""

    base: Base
    lines: tuple[Line, ...]
    done: list[Step] = field(default_factory=list)
    undone: list[Step] = field(default_factory=list)
    #: What was written before the copy began, and was taken back.
    backs: list[Step] = field(default_factory=list)
    notes: list[Mapping[str, Any]] = field(default_factory=list)
    conflicts: dict[str, Conflict] = field(default_factory=dict)
    entries: int = 0
    saved: str | None = None
    #: The identifiers of all lines that any entry has exchanged: others are as in the file.
    _touched: set[str] = field(default_factory=set)

    @classmethod
    def begun(cls, base: Base) -> Progress:
        """Begin at a transcript, before any entry."""
        return cls(base, base.lines)

    @classmethod
    def of(
        cls, head: Mapping[str, Any], entries: Sequence[Mapping[str, Any]], present: Base, former: _Former
    ) -> Progress | None:
        """Follow a header and its entries, as far as they follow from one another; None where the header is none.

        ``present`` is the transcript as it is in the file now; ``former`` gives the lines of what it was, by its
        digest.
        """
        for count in (len(entries), 0):
            try:
                return cls._of(head, entries[:count], present, former)
            except _BrokenError as error:
                with suppress(ValueError):
                    return cls._of(head, entries[: error.count], present, former)
            except ValueError:
                continue
        return None

    @classmethod
    def _of(
        cls, head: Mapping[str, Any], entries: Sequence[Mapping[str, Any]], present: Base, former: _Former
    ) -> Progress:
        try:
            now, sha256 = pairs_of(head["base"]), head["sha256"]
            if not entries and sha256 == present.sha256:
                return cls.begun(present)
            last = next((each["sha256"] for each in reversed(entries) if "rebased" in each), sha256)
            there = former(last) if last != present.sha256 else ()
            stand_ins = StandIns((*present.lines, *there, *_known(entries)))
            found = cls.begun(Base(sha256, stand_ins.lines(now), present.is_draft))
            for number, entry in enumerate(entries):
                try:
                    found.follow(entry)
                except ValueError:
                    raise _BrokenError(number) from None
                if "rebased" in entry:
                    now, sha256 = changed_pairs(now, entry["base"]), entry["sha256"]
        except (KeyError, TypeError) as error:
            raise ValueError from error
        if sha256 == present.sha256:
            found.base = present
            found.lines = stand_ins.replaced(found.lines, {line.id: line for line in present.lines})
        else:
            found.base = Base(sha256, stand_ins.lines(now), present.is_draft)
        return found

    def follow(self, entry: Mapping[str, Any]) -> tuple[Exchange, ...]:
        """Follow one entry; give what it exchanged. The base of one that moves the copy to another is not looked at.

        :raise ValueError: where it cannot be followed.
        """
        try:
            if "step" in entry:
                exchanges = self._step(entry)
            elif "back" in entry:
                exchanges = self._back(entry)
            elif "undo" in entry:
                exchanges = self._undo()
            elif "redo" in entry:
                exchanges = self._redo()
            else:
                exchanges = tuple(map(exchange_of, entry["rebased"]))
                self.conflicts = {each.id: each for each in map(conflict_of, entry["conflicts"])}
            # What was once done can be done again, whatever words were taken out of all versions since.
            self.lines = applied(self.lines, exchanges, is_lenient=True)
        except (StaleError, KeyError, TypeError, IndexError) as error:
            raise ValueError from error
        self._touched.update(touched(exchanges))
        self.entries += 1
        at = entry.get("at")
        self.saved = at if isinstance(at, str) else self.saved
        return exchanges

    def can_turn(self, steps: Sequence[Step], *, back: bool) -> bool:
        """Tell whether the last of some steps can be undone, or done again: not where its lines are others by now."""
        if not steps:
            return False
        decided = steps[-1].decided
        if decided is not None and not (
            self._is_theirs(decided) if back else self.conflicts.get(decided.id) == decided
        ):
            return False
        try:
            applied(self.lines, steps[-1].turned if back else steps[-1].exchanges)
        except StaleError:
            return False
        return True

    def _is_theirs(self, conflict: Conflict) -> bool:
        """Tell whether the transcript still says what theirs of a conflict was: else another would come back."""
        was, theirs = self.base.by_id, {line.id: line for line in conflict.theirs}
        names = {*theirs, *(line.id for line in conflict.before)}
        return {name: was[name] for name in names if name in was} == theirs

    @property
    def unwritten(self) -> int:
        """How many lines and notes are others than in the file."""
        was = self.base.by_id
        now = {line.id: line for line in self.lines if line.id in self._touched}
        new = sum(name not in was for name in now)
        gone = sum(name in was and name not in now for name in self._touched)
        changed = sum(name in was and was[name] is not line and was[name] != line for name, line in now.items())
        return len(self.notes) + changed + max(new, gone)

    @property
    def steps(self) -> Iterator[Step]:
        """All steps, also those that were taken back."""
        yield from self.backs
        yield from self.done
        yield from self.undone

    def _step(self, entry: Mapping[str, Any]) -> tuple[Exchange, ...]:
        decided = entry.get("decided")
        step = Step(
            tuple(map(exchange_of, entry["step"])),
            entry.get("note"),
            None if decided is None else conflict_of(decided),
            entry.get("suggestion"),
        )
        self._do(step)
        self.undone.clear()
        return step.exchanges

    def _back(self, entry: Mapping[str, Any]) -> tuple[Exchange, ...]:
        """Undo what was written; it can be done again."""
        version = entry["version"]
        if not isinstance(version, int) or isinstance(version, bool):
            raise TypeError
        step = Step(tuple(map(exchange_of, entry["back"])), version=version, is_again=bool(entry.get("again")))
        self.backs.append(step)
        if not step.is_again:
            self.undone.append(step)
        return step.turned

    def _undo(self) -> tuple[Exchange, ...]:
        step = self.done.pop()
        self.undone.append(step)
        if step.note is not None:
            self.notes.remove(step.note)
        if step.decided is not None:
            self.conflicts[step.decided.id] = step.decided
        return step.turned

    def _redo(self) -> tuple[Exchange, ...]:
        step = self.undone.pop()
        if step.version is not None:
            # As it is written: it is no step of this copy.
            self.backs.remove(step)
        else:
            self._do(step)
        return step.exchanges

    def _do(self, step: Step) -> None:
        self.done.append(step)
        if step.note is not None:
            self.notes.append(step.note)
        if step.decided is not None:
            self.conflicts.pop(step.decided.id, None)


def _known(entries: Sequence[Mapping[str, Any]]) -> Iterator[Line]:
    """Give the lines that entries have, the first of each last, so that it counts."""
    for entry in reversed(entries):
        # Of one that cannot be read, nothing is known; where it is followed, that is found.
        with suppress(ValueError, TypeError):
            for told in (*entry.get("step", ()), *entry.get("back", ()), *entry.get("rebased", ())):
                exchange = exchange_of(told)
                yield from exchange.new
                yield from exchange.old
            # Of a line that nobody has changed here, but who has changed one beside it, nothing else has the words.
            for told in entry.get("conflicts", ()):
                conflict = conflict_of(told)
                yield from (*conflict.before, *conflict.mine, *conflict.theirs)
