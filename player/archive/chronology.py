"""Reads ``chronology.toml``: what happened when, in strands, in order of time."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from player.archive import dates
from player.archive.references import CERTAINTIES, Citation, Pointer
from player.archive.toml.declared import Table, declared, key, tables
from player.archive.toml.tables import read_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from player.errors import Fault


@declared
class Strand(Table):
    """One of the stories that the chronology tells."""

    id: str = key("id", "its own name, for links")
    title: str = key("text", "its heading")
    note: str | None = key("Markdown", "what it is about", default=None)


@declared
class Entry(Table):
    """Something that happened."""

    id: str = key("id", "its own name, for links")
    strand: str = key("id", "the strand to which it belongs")
    date: str = key("date", "a day, a month or a season, as precise as is known")
    time: str | None = key("text", "the time of day, in words", default=None)
    event: str = key("Markdown", "one or two sentences")
    people: tuple[str, ...] = key("people", "the people involved", default=())
    citations: tuple[Citation, ...] = key("sources", "what it rests on", name="sources")
    certainty: str = key("choice", "how sure it is", choices=CERTAINTIES)
    recording: str | None = key("recording", "the recording made there and then", default=None)
    moments: tuple[Pointer, ...] = key("moments", "where it is mentioned", default=())
    dossier: str | None = key("dossier", "the dossier that compares accounts of it", default=None)
    contradicts: tuple[str, ...] = key("ids", "the entries that it is disputed with", default=())


@declared
class Chronology(Table):
    """What happened when, in strands."""

    strands: tuple[Strand, ...] = tables(Strand, "strand", unique="id", default=())
    #: In order of time; ``read_chronology`` puts them so.
    entries: tuple[Entry, ...] = tables(Entry, "entry", unique="id", default=())

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
    found = read_file(path, Chronology, _faults)
    return replace(found, entries=tuple(sorted(found.entries, key=lambda entry: dates.sort_key(entry.date))))


def _faults(chronology: Chronology) -> Iterator[Fault]:
    strands, entries = {each.id for each in chronology.strands}, {each.id for each in chronology.entries}
    for entry in chronology.entries:
        if entry.strand not in strands:
            what = f'no [[strand]] has the id "{entry.strand}"'
            yield entry.fault("strand", what, "name one that is there, or add it")
        for other in entry.contradicts:
            if other not in entries or other == entry.id:
                yield entry.fault("contradicts", f'no other entry has the id "{other}"', "name one that is there")
