"""Everything the player refuses, each with a sentence that says what is wrong and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def shown(path: Path) -> str:
    """Give ``path`` as a reader would type it: relative to the working directory where it lies below it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except (ValueError, OSError):  # OSError: the working directory is no longer there
        return str(path)


def quoted(text: str) -> str:
    """Show what somebody wrote: in quotation marks, control characters escaped, cut at sixty characters."""
    cut = text if len(text) <= 60 else f"{text[:60]}…"  # noqa: PLR2004
    return '"' + "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in cut) + '"'


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong in one file. ``line`` counts from 1; None where no line can be named."""

    path: Path
    line: int | None
    what: str
    remedy: str

    def __str__(self) -> str:
        place = shown(self.path) if self.line is None else f"{shown(self.path)}:{self.line}"
        return f"{place}: {self.what}; {self.remedy}"


class PlayerError(Exception):
    """What the player refuses to do. Never raised itself; its subclasses say what kind of refusal it is."""

    #: What the ``player`` command exits with.
    exit_code = 1
    #: What the web server answers with.
    status = 500


class TimecodeError(PlayerError):
    """A text that is no time, or a passage that is none."""

    status = 400


class ArchiveError(PlayerError):
    """A file of the archive is wrong. ``faults`` names every fault that was found in it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.path, fault.line or 0, fault.what)))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class NotFoundError(PlayerError):
    """No such recording, annotation or source."""

    status = 404


class AudioError(PlayerError):
    """A sound could not be read."""


class ClipError(PlayerError):
    """A clip cannot be cut as asked."""

    status = 400


class SearchError(PlayerError):
    """What is to be found cannot be looked for, or is not there, or is there more than once."""

    status = 400


class VerifyError(PlayerError):
    """A clip is not what it claims to be, or cannot be held against its recording."""


class ReadingError(PlayerError):
    """A script cannot be given voice."""


class ServeError(PlayerError):
    """The server cannot start."""
