"""Tells whether a name is one that a recording had before, and whose addresses lead to it."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from player.archive.own_files import own_files
from player.errors import ArchiveError
from player.files import content

if TYPE_CHECKING:
    from player.archive.archive import Archive


def leads_to(archive: Archive, name: str) -> str | None:
    """Give the recording that had this name before; None where none had. Its own names are no former ones."""
    own = own_files(archive.transcripts)
    for slug in archive.slugs():
        path = archive.transcripts / slug / "recording.toml"
        try:
            own.refuse_barred([path])
            record = content(path)
            # Of thousands of records few are read.
            if b"formerly" in record and name.encode() in record and name in _former(record):
                return slug
        except (ArchiveError, OSError, ValueError, RecursionError):
            continue  # ``player check`` says so
    return None


def _former(record: bytes) -> list[object]:
    former = tomllib.loads(record.decode("utf-8-sig")).get("formerly")
    return former if isinstance(former, list) else []
