"""Reads what has changed in an archive since it was last read, and writes it into the index, a batch at a time."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Final

from player.archive.gate.shown import Audience
from player.errors import ArchiveError, HiddenError, NotFoundError, WithdrawnError, shown
from player.index import cards, looking, restricting, schema, shared, values, writing
from player.index.naming import Naming
from player.index.restricting import Renaming, Restricting
from player.index.things import Things

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from player.archive.archive import Archive
    from player.archive.people import Person
    from player.errors import Fault
    from player.index.looking import Look, Unit
    from player.index.store import Store

    #: Writes what was read of a unit.
    Write = Callable[[writing.Writer], None]
    #: Is called with how many units were read, and how many there are to read.
    Progress = Callable[[int, int], object]
    #: Reads recordings, as of a look, and writes them; gives again and again how many these were.
    Elsewhere = Callable[[Sequence[Unit], Look], Iterable[int]]

_log = logging.getLogger(__name__)

_PEOPLE: Final = ("people", "")
_ARCHIVE: Final = ("archive", "")
# A batch is written at once: so many units, or as many as are read in so many seconds.
_BATCH: Final = 50
_BATCH_SECONDS: Final = 0.5
# Where something is closed, what another version of the program left is removed that nobody has written to for so long,
# in seconds: what was not closed then may be in it.
_UNUSED: Final = 3600


@dataclass(frozen=True)
class Reader:
    """Reads the units of ``archive`` into the index in ``database``."""

    archive: Archive
    database: Store

    @cached_property
    def _owners(self) -> Archive:
        return self.archive.seen_by(Audience.OWNERS)

    def read_changed(
        self,
        seen: Look,
        progress: Progress | None = None,
        elsewhere: Elsewhere | None = None,
        meanwhile: Callable[[], object] = lambda: None,
    ) -> int:
        """Read what has changed since it was last read, and forget what has gone; give how many units that were.

        What may no longer be shown is taken out before anything is read; ``meanwhile`` is called again and again, so
        that this is also done of what is closed while much is being read. ``elsewhere`` reads recordings in place of
        this process, where the index is in a file.

        :raise sqlite3.DatabaseError: where the index cannot be written, or is damaged.
        """
        gone, stale = self.close(seen)
        naming = self.naming()
        if self.database.row("SELECT 1 FROM meta WHERE name = 'unnamed'") is not None:
            self._name_again(naming, stale)
        self.overwrite_residue()
        taken = self._taken(seen)
        rest = sorted(stale - {_PEOPLE}, key=lambda unit: (unit not in taken, unit[0] in looking.FOLDERS, unit))
        # What was taken out comes back first; dossiers and sets last: what they tell depends on what is shown.
        first = [unit for unit in rest if unit in taken or unit[0] not in {looking.RECORDING, *looking.FOLDERS}]
        recordings = [unit for unit in rest if unit not in taken and unit[0] == looking.RECORDING]
        pointing = [unit for unit in rest if unit not in taken and unit[0] in looking.FOLDERS]
        there = elsewhere is not None and not self.database.is_in_memory and recordings
        counts = chain(
            self._in_batches(first, seen, naming),
            elsewhere(recordings, seen) if elsewhere and there else self._in_batches(recordings, seen, naming),
            self._in_batches(pointing, seen, naming),
        )
        done = 0
        for count in counts:
            done += count
            if progress is not None:
                progress(done, len(rest))
            meanwhile()
        done += self._read_taken(seen, naming)
        if self.database.row("SELECT 1 FROM meta WHERE name = 'whole'") is None:
            with self.database.writing() as connection:
                connection.execute(schema.SET_META, ("whole", "1"))
                connection.merge_letters()
            if self.database.row("SELECT 1 FROM unit WHERE restricted"):
                self.database.sweep(_UNUSED)
        self.overwrite_residue()
        return done + len(stale & {_PEOPLE}) + len(gone)

    def close(self, seen: Look) -> tuple[set[Unit], set[Unit]]:
        """Take out what has gone, and what may no longer be shown; give what that was, and what is to be read."""
        known = {(row["kind"], row["name"]) for row in self.database.rows("SELECT kind, name FROM unit")}
        gone = known - seen.units.keys()
        if gone:
            with self.database.writing() as connection:
                writer = writing.Writer(connection, Naming({}))
                for unit in sorted(gone):
                    if unit[0] == looking.RECORDING:
                        writer.point_again(unit)
                    writer.remove(unit, for_good=True)
        stale = self._stale(seen)
        restrictions = Restricting(self.archive, self.database)
        restrictions.take_out(name for kind, name in stale if kind == looking.RECORDING)
        if _ARCHIVE in stale or _ARCHIVE in gone:
            restrictions.hide_drafts()
        # Who is who comes before all else: what is read after it is searched for names, and some are not shown.
        if _PEOPLE in stale or _PEOPLE in gone:
            people = [self.read(_PEOPLE, seen)] if _PEOPLE in stale else []
            self.write([*people, Renaming.of(self._owners).apply], Naming({}))
        return gone, stale | self._stale(seen)

    def _taken(self, seen: Look) -> set[Unit]:
        """Give what was taken out, or is to be read anew since something else was."""
        rows = self.database.rows("SELECT kind, name FROM unit WHERE stamp = ''")
        return {unit for row in rows if (unit := (row["kind"], row["name"])) in seen.units}

    def _read_taken(self, seen: Look, naming: Naming) -> int:
        return sum(self._in_batches(sorted(self._taken(seen), reverse=True), seen, naming))

    def _stale(self, seen: Look) -> set[Unit]:
        """Give the units whose files have changed, and those of which another day may show something else."""
        sql = "SELECT kind, name, stamp, sound, judged FROM unit"
        known = {(row["kind"], row["name"]): row for row in self.database.rows(sql)}
        return {
            unit
            for unit in seen.units
            if unit not in known
            or known[unit]["stamp"] != seen.stamp(unit, known[unit]["sound"])
            or known[unit]["judged"] not in {None, seen.day}
        }

    def overwrite_residue(self) -> None:
        """Overwrite what was taken out, in this index and in those that nobody keeps up to date."""
        if self.database.row("SELECT 1 FROM meta WHERE name = 'residue'") is None:
            return
        if self.archive.audience is Audience.VISITORS:
            self.database.remove_idle()
        if self.database.purge():
            with self.database.writing(is_shown=False) as connection:
                connection.execute("DELETE FROM meta WHERE name = 'residue'")

    def restrict(self, slugs: Sequence[str], seen: Look) -> None:
        """Take out those of some recordings of which less may be shown now, and read them anew."""
        if Restricting(self.archive, self.database).take_out(slugs):
            self._read_taken(seen, self.naming())
            self.overwrite_residue()

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

    def listen(self, slug: str) -> None:
        """Find out length and digest of a sound, for as long as that takes; they are kept for ``measure``."""
        try:
            cards.card_of(self.archive.recording(slug), is_patient=True)
        except (ArchiveError, NotFoundError):
            return  # whoever reads it finds that too

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
        is_people = unit == _PEOPLE
        try:
            value = shared.READ[kind](self.archive, name)
        except ArchiveError as error:
            _log.warning("%s", "\n".join(map(_wordless, error.faults)) if is_people else error)
            faulty = writing.Row(unit, stamp, fault=error.for_visitors, restricted=is_people)
            return lambda writer: writer.put_nothing(faulty)
        row = writing.Row(unit, stamp, restricted=is_people and bool(Renaming.of(self._owners).private))
        pointed: Collection[str] = ()
        if kind in shared.SHOWN:
            pointed, whole = values.pointed_at(value), value
            value = shared.SHOWN[kind](whole, self.archive)
            row = replace(row, restricted=value is not whole)
        things, said = list(shared.THINGS[kind](value)), list(shared.SAID[kind](value))
        return lambda writer: writer.put_shared(row, things, said, pointed)

    def _read_recording(self, slug: str, seen: Look, *, is_patient: bool) -> Write:
        unit = (looking.RECORDING, slug)
        # Before it is read: what is there is then never less closed than this says.
        digest = restricting.digest(self.archive, slug)
        try:
            recording = self.archive.recording(slug)
        except HiddenError as error:
            for fault in error.faults:
                _log.warning("%s", _wordless(fault))
            hidden = writing.Row(
                unit,
                seen.units[unit],
                fault=ArchiveError(error.faults).for_visitors if error.faults else None,
                restricted=True,
                shown=digest,
                withheld=writing.HIDDEN,
                judged=None if isinstance(error, WithdrawnError) else self._judged(slug, seen),
            )
            return lambda writer: writer.put_nothing(hidden)
        except NotFoundError:  # it went, or is a folder of that name
            gone = writing.Row(unit, seen.units[unit], withheld=writing.GONE)
            return lambda writer: writer.put_nothing(gone)
        except ArchiveError as error:
            faulty = writing.Row(
                unit,
                seen.units[unit],
                fault=error.for_visitors,
                restricted=True,
                shown=digest,
                withheld=writing.HIDDEN,
            )
            return lambda writer: writer.put_nothing(faulty)
        sound = looking.plain(recording.media_name) if recording.media_name and not recording.lies_elsewhere else None
        card, is_pending = cards.card_of(recording, is_patient=is_patient)
        row = writing.Row(
            unit,
            seen.stamp(unit, sound),
            sound,
            is_pending,
            restricted=not recording.shown.is_everything,
            shown=digest,
            withheld=restricting.withheld(recording.shown),
            judged=seen.day if recording.shown.is_dated else None,
        )
        return lambda writer: writer.put_recording(recording, card, row)

    def _judged(self, slug: str, seen: Look) -> str | None:
        """Give the day of the look where another may show a recording that is hidden now."""
        try:
            return seen.day if self._owners.record(slug).shown.is_dated else None
        except (ArchiveError, NotFoundError):
            return None

    def naming(self) -> Naming:
        """Give the people by the forms of their names, to be looked for in texts."""
        people: Mapping[str, Person] = Things(self.database, "person")
        return Naming({name: (person.name, *person.also) for name, person in people.items()})

    def _name_again(self, naming: Naming, stale: Iterable[Unit]) -> None:
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


def _wordless(fault: Fault) -> str:
    """Say where something is wrong with a file, and not in its words, which may be closed."""
    place = shown(fault.path) if fault.line is None else f"{shown(fault.path)}:{fault.line}"
    return f"{place}: there is a fault here; player check says which"
