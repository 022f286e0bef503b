"""Adds the recordings of a table, a row each: what is wrong with a row is told, and the others are added.

A row whose sound the archive holds already, by its digest, is done, and is passed over; so a table that was broken off
is simply begun again. What is at an address is known by the address that its record names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from player.archive.parts import folder_of
from player.errors import AddError, ArchiveError, Fault, NotFoundError, PlayerError, quoted
from player.intake import workbook
from player.intake.adding import add, looked_at, taken
from player.intake.addresses import is_address, noted
from player.intake.cells import WrongTimeError, time_of, value_of
from player.intake.copying import held_already
from player.intake.record_table import KEYS
from player.intake.table import Columns
from player.intake.transcripts.names import Speakers
from player.spreadsheets import texts
from player.timecode import display

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Record
    from player.archive.toml.editing import Value
    from player.intake.adding import Wanted
    from player.intake.table import Row
    from player.intake.wanted import Progress

_SOUND: Final = "sound"
_TRANSCRIPT: Final = "transcript"
_SPEAKERS: Final = "speakers"
_TAGS: Final = "tags"
#: The columns that are one value of ``Wanted``, by the names of both.
_PLAIN: Final = {
    "title": "title",
    "date": "date",
    "slug": "slug",
    "language": "language",
    "series": "series",
    "like": "like",
    "to": "to",
    "format": "transcript_format",
}
#: Keys of a record that say what the program finds out itself.
_FOUND_OUT: Final = frozenset({"media", "formerly", "status"})
_ALSO: Final = tuple(name for name in KEYS if name not in {*_PLAIN, _TAGS, *_FOUND_OUT})
_COLUMNS: Final = Columns(
    {_SOUND: "where the sound of each is"},
    (_SOUND, _TRANSCRIPT, *_PLAIN, _TAGS, _SPEAKERS, *_ALSO),
    "recording",
    times=("substance",),
    dates=("date",),
)


class State(Enum):
    """What became of a row."""

    ADDED = "added"
    THERE = "there already"
    REFUSED = "not added"


@dataclass(frozen=True)
class Done:
    """What became of a row: its line, what its sound is called there, and the recording that it is.

    ``told`` is what there is to tell of it; where it was refused, why.
    """

    line: int
    sound: str
    state: State
    slug: str = ""
    told: tuple[str, ...] = ()


def rows_of(path: Path) -> list[Row]:
    """Read a table of recordings.

    :raise ArchiveError: where it cannot be read, or has columns that no recording has.
    """
    return workbook.read_any(path, _COLUMNS)


def add_many(
    archive: Archive,
    table: Path,
    rows: Sequence[Row],
    defaults: Wanted,
    progress: Progress,
    *,
    guesses: bool = False,
    dry_run: bool = False,
) -> Iterator[Done]:
    """Add the recordings of a table one after another, and give what became of each.

    Paths in it are relative to its folder. ``defaults`` is what holds where a row says nothing. A title or a date that
    is missing is taken from the name of the file where the caller ``guesses``.
    """
    begun: dict[tuple[str, ...], int] = {}
    for row in rows:
        name = _called(row)
        try:
            wanted = _wanted(table, row, defaults)
            key = tuple(str(each) for each in wanted.sound)
            if key in begun:
                raise AddError(f"line {begun[key]} has the same sound; remove one of the two")  # as others
            begun[key] = row.line
            yield _added(archive, wanted, row, progress, guesses=guesses, dry_run=dry_run)
        except PlayerError as error:
            faults = error.faults if isinstance(error, ArchiveError) else ()
            own = [fault for fault in faults if fault.path == table]
            told = [str(Fault(table, row.line, *_halves(line))) for line in str(error).splitlines()]
            yield Done(row.line, name, State.REFUSED, told=tuple(map(str, own)) if own else tuple(told))


def _added(archive: Archive, wanted: Wanted, row: Row, progress: Progress, *, guesses: bool, dry_run: bool) -> Done:
    name = _called(row)
    if (there := _holder(archive, wanted)) is not None:
        if wanted.slug not in {None, there.slug} or wanted.to not in {None, there.slug}:
            what = f"the archive has this sound already, as {quoted(there.slug)}"
            raise AddError(f"{what}; write that slug, or remove the row")
        return Done(row.line, name, State.THERE, there.slug)
    found, given = looked_at(wanted, progress), wanted
    if guesses and wanted.to is None:
        first = found.sounds[0]
        wanted = replace(
            wanted,
            title=wanted.title or found.title or first.title,
            date=wanted.date or found.date or first.date,
        )
    known = {"title": wanted.title or found.title, "date": wanted.date or found.date}
    if missing := [f'"{column}"' for column, value in known.items() if not value and wanted.to is None]:
        what = f"there is no {' and no '.join(missing)}, and its tags do not say"
        raise AddError(f"{what}; write it, or take it from the name of the file with --yes")
    told = () if wanted.to is not None else taken(given, found, known["title"], known["date"])
    added = add(archive, wanted, progress, found=found, dry_run=dry_run)
    return Done(row.line, name, State.ADDED, wanted.to or added.slug, (*told, *added.remarks))


def _called(row: Row) -> str:
    """Give what a row calls its sound; of an address without what follows ``?``, which may be a secret."""
    return "|".join(re.sub(r"[?#].*", "", each) if is_address(each) else each for each in texts(row.cells[_SOUND]))


def _wanted(table: Path, row: Row, defaults: Wanted) -> Wanted:
    """Give what a row wants.

    :raise ArchiveError: where a cell is not what its column can have.
    """
    cells = {name: text for name, text in row.cells.items() if text}
    if _SOUND not in cells:
        raise ArchiveError([Fault(table, row.line, 'there is no "sound"', "write its path, or remove the row")])
    also: dict[str, Value] = {}
    for name in _ALSO:
        if name in cells:
            also[name] = value_of(_plain(table, row, name, cells[name]), KEYS[name], None)
    try:
        speakers = Speakers.parse(cells[_SPEAKERS]) if _SPEAKERS in cells else defaults.speakers
    except ValueError as error:
        remedy = 'write "yes", "none", or NAME=VOICE,NAME=VOICE'
        raise ArchiveError([Fault(table, row.line, f'"{_SPEAKERS}": {error}', remedy)]) from None
    given: dict[str, Any] = {of: cells[name] for name, of in _PLAIN.items() if name in cells}
    return replace(
        defaults,
        sound=tuple(each if is_address(each) else table.parent / each for each in texts(cells[_SOUND])),
        transcript=tuple(table.parent / each for each in texts(cells.get(_TRANSCRIPT, ""))),
        speakers=speakers,
        tags=tuple(texts(cells[_TAGS])) if _TAGS in cells else defaults.tags,
        also={**defaults.also, **also},
        **given,
    )


def _plain(table: Path, row: Row, name: str, text: str) -> str:
    """Give a cell as the record has it: a time may have a decimal comma.

    :raise ArchiveError: where it is no time.
    """
    if KEYS[name].kind != "time":
        return text
    try:
        return display(time_of(text))
    except WrongTimeError as wrong:
        what, remedy = wrong.args
        raise ArchiveError([Fault(table, row.line, f'"{name}" {what}', remedy)]) from None


def _holder(archive: Archive, wanted: Wanted) -> Record | None:
    """Give the record that has the sounds of a row already; None where none has all of them.

    :raise AddError: where one cannot be read.
    """
    holders = [_holder_of(archive, sound) for sound in wanted.sound]
    first = holders[0]
    same = all(each is not None and first is not None and each.slug == first.slug for each in holders)
    return first if same else None


def _holder_of(archive: Archive, sound: Path | str) -> Record | None:
    address = noted(sound) if isinstance(sound, str) else None
    held = held_already(archive, sound) if not isinstance(sound, str) and sound.is_file() else None
    if address is None and held is None:
        return None
    for record in _records(archive):
        if address is not None and record.holding is not None and address in record.holding.obtained_from.split(", "):
            return record
        if held is not None and held in {record.media, folder_of(archive.media, record.slug) / held.name}:
            return record
    return None


def _records(archive: Archive) -> Iterator[Record]:
    for slug in archive.slugs():
        try:
            yield archive.record(slug)
        except (ArchiveError, NotFoundError):
            continue  # ``player check`` says so


def _halves(message: str) -> tuple[str, str]:
    what, _, remedy = message.partition("; ")
    return what, remedy or "correct the row"


def counts(done: Sequence[Done]) -> Mapping[State, int]:
    """Count what became of the rows."""
    return {state: sum(each.state is state for each in done) for state in State}
