"""Reads what has changed in an archive since it was last read, and writes it into the index, a batch at a time."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from player.errors import ArchiveError, NotFoundError
from player.index import cards, looking, schema, writing
from player.index.cards import Card
from player.index.naming import Naming
from player.index.things import Things

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from player.archive.archive import Archive
    from player.archive.people import Person
    from player.index.database import Database
    from player.index.looking import Look, Unit

    #: Writes what was read of a unit.
    Write = Callable[[writing.Writer], None]
    #: Is called with how many units were read, and how many there are to read.
    Progress = Callable[[int, int], object]
    #: Reads recordings, as of a look, and writes them; gives again and again how many these were.
    Elsewhere = Callable[[Sequence[Unit], Look], Iterable[int]]

_log = logging.getLogger(__name__)

_PEOPLE: Final = ("people", "")
# A batch is written at once: so many units, or as many as are read in so many seconds.
_BATCH: Final = 50
_BATCH_SECONDS: Final = 0.5

# How a shared file, or a dossier, is read, by the kind of its unit.
_READ: Final[Mapping[str, Callable[[Archive, str], Any]]] = {
    "people": lambda archive, _: archive.people,
    "sources": lambda archive, _: archive.sources,
    "chronology": lambda archive, _: archive.chronology,
    "archive": lambda archive, _: archive.about,
    looking.DOSSIER: lambda archive, name: archive.dossier(name),
}


@dataclass(frozen=True)
class Reader:
    """Reads the units of ``archive`` into the index in ``database``."""

    archive: Archive
    database: Database

    def read_changed(self, seen: Look, progress: Progress | None, elsewhere: Elsewhere | None = None) -> int:
        """Read what has changed since it was last read, and forget what has gone; give how many units that were.

        ``elsewhere`` reads recordings in place of this process, where the index is in a file.

        :raise sqlite3.DatabaseError: where the index cannot be written, or is damaged.
        """
        known = {(row["kind"], row["name"]): row for row in self.database.rows("SELECT * FROM unit")}
        gone = known.keys() - seen.units.keys()
        if gone:
            with self.database.writing() as connection:
                writer = writing.Writer(connection, Naming({}))
                for unit in sorted(gone):
                    writer.remove(unit)
        stale = [
            unit
            for unit in seen.units
            if unit not in known or known[unit]["stamp"] != seen.stamp(unit, known[unit]["sound"])
        ]
        # Who is who comes first: all that is read after it is searched for names.
        if _PEOPLE in stale:
            self.write([self.read(_PEOPLE, seen)], Naming({}))
        naming = self.naming()
        if self.database.row("SELECT 1 FROM meta WHERE name = 'unnamed'") is not None:
            self._name_again(naming, stale)
        rest = sorted(
            (unit for unit in stale if unit != _PEOPLE), key=lambda unit: (unit[0] == looking.RECORDING, unit)
        )
        here = rest
        there: list[Unit] = []
        if elsewhere is not None and not self.database.is_in_memory:
            here = [unit for unit in rest if unit[0] != looking.RECORDING]
            there = rest[len(here) :]
        done = 0
        for count in chain(self._in_batches(here, seen, naming), elsewhere(there, seen) if elsewhere and there else ()):
            done += count
            if progress is not None:
                progress(done, len(rest))
        if self.database.row("SELECT 1 FROM meta WHERE name = 'whole'") is None:
            with self.database.writing() as connection:
                connection.execute("INSERT OR REPLACE INTO meta VALUES ('whole', 1)")
                schema.merge_words(connection)
        return len(stale) + len(gone)

    def _in_batches(self, units: Sequence[Unit], seen: Look, naming: Naming) -> Iterator[int]:
        """Read and write units, some at a time, and give each time how many these were."""
        writes: list[Write] = []
        begun = time.monotonic()
        for done, unit in enumerate(units, start=1):
            writes.append(self.read(unit, seen))
            if len(writes) >= _BATCH or time.monotonic() - begun >= _BATCH_SECONDS or done == len(units):
                self.write(writes, naming)
                yield len(writes)
                writes, begun = [], time.monotonic()

    def measure(self, slug: str, seen: Look) -> None:
        """Read a recording again, and its sound for as long as that takes, to tell its length and state."""
        unit = (looking.RECORDING, slug)
        if unit in seen.units:
            self.write([self.read(unit, seen, is_patient=True)], self.naming())

    def write(self, writes: Sequence[Write], naming: Naming) -> None:
        """Write what several units hold at once: they took long to read, and nobody waited for that to write."""
        with self.database.writing() as connection:
            writer = writing.Writer(connection, naming)
            for write in writes:
                write(writer)

    def read(self, unit: Unit, seen: Look, *, is_patient: bool = False) -> Write:
        """Read a unit, and give what writes it; what cannot be read is written as such, and told in the log.

        Long sounds are measured where it ``is_patient``.
        """
        kind, name = unit
        if kind == looking.RECORDING:
            return self._read_recording(name, seen, is_patient=is_patient)
        stamp = seen.units[unit]
        try:
            value = _READ[kind](self.archive, name)
        except ArchiveError as error:
            _log.warning("%s", error)
            fault = error.for_visitors
            return lambda writer: writer.put_fault(unit, stamp, fault)
        things, said = list(writing.THINGS[kind](value)), list(writing.SAID[kind](value))
        return lambda writer: writer.put_shared(unit, stamp, things, said)

    def _read_recording(self, slug: str, seen: Look, *, is_patient: bool) -> Write:
        unit = (looking.RECORDING, slug)
        try:
            recording = self.archive.recording(slug)
        except NotFoundError:  # it went, or is a folder of that name
            return lambda writer: writer.put_gone(unit, seen.units[unit])
        except ArchiveError as error:
            _log.warning("%s", error)
            faulty = Card(slug, slug, state="unreadable", fault=error.for_visitors)
            return lambda writer: writer.put_faulty(faulty, seen.units[unit])
        sound = looking.plain(recording.media_name) if recording.media_name else None
        stamp = seen.stamp(unit, sound)
        card, is_pending = cards.card_of(recording, is_patient=is_patient)
        return lambda writer: writer.put_recording(recording, card, stamp, sound, is_pending=is_pending)

    def naming(self) -> Naming:
        """Give the people by the forms of their names, to be looked for in texts."""
        people: Mapping[str, Person] = Things(self.database, "person")
        return Naming({name: (person.name, *person.also) for name, person in people.items()})

    def _name_again(self, naming: Naming, stale: Sequence[Unit]) -> None:
        """Find anew who is named in what has not changed itself."""
        to_be_read = set(stale)
        there = self.database.rows("SELECT id, kind, name FROM unit")
        units = [row for row in there if (row["kind"], row["name"]) not in to_be_read]
        units += self.database.rows("SELECT id FROM unit WHERE kind = 'people'")
        with self.database.writing() as connection:
            writer = writing.Writer(connection, naming)
            for row in units:
                writer.put_names(row["id"])
            connection.execute("DELETE FROM meta WHERE name = 'unnamed'")
