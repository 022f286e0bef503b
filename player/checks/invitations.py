"""Checks who is invited to a recording: how that is written, and what its keeper has to see to."""

from __future__ import annotations

import os
import shlex
import stat
from typing import TYPE_CHECKING, Final

from player.archive import dates
from player.archive.invitations import invitations, place_of
from player.errors import Advice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from player.archive.archive import Archive
    from player.archive.recording import Record

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def are_there(archive: Archive, slug: str) -> bool:
    """Tell whether a recording has a file of invitations."""
    return os.path.lexists(place_of(archive, slug))


def invitation_advice(archive: Archive, record: Record) -> Iterator[Advice]:
    """Give the invitations that are over, or open nothing; and that others may read who is invited.

    :raise ArchiveError: where the file has faults.
    """
    slug, path = record.slug, place_of(archive, record.slug)
    for each in invitations(archive, slug):
        remedy = f"remove it: player invite {slug} --revoke {shlex.quote(each.name)}"
        if each.is_over(archive.clock):
            what = f"the invitation of {each.name} was good until {dates.readable(each.until)}, and is over"
            yield Advice(path, each.line, what, remedy)
        elif record.withdrawal is not None:
            yield Advice(path, each.line, f"the recording is withdrawn, and {each.name} is invited to it", remedy)
        elif record.shown.is_everything:
            what = f"visitors see all of the recording by now, so that {each.name} needs no invitation"
            yield Advice(path, each.line, what, remedy)
    # On Windows everybody may, as far as these bits tell.
    if os.name == "posix" and are_there(archive, slug) and path.stat().st_mode & _OTHERS:
        yield Advice(path, None, "others than its owner may read who is invited", "let nobody else: chmod 600")
