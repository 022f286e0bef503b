"""Writes a recording as a book with its sound, for ``player export --to epub``."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack
from typing import IO, TYPE_CHECKING

from player.commands.output import progress
from player.publish.book.book import book_of
from player.publish.book.packed import pack
from player.publish.book.sound import UnplayedError, encoded, ready, why_silent

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from player.archive.sources import Source
    from player.publish.book.book import Sound
    from player.publish.transcripts.exported import Exported


def write_book(media: Path, exported: Exported, sources: Mapping[str, Source], into: IO[bytes]) -> None:
    """Write a book of what is exported, with the sound that the public is sent; its copies lie in the folder ``media``.

    One that readers of books do not play is encoded for it.

    :raise AudioError: where the sound cannot be read.
    """
    recording = exported.recording
    why = why_silent(recording)
    sound = None if why else ready(recording, media)
    if why or sound:
        _pack(exported, sources, sound, why or "", into)
        return
    with ExitStack() as stack:
        with progress(f"Encoding {recording.slug}") as told:
            try:
                sound = stack.enter_context(encoded(recording, told))
            except UnplayedError as unplayed:
                why = str(unplayed)
        _pack(exported, sources, sound, why or "", into)


def _pack(exported: Exported, sources: Mapping[str, Source], sound: Sound | None, why: str, into: IO[bytes]) -> None:
    book = book_of(exported, sources, sound, why)
    if into.seekable():
        pack(book, into)
        return
    with tempfile.TemporaryFile() as file:
        pack(book, file)
        file.seek(0)
        shutil.copyfileobj(file, into)
