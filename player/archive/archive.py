"""Opens a folder that holds ``media/`` and ``transcripts/`` as an archive; reads each file when it is asked for."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from player.archive import media_names
from player.archive.about import About, read_about
from player.archive.chronology import Chronology, read_chronology
from player.archive.dossiers import Dossier, read_dossier
from player.archive.logo import Logo, read_logo
from player.archive.people import Person, read_people
from player.archive.recording import Record, Recording, read_record, read_recording
from player.archive.references import SLUG
from player.archive.script import Script, read_script
from player.archive.sources import Source, read_sources
from player.archive.translation import translation_files
from player.errors import ArchiveError, Fault, NotFoundError, quoted, reason
from player.stamp import stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from player.stamp import Stamp

# How many recordings stay in memory that were read, and how many lines of theirs: a line with words takes 4.5 kB, and
# 2,000 recordings of half an hour took a gigabyte.
_KEPT: Final = 64
_KEPT_LINES: Final = 6_000
# How many names an error lists of those that there are.
_LISTED: Final = 20

#: Folders of ``transcripts/`` that are no recordings.
RESERVED = frozenset({"dossiers"})


class Archive:
    """The recordings below one folder. A file is read when it is asked for, and again when it has changed."""

    def __init__(self, root: Path) -> None:
        """Open the archive at ``root``.

        :raise ArchiveError: where there is no folder ``transcripts`` in it.
        """
        try:
            # Unlike Path.resolve, this reads a loop of links, and a name that is too long, as what is not there.
            self.root = Path(os.path.realpath(root))
        except OSError:
            self.root = root  # the working directory was removed, and the path starts from it
        self.media = self.root / "media"
        self.transcripts = self.root / "transcripts"
        self._read: dict[Path, tuple[object, Any]] = {}
        #: The recordings and records among these, with their lines; what was asked for longest ago comes first.
        self._kept: OrderedDict[Path, int] = OrderedDict()
        self._kept_lines = 0
        self._lock = threading.Lock()
        if not os.path.isdir(self.transcripts):  # noqa: PTH112  # is_dir raises where a name is too long
            what = 'this is not an archive: it has no folder "transcripts"'
            raise ArchiveError([Fault(root, None, what, "name a folder that holds media and transcripts")])

    def slugs(self) -> list[str]:
        """List the names of the recordings: every folder of ``transcripts/`` that holds a ``recording.toml``.

        :raise ArchiveError: where ``transcripts`` cannot be read.
        """
        return [folder.name for folder in self.folders() if SLUG.fullmatch(folder.name) and _holds_record(folder)]

    def strays(self) -> list[Path]:
        """List the folders of ``transcripts/`` that are no recordings, though nothing else has a place there."""
        return [folder for folder in self.folders() if not (SLUG.fullmatch(folder.name) and _holds_record(folder))]

    def folders(self) -> list[Path]:
        """List the folders of ``transcripts/``, but for hidden and reserved ones, by name.

        :raise ArchiveError: where ``transcripts`` cannot be read.
        """
        try:
            entries = sorted(self.transcripts.iterdir())
        except OSError as error:
            raise ArchiveError([_unreadable(self.transcripts, error)]) from None
        return [
            entry
            for entry in entries
            if entry.name not in RESERVED and not entry.name.startswith(".") and os.path.isdir(entry)  # noqa: PTH112  # is_dir may raise
        ]

    def recording(self, slug: str) -> Recording:
        """Read one recording, as far as it can be read: ``Recording.unread`` has the faults of the rest.

        :raise NotFoundError: where the archive has none of that name.
        :raise ArchiveError: where its recording.toml is wrong.
        """
        record = self.record(slug)
        folder = record.folder
        files = [folder / name for name in ("transcript.vtt", "annotations.toml")]
        files += translation_files(folder).values()
        barred = self._barred(files)
        recording: Recording = self._unless_changed(
            folder,
            [folder / "recording.toml", *files],
            lambda: read_recording(record, barred),
            also=(barred, record.media, record.media_faults),
        )
        return recording

    def record(self, slug: str) -> Record:
        """Read what a recording is, without its transcript and annotations, which may yet be to be made.

        :raise NotFoundError: where the archive has none of that name.
        :raise ArchiveError: where its recording.toml is wrong.
        """
        folder = self._folder(slug)
        path = folder / "recording.toml"
        self._refuse_barred([path])
        record: Record = self._unless_changed(path, [path], lambda: read_record(folder, self.media))
        return self._with_sound(record)

    def __iter__(self) -> Iterator[Recording]:
        """Read every recording in turn."""
        return (self.recording(slug) for slug in self.slugs())

    @property
    def about(self) -> About:
        """What the archive says about itself.

        :raise ArchiveError: where archive.toml is wrong.
        """
        path = self.transcripts / "archive.toml"
        self._refuse_barred([path])
        about: About = self._unless_changed(path, [path], lambda: read_about(path))
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
        self._refuse_barred([path])
        logo: Logo = self._unless_changed(path, [path], lambda: read_logo(about, path), also=about.position)
        return logo

    @property
    def sources(self) -> dict[str, Source]:
        """The bibliography, by id.

        :raise ArchiveError: where sources.toml is wrong.
        """
        path = self.transcripts / "sources.toml"
        self._refuse_barred([path])
        sources: dict[str, Source] = self._unless_changed(path, [path], lambda: read_sources(path))
        return sources

    @property
    def people(self) -> dict[str, Person]:
        """Who is who, by id.

        :raise ArchiveError: where people.toml is wrong.
        """
        path = self.transcripts / "people.toml"
        self._refuse_barred([path])
        people: dict[str, Person] = self._unless_changed(path, [path], lambda: read_people(path))
        return people

    @property
    def chronology(self) -> Chronology:
        """What happened when.

        :raise ArchiveError: where chronology.toml is wrong.
        """
        path = self.transcripts / "chronology.toml"
        self._refuse_barred([path])
        chronology: Chronology = self._unless_changed(path, [path], lambda: read_chronology(path))
        return chronology

    def dossier_slugs(self) -> list[str]:
        """List the names of the dossiers: every file ``dossiers/<slug>.toml``."""
        return [path.stem for path in self.dossier_files() if path.suffix == ".toml" and SLUG.fullmatch(path.stem)]

    def dossier_files(self) -> list[Path]:
        """List what lies in ``dossiers/``, but for hidden files, by name.

        :raise ArchiveError: where the folder cannot be read, or leads out of the archive.
        """
        folder = self.transcripts / "dossiers"
        self._refuse_barred([folder])
        try:
            return sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise ArchiveError([_unreadable(folder, error)]) from None

    def dossier(self, slug: str) -> Dossier:
        """Read one dossier.

        :raise NotFoundError: where the archive has none of that name.
        :raise ArchiveError: where its file is wrong.
        """
        if slug not in self.dossier_slugs():
            message = f"no dossier is called {quoted(slug)}"
            raise NotFoundError(message, there=lambda: _listed(self.dossier_slugs()))
        path = self.transcripts / "dossiers" / f"{slug}.toml"
        self._refuse_barred([path])
        dossier: Dossier = self._unless_changed(path, [path], lambda: read_dossier(path))
        return dossier

    def script(self, slug: str) -> Script | None:
        """Read what the voices of a reading are to say; None where no script.toml is beside its record.

        :raise NotFoundError: where the archive has no recording of that name.
        :raise ArchiveError: where the script is wrong.
        """
        path = self._folder(slug) / "script.toml"
        self._refuse_barred([path])
        if not os.path.lexists(path):
            return None
        script: Script = self._unless_changed(path, [path], lambda: read_script(path))
        return script

    @property
    def parts(self) -> frozenset[str]:
        """What there is beside the recordings: people, chronology, dossiers, sources."""
        names = {
            name for name in ("people", "chronology", "sources") if os.path.lexists(self.transcripts / f"{name}.toml")
        }
        try:
            return frozenset({*names, "dossiers"} if self.dossier_slugs() else names)
        except ArchiveError:
            return frozenset(names)  # reported where dossiers are asked for

    def _with_sound(self, record: Record) -> Record:
        """Give the record with the file that it means as its sound, or with why none of those there may be read."""
        if record.media is None:
            return record
        files = media_names.meant(record.media) or [record.media]
        faults = list(self._barred(files[:1]).values())
        if len(files) > 1:
            faults = [media_names.unclear(record, record.media.name, files)]
        if faults:
            return replace(record, media=None, media_faults=tuple(faults))
        return record if files[0] == record.media else replace(record, media=files[0])

    def _folder(self, slug: str) -> Path:
        if slug in RESERVED or not SLUG.fullmatch(slug) or not _holds_record(self.transcripts / slug):
            message = f"no recording is called {quoted(slug)}"
            raise NotFoundError(message, there=lambda: _listed(self.slugs()))
        return self.transcripts / slug

    def _refuse_barred(self, paths: Iterable[Path]) -> None:
        """Refuse files that may not be read.

        :raise ArchiveError: where there are such.
        """
        if barred := self._barred(paths):
            raise ArchiveError(barred.values())

    def _barred(self, paths: Iterable[Path]) -> dict[Path, Fault]:
        """Give those of the files that may not be read, and why.

        They lie outside the archive, where links lead: an archive shows nothing but its own. Or it cannot be seen what
        is there. ``media`` and ``transcripts`` themselves may be links, to another disk for instance.
        """
        barred = {}
        for path in paths:
            try:
                path.lstat()
            except (FileNotFoundError, NotADirectoryError):
                continue
            except OSError as error:
                barred[path] = _unreadable(path, error)
                continue
            if not self._is_own(os.path.realpath(path)):
                barred[path] = Fault(path, None, "this link leads out of the archive", "put the file itself there")
        return barred

    def _is_own(self, real: str) -> bool:
        """Tell whether what lies at ``real``, where no link leads on, is the archive's own."""
        if real.startswith(f"{self.root}{os.sep}"):
            return True
        return any(
            Path(real).is_relative_to(os.path.realpath(home)) for home in (self.root, self.media, self.transcripts)
        )

    def _unless_changed(self, key: Path, files: list[Path], read: Callable[[], Any], also: object = None) -> Any:
        """Give what was read under ``key`` before, as long as the files have kept their names and stamps.

        ``also`` is what else it depends on.
        """
        # With their names: a file that is renamed keeps all that a stamp has.
        signature = ([(path, _stamp(path)) for path in files], also)
        with self._lock:
            kept = self._read.get(key)
        if kept is None or kept[0] != signature:
            kept = (signature, read())
        with self._lock:
            self._read[key] = kept
            if key.parent != self.transcripts or isinstance(kept[1], Recording):
                self._forget_for(key, _lines(kept[1]))
        return kept[1]

    def _forget_for(self, key: Path, lines: int) -> None:
        """Forget the recordings that were asked for longest ago, where this one of ``lines`` makes them too many."""
        self._kept_lines += lines - self._kept.pop(key, 0)
        self._kept[key] = lines
        while len(self._kept) > 1 and (len(self._kept) > _KEPT or self._kept_lines > _KEPT_LINES):
            oldest, count = self._kept.popitem(last=False)
            self._kept_lines -= count
            del self._read[oldest]


def _lines(value: object) -> int:
    return len(value.transcript.cues) if isinstance(value, Recording) and value.transcript else 0


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return f"{', '.join(names[:_LISTED]) or 'none'}{more}"


def _holds_record(folder: Path) -> bool:
    return os.path.isfile(folder / "recording.toml")  # noqa: PTH113  # is_file raises where the folder cannot be read


def _stamp(path: Path) -> Stamp | None:
    """Give the stamp of a file; None where there is none, which may change at any moment."""
    try:
        return stamp(path)
    except OSError:
        return None


def _unreadable(path: Path, error: OSError) -> Fault:
    return Fault(
        path, None, f"this cannot be read ({reason(error)})", "check that it is there and that you may read it"
    )
