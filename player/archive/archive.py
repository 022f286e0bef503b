"""Opens a folder that holds ``media/`` and ``transcripts/`` as an archive; reads each file when it is asked for."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from player.archive import beside, media_names
from player.archive.about import About, hides_drafts, read_about
from player.archive.distant_sounds import with_distant
from player.archive.gate.clock import Clock
from player.archive.gate.gate import Gate, listed, not_there
from player.archive.gate.names import Private, without
from player.archive.gate.shown import Audience
from player.archive.kept import Kept
from player.archive.own_files import OwnFiles, holds_record, unreadable
from player.archive.recording import TRANSCRIPT, Record, Recording, read_record, read_recording
from player.archive.references import SLUG
from player.archive.table_folders import TableFolder
from player.archive.translation_names import translation_files
from player.errors import ArchiveError, Fault, HiddenError, NotFoundError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from player.archive.chronology import Chronology
    from player.archive.dossiers import Dossier
    from player.archive.gate.earlier import Leads
    from player.archive.logo import Logo
    from player.archive.people import Person
    from player.archive.script import Script
    from player.archive.sets import PassageSet
    from player.archive.sources import Source
    from player.archive.transcript import Transcript

#: Folders of ``transcripts/`` that are no recordings.
RESERVED = frozenset({"dossiers", "sets"})


class Archive:
    """The recordings below one folder. A file is read when it is asked for, and again when it has changed.

    What an ``audience`` may not see is not there: owners see all, and ``Record.shown`` tells them what others do not.
    """

    def __init__(self, root: Path, audience: Audience = Audience.OWNERS, invited: str | None = None) -> None:
        """Open the archive at ``root`` for an audience, or for who is ``invited`` to one recording.

        :raise ArchiveError: where there is no folder ``transcripts`` in it.
        """
        try:
            # Unlike Path.resolve, this reads a loop of links, and a name that is too long, as what is not there.
            self.root = Path(os.path.realpath(root))
        except OSError:
            self.root = root  # the working directory was removed, and the path starts from it
        self.clock = Clock(self.root)
        self.gate = Gate(audience, self.clock, lambda: hides_drafts(lambda: self.about), invited)
        self.media = self.root / "media"
        self.transcripts = self.root / "transcripts"
        self._kept = Kept(self.transcripts)
        self._own = OwnFiles((self.root, self.media, self.transcripts))
        files = (self._own, self._kept)
        self.dossiers: TableFolder[Dossier] = TableFolder(
            self.transcripts / "dossiers", "dossier", beside.dossier, *files
        )
        self.sets: TableFolder[PassageSet] = TableFolder(self.transcripts / "sets", "set", beside.passage_set, *files)
        if not os.path.isdir(self.transcripts):  # noqa: PTH112  # is_dir raises where a name is too long
            what = 'this is not an archive: it has no folder "transcripts"'
            raise ArchiveError([Fault(root, None, what, "name a folder that holds media and transcripts")])

    @property
    def audience(self) -> Audience:
        """Who is to see it."""
        return self.gate.audience

    def seen_by(self, audience: Audience) -> Archive:
        """Open the same archive for another audience."""
        return self if audience is self.audience else Archive(self.root, audience)

    def day(self) -> dt.date:
        """Give the day that decides what is open, which is an earlier one while the clock is not trusted."""
        return self.clock.day()

    def keep_one(self) -> None:
        """Keep in memory the lines of no recording but the last: for who reads one after another, and none again."""
        self._kept.is_of_one = True

    def slugs(self) -> list[str]:
        """List the names of the recordings: every folder of ``transcripts/`` that holds a ``recording.toml``.

        Those that the audience may not know of are left out; for that, their records are read.

        :raise ArchiveError: where ``transcripts`` cannot be read.
        """
        there = [folder.name for folder in self.folders() if SLUG.fullmatch(folder.name) and holds_record(folder)]
        return there if self.gate.is_open else [slug for slug in there if self._is_listed(slug)]

    def strays(self) -> list[Path]:
        """List the folders of ``transcripts/`` that are no recordings, though nothing else has a place there."""
        return [folder for folder in self.folders() if not (SLUG.fullmatch(folder.name) and holds_record(folder))]

    def folders(self) -> list[Path]:
        """List the folders of ``transcripts/``, but for hidden and reserved ones, by name.

        :raise ArchiveError: where ``transcripts`` cannot be read.
        """
        try:
            entries = sorted(self.transcripts.iterdir())
        except OSError as error:
            raise ArchiveError([unreadable(self.transcripts, error)]) from None
        return [
            entry
            for entry in entries
            if entry.name not in RESERVED and not entry.name.startswith(".") and os.path.isdir(entry)  # noqa: PTH112  # is_dir may raise
        ]

    def recording(self, slug: str) -> Recording:
        """Read one recording, as far as it can be read: ``Recording.unread`` has the faults of the rest.

        :raise NotFoundError: where the archive has none of that name, or none that the audience may know of.
        :raise WithdrawnError: where it was withdrawn; not for owners.
        :raise ArchiveError: where its recording.toml is wrong, for owners.
        """
        return self.gate.recording(self._whole_recording(self._whole_record(slug)), self._private)

    def record(self, slug: str) -> Record:
        """Read what a recording is, without its transcript and annotations, which may yet be to be made.

        :raise NotFoundError: where the archive has none of that name, or none that the audience may know of.
        :raise WithdrawnError: where it was withdrawn; not for owners.
        :raise ArchiveError: where its recording.toml is wrong, for owners.
        """
        record, private = self._whole_record(slug), self._private
        # Where a closed passage is, and who is named, is told by the lines.
        whole = self._whole_recording(record) if record.closed or private else record
        return self.gate.record(record, whole, private)

    def earlier(self, slug: str, transcript: Transcript, leads: Leads) -> Recording:
        """Give a recording with an earlier version of its transcript, as the audience may see that today.

        :raise NotFoundError: where the archive has none of that name, or none that the audience may know of.
        """
        return self.gate.earlier(self._whole_recording(self._whole_record(slug)), transcript, leads, self._private)

    def name_shown(self, slug: str, name: str) -> str:
        """Give the name of somebody who has worked on a recording, as the audience may see it."""
        return self.gate.name_shown(self._whole_record(slug), name, self._private)

    def _whole_recording(self, record: Record) -> Recording:
        folder = record.folder
        files = [folder / name for name in (TRANSCRIPT, "annotations.toml")]
        files += translation_files(folder).values()
        barred = self._own.barred(files)
        recording: Recording = self._kept.unless_changed(
            folder,
            [folder / "recording.toml", *files],
            lambda: read_recording(record, barred),
            also=(barred, record),  # which was read before: the file that is there by now may let less be seen
        )
        return recording

    def _whole_record(self, slug: str) -> Record:
        """Read all that a record says; to all but owners, one that cannot be read is not there.

        :raise NotFoundError: where the archive has none of that name.
        :raise ArchiveError: where its recording.toml is wrong, for owners.
        """
        folder = self._folder(slug)
        path = folder / "recording.toml"
        barred = self._own.barred([path])
        # A refusal is kept too: to be told that it is not there takes as long as of one that is hidden.
        record: Record | ArchiveError = self._kept.unless_changed(
            path, [path, folder / TRANSCRIPT], lambda: _attempt(folder, self.media, barred), also=barred
        )
        if isinstance(record, ArchiveError):
            if self.gate.is_open:
                raise ArchiveError(record.faults)
            # What it says of who may see it is not known.
            raise HiddenError(not_there(slug), faults=record.faults)
        self.gate.refuse_hidden(record)
        return self._with_sound(record)

    @property
    def _private(self) -> Private:
        """Those whose names are not shown: each recording asks, so of thousands of people no others are kept for it."""
        path = self.transcripts / "people.toml"
        barred = self._own.barred([path])
        # Beside what else is kept of that file.
        key = path.with_name("people.toml, private")
        private: Private = self._kept.unless_changed(key, [path], lambda: Private.read(path, barred), also=barred)
        return private

    def _is_listed(self, slug: str) -> bool:
        """Tell whether the audience may know of a recording: its record alone says so, without its lines."""
        try:
            self._whole_record(slug)
        except NotFoundError:
            return False
        return True

    def __iter__(self) -> Iterator[Recording]:
        """Read every recording in turn."""
        return (self.recording(slug) for slug in self.slugs())

    @property
    def about(self) -> About:
        """What the archive says about itself.

        :raise ArchiveError: where archive.toml is wrong.
        """
        path = self.transcripts / "archive.toml"
        self._own.refuse_barred([path])
        about: About = self._kept.unless_changed(path, [path], lambda: read_about(path))
        return about

    @property
    def logo(self) -> Logo | None:
        """Its logo; None where it names none.

        :raise ArchiveError: where archive.toml is wrong, or names what is no image of the archive's own.
        """
        about = self.about
        if about.logo is None:
            return None
        path = self.media / about.logo
        self._own.refuse_barred([path])
        logo: Logo = self._kept.unless_changed(path, [path], lambda: beside.logo(about, path), also=about.position)
        return logo

    @property
    def sources(self) -> dict[str, Source]:
        """The bibliography, by id.

        :raise ArchiveError: where sources.toml is wrong.
        """
        path = self.transcripts / "sources.toml"
        self._own.refuse_barred([path])
        sources: dict[str, Source] = self._kept.unless_changed(path, [path], lambda: beside.sources(path))
        return sources

    @property
    def people(self) -> dict[str, Person]:
        """Who is who, by id, but for those whose names the audience may not see.

        :raise ArchiveError: where people.toml is wrong.
        """
        if self.gate.is_open:
            return self._everybody
        return {name: person for name, person in self._everybody.items() if not person.private}

    @property
    def _everybody(self) -> dict[str, Person]:
        """Who is who, by id.

        :raise ArchiveError: where people.toml is wrong.
        """
        path = self.transcripts / "people.toml"
        self._own.refuse_barred([path])
        people: dict[str, Person] = self._kept.unless_changed(path, [path], lambda: beside.people(path))
        return people

    @property
    def chronology(self) -> Chronology:
        """What happened when.

        :raise ArchiveError: where chronology.toml is wrong.
        """
        path = self.transcripts / "chronology.toml"
        self._own.refuse_barred([path])
        chronology: Chronology = self._kept.unless_changed(path, [path], lambda: beside.chronology(path))
        return chronology if self.gate.is_open else without(chronology, self._private)

    def dossier(self, slug: str) -> Dossier:
        """Read one dossier.

        :raise NotFoundError: where the archive has none of that name.
        :raise ArchiveError: where its file is wrong.
        """
        dossier = self.dossiers.read(slug)
        return dossier if self.gate.is_open else without(dossier, self._private)

    def passage_set(self, slug: str) -> PassageSet:
        """Read one set of passages.

        :raise NotFoundError: where the archive has none of that name.
        :raise ArchiveError: where its file is wrong.
        """
        found = self.sets.read(slug)
        return found if self.gate.is_open else without(found, self._private)

    def script(self, slug: str) -> Script | None:
        """Read what the voices of a reading are to say; None where no script.toml is beside its record.

        Nor has it one for those who may not see all of the words.

        :raise NotFoundError: where the archive has no recording of that name, or none that the audience may know of.
        :raise ArchiveError: where the script is wrong.
        """
        if not self.gate.is_open and self.record(slug).shown.redacts_words:
            return None
        path = self._folder(slug) / "script.toml"
        self._own.refuse_barred([path])
        if not os.path.lexists(path):
            return None
        script: Script = self._kept.unless_changed(path, [path], lambda: beside.script(path))
        return script

    @property
    def parts(self) -> frozenset[str]:
        """What there is beside the recordings: people, chronology, dossiers, sources, sets."""
        names = {
            name for name in ("people", "chronology", "sources") if os.path.lexists(self.transcripts / f"{name}.toml")
        }
        for name, folder in (("dossiers", self.dossiers), ("sets", self.sets)):
            with suppress(ArchiveError):  # reported where they are asked for
                names |= {name} if folder.slugs() else set()
        return frozenset(names)

    def _with_sound(self, record: Record) -> Record:
        """Give the record with the file that it means as its sound, or with why none of those there may be read."""
        if record.lies_elsewhere:
            return with_distant(record)
        if record.media is None:
            return record
        files = media_names.meant(record.media) or [record.media]
        faults = list(self._own.barred(files[:1]).values())
        if len(files) > 1:
            faults = [media_names.unclear(record, record.media.name, files)]
        if faults:
            return replace(record, media=None, media_faults=tuple(faults))
        return record if files[0] == record.media else replace(record, media=files[0])

    def _folder(self, slug: str) -> Path:
        if slug in RESERVED or not SLUG.fullmatch(slug) or not holds_record(self.transcripts / slug):
            raise NotFoundError(not_there(slug), there=lambda: listed(self.slugs()))
        return self.transcripts / slug


def _attempt(folder: Path, media: Path, barred: Mapping[Path, Fault]) -> Record | ArchiveError:
    """Read a record, or give what keeps it from being read."""
    if barred:
        return ArchiveError(barred.values())
    try:
        return read_record(folder, media)
    except ArchiveError as error:
        return error
