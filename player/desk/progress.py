"""Follows the entries of a working copy: what the lines are now, what can be undone, which have two versions."""

from __future__ import annotations

import codecs
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from player.archive.webvtt.reading import parse
from player.desk.conflicts import Conflict, conflict_of
from player.desk.exchanges import Exchange, StaleError, applied, difference, exchange_of, plain
from player.desk.kept_steps import unpacked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from player.archive.transcript import Line


@dataclass(frozen=True)
class Base:
    """The transcript that a working copy stands on: the bytes of its file, their digest, its lines."""

    content: bytes
    sha256: str
    lines: tuple[Line, ...]

    @classmethod
    def of(cls, path: Path, content: bytes) -> Base:
        """Read the bytes of the transcript at ``path``.

        :raise ArchiveError: where they are no transcript.
        """
        text = content.removeprefix(codecs.BOM_UTF8).decode(errors="replace")
        lines = tuple(map(plain, parse(path, text).lines))
        return cls(content, hashlib.sha256(content).hexdigest(), lines)


@dataclass(frozen=True)
class Step:
    """What one operation did: the lines exchanged, the note added, the conflict decided; none where it did not."""

    exchanges: tuple[Exchange, ...]
    note: Mapping[str, Any] | None = None
    decided: Conflict | None = None

    @property
    def turned(self) -> tuple[Exchange, ...]:
        """What takes its exchanges back."""
        return tuple(each.turned for each in reversed(self.exchanges))

    def kept(self) -> dict[str, Any]:
        """Give it as JSON has it."""
        found: dict[str, Any] = {"step": [each.kept() for each in self.exchanges]}
        if self.note is not None:
            found["note"] = dict(self.note)
        if self.decided is not None:
            found["decided"] = self.decided.kept()
        return found


@dataclass(frozen=True)
class Done:
    """What a step did: the exchanges, the line to take in hand, and what there is to be told of it."""

    exchanges: tuple[Exchange, ...]
    select: str | None = None
    told: tuple[str, ...] = ()


@dataclass
class Progress:
    """A working copy as its entries have it so far."""

    path: Path
    base: Base
    lines: tuple[Line, ...]
    done: list[Step] = field(default_factory=list)
    undone: list[Step] = field(default_factory=list)
    notes: list[Mapping[str, Any]] = field(default_factory=list)
    conflicts: dict[str, Conflict] = field(default_factory=dict)
    entries: int = 0
    saved: str | None = None

    @classmethod
    def begun(cls, path: Path, base: Base) -> Progress:
        """Begin at a transcript, before any entry."""
        return cls(path, base, base.lines)

    @classmethod
    def of(cls, path: Path, head: Mapping[str, Any], entries: Sequence[Mapping[str, Any]]) -> Progress:
        """Follow a header and its entries; ``path`` is that of the transcript.

        :raise ValueError: where they cannot be followed.
        """
        found = cls.begun(path, Base.of(path, unpacked(dict(head))))
        for entry in entries:
            found.follow(entry)
        return found

    def follow(self, entry: Mapping[str, Any]) -> tuple[Exchange, ...]:
        """Follow one entry; give what it exchanged.

        :raise ValueError: where it cannot be followed.
        """
        try:
            if "step" in entry:
                exchanges = self._step(entry)
            elif "undo" in entry:
                exchanges = self._undo()
            elif "redo" in entry:
                exchanges = self._redo()
            else:
                exchanges = self._rebase(entry)
        except (StaleError, KeyError, TypeError, IndexError) as error:
            raise ValueError from error
        self.entries += 1
        at = entry.get("at")
        self.saved = at if isinstance(at, str) else self.saved
        return exchanges

    def can_turn(self, steps: Sequence[Step], *, back: bool) -> bool:
        """Tell whether the last of some steps can be undone, or done again: not where its lines are others by now."""
        if not steps:
            return False
        try:
            applied(self.lines, steps[-1].turned if back else steps[-1].exchanges)
        except StaleError:
            return False
        return True

    @property
    def unwritten(self) -> int:
        """How many lines and notes are others than in the file."""
        if self.lines is self.base.lines:
            return len(self.notes)
        return len(self.notes) + sum(
            max(len(each.old), len(each.new)) for each in difference(self.base.lines, self.lines)
        )

    def _step(self, entry: Mapping[str, Any]) -> tuple[Exchange, ...]:
        note, decided = entry.get("note"), entry.get("decided")
        step = Step(tuple(map(exchange_of, entry["step"])), note, None if decided is None else conflict_of(decided))
        self.lines = applied(self.lines, step.exchanges)
        self._do(step)
        self.undone.clear()
        return step.exchanges

    def _undo(self) -> tuple[Exchange, ...]:
        step = self.done[-1]
        self.lines = applied(self.lines, step.turned)
        self.done.pop()
        self.undone.append(step)
        if step.note is not None:
            self.notes.remove(step.note)
        if step.decided is not None:
            self.conflicts[step.decided.id] = step.decided
        return step.turned

    def _redo(self) -> tuple[Exchange, ...]:
        step = self.undone[-1]
        self.lines = applied(self.lines, step.exchanges)
        self.undone.pop()
        self._do(step)
        return step.exchanges

    def _do(self, step: Step) -> None:
        self.done.append(step)
        if step.note is not None:
            self.notes.append(step.note)
        if step.decided is not None:
            self.conflicts.pop(step.decided.id, None)

    def _rebase(self, entry: Mapping[str, Any]) -> tuple[Exchange, ...]:
        exchanges = tuple(map(exchange_of, entry["rebased"]))
        base = Base.of(self.path, unpacked(dict(entry)))
        self.lines = applied(self.lines, exchanges)
        self.base = base
        self.conflicts = {each.id: each for each in map(conflict_of, entry["conflicts"])}
        return exchanges
