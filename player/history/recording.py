"""Writes into the history of a transcript what is about to change in it, so that both go in place as one change."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

from player.archive.line_pointers import pointers_after
from player.archive.older_translations import translations_after
from player.errors import ArchiveError
from player.files import content
from player.history.comparing import compared, lines_in
from player.history.differing import edits
from player.history.entries import OUTSIDE, Entry, name_of, written
from player.history.moving import Moves
from player.history.moving import moved as found_moved
from player.history.translated_words import translated_words
from player.history.versions import history

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from player.archive.recording import Record
    from player.archive.webvtt.reading import Readings
    from player.history.versions import History

_FIRST: Final = "0000-first.vtt"


class Changing(Protocol):
    """What changes files of an archive as one: ``intake.transaction.Change``."""

    def write(self, target: Path, after: bytes) -> None:
        """Put a new file at ``target``."""

    def replace(self, target: Path, before: bytes, after: bytes) -> None:
        """Put other content into a file that has ``before`` now."""


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
    follows: bool = True,
    credit: Mapping[str, Sequence[str]] | None = None,
    back: Sequence[int] = (),
    readings: Readings | None = None,
) -> int | None:
    """Have it written down that the transcript of a recording becomes ``after``, which is ``before`` now.

    The caller has the same ``change`` replace the file itself. ``moved`` says where the words of lines went whose
    identifiers are gone; of those that it does not name, they are looked for. If the file is not what the history has
    last, that is first written down as a change from outside the program. Where there is no history, one is begun
    unless ``begins`` says otherwise.

    ``credit`` names who suggested what becomes of a line; ``back`` are the versions that are taken back; ``readings``
    has what the caller has read of the file.

    Translations, and what names lines that ``moved``, follow in the same change, unless ``follows`` says that the
    caller sees to that, or that nothing is to.

    :return: the number of the version that ``after`` is; None where there is no history.
    :raise ArchiveError: where the folder of the history cannot be used, or what names lines cannot be changed.
    :raise OSError: where something cannot be written.
    """
    there = history(of)
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    last = there.last
    if last < 0 and there.faults:
        raise ArchiveError(there.faults)
    if after == before and last < 0:
        return None
    made = Entry(last + 1, now, by, how, digest(before), digest(after), edits(before, after))
    made = with_lines(made, there.transcript, before, after, moved, readings)
    named = {name: tuple(dict.fromkeys(whom)) for name, whom in (credit or {}).items()}
    credited = {name: whom for name, whom in named.items() if name in (*made.changed, *made.new)}
    made = replace(made, credit=credited, back=tuple(back))
    if follows and after != before:
        _follow(change, of, before, after, made, readings)
    if last < 0 and not begins:
        return None
    if last < 0:
        change.write(there.folder / _FIRST, before)
        last = 0
    elif (was := digest_of_last(there)) != made.before:
        last += 1
        _write_outside(change, there, Entry(last, now, None, OUTSIDE, was, digest(before), None), before)
    if after == before:
        return last
    change.write(there.folder / name_of(last + 1), written(replace(made, number=last + 1)))
    return last + 1


def _follow(change: Changing, of: Record, before: bytes, after: bytes, made: Entry, readings: Readings | None) -> None:
    """Have translations, and what names lines, follow."""
    day = made.date.astimezone().date()
    others = {
        **translations_after(of.folder, before, after, made.moved, day, translated_words(of), readings),
        **pointers_after(of, before, after, made.moved, readings),
    }
    for path, data in others.items():
        change.replace(path, content(path), data)


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
    entry: Entry,
    path: Path,
    before: bytes,
    after: bytes,
    moved: Mapping[str, Sequence[str]] | None = None,
    readings: Readings | None = None,
) -> Entry:
    """Give an entry with what it does to lines; what is no WebVTT has none."""
    old, new = lines_in(path, before, readings), lines_in(path, after, readings)
    changes = compared(old, new)
    there = {line.id: line.text for line in new}
    went = {name: tuple(each for each in to if each in there) for name, to in (moved or {}).items()}
    found = Moves({}, {}) if all(name in went for name in changes.gone) else found_moved(old, new)
    to = {name: went.get(name, found.moved.get(name, ())) for name in changes.gone}
    strayed = {name: names for name, names in found.strayed.items() if name not in went}
    words = {line.id: line.text for line in old if line.id in to}
    words |= {name: there[name] for names in (*to.values(), *strayed.values()) for name in names}
    return replace(entry, **changes._asdict(), moved=to, strayed=strayed, words=words)


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
