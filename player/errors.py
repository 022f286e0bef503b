"""Everything the player refuses, each with a sentence that says what is wrong and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable


def shown(path: Path) -> str:
    """Give ``path`` as a reader would type it: relative to the working directory where it lies below it.

    What no terminal or page can show of it is escaped, such as bytes that are no characters.
    """
    try:
        return _printable(str(path.relative_to(Path.cwd())))
    except (ValueError, OSError):  # OSError: the working directory is no longer there
        return _printable(str(path))


def quoted(text: str) -> str:
    """Show what somebody wrote: in quotation marks, control characters escaped, cut at sixty characters."""
    cut = text if len(text) <= 60 else f"{text[:60]}…"  # noqa: PLR2004
    return f'"{_printable(cut)}"'


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


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


class Advice(Fault):
    """One thing in an archive that is allowed, and that whoever keeps it should know: what it costs, what to do."""


# The files of an archive -> what a visitor knows them as, by the name of a recording where each has its own.
_PARTS: Final = {
    "annotations.toml": "the notes on “{}”",
    "chronology.toml": "the chronology",
    "people.toml": "the list of people",
    "recording.toml": "the record of “{}”",
    "script.toml": "the script of “{}”",
    "sources.toml": "the bibliography",
    "transcript.vtt": "the transcript of “{}”",
    "transcripts": "the archive",
}


def _part(path: Path) -> str:
    """Say which part of an archive a file of it is."""
    if path.parent.name == "dossiers":
        return f"the dossier “{path.stem}”"
    if path.parent.name == "media":
        return "the sound of a recording"
    other = "a translation of “{}”" if path.suffix == ".vtt" else "a file of the archive"
    return _PARTS.get(path.name, other).format(path.parent.name)


class PlayerError(Exception):
    """What the player refuses to do. Never raised itself; its subclasses say what kind of refusal it is.

    Who keeps the archive is told all of it, at the terminal or in the server's log. A page tells its visitors only
    what ``for_visitors`` gives: no path, and nothing that only those can do who keep the archive.
    """

    #: What the ``player`` command exits with.
    exit_code = 1
    #: What the web server answers with.
    status = 500

    def __init__(self, told: str, *, visitors: str | None = None) -> None:
        super().__init__(told)
        self._visitors = visitors

    @property
    def for_visitors(self) -> str:
        """What a page says of it: by default the same where the visitor asked for it, and little where not."""
        if self._visitors is not None:
            return self._visitors
        return str(self) if self.status < HTTPStatus.INTERNAL_SERVER_ERROR else "The server cannot do this at present."


class TimecodeError(PlayerError):
    """A text that is no time, or a passage that is none."""

    status = 400


class ArchiveError(PlayerError):
    """A file of the archive is wrong. ``faults`` names every fault that was found in it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.path, fault.line or 0, fault.what)))
        super().__init__("\n".join(str(fault) for fault in self.faults))

    @property
    def for_visitors(self) -> str:
        """Say which parts of the archive cannot be read."""
        parts = dict.fromkeys(_part(fault.path) for fault in self.faults)
        return f"There is a fault in {' and in '.join(parts)}, which cannot be read until it is put right."


class NotFoundError(PlayerError):
    """No such recording, annotation or source."""

    status = 404


class AudioError(PlayerError):
    """A sound could not be read."""

    @property
    def for_visitors(self) -> str:
        """Say so, and no more."""
        return self._visitors or "The server cannot read the sound at present."


class WriteError(AudioError):
    """A sound cannot be written as asked."""


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
