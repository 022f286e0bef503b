"""Answers what an archive as a whole holds, without reading it: which recordings, people, sources, entries, dossiers.

The index follows the archive's files. ``look`` asks them for their stamps and reads again those that changed; a server
has a process beside it that looks (``player.index.watch``), and looks itself where there is none.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Any, Final

from player.archive.gate.shown import Audience
from player.index import cards, looking, places, values
from player.index.engines import opened
from player.index.reading import Reader
from player.index.store import IndexServerError
from player.index.things import Cards, Things

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from player.archive.archive import Archive
    from player.archive.chronology import Entry
    from player.archive.dossiers import Dossier
    from player.archive.people import Person
    from player.archive.recording import Publication
    from player.archive.sets import PassageSet
    from player.archive.sources import Source
    from player.index.cards import Card
    from player.index.looking import Look
    from player.index.reading import Elsewhere, Progress
    from player.index.store import Row, Store

_log = logging.getLogger(__name__)

#: Looking may cost so small a part of the time of one processor.
SHARE: Final = 0.02
#: From one look to the next, in seconds: a change shows within two. Where looking takes long, it is done less often.
OFTEN: Final = 1.5
# An archive of so many recordings and other files is read before a server answers for the first time.
_FEW: Final = 100
# A look that took less than this, in seconds, is taken whenever something is asked.
_NOTHING: Final = 0.003

#: What is said to who wants to write while another does.
KEPT_ELSEWHERE: Final = "a server keeps this index up to date; it shows a change within two seconds, or stop it first"

# What pages call the kinds of units that are not recordings.
_PARTS: Final = {"people": "people", "sources": "sources", "chronology": "chronology", **looking.FOLDERS}


class Index:
    """What an archive holds, as of the last look at its files."""

    def __init__(self, archive: Archive, database: Store) -> None:
        self.archive = archive
        self.database = database
        #: Set while another process keeps the index up to date, so that nobody else need look.
        self.is_watched: Callable[[], bool] = lambda: False
        self.recordings: Mapping[str, Card] = Cards(database)
        self.people: Mapping[str, Person] = Things(database, "person")
        self.sources: Mapping[str, Source] = Things(database, "source")
        self.entries: Mapping[str, Entry] = Things(database, "entry")
        self.dossiers: Mapping[str, Dossier] = Things(database, "dossier")
        self.sets: Mapping[str, PassageSet] = Things(database, "set")
        self._reader = Reader(archive, database)
        self._looking = looking.Looking(archive)
        self._lock = threading.Lock()
        self._next_look = 0.0
        self._followed: tuple[Look, int] | None = None
        self._seen: Look | None = None
        self._next_glance = 0.0
        self._next_try = 0.0
        #: How long the last look took, in seconds, without the reading that followed.
        self.look_seconds = 0.0

    @classmethod
    def of(cls, archive: Archive) -> Index:
        """Open the index of an archive, or begin one; ``look`` fills it.

        It holds what visitors may see, whoever opens it; of an archive that is opened for editors, what these may.
        """
        seen = archive if archive.audience is Audience.EDITORS else archive.seen_by(Audience.VISITORS)
        return cls(seen, opened(seen.root, seen.audience))

    @property
    def generation(self) -> int:
        """A number that is another one whenever anything in the index has changed."""
        return self.database.generation

    def rows(self, sql: str, *parameters: Any) -> list[Row]:
        """Give what a query finds; its tables are in ``player.index.schema``."""
        return self.database.rows(sql, *parameters)

    def faulty(self, kinds: Iterable[str]) -> list[str]:
        """Tell which kinds of units, such as people or dossier, hold one that cannot be read."""
        found = {row["kind"] for row in self.rows("SELECT DISTINCT kind FROM unit WHERE fault IS NOT NULL")}
        return [kind for kind in kinds if kind in found]

    def moment(self, slug: str, part: str) -> places.Moment | None:
        """Find a line of a recording by its id, or a note by ``note-`` and its id; None where there is none."""
        return places.moment(self.database, slug, part)

    def dossiers_about(self, slug: str) -> list[Dossier]:
        """Give the dossiers that point at a recording."""
        return places.dossiers_about(self.database, slug)

    def sets_with(self, slug: str) -> list[PassageSet]:
        """Give the sets that have a passage of a recording, in the order of their names."""
        return places.sets_with(self.database, slug)

    def entries_about(self, slug: str) -> list[Entry]:
        """Give the entries of the chronology that point at a recording, in the order of time."""
        return places.entries_about(self.database, slug)

    def named_in_source(self, source: str) -> list[str]:
        """List the ids of the people whom the bibliography names in what it says of a source."""
        return places.named_in_source(self.database, source)

    def only_day(self) -> str | None:
        """Give the date of the archive's recordings, provided they all have the same one; readings do not count."""
        sql = "SELECT min(card) AS card FROM recording WHERE kind = 'recording' GROUP BY earliest, latest LIMIT 2"
        found = {self.database.decoded(row["card"], cards.read).date for row in self.rows(sql)}
        return found.pop() if len(found) == 1 else None

    def publications_of(self, slug: str) -> list[Publication]:
        """List where a recording was published."""
        found = self.rows("SELECT value FROM thing WHERE kind = 'publication' AND id = ? ORDER BY n", slug)
        return [self.database.decoded(row["value"], values.decode) for row in found]

    def called_now(self, slug: str) -> str | None:
        """Give the slug of the recording that had another before; None where none had, or none that may be known."""
        sql = "SELECT recording.slug FROM former JOIN recording ON recording.id = recording WHERE former.slug = ?"
        found = self.database.row(f"{sql} ORDER BY recording.slug LIMIT 1", slug)
        return None if found is None else str(found["slug"])

    def surrogates_of(self, slug: str) -> list[Card]:
        """Give the recordings that stand in for another."""
        found = self.rows("SELECT card FROM recording WHERE surrogate_for = ? ORDER BY slug", slug)
        return [self.database.decoded(row["card"], cards.read) for row in found]

    @property
    def parts(self) -> frozenset[str]:
        """What there is beside the recordings: people, chronology, dossiers, sets, sources."""
        # Where nobody but private people is in the file, it is as if it were not there.
        sql = (
            "SELECT DISTINCT kind FROM unit WHERE NOT (restricted AND kind = 'people' AND fault IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM thing WHERE unit = unit.id))"
        )
        kinds = {row["kind"] for row in self.rows(sql)}
        return frozenset(part for kind, part in _PARTS.items() if kind in kinds)

    def keep_current(self) -> None:
        """Look, unless another process does, or the last look was too short a time ago for what looking costs."""
        if not self.is_watched() and time.monotonic() >= self._next_try and self._lock.acquire(blocking=False):
            try:
                with self.database.elected() as is_ours:
                    if is_ours:
                        self._keep()
                        return
            except IndexServerError as error:
                # What there is to be read is read all the same.
                _log.warning("%s", error)
            finally:
                self._lock.release()
            self._next_try = time.monotonic() + OFTEN

    def _keep(self) -> None:
        if time.monotonic() < self._next_look:
            self._glance()
            return
        seen = self._look()
        took = self.look_seconds
        self._next_look = 0.0 if took < _NOTHING else time.monotonic() + took / SHARE
        self._follow(seen)

    @property
    def is_whole(self) -> bool:
        """Tell whether all that the archive holds has been read: it takes a while when there are thousands."""
        return self.database.row("SELECT 1 FROM meta WHERE name = 'whole'") is not None

    def look(self, progress: Progress | None = None, elsewhere: Elsewhere | None = None) -> int:
        """Read again what has changed since it was last read; give how many units that were.

        ``progress`` is called with how many were read and how many there are to read; ``elsewhere`` reads recordings in
        place of this process, where the index is not in its memory. Where another server keeps it, nothing is read.
        """
        with self._lock, self.database.elected() as is_ours:
            return self._follow(self._look(), progress, elsewhere) if is_ours else 0

    def let_go(self) -> None:
        """Forget what the files were like when they were last looked at: the next look finds out by the index itself.

        Of 2,000 recordings that is 6 MB.
        """
        with self._lock:
            self._looking = looking.Looking(self.archive)
            self._followed = self._seen = None

    def look_if_small(self) -> None:
        """Do so if it is done in a moment, since the archive has few files; else take out what is closed by now."""
        with self._lock, self.database.elected() as is_ours:
            if not is_ours:
                return
            seen = self._look()
            if len(seen.units) <= _FEW:
                self._follow(seen)
            else:
                self.database.patiently(lambda: self._reader.close(seen))

    def glance(self) -> None:
        """Take out what was closed or withdrawn since the last look, by the records alone: it costs less than a look.

        It is done at most every ``OFTEN`` seconds, or more seldom where it costs too much.
        """
        with self._lock:
            self._glance()

    def _glance(self) -> None:
        begun = time.monotonic()
        if self._seen is None or begun < self._next_glance:
            return
        changed = self._looking.glance()
        took = time.monotonic() - begun
        self._next_glance = begun + max(OFTEN, took / SHARE)
        if changed:
            self._reader.restrict(changed, self._seen)

    def measure_one(self) -> bool:
        """Measure one of the sounds that were too long for ``look``; tell whether there was one.

        Meanwhile others may look: what is closed must not wait until a long sound has been read.
        """
        with self.database.elected() as is_ours:
            return is_ours and self._measure_one()

    def _measure_one(self) -> bool:
        pending = self.database.row("SELECT name FROM unit WHERE is_pending ORDER BY id LIMIT 1")
        if pending is None:
            return False
        self._reader.listen(pending["name"])
        with self._lock:
            seen = self._look()
            if (looking.RECORDING, pending["name"]) in seen.units:
                self._reader.measure(pending["name"], seen)
            else:
                self._follow(seen)
            return True

    def rebuild(self, progress: Progress | None = None, elsewhere: Elsewhere | None = None) -> int:
        """Throw everything away and read the whole archive again, as ``look`` does.

        :raise IndexServerError: where another server keeps it.
        """
        with self._lock, self.database.elected() as is_ours:
            if not is_ours:
                raise IndexServerError(KEPT_ELSEWHERE)
            self.database.clear()
            self._followed = None
            return self._follow(self._look(), progress, elsewhere)

    def _look(self) -> Look:
        begun = time.monotonic()
        seen = self._looking.look()
        self.look_seconds = time.monotonic() - begun
        self._seen = seen
        return seen

    def _follow(self, seen: Look, progress: Progress | None = None, elsewhere: Elsewhere | None = None) -> int:
        """Read what has changed; where the index turns out damaged, or its disk full, read all again."""

        def read_changed() -> int:
            if self._followed == (seen, self.generation):
                self._reader.overwrite_residue()
                return 0
            read = self._reader.read_changed(seen, progress, elsewhere, self._glance)
            self._followed = seen, self.generation
            return read

        return self.database.patiently(read_changed)
