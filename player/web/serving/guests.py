"""Knows who is invited to a recording, by the secret that they say; each request is asked anew whether that holds."""

from __future__ import annotations

import hmac
import logging
import os
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import has_request_context, request

from player.archive import dates
from player.archive.archive import Archive
from player.archive.gate.shown import Audience
from player.archive.invitations import digest_of, invitations, invited_slugs, place_of
from player.archive.references import SLUG
from player.errors import ArchiveError, PlayerError
from player.web.serving.telling import tell_faults

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.archive.invitations import Invitation

#: Where a request carries who asks, where that is somebody who is invited.
GUEST: Final = "player.guest"

_log = logging.getLogger(__name__)

_OPENED: Final = 4  # archives that stay open, one for each recording that somebody is invited to
_READ: Final = 256  # files of invitations that stay in memory


@dataclass(frozen=True)
class Guest:
    """Who is invited to a recording, until when, for how many days yet, and the archive as they may see it."""

    name: str
    slug: str
    until: str
    days_left: int
    archive: Archive


def guest_of_request() -> Guest | None:
    """Give who asks, where that is somebody who is invited."""
    found = request.environ.get(GUEST) if has_request_context() else None
    return found if isinstance(found, Guest) else None


class Guests:
    """Who is invited in an archive; a file of invitations is read again when it has changed."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._lock = threading.Lock()
        self._read: OrderedDict[str, tuple[tuple[int, ...], tuple[Invitation, ...]]] = OrderedDict()
        self._archives: OrderedDict[str, Archive] = OrderedDict()

    def find(self, secret: str) -> Guest | None:
        """Give whom a secret was given to; None where it opens nothing, for whatever reason."""
        # In the whole archive, since the recording may have another name by now; and to the end, wherever it stands.
        found = [guest for slug in invited_slugs(self._archive) if (guest := self.guest(slug, [secret])) is not None]
        return found[0] if found else None

    def guest(self, slug: str, said: Sequence[str]) -> Guest | None:
        """Give who says one of these secrets for a recording; None where none of them opens it."""
        held = self._held(slug, said)
        if held is None:
            return None
        archive = self._opened(slug)
        try:
            archive.record(slug)
        except PlayerError:
            return None  # it is closed, withdrawn, or cannot be read
        days = (dates.latest(held.until) - self._archive.day()).days + 1
        return Guest(held.name, slug, dates.readable(held.until), days, archive)

    def holds(self, slug: str, said: Sequence[str]) -> bool:
        """Tell whether one of these secrets is that of an invitation which holds now."""
        return self._held(slug, said) is not None

    def is_public(self, slug: str) -> bool:
        """Tell whether visitors may know of a recording."""
        try:
            self._archive.record(slug)
        except PlayerError:
            return False
        return True

    def _held(self, slug: str, said: Sequence[str]) -> Invitation | None:
        """Give the invitation of which one of these is the secret."""
        digests = [digest_of(each) for each in said]
        there = self._invitations(slug) if digests else ()
        # All are compared, in the same time wherever the right one stands.
        right = [each for each in there if sum(hmac.compare_digest(each.digest.lower(), one) for one in digests)]
        return next((each for each in right if each.holds(self._archive.clock)), None)

    def _invitations(self, slug: str) -> tuple[Invitation, ...]:
        """Read the invitations to a recording; where they cannot be read, nobody is invited."""
        stamp = self._stamp(slug)
        if stamp is None:
            return ()
        with self._lock:
            kept = self._read.get(slug)
        if kept is None or kept[0] != stamp:
            try:
                kept = (stamp, invitations(self._archive, slug))
            except ArchiveError as error:
                tell_faults(_log, error.faults, is_open=False)
                return ()
        with self._lock:
            self._read[slug] = kept
            self._read.move_to_end(slug)
            while len(self._read) > _READ:
                self._read.popitem(last=False)
        return kept[1]

    def _stamp(self, slug: str) -> tuple[int, ...] | None:
        """Give what is another when the file of invitations is; None where there is none."""
        if SLUG.fullmatch(slug) is None:
            return None
        try:
            found = os.stat(place_of(self._archive, slug))  # noqa: PTH116  # Path.stat takes half as long again
        except OSError:
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns

    def _opened(self, slug: str) -> Archive:
        with self._lock:
            archive = self._archives.get(slug) or Archive(self._archive.root, Audience.INVITED, slug)
            self._archives[slug] = archive
            self._archives.move_to_end(slug)
            while len(self._archives) > _OPENED:
                self._archives.popitem(last=False)
            return archive
