"""Makes the file of a set of passages that are named as a basket's address names them."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlsplit

from player import timecode
from player.archive.references import IDENTIFIER, SLUG
from player.archive.sets import MOST, read_set
from player.archive.toml.editing import edited, with_tables
from player.errors import PlayerError, TimecodeError, quoted, shown
from player.files import new_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from player.archive.archive import Archive

_LINES: Final = re.compile(rf"(?P<first>{IDENTIFIER.pattern})(?:\.\.(?P<last>{IDENTIFIER.pattern}))?", re.ASCII)
# What is to be written by hand, above each passage and in place of the title.
_TITLE: Final = "A set of passages"
_HINT: Final = (
    '# Write above each passage what a listener should know, as text = "…", and what that rests on, as\n'
    '# sources = ["id, page"]; title = "…" is a heading.\n'
)


class SetError(PlayerError):
    """A set cannot be made as asked."""

    status = 400


def passages_in(link: str) -> list[str]:
    """Give the passages that the link of a basket names.

    :raise SetError: where it names none.
    """
    try:
        found = parse_qs(urlsplit(link.strip()).query).get("p", [])
    except ValueError:  # an address that urllib refuses
        found = []
    if not found:
        raise SetError(f"{quoted(link)} is no link of a basket; copy it there, by Copy link")
    return found


def set_text(passages: Sequence[str], title: str = _TITLE) -> str:
    """Write the file of a set.

    :raise SetError: where one of the passages is none, or there are too many.
    """
    if len(passages) > MOST:
        raise SetError(f"a set has at most {MOST} passages, and these are {len(passages)}; make two of it")
    tables = [_table(each) for each in passages]
    return _HINT + with_tables(edited("", {"title": title}, ("title",)), "passage", tables)


def make_set(archive: Archive, slug: str, passages: Sequence[str], title: str) -> Path:
    """Write the file of a set into an archive; none is replaced.

    :raise SetError: where it cannot be called so, or a passage is none.
    :raise NotFoundError: where the archive has no such recording.
    :raise ArchiveError: where a file cannot be read.
    """
    if not SLUG.fullmatch(slug):
        what = f"{quoted(slug)} cannot stand in an address"
        raise SetError(f"{what}; use only letters, digits, hyphens and underscores")
    text = set_text(passages, title)
    for each in passages:
        archive.record(each.partition("@")[0])
    path = archive.transcripts / "sets" / f"{slug}.toml"
    # Refuses a folder that leads out of the archive.
    if slug in archive.sets.slugs() or os.path.lexists(path):
        raise SetError(f"there is a set called {quoted(slug)} already ({shown(path)}); give another name")
    path.parent.mkdir(exist_ok=True)
    with new_file(path) as beside:
        beside.write_text(text, encoding="utf-8", newline="\n")
        read_set(beside)
    return path


def _table(asked: str) -> Mapping[str, str]:
    slug, at, what = asked.partition("@")
    if not at or not SLUG.fullmatch(slug):
        raise SetError(f"{quoted(asked)} is no passage; write it as in interview@25,80")
    if (lines := _LINES.fullmatch(what)) is not None:
        last = lines["last"]
        return {"moment": f"{slug}#{lines['first']}", **({"last": f"{slug}#{last}"} if last else {})}
    try:
        start, end = timecode.parse_fragment(what)
    except TimecodeError as error:
        raise SetError(f"{quoted(asked)} is no passage: {error}") from None
    if end is None:
        raise SetError(f"{quoted(asked)} does not say where the passage ends; write it as in interview@25,80")
    return {"recording": slug, "start": timecode.display(start), "end": timecode.display(end)}
