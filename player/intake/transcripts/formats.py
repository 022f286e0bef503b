"""Finds out which format a transcript has, and reads it with the module that knows that format."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final, Protocol, cast

from player.errors import ArchiveError, Fault, quoted
from player.files import content

if TYPE_CHECKING:
    from collections.abc import Mapping
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


#: The formats by name, and their modules, in the order in which these are asked: those that know their files by a mark
#: before those that guess.
READERS: Final[Mapping[str, str]] = {
    "docx": "documents.word",
    "odt": "documents.opendocument",
    "rtf": "documents.rich_text",
    "pdf": "documents.pdf",
    "webvtt": "captions.vtt",
    "tei": "programs.tei",
    "ohms": "programs.ohms",
    "json": "exported.json_lines",
    "csv": "exported.table",
    "textgrid": "programs.textgrid",
    "elan": "programs.elan",
    "oyez": "programs.oyez",
    "aws-transcribe": "programs.aws_transcribe",
    "deepgram": "programs.deepgram",
    "podcast": "programs.podcast",
    "whisperx": "programs.whisperx",
    "whisper": "programs.whisper",
    # Lines with two times stand in other formats as well.
    "sbv": "captions.sbv",
    "srt": "captions.srt",
    # Any text is one.
    "text": "documents.plain_text",
}

#: The most bytes of a file; beyond it a file is something else.
LARGEST: Final = 64_000_000


def readers() -> list[Reader]:
    """Import the readers."""
    return [cast("Reader", importlib.import_module(f"player.intake.transcripts.{name}")) for name in READERS.values()]


def read(path: Path, name: str | None = None) -> Imported:
    """Read the transcript at ``path``, as the format ``name``, or as the one that it seems to have.

    :raise ArchiveError: where it cannot be read, or has none of the formats that are known.
    :raise OSError: where the file cannot be opened.
    """
    if name is not None and name not in READERS:
        what = f"{quoted(name)} is no format that is known"
        raise ArchiveError([Fault(path, None, what, f"name one of {', '.join(READERS)}")])
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
    what = f"this is in no format that is known ({quoted(path.suffix or path.name)})"
    raise ArchiveError([Fault(path, None, what, f"name its format with --format, one of {', '.join(READERS)}")])
