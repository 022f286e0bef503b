"""Finds what a request is about: the archive that the application serves, its parts, and the sound of a recording."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, TypeVar

from flask import current_app, g

from player import elsewhere
from player.archive.about import About
from player.errors import ArchiveError, NotFoundError, WithdrawnError
from player.index.store import IndexServerError
from player.web.pages.closures import WithheldError
from player.web.serving.guests import guest_of_request
from player.web.serving.telling import for_the_log, tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Record
    from player.index.index import Index

_Value = TypeVar("_Value")

#: Seconds: a storage that is well answers in a twentieth of one, one far away on a busy day in a few.
PATIENCE: Final = 5.0

_log = logging.getLogger(__name__)


def current_archive() -> Archive:
    """Give the archive that the application serves, as whoever asks may see it."""
    if (guest := guest_of_request()) is not None:
        return guest.archive
    archive: Archive = current_app.extensions["archive"]
    return archive


def hurried() -> AbstractContextManager[None]:
    """Keep a page that is shown waiting for a storage no longer than a moment, within a block.

    What is copied into files waits to the end: it is made once.
    """
    return elsewhere.hurried(None if current_app.jinja_env.globals["is_copied"] else PATIENCE)


def current_about() -> About:
    """Give what the archive says about itself; nothing where it cannot be read."""
    if "about" not in g:
        try:
            g.about = current_archive().about
        except ArchiveError as error:
            tell(_log, error)
            g.about = About()
    about: About = g.about
    return about


def archive_itself() -> dict[str, object]:
    """Give every page what the archive says about itself, and the version of its logo, where it has one."""
    about = current_about()
    logo = None
    try:
        logo = current_archive().logo if about.logo else None
    except ArchiveError as error:
        tell(_log, error)
    return {"about": about, "logo": logo.version if logo else None}


def current_index() -> Index:
    """Give the index of that archive, after a look at what has changed, where no other process looks."""
    index: Index = current_app.extensions["index"]
    if "index" not in g:
        g.index = index
        index.keep_current()
    return index


def called(slug: str, read: Callable[[str], _Value]) -> _Value:
    """Give what ``read`` reads of a recording by its slug, or by one that it had before.

    :raise PlayerError: as ``read`` does; NotFoundError where nobody knows of such a recording.
    """
    try:
        return read(slug)
    except WithdrawnError:
        raise
    except NotFoundError:
        now = current_index().called_now(slug)
        if now is None:
            raise
        try:
            return read(now)
        except (NotFoundError, ArchiveError):
            pass  # the index has yet to be told
        raise


def nav_items() -> dict[str, object]:
    """Give every page what its masthead leads to beside the recordings: the pages for which the archive has a file."""
    named = {"people": "People", "chronology": "Chronology", "dossiers": "Accounts compared", "sources": "Sources"}
    try:
        parts = current_index().parts
    except IndexServerError as error:
        # The page that says so has to be written, too.
        tell(_log, error)
        parts = frozenset()
    return {"nav_items": [(f"context.{part}", name) for part, name in named.items() if part in parts]}


def readable(read: Callable[[str], _Value], slugs: Iterable[str]) -> tuple[list[_Value], list[str]]:
    """Give what can be read, and what is wrong with the rest: one file's fault is no reason to hide the others."""
    found, faults = [], []
    for slug in slugs:
        try:
            found.append(read(slug))
        except ArchiveError as error:
            tell(_log, for_the_log(error))
            faults.append(error.for_visitors)
    return found, faults


def media_of(found: Record) -> Path:
    """Give the file of a recording's sound.

    :raise WithheldError: where it is not for everybody.
    :raise NotFoundError: where the archive does not hold it.
    :raise ArchiveError: where it may not be read.
    """
    if found.shown.sound is not None:
        raise WithheldError(found, "sound", found.shown.sound)
    if found.media_faults:
        raise ArchiveError(found.media_faults)
    if found.media is None:
        raise NotFoundError(f'the archive does not hold the sound of "{found.title}"; its page says where it is')
    if not found.media.is_file():
        raise NotFoundError(f'the sound of "{found.title}" is missing at the moment; its page says what can be read')
    return found.media
