"""Finds out which format a transcript has, and reads it with the module that knows that format."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final, Protocol, cast

from player.errors import ArchiveError, Fault, quoted
from player.files import content

if TYPE_CHECKING:
    from pathlib import Path

    from player.intake.transcripts.imported import Imported


class Reader(Protocol):
    """What a module of this folder has that reads a format."""

    #: What the format is called in ``--format``.
    NAME: str
    #: How the names of its files end, in small letters.
    SUFFIXES: tuple[str, ...]

    def is_one(self, path: Path, content: bytes) -> bool:
        """Tell from the beginning of a file, and its name, whether it has this format; cheap, and never raises."""

    def read(self, path: Path, content: bytes) -> Imported:
        """Read a file.

        :raise ArchiveError: where it cannot be read; then nothing of it is.
        """


#: The modules, in the order in which they are asked: those that know their files by a mark before those that guess.
READERS: Final[tuple[str, ...]] = (
    "documents.word",
    "documents.opendocument",
    "documents.rich_text",
    "documents.pdf",
    "captions.vtt",
    "programs.ohms",
    "programs.textgrid",
    "programs.elan",
    "programs.oyez",
    "programs.aws_transcribe",
    "programs.deepgram",
    "programs.podcast",
    "programs.whisperx",
    "programs.whisper",
    # Lines with two times stand in other formats as well.
    "captions.sbv",
    "captions.srt",
    # Any text is one.
    "documents.plain_text",
)

#: The most bytes of a file; beyond it a file is something else.
LARGEST: Final = 64_000_000


def readers() -> list[Reader]:
    """Import the readers."""
    return [cast("Reader", importlib.import_module(f"player.intake.transcripts.{name}")) for name in READERS]


def read(path: Path, name: str | None = None) -> Imported:
    """Read the transcript at ``path``, as the format ``name``, or as the one that it seems to have.

    :raise ArchiveError: where it cannot be read, or has none of the formats that are known.
    :raise OSError: where the file cannot be opened.
    """
    data = content(path)
    if len(data) > LARGEST:
        what = f"the file is larger than {LARGEST // 1_000_000} MB"
        raise ArchiveError([Fault(path, None, what, "check that it is a transcript")])
    known = readers()
    for reader in known:
        if name == reader.NAME or (name is None and reader.is_one(path, data)):
            return reader.read(path, data)
    for reader in known:
        if name is None and path.suffix.lower() in reader.SUFFIXES:
            return reader.read(path, data)  # which says what is wrong with it
    names = ", ".join(reader.NAME for reader in known)
    what = f"this is in no format that is known ({quoted(path.suffix or path.name)})"
    raise ArchiveError([Fault(path, None, what, f"name its format with --format, one of {names}")])
