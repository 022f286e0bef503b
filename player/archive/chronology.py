"""``chronology.toml`` into what happened when, in strands, in order of time."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from player.archive import context_keys, dates
from player.archive.toml.tables import read_table, repeated
from player.errors import ArchiveError

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.citations import Citation
    from player.archive.pointers import Pointer


@dataclass(frozen=True)
class Strand:
    """One of the stories that the chronology tells."""

    id: str
    title: str
    line: int | None
    note: str | None = None


@dataclass(frozen=True)
class Entry:
    """Something that happened; ``date`` is as precise as is known, ``time`` the time of day in words."""

    id: str
    strand: str
    date: str
    event: str
    citations: tuple[Citation, ...]
    certainty: str
    line: int | None
    time: str | None = None
    people: tuple[str, ...] = ()
    recording: str | None = None
    moments: tuple[Pointer, ...] = ()
    dossier: str | None = None
    contradicts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chronology:
    """The strands in the order of the file, and all entries in order of time."""

    strands: tuple[Strand, ...] = ()
    entries: tuple[Entry, ...] = ()

    def entries_of(self, strand: Strand) -> tuple[Entry, ...]:
        """Give the entries of one strand, in order of time."""
        return tuple(entry for entry in self.entries if entry.strand == strand.id)


def read_chronology(path: Path) -> Chronology:
    """Read the chronology; a file that is not there holds nothing.

    Entries stand in order of time: a season before its months, a month before its days, and what has one date in the
    order of the file.

    :raise ArchiveError: naming every fault: those of any TOML file, repeated ids, unknown strands and entries.
    """
    if not os.path.lexists(path):
        return Chronology()
    table = read_table(path, context_keys.CHRONOLOGY)
    strands, entries = table.get("strand", ()), table.get("entry", ())
    faults = repeated(strands, "id", "strand") + repeated(entries, "id", "entry")
    known_strands, known = {each.get("id") for each in strands}, {each.get("id") for each in entries}
    for entry in entries:
        if entry.get("strand") not in known_strands:
            what = f'no [[strand]] has the id "{entry.get("strand")}"'
            faults.append(entry.fault("strand", what, "name one that is there, or add it"))
        for other in entry.get("contradicts", ()):
            if other not in known or other == entry.get("id"):
                what = f'no other entry has the id "{other}"'
                faults.append(entry.fault("contradicts", what, "name one that is there"))
    if faults:
        raise ArchiveError(faults)
    return Chronology(
        tuple(each.build(Strand, line=each.line) for each in strands),
        tuple(
            sorted(
                (each.build(Entry, line=each.line) for each in entries), key=lambda entry: dates.sort_key(entry.date)
            )
        ),
    )
