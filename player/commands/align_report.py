"""Writes the table of ``player align --report``, where nothing is lost by it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from player.archive.archive import Archive


@dataclass(frozen=True)
class Report:
    """The file at ``path``; what is there already is replaced only where that is ``is_forced``."""

    path: Path
    is_forced: bool

    def refuse_unfit(self, archive: Archive, text: Path | None) -> None:
        """Refuse a file that would take the place of another, or cannot be written, before hours of listening.

        ``text`` is the file that is read.

        :raise WriteError: where it is in the archive, or is that text, or there and not to be replaced.
        """
        from player.files import unfinished_file

        path = self.path
        homes = [os.path.realpath(home) for home in (archive.root, archive.media, archive.transcripts)]
        # A link may lead into the archive, or lie in it.
        places = [Path(os.path.realpath(path)), Path(os.path.realpath(path.parent), path.name)]
        if any(place.is_relative_to(home) for place in places for home in homes):
            self._refuse("the table cannot be in the archive itself; choose a place outside it")
        if text is not None and path.exists() and text.exists() and path.samefile(text):
            self._refuse("this is the text that is read; choose another place for the table")
        if os.path.lexists(path):
            if not path.is_file():
                self._refuse("this is no file that a table could be written to; choose another place")
            if not self.is_forced:
                self._refuse("there is such a file already; choose another name, or replace it with --force")
        try:
            with unfinished_file(path.parent):
                pass
        except OSError as error:
            self._refuse_unwritable(error)

    def write(self, columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> None:
        """Write the table.

        :raise WriteError: where it cannot be, or somebody has put a file there meanwhile.
        """
        from player import spreadsheets
        from player.files import new_file

        cells = [{name: _cell(value) for name, value in row.items()} for row in rows]
        try:
            with new_file(self.path, force=self.is_forced) as beside:
                beside.write_bytes(spreadsheets.written(columns, cells))
        except OSError as error:
            self._refuse_unwritable(error)

    def _refuse_unwritable(self, error: OSError) -> NoReturn:
        from player.errors import reason

        self._refuse(f"the table cannot be written ({reason(error)}); choose another place")

    def _refuse(self, what: str) -> NoReturn:
        from player.errors import WriteError, shown

        raise WriteError(f"{shown(self.path)}: {what}") from None


def _cell(value: Any) -> str:
    return "" if value is None else f"{value:.2f}" if isinstance(value, float) else str(value)
