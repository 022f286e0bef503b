"""Finds the name of a new recording's folder, which stands in its address for good."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from player.archive.archive import RESERVED
from player.archive.media_names import compared
from player.archive.references import SLUG
from player.errors import AddError, quoted, shown
from player.intake.former_names import leads_to
from player.letters import parts_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from player.archive.archive import Archive

# Addresses are read aloud and printed.
_LONGEST: Final = 48
# File systems have names of 255 bytes, and with it go suffixes.
_MOST: Final = 120
_DAY: Final = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
#: Folders beside the recordings that are none, also those that older versions did not know.
_RESERVED: Final = RESERVED | {"history"}


def slug_of(title: str, date: str) -> str:
    """Make a slug of a title, its letters as search compares them; of its date, where none of them can be in one."""
    words = [word for word in parts_of(title) if SLUG.fullmatch(word)]
    found = ""
    for word in words:
        if found and len(found) + 1 + len(word) > _LONGEST:
            break
        found = f"{found}-{word}" if found else word[:_LONGEST]
    return found or f"recording-{_day(date) or 'undated'}"


def free_slug(archive: Archive, title: str, date: str) -> str:
    """Give a slug for a title that no recording has: with its date before it, or a number behind, where need be."""
    found = slug_of(title, date)
    day = _day(date)
    dated = found if day is None or day in found else f"{day}-{found}"
    return next(each for each in _tried(found, dated) if why_not(archive, each) is None)


def refuse(archive: Archive, slug: str) -> None:
    """Refuse a slug that a new recording cannot have.

    :raise AddError: saying why.
    """
    if (why := why_not(archive, slug)) is not None:
        raise AddError(f"{why}; name another with --slug")


def why_not(archive: Archive, slug: str) -> str | None:
    """Say why a new recording cannot have a slug; None where it can."""
    if not SLUG.fullmatch(slug):
        return f"{quoted(slug)} cannot stand in an address: use only letters, digits, hyphens and underscores"
    if len(slug) > _MOST:
        return f"{quoted(slug)} is longer than {_MOST} signs"
    if slug.lower() in _RESERVED:
        return f"{quoted(slug)} is reserved: recordings cannot have this name"
    for folder, what in ((archive.transcripts, "there is a recording"), (archive.media, "media/ has a file")):
        there = next((name for name in _names(folder) if _is_like(name, slug, is_file=folder == archive.media)), None)
        if there is not None:
            return f"{what} called {quoted(there)} already ({shown(folder / there)})"
    if (now := leads_to(archive, slug)) is not None:
        return f"{quoted(slug)} is a former name of {now}, to which its address leads"
    return None


def files_of(archive: Archive, slug: str) -> list[str]:
    """List the files of ``media`` that have the name of a recording, whatever their suffix."""
    return [name for name in _names(archive.media) if _is_like(name, slug, is_file=True)]


def _is_like(name: str, slug: str, *, is_file: bool) -> bool:
    """Tell whether two names would be one where capitals do not count."""
    return compared(name.rpartition(".")[0] if is_file and "." in name else name) == compared(slug)


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208  # names are all that is wanted, of thousands
    except OSError:
        return []


def _tried(found: str, dated: str) -> Iterator[str]:
    yield from (found, dated)
    number = 2
    while True:
        yield f"{dated}-{number}"
        number += 1


def _day(date: str) -> str | None:
    match = _DAY.match(date)
    return match[0] if match else None
