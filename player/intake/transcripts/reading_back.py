"""Reads what is about to be written, before it is: what nobody could read again is refused, and nothing is changed."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from player.archive.annotations import read_annotations
from player.archive.recording import read_record
from player.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.archive.recording import Record
    from player.archive.transcript import Line

_NOTES: Final = "annotations.toml"


def read_back(
    record: Record, text: str, notes: str | None, notes_before: bytes | None, lines: Sequence[Line] | None
) -> None:
    """Read a record, and the notes that come with a transcript, as they would be written.

    ``notes`` is None where they stay as they are. Notes that had faults before may have them still. ``lines`` are those
    that notes belong to, None where nobody knows them.

    :raise ArchiveError: naming what could not be read.
    """
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / record.slug
        folder.mkdir()
        try:
            (folder / record.path.name).write_text(text, encoding="utf-8", newline="")
            read_record(folder, folder)
            if notes is None:
                return
            with suppress(ArchiveError):
                (folder / _NOTES).write_bytes(notes_before or b"")
                read_annotations(folder / _NOTES, lines)
                notes_before = None
            if notes_before is None:
                (folder / _NOTES).write_text(notes, encoding="utf-8", newline="")
                read_annotations(folder / _NOTES, lines)
        except ArchiveError as error:
            raise ArchiveError(
                [
                    replace(fault, path=record.folder / fault.path.name, what=f"as it would be written, {fault.what}")
                    for fault in error.faults
                ]
            ) from None
