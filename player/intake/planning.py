"""Decides what is written when a recording is added, and refuses what cannot be, before anything is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from player.archive.parts import folder_of
from player.archive.toml.values import WrongValueError, read_value
from player.audio import cache
from player.errors import AddError, ArchiveError, NotFoundError, quoted, shown
from player.intake import new_record, slugs
from player.intake.cells import LISTS
from player.intake.copying import held_already, refuse_full, refuse_unwritable
from player.intake.record_table import KEYS
from player.intake.transcripts.replacing import TRANSCRIPT
from player.intake.wanted import UNKNOWN
from player.timecode import SECOND

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Record
    from player.archive.toml.editing import Value
    from player.intake.sounds import Sound
    from player.intake.wanted import Found, Wanted

# What an access copy takes at most, for each second of each channel: AAC.
_COPY_BYTES: Final = 9_000


@dataclass(frozen=True)
class Plan:
    """What was decided before anything is written: the slug, and the record that is filled, if one is."""

    slug: str
    values: Mapping[str, Value]
    like: Mapping[str, Any]
    is_draft: bool
    record: Record | None
    remarks: tuple[str, ...]

    def media(self, sound: Sound) -> str:
        """Give the name under which a sound is held."""
        return f"{self.slug}{sound.suffix}"


def planned(archive: Archive, wanted: Wanted, found: Found) -> Plan:
    """Decide what is to be written, and refuse what cannot be.

    :raise PlayerError: where it cannot be added.
    """
    refuse_unwritable(archive)
    for sound in found.sounds:
        if (there := held_already(archive, sound.path)) is not None:
            raise AddError(f"{sound.name}: the archive has this very sound already: {_whose(archive, there)}")
    size = sum(sound.size for sound in found.sounds)
    length = sum((sound.header.stated or 0) // SECOND * sound.header.channels for sound in found.sounds)
    refuse_full(archive.media, size * (2 if len(found.sounds) > 1 else 1) + length * _COPY_BYTES)
    remarks = tuple(remark for sound in found.sounds for remark in sound.remarks)
    if wanted.to is not None:
        record = _record_to_fill(archive, wanted, found)
        return Plan(wanted.to, {}, {}, is_draft=False, record=record, remarks=remarks)
    like = new_record.taken_over(_recording(archive, wanted.like, "--like")) if wanted.like is not None else {}
    values = _values(archive, wanted, found, like)
    if wanted.slug is not None:
        slugs.refuse(archive, wanted.slug)
    slug = wanted.slug or slugs.free_slug(archive, str(values["title"]), str(values["date"]))
    is_draft = archive.about.added != "open" if wanted.publish is None else not wanted.publish
    return Plan(slug, values, like, is_draft, None, remarks)


def _values(archive: Archive, wanted: Wanted, found: Found, like: Mapping[str, Any]) -> dict[str, Value]:
    """Give the keys of a new record.

    :raise AddError: where a title or a date is missing, or a value is not what its key can be.
    """
    title, date = wanted.title or found.title, wanted.date or found.date
    missing = [name for name, value in (("title", title), ("date", date)) if not value]
    if missing:
        flags = " and ".join(f"--{name}" for name in missing)
        raise AddError(
            f"{found.sounds[0].name}: its {' and its '.join(missing)} cannot be told from its tags; give {flags}"
            + (f" (--date {UNKNOWN} where nobody knows)" if "date" in missing else "")
        )
    if date == UNKNOWN:
        date = f"../{dt.datetime.now(tz=dt.UTC).date().isoformat()}"
    language = wanted.language or found.language or like.get("language")
    own = archive.about.language
    values: dict[str, Value] = {
        **wanted.also,
        "title": title,
        "date": date,
        "language": language or (own if own != "en" else None),
        "series": wanted.series,
        "tags": list(wanted.tags) or None,
        "sources": like.get("sources"),
    }
    for name, value in values.items():
        if name not in KEYS or name == "media":
            raise AddError(f"{quoted(name)} is no key of a record that can be given; see docs/files.md")
        if value:
            given = [value] if KEYS[name].kind in LISTS and isinstance(value, str) else value
            try:
                read_value(given, KEYS[name])
            except WrongValueError as wrong:
                raise AddError(f"its {name} {'; '.join(wrong.args)}") from None
    return values


def _record_to_fill(archive: Archive, wanted: Wanted, found: Found) -> Record:
    """Give the record that is filled.

    :raise AddError: where it has a sound already, or expects another.
    """
    record = _recording(archive, wanted.to or "", "--to")
    if record.media_name is not None:
        raise AddError(
            f"{shown(record.path)}: it has a sound already, {quoted(record.media_name)}; add yours as another"
        )
    if record.withdrawal is not None:
        raise AddError(f"{shown(record.path)}: it was withdrawn; remove [withdrawal] by hand first")
    for name in slugs.files_of(archive, record.slug):
        raise AddError(
            f"{shown(archive.media / name)}: there is a file of this name already; move it out of media/ first"
        )
    if wanted.transcript and (record.folder / TRANSCRIPT).exists():
        raise AddError(
            f"{shown(record.folder / TRANSCRIPT)}: there is a transcript already; "
            f"leave out --transcript, and import yours after: player import {record.slug} FILE --force"
        )
    expected = record.holding.sha256 if record.holding else None
    if expected and len(found.sounds) == 1 and cache.digest(found.sounds[0].path) != expected.lower():
        raise AddError(
            f"{found.sounds[0].name}: the record of {record.slug} names another file by its SHA-256; "
            "remove sha256 from its [holding] if this is the right one"
        )
    return record


def _recording(archive: Archive, slug: str, flag: str) -> Record:
    """Give the record that a flag names.

    :raise AddError: where there is none, or it cannot be read.
    """
    try:
        return archive.record(slug)
    except NotFoundError as error:
        raise AddError(f"{flag}: {error}") from None
    except ArchiveError as error:
        raise AddError(f"{error}\n{flag} names this record; correct it first") from None


def _whose(archive: Archive, path: Path) -> str:
    """Say where a sound is in the archive: of which recording, and in which file."""
    for slug in archive.slugs():
        try:
            record = archive.record(slug)
        except (NotFoundError, ArchiveError):
            continue
        if record.media is not None and record.media == path:
            return f"{slug} ({shown(path)})"
        if path.parent == folder_of(archive.media, slug):
            return f"a part of {slug} ({shown(path)})"
    return f"{shown(path)}, which no record names; move it out of media/, and add it from there"
