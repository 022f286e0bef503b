"""Reads ``sources.toml``: what may be cited, how it was seen, and its words exactly as seen."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from player.archive import dates
from player.archive.toml.declared import Table, declared, key, tables, tables_by
from player.archive.toml.tables import read_file

if TYPE_CHECKING:
    from pathlib import Path

_KINDS: Final = ("primary document", "memoir", "secondary", "press", "reference", "project")
_US_GOVERNMENT_WORK: Final = "US government work"
_OWN_WORK: Final = "own work"


@declared
class Excerpt(Table):
    """Words of a source exactly as seen, against which quotations are checked."""

    locator: str = key("text", "where in the source", said=False)
    text: str = key("text", "the words", said=False)


@declared
class Source(Table):
    """Something that annotations, lines and accounts cite."""

    id: str = key("id", "the id by which it is cited")
    kind: str = key("choice", "what it is", choices=_KINDS)
    title: str = key("text", "its title")
    short: str | None = key("text", "what notes call it; the title if left out", default=None)
    author: str | None = key("text", "who wrote it", default=None)
    date: str | None = key("date", "when it was written or published", default=None)
    publication: str | None = key("text", "what it appeared in", default=None)
    archive_reference: str | None = key("text", "where the paper is kept", default=None, said=False)
    pages: str | None = key("text", "which pages", default=None, said=False)
    address: str | None = key("address", "a page where it was seen", default=None)
    link: bool = key(
        "flag",
        "whether the page may be linked; unofficial copies of books are not (`true` if left out)",
        default=True,
    )
    seen: str = key("choice", "how much of it was read", choices=("full", "excerpt", "opening", "copy", "not seen"))
    via: str | None = key("text", "how it was seen, such as in a stored copy", default=None, said=False)
    seen_on: str | None = key("date", "the day on which it was seen", default=None)
    rights: str = key(
        "choice",
        "the terms under which its words may be used",
        choices=(_US_GOVERNMENT_WORK, "in copyright", _OWN_WORK, "unknown"),
    )
    trust: str | None = key("text", "in one line, how far to trust it", default=None)
    translated_by: str | None = key("text", "who translated it, and into what", default=None)
    edited_by: str | None = key("text", "who edited it, and how, where that bears on trust", default=None)
    withheld: str | None = key("text", "what has been whited out or withheld", default=None)
    note: str | None = key("text", "misprints and other remarks", default=None)
    excerpt: tuple[Excerpt, ...] = tables(Excerpt, "excerpt", default=())

    @property
    def is_us_government_work(self) -> bool:
        """Tell whether its words are in the public domain in the USA, and so may be read out."""
        return self.rights == _US_GOVERNMENT_WORK

    @property
    def may_be_quoted_at_length(self) -> bool:
        """Tell whether any number of its words may be quoted: nobody else has rights in them, so far as is known."""
        return self.is_us_government_work or self.rights == _OWN_WORK

    @property
    def date_apart(self) -> str | None:
        """Its date, unless its title or what it is in ends with it, as the name of an issue does."""
        if self.date is None:
            return None
        names = (part.rstrip(".") for part in (self.title, self.publication) if part)
        return None if any(name.endswith(dates.readable(self.date)) for name in names) else self.date

    @property
    def called(self) -> str:
        """What a note calls it."""
        return self.short or self.title


@declared
class SourceFile(Table):
    """The bibliography: what annotations, lines and accounts cite."""

    sources: dict[str, Source] = tables_by("id", Source, "source", default_factory=dict)


def read_sources(path: Path) -> dict[str, Source]:
    """Read the bibliography, by id; a file that is not there is an empty one.

    :raise ArchiveError: naming every fault in the file, a repeated id among them.
    """
    return read_file(path, SourceFile).sources if os.path.lexists(path) else {}
