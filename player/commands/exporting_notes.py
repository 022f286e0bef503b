"""Writes, for ``player annotations --export``, the notes of a recording as W3C Web Annotations, to be handed on."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from player.commands.output import counted
from player.errors import ArchiveError, WriteError

if TYPE_CHECKING:
    from player.archive.archive import Archive
    from player.archive.recording import Recording


def for_others(archive: Archive, slug: str, address: str | None) -> tuple[bytes, int, str | None]:
    """Give the notes that visitors may read, how many they are, and what is to be told of those that are left out.

    :raise PlayerError: where they may not be handed on, cannot be read, or no ``address`` is known of the archive.
    """
    from player.archive.gate.shown import Audience
    from player.web.app import create_app
    from player.web.pages.web_annotations import written
    from player.web.serving.public_address import Site, public_url

    whole = archive.recording(slug)
    _refuse_closed(whole)
    if whole.unread.annotations:
        raise ArchiveError(whole.unread.annotations)
    if address is None and not os.environ.get("PLAYER_URL", "").strip():
        raise WriteError(
            "Web Annotations are known by their addresses; give that of the archive, as in --address "
            "https://example.org/tapes, or set PLAYER_URL; or export a table, .csv or .xlsx"
        )
    site = Site(public_url(address, "--address")) if address is not None else Site.from_environment()
    shown = archive.seen_by(Audience.VISITORS).recording(slug)
    below = {"SCRIPT_NAME": urlsplit(site.url or "").path}  # links in notes lead there too
    with create_app(archive.root, site=site).test_request_context("/", environ_overrides=below):
        content = written(shown)
    left = len(whole.annotations) - len(shown.annotations)
    told = f"left out, since visitors may not read {'it' if left == 1 else 'them'}: {counted(left, 'annotation')}"
    return f"{content}\n".encode(), len(shown.annotations), told if left else None


def _refuse_closed(recording: Recording) -> None:
    """Refuse what may not be handed on: what is for those alone who have the archive's files comes as a table."""
    slug, shown = recording.slug, recording.shown
    if shown.withdrawal is not None:
        raise WriteError(f"{slug}: the recording was withdrawn; a table, .csv or .xlsx, is for those who own it")
    for what, why in (("the recording is", shown.record), ("its annotations are", shown.notes)):
        if why is not None:
            raise WriteError(f"{slug}: {what} {why.label}; a table, .csv or .xlsx, is for those who own it")
