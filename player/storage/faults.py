"""Says in words why a sound that lies elsewhere cannot be had, each with what a server answers for it."""

from __future__ import annotations

from player.errors import AudioError


class StorageError(AudioError):
    """What keeps a sound does not give it."""

    status = 502

    @property
    def for_visitors(self) -> str:
        """Say so, and not where that is."""
        return self._visitors or "The sound is kept elsewhere, and cannot be had from there at the moment."


class MissingError(StorageError):
    """Nothing lies there."""


class RefusedError(StorageError):
    """What lies there, or may not, is not given to who asks: S3 says so of what is not there to who may not list it."""


class BusyError(StorageError):
    """What keeps a sound has too much to do."""

    status = 503


class SilentError(BusyError):
    """Nobody answers where a sound is kept."""


class SlowError(StorageError):
    """What keeps a sound takes too long."""

    status = 504


class TornError(StorageError):
    """The connection ended before all had come; it may be tried again."""


class ChangedError(StorageError):
    """The sound is another than the one that was being read."""

    status = 503

    @property
    def for_visitors(self) -> str:
        """Say that another attempt will read the new one."""
        return "The sound was replaced by another while it was read. Load the page again."
