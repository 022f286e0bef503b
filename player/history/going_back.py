"""Goes back to an earlier version of a transcript: that becomes the latest, and none in between is lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from player.archive.recording import TRANSCRIPT
from player.errors import ArchiveError, Fault, reason
from player.files import content
from player.history.comparing import Changes, compared, lines_in
from player.history.entries import GO_BACK
from player.history.moving import moved
from player.history.recording import record as record_change
from player.history.versions import history

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from player.archive.recording import Record
    from player.history.recording import Changing
    from player.history.versions import History


@dataclass(frozen=True)
class Return:
    """What goes back: the file ``before`` and ``after``, and which lines differ."""

    before: bytes
    after: bytes
    changes: Changes


def planned(record: Record, number: int) -> Return:
    """Say what going back to a version would change.

    :raise NotFoundError: where there is no such version.
    :raise ArchiveError: where it cannot be made any more, or the transcript cannot be read.
    """
    path = record.folder / TRANSCRIPT
    after = history(record).content(number)
    try:
        before = content(path)
    except OSError as error:
        what = f"this cannot be read ({reason(error)})"
        raise ArchiveError([Fault(path, None, what, "check that it is there and that you may read it")]) from None
    return Return(before, after, compared(lines_in(path, before), lines_in(path, after)))


def go_back(change: Changing, record: Record, number: int, by: str | None) -> tuple[Return, int | None]:
    """Have the transcript be what it was in a version, byte by byte; give with it the number that it has now.

    :raise NotFoundError: where there is no such version.
    :raise ArchiveError: where it cannot be made any more, or the transcript cannot be read.
    :raise OSError: where something cannot be written.
    """
    path = record.folder / TRANSCRIPT
    back = planned(record, number)
    if back.after == back.before:
        return back, None
    old, new = lines_in(path, back.before), lines_in(path, back.after)
    there = {line.id for line in new}
    origins = _origins(history(record), number)
    found = dict(moved(old, new).moved)
    for name in back.changes.gone:
        if known := tuple(dict.fromkeys(_followed(name, origins, there))):
            found[name] = known
    made = record_change(change, record, back.before, back.after, by, GO_BACK, found)
    change.replace(path, back.before, back.after)
    return back, made


def _origins(there: History, number: int) -> Mapping[str, tuple[str, ...]]:
    """Give for the lines that came since a version those that their words came from."""
    origins: dict[str, tuple[str, ...]] = {}
    for each, entry in there.entries.items():
        if each > number:
            for name in entry.new:
                origins[name] = tuple(old for old, to in entry.moved.items() if name in to)
    return origins


def _followed(
    name: str, origins: Mapping[str, tuple[str, ...]], there: Collection[str], passed: tuple[str, ...] = ()
) -> Iterator[str]:
    for each in origins.get(name, ()):
        if each in there:
            yield each
        elif each not in passed:
            yield from _followed(each, origins, there, (*passed, name))
