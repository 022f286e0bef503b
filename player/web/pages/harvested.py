"""Gathers for harvesters what visitors see of an archive, and when that was changed last."""

from __future__ import annotations

import hashlib
import json
import time
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from flask import current_app

from player.archive.gate.shown import Audience
from player.errors import PlayerError, WithdrawnError
from player.index.changes import Changes
from player.publish.oai import Entry, fields_of
from player.web.current import current_about, current_archive, current_index
from player.web.serving.public_address import public_address

if TYPE_CHECKING:
    from player.archive.archive import Archive
    from player.index.changes import Change

_KEY: Final = "changes"
# Of 96 bits no two are alike.
_LETTERS: Final = 24


def current_changes() -> Changes:
    """Give the changes of the current archive, up to now."""
    changes: Changes = current_app.extensions.setdefault(_KEY, Changes(current_archive().root))
    archive, index = current_archive().seen_by(Audience.VISITORS), current_index()
    state = f"{index.generation} {archive.day()} {current_about().name}"
    now = int(time.time())
    if changes.follow(state, lambda: _there(archive), lambda slug: _described(archive, slug), now):
        changes.withdrawn(_withdrawn(archive), now)
    return changes


def entry(change: Change) -> Entry:
    """Give a change as harvesters are told of it; what is gone since it was noticed, as gone."""
    told = None if change.is_gone else _told(current_archive().seen_by(Audience.VISITORS), change.slug)
    return Entry(named(change.name), change.changed, told)


def named(name: str) -> str:
    """Give the identifier of a recording for harvesters, which never changes (OAI-PMH, section 2.4)."""
    return f"{_beginning()}{name}"


def name_in(identifier: str) -> str | None:
    """Give what an identifier names; None where it is none of this archive's."""
    beginning = _beginning()
    return identifier.removeprefix(beginning) if identifier.startswith(beginning) else None


def _beginning() -> str:
    return f"oai:{urlsplit(public_address('recordings.shelf')).hostname}:"


def _there(archive: Archive) -> dict[str, tuple[str, str]]:
    """Give what can be seen: by its name for harvesters, the slug that it has, and what its files are.

    What opens or is closed by itself is described anew each day.
    """
    rows = current_index().rows(
        "SELECT slug, stamp, shown, judged, EXISTS (SELECT 1 FROM former WHERE recording = unit.id) AS is_renamed, "
        "EXISTS (SELECT 1 FROM recording AS other WHERE other.slug = recording.surrogate_for) AS has_original "
        "FROM recording JOIN unit USING (id) ORDER BY slug"
    )
    found: dict[str, tuple[str, str]] = {}
    for row in rows:
        slug = str(row["slug"])
        first = _first(archive, slug) if row["is_renamed"] else slug
        if first is not None:
            day = archive.day() if row["judged"] else ""
            found[_name(first)] = slug, f"{row['stamp']} {row['shown']} {day} {row['has_original']}"
    return found


def _name(slug: str) -> str:
    """Name a recording for harvesters by the first slug that it had.

    What is gone goes on being listed, and a slug can say what it was: so it is a digest, from which nothing is read.
    """
    return hashlib.sha256(slug.encode()).hexdigest()[:_LETTERS]


def _first(archive: Archive, slug: str) -> str | None:
    """Give the first slug that a recording had; None where it is gone meanwhile."""
    try:
        record = archive.record(slug)
    except PlayerError:
        return None
    return (*record.formerly, record.slug)[0]


def _withdrawn(archive: Archive) -> list[str]:
    """Give the recordings of which visitors are told that they were withdrawn: harvesters are told, too."""
    rows = current_index().rows(
        "SELECT name FROM unit WHERE kind = 'recording' AND id NOT IN (SELECT id FROM recording) ORDER BY name"
    )
    found = []
    for row in rows:
        try:
            archive.record(str(row["name"]))
        except WithdrawnError:
            found.append(_name(str(row["name"])))
        except PlayerError:
            continue
    return found


def _described(archive: Archive, slug: str) -> str | None:
    told = _told(archive, slug)
    return None if told is None else json.dumps(told)


def _told(archive: Archive, slug: str) -> list[tuple[str, str]] | None:
    """Describe a recording; None where visitors see nothing of it."""
    try:
        record = archive.record(slug)
    except PlayerError:
        return None
    about = current_about()
    there = record.surrogate_for and record.surrogate_for in current_index().recordings
    original = public_address("recordings.recording", slug=record.surrogate_for) if there else None
    page = public_address("recordings.recording", slug=slug)
    return fields_of(record, page=page, archive=about.name, original=original)
