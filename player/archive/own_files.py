"""Tells which files an archive may read: its own, and none to which a link leads out of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from player.elsewhere import way_of
from player.errors import ArchiveError, Fault, reason
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Iterable


@value
class OwnFiles:
    """What lies in one of the ``homes`` of an archive: its folder, and two of it that may be links to another disk."""

    homes: tuple[Path, ...]

    def refuse_barred(self, paths: Iterable[Path]) -> None:
        """Refuse files that may not be read.

        :raise ArchiveError: where there are such.
        """
        if barred := self.barred(paths):
            raise ArchiveError(barred.values())

    def among(self, paths: Iterable[Path]) -> list[Path]:
        """Give those of the files that may be read, in their order."""
        there = list(paths)
        barred = self.barred(there)
        return [path for path in there if path not in barred]

    def barred(self, paths: Iterable[Path]) -> dict[Path, Fault]:
        """Give those of the files that may not be read, and why.

        They lie outside the archive, where links lead: an archive shows nothing but its own. Or it cannot be seen what
        is there.
        """
        barred = {}
        for path in paths:
            if way_of(path) is not None:
                continue  # it stands for what the operator lets be asked for
            try:
                path.lstat()
            except (FileNotFoundError, NotADirectoryError):
                continue
            except OSError as error:
                barred[path] = unreadable(path, error)
                continue
            if not self._has(os.path.realpath(path)):
                barred[path] = Fault(path, None, "this link leads out of the archive", "put the file itself there")
        return barred

    def _has(self, real: str) -> bool:
        """Tell whether what lies at ``real``, where no link leads on, is the archive's own."""
        if real.startswith(f"{self.homes[0]}{os.sep}"):
            return True
        return any(Path(real).is_relative_to(os.path.realpath(home)) for home in self.homes)


def own_files(transcripts: Path) -> OwnFiles:
    """Tell which files the archive may read whose folder of transcripts this is."""
    return OwnFiles((transcripts.parent, transcripts.parent / "media", transcripts))


def unreadable(path: Path, error: OSError) -> Fault:
    """Say that a file or folder cannot be read, and why."""
    what = f"this cannot be read ({reason(error)})"
    return Fault(path, None, what, "check that it is there and that you may read it")


def holds_record(folder: Path) -> bool:
    """Tell whether a folder is that of a recording."""
    return os.path.isfile(folder / "recording.toml")  # noqa: PTH113  # is_file raises where the folder cannot be read
