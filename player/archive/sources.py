"""``sources.toml`` into the bibliography: what may be cited, how it was seen, and its words exactly as seen."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from player.archive import keys
from player.archive.toml.tables import read_table
from player.errors import ArchiveError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Excerpt:
    """Words of a source exactly as they were seen."""

    text: str
    locator: str


@dataclass(frozen=True)
class Source:
    """One entry of the bibliography; ``README`` says what each key means."""

    id: str
    kind: str
    title: str
    seen: str
    rights: str
    line: int | None
    short: str | None = None
    author: str | None = None
    date: str | None = None
    publication: str | None = None
    archive_reference: str | None = None
    pages: str | None = None
    address: str | None = None
    link: bool = True
    via: str | None = None
    seen_on: str | None = None
    trust: str | None = None
    translated_by: str | None = None
    edited_by: str | None = None
    withheld: str | None = None
    note: str | None = None
    excerpt: tuple[Excerpt, ...] = ()

    @property
    def is_us_government_work(self) -> bool:
        """Tell whether its words are in the public domain in the USA, and so may be read out."""
        return self.rights == keys.US_GOVERNMENT_WORK

    @property
    def may_be_quoted_at_length(self) -> bool:
        """Tell whether any number of its words may be quoted: nobody else has rights in them, so far as is known."""
        return self.is_us_government_work or self.rights == keys.OWN_WORK

    @property
    def called(self) -> str:
        """What a note calls it."""
        return self.short or self.title


def read_sources(path: Path) -> dict[str, Source]:
    """Read the bibliography, by id; a file that is not there is an empty one.

    :raise ArchiveError: naming every fault in the file, a repeated id among them.
    """
    if not os.path.lexists(path):
        return {}
    tables = read_table(path, keys.SOURCES).get("source", ())
    sources: dict[str, Source] = {}
    faults = []
    for table in tables:
        excerpts = tuple(entry.build(Excerpt) for entry in table.get("excerpt", ()))
        source = table.build(Source, excerpt=excerpts, line=table.line)
        if source.id in sources:
            faults.append(table.fault("id", f'the id "{source.id}" is used twice', "give each source its own"))
        sources[source.id] = source
    if faults:
        raise ArchiveError(faults)
    return sources
