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

from player.archive.about import hides_drafts
from player.archive.gate.names import Private
from player.archive.machine import is_draft
from player.archive.own_files import OwnFiles
from player.archive.recording import TRANSCRIPT, read_record
from player.archive.webvtt.head import head_of
from player.errors import ArchiveError
from player.files import content
from player.index import cards, looking, schema, values, writing
from player.index.naming import Naming

if TYPE_CHECKING:
    from collections.abc import Iterable

    from player.archive.archive import Archive
    from player.archive.gate.shown import Shown
    from player.index.store import Store, Writing

# No record says what may be shown without one of these words, unless it spells them in escapes.
_WORDS: Final = re.compile(rb"access|closed|withdrawal|display_name|\\[uU]")
#: What is known of a record that cannot be read: that all of it is closed.
_UNREADABLE: Final = "unreadable"
# What is added to what a record says where the archive hides its transcript, which is a machine's draft.
_MACHINE: Final = "machine draft"


def digest(archive: Archive, slug: str) -> str | None:
    """Give a digest of all by which a record says what of it may be shown; None where it says nothing of that."""
    folder = archive.transcripts / slug
    record_file, transcript = folder / "recording.toml", folder / TRANSCRIPT
    barred = OwnFiles((archive.root, archive.media, archive.transcripts)).barred([record_file, transcript])
    if record_file in barred:
        return _UNREADABLE
    try:
        header = None if transcript in barred else head_of(transcript)
        # Of one that cannot be read nobody knows whether it is a draft.
        is_hidden = (header is None or is_draft(header)) and hides_drafts(lambda: archive.about)
        if not (is_hidden or _WORDS.search(content(record_file))):
            return None
        record = read_record(folder, archive.media)
    except (ArchiveError, OSError):
        return _UNREADABLE
    called = [(each.name, each.display_name) for each in record.speaker if each.display_name]
    if not (record.access or record.closed or record.withdrawal or called or is_hidden):
        return None
    said = values.encode((record.access, record.closed, record.withdrawal, called))
    return _digest(said + is_hidden * _MACHINE)


def withheld(shown: Shown) -> str | None:
    """Give a digest of what of a recording is not shown; None where all is."""
    return None if shown.is_everything else _digest(repr(shown))


@dataclass(frozen=True)
class Restricting:
    """Takes out of the index in ``database`` what may no longer be shown of ``archive``."""

    archive: Archive
    database: Store

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

    def hide_drafts(self) -> None:
        """See to it that all is read anew where the archive says otherwise than before what is shown of drafts."""
        found = str(hides_drafts(lambda: self.archive.about))
        row = self.database.row("SELECT value FROM meta WHERE name = 'hides drafts'")
        # An archive that says nothing hides them.
        if found == (row["value"] if row else str(True)):
            return
        self.take_out(each["name"] for each in self.database.rows("SELECT name FROM unit WHERE kind = 'recording'"))
        with self.database.writing() as connection:
            connection.execute("UPDATE unit SET stamp = '' WHERE kind IN ('recording', 'dossier', 'set')")
            connection.execute(schema.SET_META, ("hides drafts", found))


@dataclass(frozen=True)
class Renaming:
    """Keeps private names out of the index: ``private`` are those whose names are not shown."""

    private: Private

    @classmethod
    def of(cls, owners: Archive) -> Renaming:
        """Find out who they are in an archive as its owners see it."""
        try:
            return cls(Private.of(owners.people))
        except ArchiveError:
            return cls(Private(is_everybody=True))

    @property
    def digest(self) -> str:
        """A text that is another one when somebody else is private, or is called otherwise; empty where nobody is."""
        if self.private.is_everybody:
            return _UNREADABLE
        said = [[each.id, each.name, *each.also, each.display_name or ""] for each in self.private.people]
        return _digest(json.dumps(said)) if said else ""

    def apply(self, writer: writing.Writer) -> None:
        """See to it that all is read anew where this has changed, and take out at once what has a private name."""
        connection = writer.connection
        before = connection.execute("SELECT value FROM meta WHERE name = 'private'").fetchone()
        if self.digest == (before["value"] if before else ""):
            return
        for slug in self._recordings(connection):
            writer.take_out((looking.RECORDING, slug))
        if self.private.is_everybody:
            connection.execute("DELETE FROM names")
        else:
            connection.executemany("DELETE FROM names WHERE person = ?", [(each.id,) for each in self.private.people])
        connection.execute("UPDATE unit SET stamp = '' WHERE kind <> 'people'")
        # What ``player check`` keeps may quote a name; it is found out anew in any case.
        if connection.execute("DELETE FROM examined").rowcount:
            writer.flag("residue")
        connection.execute("DELETE FROM meta WHERE name = 'whole'")
        connection.execute(schema.SET_META, ("private", self.digest))

    def _recordings(self, connection: Writing) -> list[str]:
        """List the recordings in which one of them is a voice, is spoken of in the record, or is pointed at."""
        ids = [(each.id,) for each in self.private.people]
        found = {
            row["unit"]
            for each in ids
            for row in connection.execute(
                "SELECT unit FROM names WHERE person = ? AND (is_pointer OR place >= 0)", each
            )
        }
        voices = connection.execute("SELECT DISTINCT recording, voice FROM line WHERE voice IS NOT NULL")
        found |= {row["recording"] for row in voices if self._means(row["voice"])}
        slugs = []
        for row in connection.execute("SELECT id, slug, card FROM recording"):
            card = cards.read(row["card"])
            named = any(map(self._means, (*card.speakers, *card.voices)))
            if named or row["id"] in found or any(person in self.private for person in card.people):
                slugs.append(row["slug"])
        return slugs

    def _means(self, voice: str) -> bool:
        return self.private.is_everybody or self.private.named_in(voice) is not None


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=12).hexdigest()
