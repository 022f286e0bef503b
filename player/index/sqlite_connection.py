"""A connection to an index in SQLite, which finds bodies by their letters with FTS5."""

from __future__ import annotations

import sqlite3
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from player.search.bodies import letters_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.index.store import Terms

#: The bodies in which something may be: all of them, and those that FTS5 finds.
ALL: Final = "SELECT unit, kind, owner, folded FROM body"
FOUND: Final = f"{ALL} WHERE id IN (SELECT rowid FROM words WHERE words MATCH ?)"  # noqa: S608  # of a constant


class Connection(sqlite3.Connection):
    """A connection that also does what SQLite does in its own way (``player.index.store.Writing``)."""

    @cached_property
    def has_words(self) -> bool:
        """Tell whether there is an index of letters."""
        return self.execute("SELECT 1 FROM sqlite_master WHERE name = 'words'").fetchone() is not None

    def added(self, sql: str, parameters: Sequence[Any], /) -> int:
        """Add a row, and give its number."""
        number = self.execute(sql, parameters).lastrowid
        assert number is not None  # noqa: S101  # for mypy: an INSERT has one
        return number

    def put_letters(self, body: int, folded: bytes, /) -> None:
        """Let a body be found by its letters."""
        if self.has_words:
            self.execute("INSERT INTO words (rowid, letters) VALUES (?, ?)", (body, letters_of(folded)))

    def take_letters(self, body: int, folded: bytes, /) -> None:
        """Let a body be found no longer."""
        if self.has_words:
            # A table without contents has to be told what it held (https://www.sqlite.org/fts5.html, section 4.4.3).
            sql = "INSERT INTO words (words, rowid, letters) VALUES ('delete', ?, ?)"
            self.execute(sql, (body, letters_of(folded)))

    def merge_letters(self) -> None:
        """Put together what was written in batches: it takes 0.4 s for 800,000 lines, and halves that of a phrase."""
        if self.has_words:
            self.execute("INSERT INTO words (words) VALUES ('optimize')")


def matched(terms: Terms) -> str:
    """Write for FTS5 what bodies are to have: letters in quotation marks, which are in no folded text."""
    return " OR ".join("(" + " AND ".join(f'"{run}"' for run in all_of) + ")" for all_of in terms)
