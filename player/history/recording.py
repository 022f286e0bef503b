"""Writes into the history of a transcript what is about to change in it, so that both go in place as one change."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

from player.errors import ArchiveError
from player.history.comparing import compared, lines_in
from player.history.differing import edits
from player.history.entries import OUTSIDE, Entry, name_of, written
from player.history.moving import moved as found_moved
from player.history.versions import history

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from player.archive.recording import Record
    from player.history.versions import History

_FIRST: Final = "0000-first.vtt"


class Changing(Protocol):
    """What changes files of an archive as one: ``intake.transaction.Change``."""

    def write(self, target: Path, after: bytes) -> None:
        """Put a new file at ``target``."""


def record(
    change: Changing,
    of: Record,
    before: bytes,
    after: bytes,
    by: str | None,
    how: str,
    moved: Mapping[str, Sequence[str]] | None = None,
    *,
    begins: bool = True,
) -> int | None:
    """Have it written down that the transcript of a recording becomes ``after``, which is ``before`` now.

    The caller has the same ``change`` replace the file itself. ``moved`` says where the words of lines went whose
    identifiers are gone; of those that it does not name, they are looked for. If the file is not what the history has
    last, that is first written down as a change from outside the program. Where there is no history, one is begun
    unless ``begins`` says otherwise.

    :return: the number of the version that ``after`` is; None where there is no history.
    :raise ArchiveError: where the folder of the history cannot be used.
    :raise OSError: where something cannot be written.
    """
    there = history(of)
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    last = there.last
    if last < 0:
        if there.faults:
            raise ArchiveError(there.faults)
        if not begins or after == before:
            return None
        change.write(there.folder / _FIRST, before)
        last = 0
    elif (was := digest_of_last(there)) != digest(before):
        last += 1
        _write_outside(change, there, Entry(last, now, None, OUTSIDE, was, digest(before), None), before)
    if after == before:
        return last
    last += 1
    entry = Entry(last, now, by, how, digest(before), digest(after), edits(before, after))
    entry = with_lines(entry, there.transcript, before, after, moved)
    change.write(there.folder / name_of(last), written(entry))
    return last


def digest(data: bytes) -> str:
    """Give the SHA-256 of a version."""
    return hashlib.sha256(data).hexdigest()


def digest_of_last(there: History) -> str | None:
    """Give the SHA-256 of the last version that a history has; None where nobody can know."""
    if (known := there.digest(there.last)) is not None:
        return known
    try:
        return digest(there.content(there.last))
    except ArchiveError:
        return None


def with_lines(
    entry: Entry, path: Path, before: bytes, after: bytes, moved: Mapping[str, Sequence[str]] | None = None
) -> Entry:
    """Give an entry with what it does to lines; what is no WebVTT has none."""
    old, new = lines_in(path, before), lines_in(path, after)
    changes = compared(old, new)
    to: dict[str, tuple[str, ...]] = {name: tuple(names) for name, names in (moved or {}).items()}
    if any(name not in to for name in changes.gone):
        to = {**found_moved(old, new), **to}
    there = {line.id for line in new}
    return replace(
        entry,
        **changes._asdict(),
        moved={name: tuple(each for each in to.get(name, ()) if each in there) for name in changes.gone},
    )


def _write_outside(change: Changing, there: History, entry: Entry, now: bytes) -> None:
    """Write down that the file became what it is now otherwise than by the program."""
    try:
        was = there.content(there.last)
    except ArchiveError:
        # Nobody knows what it was: this version is kept as a whole.
        change.write(there.folder / f"{entry.number:04d}-whole.vtt", now)
        made = replace(entry, new=tuple(line.id for line in lines_in(there.transcript, now)))
    else:
        made = with_lines(replace(entry, edits=edits(was, now)), there.transcript, was, now)
    change.write(there.folder / name_of(entry.number), written(made))
