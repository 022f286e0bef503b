"""Answers what an archive as a whole holds, without reading it: which recordings, people, sources, entries, dossiers.

The index follows the archive's files. ``look`` asks them for their stamps and reads again those that changed; a server
has a process beside it that looks (``player.index.watch``), and looks itself where there is none.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from player.errors import ArchiveError, NotFoundError
from player.index import cards, looking, places, schema, values, writing
from player.index.cards import Card
from player.index.database import DamagedIndexError, Database
from player.index.naming import Naming

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from player.archive.archive import Archive
    from player.archive.chronology import Entry
    from player.archive.dossiers import Dossier
    from player.archive.people import Person
    from player.archive.recording import Publication
    from player.archive.sources import Source
    from player.index.looking import Look, Unit

_log = logging.getLogger(__name__)
_Value = TypeVar("_Value")

# A batch is written at once: so many units, or as many as are read in so many seconds.
_BATCH: Final = 50
_BATCH_SECONDS: Final = 0.5
#: Looking may cost so small a part of the time of one processor.
SHARE: Final = 0.02
# An archive of so many recordings and other files is read before a server answers for the first time.
_FEW: Final = 100
# A look that took less than this, in seconds, is taken whenever something is asked.
_NOTHING: Final = 0.003

# How a shared file, or a dossier, is read, by the kind of its unit.
_READ: Final[Mapping[str, Callable[[Archive, str], Any]]] = {
    "people": lambda archive, _: archive.people,
    "sources": lambda archive, _: archive.sources,
    "chronology": lambda archive, _: archive.chronology,
    "archive": lambda archive, _: archive.about,
    looking.DOSSIER: lambda archive, name: archive.dossier(name),
}


# What pages call the kinds of units that are not recordings.
_PARTS: Final = {"people": "people", "sources": "sources", "chronology": "chronology", looking.DOSSIER: "dossiers"}


class Index:
    """What an archive holds, as of the last look at its files."""

    def __init__(self, archive: Archive, database: Database) -> None:
        self.archive = archive
        self.database = database
        #: Set while another process keeps the index up to date, so that nobody else need look.
        self.is_watched: Callable[[], bool] = lambda: False
        self.recordings: Mapping[str, Card] = _Cards(database)
        self.people: Mapping[str, Person] = _Things(database, "person")
        self.sources: Mapping[str, Source] = _Things(database, "source")
        self.entries: Mapping[str, Entry] = _Things(database, "entry")
        self.dossiers: Mapping[str, Dossier] = _Things(database, "dossier")
        self._looking = looking.Looking(archive)
        self._lock = threading.Lock()
        self._next_look = 0.0
        self._followed: tuple[Look, int] | None = None
        #: How long the last look took, in seconds, without the reading that followed.
        self.look_seconds = 0.0

    @classmethod
    def of(cls, archive: Archive) -> Index:
        """Open the index of an archive, or begin one; ``look`` fills it."""
        return cls(archive, Database(archive.root))

    @property
    def generation(self) -> int:
        """A number that is another one whenever anything in the index has changed."""
        return self.database.generation

    def rows(self, sql: str, *parameters: Any) -> list[sqlite3.Row]:
        """Give what a query finds; its tables are in ``player.index.schema``."""
        return self.database.rows(sql, *parameters)

    def faulty(self, kinds: Iterable[str]) -> list[str]:
        """Tell which kinds of units hold one that cannot be read: people, sources, chronology, archive, dossier."""
        found = {row["kind"] for row in self.rows("SELECT DISTINCT kind FROM unit WHERE fault IS NOT NULL")}
        return [kind for kind in kinds if kind in found]

    def moment(self, slug: str, part: str) -> places.Moment | None:
        """Find a line of a recording by its id, or a note by ``note-`` and its id; None where there is none."""
        return places.moment(self.database, slug, part)

    def dossiers_about(self, slug: str) -> list[Dossier]:
        """Give the dossiers that point at a recording."""
        return places.dossiers_about(self.database, slug)

    def entries_about(self, slug: str) -> list[Entry]:
        """Give the entries of the chronology that point at a recording, in the order of time."""
        return places.entries_about(self.database, slug)

    def naming(self, person: str) -> list[places.Place]:
        """Give the places that name a person, but for what is said of the person among the people."""
        return places.naming(self.database, person)

    def citing(self, source: str) -> list[places.Place]:
        """Give the places that cite a source, once for each locator."""
        return places.citing(self.database, source)

    def citations(self) -> dict[str, int]:
        """Count for each source the places that cite it."""
        return places.citations(self.database)

    def named_in_source(self, source: str) -> list[str]:
        """List the ids of the people whom the bibliography names in what it says of a source."""
        return places.named_in_source(self.database, source)

    def only_day(self) -> str | None:
        """Give the date of the archive's recordings, provided they all have the same one; readings do not count."""
        sql = "SELECT card FROM recording WHERE kind = 'recording' GROUP BY earliest, latest LIMIT 2"
        found = {self.database.decoded(row["card"], cards.read).date for row in self.rows(sql)}
        return found.pop() if len(found) == 1 else None

    def publications_of(self, slug: str) -> list[Publication]:
        """List where a recording was published."""
        found = self.rows("SELECT value FROM thing WHERE kind = 'publication' AND id = ? ORDER BY n", slug)
        return [self.database.decoded(row["value"], values.decode) for row in found]

    def surrogates_of(self, slug: str) -> list[Card]:
        """Give the recordings that stand in for another."""
        found = self.rows("SELECT card FROM recording WHERE surrogate_for = ? ORDER BY slug", slug)
        return [self.database.decoded(row["card"], cards.read) for row in found]

    @property
    def parts(self) -> frozenset[str]:
        """What there is beside the recordings: people, chronology, dossiers, sources."""
        kinds = {row["kind"] for row in self.rows("SELECT DISTINCT kind FROM unit")}
        return frozenset(part for kind, part in _PARTS.items() if kind in kinds)

    def keep_current(self) -> None:
        """Look, unless another process does, or the last look was too short a time ago for what looking costs."""
        if not self.is_watched() and time.monotonic() >= self._next_look and self._lock.acquire(blocking=False):
            try:
                seen = self._look()
                took = self.look_seconds
                self._next_look = 0.0 if took < _NOTHING else time.monotonic() + took / SHARE
                self._follow(seen, None)
            finally:
                self._lock.release()

    @property
    def is_whole(self) -> bool:
        """Tell whether all that the archive holds has been read: it takes a while when there are thousands."""
        return self.database.row("SELECT 1 FROM meta WHERE name = 'whole'") is not None

    def look(self, progress: Callable[[int, int], object] | None = None) -> int:
        """Read again what has changed since it was last read; give how many units that were.

        ``progress`` is called with how many were read and how many there are to read.
        """
        with self._lock:
            return self._follow(self._look(), progress)

    def look_if_small(self) -> None:
        """Do so if it is done in a moment, since the archive has few files."""
        with self._lock:
            seen = self._look()
            if len(seen.units) <= _FEW:
                self._follow(seen, None)

    def measure_one(self) -> bool:
        """Measure one of the sounds that were too long for ``look``; tell whether there was one."""
        with self._lock:
            pending = self.database.row("SELECT name FROM unit WHERE is_pending ORDER BY id LIMIT 1")
            if pending is None:
                return False
            seen = self._look()
            unit = (looking.RECORDING, pending["name"])
            if unit in seen.units:
                self._read_units([unit], seen, self._naming(), is_patient=True)
            return True

    def rebuild(self, progress: Callable[[int, int], object] | None = None) -> int:
        """Throw everything away and read the whole archive again."""
        with self._lock:
            self.database.clear()
            self._followed = None
            return self._follow(self._look(), progress)

    def _look(self) -> Look:
        begun = time.monotonic()
        seen = self._looking.look()
        self.look_seconds = time.monotonic() - begun
        return seen

    def _follow(self, seen: Look, progress: Callable[[int, int], object] | None) -> int:
        """Read what has changed; where the index turns out damaged, or its disk full, read all again."""
        for attempt in range(3):
            try:
                return self._read_changed(seen, progress)
            except DamagedIndexError:
                if attempt == 2:  # noqa: PLR2004  # the last of the three
                    raise
            except sqlite3.DatabaseError as error:
                if attempt == 2 or not self.database.mend(error):  # noqa: PLR2004  # likewise
                    raise
        raise AssertionError

    def _read_changed(self, seen: Look, progress: Callable[[int, int], object] | None) -> int:
        if self._followed == (seen, self.generation):
            return 0
        known = {(row["kind"], row["name"]): row for row in self.rows("SELECT * FROM unit")}
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
        people = ("people", "")
        # Who is who comes first: all that is read after it is searched for names.
        stale.sort(key=lambda unit: (unit != people, unit[0] == looking.RECORDING, unit))
        if people in stale:
            self._read_units([people], seen, Naming({}))
        naming = self._naming()
        if self.database.row("SELECT 1 FROM meta WHERE name = 'unnamed'") is not None:
            self._name_again(naming, stale)
        rest = [unit for unit in stale if unit != people]
        done = 0
        batch: list[Unit] = []
        begun = time.monotonic()
        for unit in rest:
            batch.append(unit)
            if len(batch) >= _BATCH or time.monotonic() - begun >= _BATCH_SECONDS or unit == rest[-1]:
                self._read_units(batch, seen, naming)
                done += len(batch)
                batch, begun = [], time.monotonic()
                if progress is not None:
                    progress(done, len(rest))
        if not self.is_whole:
            with self.database.writing() as connection:
                connection.execute("INSERT OR REPLACE INTO meta VALUES ('whole', 1)")
                schema.merge_words(connection)
        self._followed = seen, self.generation
        return len(stale) + len(gone)

    def _read_units(self, units: Sequence[Unit], seen: Look, naming: Naming, *, is_patient: bool = False) -> None:
        """Read units, and write what they hold at once: reading takes long, and nobody waits for it to write."""
        writes = [self._read(unit, seen, is_patient=is_patient) for unit in units]
        with self.database.writing() as connection:
            writer = writing.Writer(connection, naming)
            for write in writes:
                write(writer)

    def _read(self, unit: Unit, seen: Look, *, is_patient: bool) -> Callable[[writing.Writer], None]:
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

    def _read_recording(self, slug: str, seen: Look, *, is_patient: bool) -> Callable[[writing.Writer], None]:
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

    def _naming(self) -> Naming:
        return Naming({name: (person.name, *person.also) for name, person in self.people.items()})

    def _name_again(self, naming: Naming, stale: Sequence[Unit]) -> None:
        """Find anew who is named in what has not changed itself."""
        to_be_read = set(stale)
        there = self.rows("SELECT id, kind, name FROM unit")
        units = [row for row in there if (row["kind"], row["name"]) not in to_be_read]
        units += self.rows("SELECT id FROM unit WHERE kind = 'people'")
        with self.database.writing() as connection:
            writer = writing.Writer(connection, naming)
            for row in units:
                writer.put_names(row["id"])
            connection.execute("DELETE FROM meta WHERE name = 'unnamed'")


class _Cards(Mapping[str, Card]):
    def __init__(self, database: Database) -> None:
        self._database = database

    def __getitem__(self, slug: str) -> Card:
        found = self._database.row("SELECT card FROM recording WHERE slug = ?", slug)
        if found is None:
            raise KeyError(slug)
        return self._database.decoded(found["card"], cards.read)

    def __iter__(self) -> Iterator[str]:
        return (row["slug"] for row in self._database.rows("SELECT slug FROM recording ORDER BY slug"))

    def __len__(self) -> int:
        found = self._database.row("SELECT count(*) AS count FROM recording")
        return int(found["count"]) if found else 0


class _Things(Mapping[str, _Value], Generic[_Value]):
    """What a shared file holds, by id, in the order of the file."""

    def __init__(self, database: Database, kind: str) -> None:
        self._database = database
        self._kind = kind

    def __getitem__(self, name: str) -> _Value:
        found = self._database.row("SELECT value FROM thing WHERE kind = ? AND id = ?", self._kind, name)
        if found is None:
            raise KeyError(name)
        value: _Value = self._database.decoded(found["value"], values.decode)
        return value

    def __iter__(self) -> Iterator[str]:
        sql = "SELECT thing.id FROM thing JOIN unit ON unit.id = thing.unit WHERE thing.kind = ? ORDER BY unit.name, n"
        return (row["id"] for row in self._database.rows(sql, self._kind))

    def __len__(self) -> int:
        found = self._database.row("SELECT count(*) AS count FROM thing WHERE kind = ?", self._kind)
        return int(found["count"]) if found else 0
