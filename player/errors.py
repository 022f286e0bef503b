"""Defines what the player refuses, each time with a sentence that says what is wrong and what to do."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from player.elsewhere import called

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

#: What each file in these folders is.
FOLDERS: Final = {"dossiers": "dossier", "sets": "set"}
# The first of HTTP's codes for what is not the asker's fault; to import them all takes half a millisecond.
_SERVER_ERROR: Final = 500
#: At most so many of one kind are each listed.
FEW: Final = 3

# Where a reader is who is elsewhere than this process; None where they are in its working directory.
_reader: ContextVar[Path | None] = ContextVar("reader", default=None)


def shown(path: Path) -> str:
    """Write ``path`` as a reader would type it: from the working directory on, or as the address that it stands for."""
    if address := called(path):
        return printable(address)
    try:
        return printable(str(path.relative_to(_reader.get() or Path.cwd())))
    except (ValueError, OSError):  # OSError: the working directory is no longer there
        return printable(str(path))


@contextmanager
def shown_from(folder: Path) -> Iterator[None]:
    """Write paths, within the block, for a reader whose working directory is ``folder``: perhaps on another machine."""
    token = _reader.set(folder)
    try:
        yield
    finally:
        _reader.reset(token)


def quoted(text: str) -> str:
    """Quote what somebody wrote: in quotation marks, control characters escaped, cut at sixty characters."""
    cut = text if len(text) <= 60 else f"{text[:60]}…"  # noqa: PLR2004  # as the docstring says
    return f'"{printable(cut)}"'


def reason(error: OSError) -> str:
    """Say why the system refused something, in small letters, for use within a sentence."""
    return (error.strerror or str(error) or "no reason given").lower()


def sentence(message: str) -> str:
    """Give a message as a page prints it: with a capital letter, and a full stop where it has none."""
    stop = "" if message.endswith((".", "!", "?")) else "."
    return f"{message[:1].upper()}{message[1:]}{stop}"


def unreadable(path: Path, error: OSError) -> str:
    """Say that a file cannot be read, and why."""
    return f"{shown(path)}: the file cannot be read ({reason(error)}); check that it exists and that you may read it"


def legible(name: str) -> str:
    """Give the name of a file as text: U+FFFD stands for what is no UTF-8 in it."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def printable(text: str) -> str:
    """Write a text with what terminals and pages cannot show, such as control characters, as escapes."""
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
    """One thing in an archive that is allowed but that its keeper should know: what it costs, what to do."""


# The files of an archive -> what visitors call them; {} is the recording that a file belongs to.
_PARTS: Final = {
    "archive.toml": "what the archive says about itself",
    "annotations.toml": 'the notes on "{}"',
    "chronology.toml": "the chronology",
    "people.toml": "the list of people",
    "recording.toml": 'the record of "{}"',
    "script.toml": 'the script of "{}"',
    "sources.toml": "the bibliography",
    "transcript.vtt": 'the transcript of "{}"',
    "transcripts": "the archive",
}


def _part(path: Path) -> str:
    """Say which part of an archive a file of it is."""
    if path.parent.name in FOLDERS:
        return f'the {FOLDERS[path.parent.name]} "{path.stem}"'
    if path.parent.name == "media":
        return "the sound of a recording"
    other = 'a translation of "{}"' if path.suffix == ".vtt" else "a file of the archive"
    return _PARTS.get(path.name, other).format(path.parent.name)


class PlayerError(Exception):
    """A refusal. Never raised itself; its subclasses say what kind of refusal it is.

    The keeper of the archive sees the whole message, at the terminal or in the server's log. Visitors of a page see
    only ``for_visitors``: no path, and nothing that only the keeper can do.
    """

    #: What the ``player`` command exits with.
    exit_code = 1
    #: What the web server answers with.
    status = 500

    def __init__(self, message: str, *, visitors: str | None = None) -> None:
        super().__init__(message)
        self._visitors = visitors

    def __reduce__(self) -> tuple[Callable[..., PlayerError], tuple[object, ...]]:
        """Let a refusal pass from one process to another: not by its arguments, of which each kind has its own."""
        return _same, (type(self), self.args, self.__dict__)

    @property
    def for_visitors(self) -> str:
        """What a page says about it: by default the message where the visitor caused it, and little where not."""
        if self._visitors is not None:
            return self._visitors
        return str(self) if self.status < _SERVER_ERROR else "The server cannot do this at the moment."


def _same(kind: type[PlayerError], arguments: tuple[object, ...], values: dict[str, object]) -> PlayerError:
    error = kind.__new__(kind)
    error.args = arguments
    error.__dict__.update(values)
    return error


class TimecodeError(PlayerError):
    """A text is not a time, or two times are not a passage."""

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
        return f"There is a fault in {' and in '.join(parts)}, which cannot be read until it is corrected."


class NotFoundError(PlayerError):
    """No such recording, annotation or source.

    ``there`` says which there are, for the keeper of the archive alone: where there are thousands, it is not asked for
    a visitor.
    """

    status = 404

    def __init__(self, message: str, *, visitors: str | None = None, there: Callable[[], str] | None = None) -> None:
        super().__init__(message, visitors=visitors or (message if there else None))
        self._there = there

    def __str__(self) -> str:
        return super().__str__() if self._there is None else f"{super().__str__()}; the archive has: {self._there()}"

    def __reduce__(self) -> tuple[Callable[..., PlayerError], tuple[object, ...]]:
        return _same, (type(self), (str(self),), {"_visitors": self._visitors, "_there": None})


class HiddenError(NotFoundError):
    """There is a recording of that name, and whoever asks may not know it: to them it is not there.

    ``faults`` are those that keep its record from being read, where that is why.
    """

    def __init__(self, message: str, *, faults: Iterable[Fault] = ()) -> None:
        super().__init__(message)
        self.faults = tuple(faults)

    def __reduce__(self) -> tuple[Callable[..., PlayerError], tuple[object, ...]]:
        return _same, (type(self), self.args, self.__dict__)


class WithdrawnError(HiddenError):
    """The recording was withdrawn on a ``date`` (EDTF), for a ``reason`` that visitors are told, if any is given."""

    status = 410

    def __init__(self, date: str, reason: str | None) -> None:
        super().__init__("this recording was withdrawn")
        self.date = date
        self.reason = reason


class AudioError(PlayerError):
    """A sound could not be read."""

    @property
    def for_visitors(self) -> str:
        """Say so, and no more."""
        return self._visitors or "The server cannot read the sound at the moment."


class WriteError(AudioError):
    """A sound cannot be written as asked."""


class UnprovenError(WriteError):
    """What was made of a sound does not have its times, in this format."""


class ClipError(PlayerError):
    """A clip cannot be cut as asked."""

    status = 400


class SearchError(PlayerError):
    """A search is impossible, finds nothing, or finds more than one place."""

    status = 400


class VerifyError(PlayerError):
    """A clip is not what it claims to be, or cannot be compared with its recording."""


class CredentialsError(PlayerError):
    """A clip cannot be signed as asked, or its Content Credentials cannot be read."""


class ProcessError(PlayerError):
    """A process that worked for this one ended too early."""


class ClusterError(PlayerError):
    """Work cannot be done on a cluster, or the cluster is gone."""


class AddError(PlayerError):
    """What was to be added to an archive cannot be added, or something that has to be known of it is missing."""


class AlignError(PlayerError):
    """Words cannot be put on time."""


class TranscribeError(PlayerError):
    """A sound cannot be transcribed as asked."""


class ReadingError(PlayerError):
    """A script cannot be spoken."""


class RenameError(PlayerError):
    """A recording cannot be called as asked."""


class InviteError(PlayerError):
    """Nobody can be invited so, or an invitation cannot be ended that is none."""


class RemoveError(PlayerError):
    """A recording cannot be removed, for something else is in the way."""


class OperationError(PlayerError):
    """A line of a transcript cannot be changed as asked."""

    status = 422

    def __init__(self, what: str, remedy: str) -> None:
        self.what = what
        self.remedy = remedy
        super().__init__(f"{what}; {remedy}")

    def __reduce__(self) -> tuple[Callable[..., PlayerError], tuple[object, ...]]:
        return type(self), (self.what, self.remedy)


class ServeError(PlayerError):
    """The server cannot start."""
