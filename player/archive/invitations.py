"""Reads who is invited to a recording that is not public: ``invitations.toml`` beside its record.

Of the link that a person was given, the file has a digest alone: who reads the file cannot make the link of it. The
secret has 256 bits, so that a plain SHA-256 of it tells as little as a slow digest would.

What cannot be read invites nobody, and while the clock is not trusted no invitation holds: what is not known is closed.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Final

from player.archive import dates
from player.archive.own_files import OwnFiles
from player.archive.references import SLUG
from player.archive.toml.declared import Table, declared, key, tables
from player.archive.toml.tables import read_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.gate.clock import Clock
    from player.errors import Fault

#: The file, in the folder of a recording.
INVITATIONS: Final = "invitations.toml"


@declared
class Invitation(Table):
    """One person who may hear and read the recording by a link, although it is not public."""

    name: str = key("text", "whom it is for", name="for", said=False)
    until: str = key("last day", "the last day, month or year on which the link opens anything")
    made: str = key("date", "when it was made")
    digest: str = key("digest", "the SHA-256 of the secret in the link; the secret itself is kept nowhere")

    def is_over(self, clock: Clock) -> bool:
        """Tell whether its last day is over everywhere on earth, as the archive's own clock has it."""
        return clock.day() > dates.latest(self.until)

    def holds(self, clock: Clock) -> bool:
        """Tell whether it opens anything today; not where the clock may have been set back."""
        return clock.is_trusted and not self.is_over(clock)


@declared
class InvitationFile(Table):
    """Who is invited to a recording that is not public. `player invite` writes it; only its owner may read it."""

    invitations: tuple[Invitation, ...] = tables(Invitation, "invitation", default=())


def invitations(archive: Archive, slug: str) -> tuple[Invitation, ...]:
    """Give the invitations to a recording, also those that are over; none where there is no file of them.

    :raise ArchiveError: where it cannot be read, or a link leads to it from elsewhere.
    """
    path = place_of(archive, slug)
    OwnFiles((archive.root, archive.media, archive.transcripts)).refuse_barred([path])
    if not os.path.lexists(path):
        return ()
    return read_file(path, InvitationFile, _faults).invitations


def invited_slugs(archive: Archive) -> Iterator[str]:
    """Give the recordings that have such a file: of the others nothing is read."""
    for folder in archive.folders():
        if SLUG.fullmatch(folder.name) and os.path.lexists(folder / INVITATIONS):
            yield folder.name


def place_of(archive: Archive, slug: str) -> Path:
    """Give where the invitations to a recording are kept."""
    return archive.transcripts / slug / INVITATIONS


def digest_of(secret: str) -> str:
    """Give what of a secret is kept and compared."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def compared(name: str) -> str:
    """Give a name as names are compared, however it is written."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _faults(file: InvitationFile) -> Iterator[Fault]:
    names = Counter(compared(each.name) for each in file.invitations)
    for each in file.invitations:
        if names[compared(each.name)] > 1:
            yield each.fault("for", "this person has another invitation here", "keep one of them")
