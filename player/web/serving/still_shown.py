"""Tells, while a sound is sent, whether it may still be heard: to a listener who pauses it may be sent for an hour."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from player.errors import PlayerError

if TYPE_CHECKING:
    from player.archive.archive import Archive

#: Where a request carries a list of those who are asked so of what it is answered with.
MAY_GO_ON: Final = "player.may_go_on"


class StillShown:
    """Whether of a recording's sound may be heard what could be heard when it was made; asked every second."""

    def __init__(self, archive: Archive, slug: str) -> None:
        """Note what may be heard of it now.

        :raise NotFoundError: where the archive shows no such recording.
        :raise WithdrawnError: where it was withdrawn.
        """
        self._archive = archive
        self._slug = slug
        self._path = f"{archive.transcripts}/{slug}/recording.toml"
        # Taken before the record is read: a change in between is looked at again.
        self._stamp = self._now()
        self._silenced = archive.record(slug).shown.silenced

    def __call__(self) -> bool:
        """Tell whether it may go on being sent; of a record that has not changed only the stamp is asked for."""
        now = self._now()
        if now is not None and now == self._stamp:
            return True
        try:
            shown = self._archive.record(self._slug).shown
        except PlayerError:
            return False
        goes_on = shown.sound is None and shown.silenced in ((), self._silenced)
        if goes_on:
            self._stamp = now
        return goes_on

    def _now(self) -> tuple[int, ...] | None:
        try:
            found = os.stat(self._path)  # noqa: PTH116  # Path.stat takes half as long again
        except (OSError, ValueError):  # whatever an address has for a name
            return None
        return found.st_size, found.st_mtime_ns, found.st_ctime_ns
