"""Takes out of the index what may no longer be shown, before anything else is read.

A look may find thousands of files that have changed, which take a minute to read. What was closed, withdrawn or made
private among them is taken out first, and comes back, as far as it may be shown, when it is read in its turn.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player.archive.recording import read_record
from player.errors import ArchiveError
from player.index import cards, looking, values, writing
from player.index.naming import Naming

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Mapping

    from player.archive.archive import Archive
    from player.archive.people import Person
    from player.index.database import Database

# No record says what may be shown without one of these words, unless it spells them in escapes.
_WORDS: Final = re.compile(rb"access|closed|withdrawal|display_name|\\[uU]")
#: What is known of a record that cannot be read: that all of it is closed.
_UNREADABLE: Final = "unreadable"


def digest(archive: Archive, slug: str) -> str | None:
    """Give a digest of all by which a record says what of it may be shown; None where it says nothing of that."""
    folder = archive.transcripts / slug
    try:
        if not _WORDS.search((folder / "recording.toml").read_bytes()):
            return None
        record = read_record(folder, archive.media)
    except (ArchiveError, OSError):
        return _UNREADABLE
    called = [(each.name, each.display_name) for each in record.speaker if each.display_name]
    if not (record.access or record.closed or record.withdrawal or called):
        return None
    said = values.encode((record.access, record.closed, record.withdrawal, called))
    return _digest(said)


@dataclass(frozen=True)
class Restricting:
    """Takes out of the index in ``database`` what may no longer be shown of ``archive``."""

    archive: Archive
    database: Database

    def take_out(self, slugs: Iterable[str]) -> list[str]:
        """Take out those of some recordings whose records say otherwise than before what may be shown; give which.

        What is open now, or was not in the index, is left to be read in its turn.
        """
        rows = self.database.rows(
            "SELECT name, shown FROM unit JOIN recording USING (id) WHERE name IN (SELECT value FROM json_each(?))",
            json.dumps(list(slugs)),
        )
        taken = []
        for row in rows:
            found = digest(self.archive, row["name"])
            if found is None or found == row["shown"]:
                continue
            with self.database.writing() as connection:
                writing.Writer(connection, Naming({})).take_out((looking.RECORDING, row["name"]))
            taken.append(row["name"])
        return taken


@dataclass(frozen=True)
class Private:
    """Whose names are not shown: those people by their ids, all where people.toml cannot be read (None)."""

    people: Mapping[str, Person] | None

    @classmethod
    def of(cls, owners: Archive) -> Private:
        """Find out in an archive as its owners see it."""
        try:
            return cls({name: person for name, person in owners.people.items() if person.private})
        except ArchiveError:
            return cls(None)

    @property
    def digest(self) -> str:
        """A text that is another one when somebody else is private, or is called otherwise; empty where nobody is."""
        if self.people is None:
            return _UNREADABLE
        said = [[each.id, each.name, *each.also, each.display_name or ""] for each in self.people.values()]
        return _digest(json.dumps(said)) if said else ""

    def apply(self, writer: writing.Writer) -> None:
        """See to it that all is read anew where this has changed, and take out at once what has a private name."""
        connection = writer.connection
        before = connection.execute("SELECT value FROM meta WHERE name = 'private'").fetchone()
        if self.digest == (before["value"] if before else ""):
            return
        for slug in self._recordings(connection):
            writer.take_out((looking.RECORDING, slug))
        if self.people is None:
            connection.execute("DELETE FROM names")
        else:
            connection.executemany("DELETE FROM names WHERE person = ?", [(name,) for name in self.people])
        connection.execute("UPDATE unit SET stamp = '' WHERE kind <> 'people'")
        connection.execute("DELETE FROM meta WHERE name = 'whole'")
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('private', ?)", (self.digest,))

    def _recordings(self, connection: sqlite3.Connection) -> Collection[str]:
        """List the recordings in which one of them is a voice, or is pointed at."""
        if self.people is None:
            rows = connection.execute("SELECT slug, card FROM recording").fetchall()
            return [row["slug"] for row in rows if _has_person(cards.read(row["card"]))]
        forms = {*self.people, *(form for each in self.people.values() for form in (each.name, *each.also))}
        rows = connection.execute(
            "SELECT DISTINCT slug FROM recording LEFT JOIN facet ON recording = id AND name = 'person'"
            " LEFT JOIN names ON unit = id AND is_pointer WHERE facet.value IN (SELECT value FROM json_each(?1))"
            " OR person IN (SELECT value FROM json_each(?1))",
            (json.dumps(sorted(forms)),),
        ).fetchall()
        return [row["slug"] for row in rows]


def _has_person(card: cards.Card) -> bool:
    """Tell whether a voice is said to be somebody, or a note is about somebody."""
    return bool(card.people) or any(voice not in card.speakers for voice in card.voices)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=12).hexdigest()
