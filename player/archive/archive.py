"""A folder that holds ``media/`` and ``transcripts/`` into an archive: its recordings and its bibliography."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from player.archive.recording import Recording, read_record, read_recording
from player.archive.sources import Source, read_sources
from player.archive.toml_tables import SLUG
from player.errors import ArchiveError, Fault, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

#: Folders of ``transcripts/`` that are no recordings.
RESERVED = frozenset({"dossiers"})


class Archive:
    """The recordings below one folder. A file is read when it is asked for, and again when it has changed."""

    def __init__(self, root: Path) -> None:
        """Open the archive at ``root``.

        :raise ArchiveError: where there is no folder ``transcripts`` in it.
        """
        self.root = root.resolve()
        self.media = self.root / "media"
        self.transcripts = self.root / "transcripts"
        self._read: dict[Path, tuple[object, Any]] = {}
        if not self.transcripts.is_dir():
            what = 'this is no archive: it has no folder "transcripts"'
            raise ArchiveError([Fault(root, None, what, "name a folder that holds media and transcripts")])

    def slugs(self) -> list[str]:
        """List the names of the recordings: every folder of ``transcripts/`` that holds a ``recording.toml``."""
        return sorted(
            folder.name
            for folder in self.transcripts.iterdir()
            if folder.name not in RESERVED and SLUG.fullmatch(folder.name) and (folder / "recording.toml").is_file()
        )

    def recording(self, slug: str) -> Recording:
        """Read one recording.

        :raise NotFoundError: where the archive has none of that name.
        :raise ArchiveError: where its files are wrong.
        """
        folder = self._folder(slug)
        files = [folder / name for name in ("recording.toml", "transcript.vtt", "annotations.toml")]
        recording: Recording = self._unless_changed(folder, files, lambda: read_recording(folder, self.media))
        return recording

    def record(self, slug: str) -> Recording:
        """Read what a recording is, without its transcript and annotations, which may yet be to be made.

        :raise NotFoundError: where the archive has none of that name.
        :raise ArchiveError: where its recording.toml is wrong.
        """
        return read_record(self._folder(slug), self.media)

    def __iter__(self) -> Iterator[Recording]:
        """Read every recording in turn."""
        return (self.recording(slug) for slug in self.slugs())

    @property
    def sources(self) -> dict[str, Source]:
        """The bibliography, by id.

        :raise ArchiveError: where sources.toml is wrong.
        """
        path = self.transcripts / "sources.toml"
        sources: dict[str, Source] = self._unless_changed(path, [path], lambda: read_sources(path))
        return sources

    def _folder(self, slug: str) -> Path:
        if slug not in self.slugs():
            known = ", ".join(self.slugs()) or "none"
            raise NotFoundError(f'no recording is called "{slug[:80]}"; the archive has: {known}')
        return self.transcripts / slug

    def _unless_changed(self, key: Path, files: list[Path], read: Callable[[], Any]) -> Any:
        """Give what was read under ``key`` before, as long as the files have kept their sizes and times."""
        stats = [path.stat() if path.exists() else None for path in files]
        signature = [(stat.st_size, stat.st_mtime_ns, stat.st_ino) if stat else None for stat in stats]
        if key not in self._read or self._read[key][0] != signature:
            self._read[key] = (signature, read())
        return self._read[key][1]
