"""Takes back what a person has written to the archive, behind the beginning of their working copy; nothing is lost.

What is taken back are the lines of a version that they wrote, the latest first: those that are still as it left them
become what they were before. That is a step as any other, and a new version once it is written, which says what it took
back; so the next one goes further. Lines that were changed since stay as they are, which is told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from player.archive.machine import is_heard
from player.desk.bases import fingerprint
from player.desk.exchanges import Exchange, difference, plain
from player.desk.progress import Done, Step
from player.desk.refusals import DeskError
from player.errors import ArchiveError
from player.history.comparing import lines_in
from player.history.entries import DESK
from player.history.versions import history

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from player.archive.recording import Record
    from player.archive.transcript import Line
    from player.desk.progress import Progress
    from player.history.entries import Entry
    from player.history.versions import History


@dataclass(frozen=True)
class Behind:
    """What undo, or redo, reaches behind the working copy: a version, when it was written, and of how many lines."""

    version: int
    date: str
    count: int


def behind(record: Record, person: str, progress: Progress) -> tuple[Behind | None, Behind | None]:
    """Give what a person has written last and not taken back, where no step is left to undo; and what they took back.

    The second is None where a step can be done again, for that is later.
    """
    if progress.done:
        return None, None
    try:
        there = history(record)
    except ArchiveError:
        return None, None  # player check says so
    taken, again = _stacks(there.entries, person, [step.version for step in progress.backs if step.version is not None])
    redone = None if progress.undone else _of(there, again)
    return _of(there, taken), redone


def taken_back(record: Record, person: str, progress: Progress, *, is_again: bool) -> tuple[Step, Done]:
    """Give the step that takes back what a person has written last, or, if ``is_again``, what they took back last.

    :raise DeskError: where there is nothing, or others have changed all of these lines since.
    :raise ArchiveError: where a version cannot be made any more.
    """
    if progress.conflicts:
        raise DeskError("Lines have two versions", "Choose one of each first")
    found = behind(record, person, progress)[is_again]
    if found is None:
        raise DeskError("Nothing was taken back" if is_again else "There is nothing to take back", "Go on")
    there = history(record)
    before, after = (lines_in(there.transcript, there.content(found.version - each)) for each in (1, 0))
    taking = _Taking(progress)
    for each in reversed(difference(tuple(map(plain, before)), tuple(map(plain, after)))):
        taking.take(each.turned, before)
    if not taking.made:
        who = f"{_who(there, found.version, taking.stay)} changed these lines since"
        raise DeskError(f"Version {found.version} cannot be taken back: {who}", "Change them as they are now")
    count = sum(max(len(each.old), len(each.new)) for each in taking.made)
    lines = f"{count} line" if count == 1 else f"{count} lines"
    told = f"Taken back: what you wrote as version {found.version}, {lines}."
    if is_again:
        told = f"Brought back: what you took back in version {found.version}, {lines}."
    if taking.stay:
        number = len(taking.stay)
        stay = "1 line stays as it is, for" if number == 1 else f"{number} lines stay as they are, for"
        told += f" {stay} {_who(there, found.version, taking.stay)} changed {'it' if number == 1 else 'them'} since."
    told += " It is in the archive once you write it."
    exchanges = tuple(taking.made)
    step = Step(tuple(each.turned for each in reversed(exchanges)), version=found.version, is_again=is_again)
    select = next((line.id for each in exchanges for line in each.new), None)
    return step, Done(exchanges, select, (told,))


class _Taking:
    """Turns exchanges round, as far as lines are still as these left them."""

    def __init__(self, progress: Progress) -> None:
        self.lines = list(progress.lines)
        self.made: list[Exchange] = []
        #: The lines that are others by now.
        self.stay: dict[str, None] = {}
        self._is_draft = progress.base.is_draft

    def take(self, wanted: Exchange, before: Sequence[Line]) -> None:
        """Make one exchange; ``before`` are the lines of the version to which it goes back."""
        names = [line.id for line in self.lines]
        own = {line.id for line in wanted.old}
        come = [line.id for line in wanted.new if line.id not in own]
        first = self._place(wanted, names, before)
        there = self.lines[first : first + len(wanted.old)]
        is_same = list(map(fingerprint, there)) == list(map(fingerprint, wanted.old))
        is_same = is_same and [line.id for line in there] == [line.id for line in wanted.old]
        if not is_same or not set(come).isdisjoint(names):
            self.stay |= dict.fromkeys(line.id for line in wanted.old or wanted.new)
            return
        new = tuple(replace(each, is_unchecked=self._is_draft and not is_heard(each.comments)) for each in wanted.new)
        self.made.append(Exchange(names[first - 1] if first else None, tuple(there), new))
        self.lines[first : first + len(there)] = new

    def _place(self, wanted: Exchange, names: Sequence[str], before: Sequence[Line]) -> int:
        """Say where the lines stand, or would; those that come back behind the last that stood before them."""
        if wanted.old:
            return names.index(wanted.old[0].id) if wanted.old[0].id in names else len(names)
        order = [line.id for line in before]
        above = order[: order.index(wanted.new[0].id)]
        last = next((name for name in reversed(above) if name in names), None)
        return 0 if last is None else names.index(last) + 1


def _stacks(entries: Mapping[int, Entry], person: str, unwritten: Iterable[int]) -> tuple[list[int], list[int]]:
    """Give the versions of a person that are not taken back; and those that took others back, and nothing else."""
    written: list[int] = []
    back: dict[int, tuple[int, ...]] = {}

    def take(numbers: Iterable[int]) -> None:
        for each in numbers:
            if each in written:
                written.remove(each)
            elif each in back:
                written.extend(back.pop(each))

    for number, entry in entries.items():
        if entry.by != person or entry.how != DESK or not (entry.changed or entry.new or entry.gone):
            continue
        is_again = any(each in back for each in entry.back)
        take(entry.back)
        if not entry.back:
            written.append(number)
            back.clear()  # what was taken back before is no longer to be done again
        elif not is_again:
            back[number] = entry.back
    take(unwritten)
    return written, list(back)


def _of(there: History, numbers: Sequence[int]) -> Behind | None:
    if not numbers:
        return None
    entry = there.entries[numbers[-1]]
    count = len(entry.changed) + max(len(entry.new), len(entry.gone))
    return Behind(entry.number, entry.date.isoformat(timespec="seconds"), count)


def _who(there: History, version: int, names: Iterable[str]) -> str:
    """Name those who changed lines since a version."""
    return ", ".join(dict.fromkeys(_changers(there, version, frozenset(names)))) or "somebody"


def _changers(there: History, version: int, names: frozenset[str]) -> Iterator[str]:
    for number, entry in there.entries.items():
        if number > version and not names.isdisjoint((*entry.changed, *entry.new, *entry.gone)):
            yield entry.by or "somebody outside the program"
