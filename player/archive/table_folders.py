"""Reads the files of a folder of ``transcripts/`` that holds no recordings, such as ``dossiers/<slug>.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from player.archive.gate.gate import listed
from player.archive.own_files import unreadable
from player.archive.references import SLUG
from player.errors import ArchiveError, NotFoundError, quoted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from player.archive.kept import Kept
    from player.archive.own_files import OwnFiles

_Value = TypeVar("_Value")


@dataclass(frozen=True)
class TableFolder(Generic[_Value]):
    """The files of one ``folder``, each a ``noun`` whose slug is the file's name; those unchanged stay ``kept``."""

    folder: Path
    noun: str
    parse: Callable[[Path], _Value]
    own: OwnFiles
    kept: Kept

    def files(self) -> list[Path]:
        """List what lies in it, but for hidden files, by name.

        :raise ArchiveError: where the folder cannot be read, or leads out of the archive.
        """
        self.own.refuse_barred([self.folder])
        try:
            return sorted(entry for entry in self.folder.iterdir() if not entry.name.startswith("."))
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise ArchiveError([unreadable(self.folder, error)]) from None

    def slugs(self) -> list[str]:
        """List the names of what can be read there: every file ``<slug>.toml``."""
        return [path.stem for path in self.files() if path.suffix == ".toml" and SLUG.fullmatch(path.stem)]

    def read(self, slug: str) -> _Value:
        """Read one of them, as its owner sees it.

        :raise NotFoundError: where there is none of that name.
        :raise ArchiveError: where its file is wrong.
        """
        if slug not in self.slugs():
            message = f"no {self.noun} is called {quoted(slug)}"
            raise NotFoundError(message, there=lambda: listed(self.slugs()))
        path = self.folder / f"{slug}.toml"
        self.own.refuse_barred([path])
        found: _Value = self.kept.unless_changed(path, [path], lambda: self.parse(path))
        return found
