"""Adds a recording to an archive: its sound, its record, and its transcript where there is one; all of it or nothing.

The command, a table of many and several sounds in order all come through ``add``. Nobody is asked anything here.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from player.archive.parts import folder_of
from player.audio import access, access_make, probe
from player.audio.access_make import Names
from player.errors import AudioError, WriteError
from player.intake import fetching, new_record, parts
from player.intake.copying import copied, refuse_unlike
from player.intake.foreseen import foreseen
from player.intake.held import Held, brought, read_written
from player.intake.planning import planned
from player.intake.transaction import transaction
from player.intake.transcripts.replacing import ANNOTATIONS, TRANSCRIPT
from player.intake.wanted import UNKNOWN, Added, Found, Wanted, looked_at, taken

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Record
    from player.archive.toml.editing import Value
    from player.audio.access_make import Made
    from player.intake.planning import Plan
    from player.intake.transaction import Change
    from player.intake.transcripts.bringing import Brought
    from player.intake.wanted import Progress

__all__ = ["UNKNOWN", "Added", "Found", "Wanted", "add", "looked_at", "taken"]

# What ffmpeg says where it could not write all.
_FULL: Final = re.compile(r"space left|quota|too large|size limit", re.IGNORECASE)
_RECORD: Final = "recording.toml"


def add(
    archive: Archive,
    wanted: Wanted,
    progress: Progress | None = None,
    *,
    found: Found | None = None,
    dry_run: bool = False,
) -> Added:
    """Add a recording. ``found`` is what ``looked_at`` gave, where that was called before.

    :raise PlayerError: where it cannot be added, or a title or a date is missing; the archive is then as it was.
    """
    tell = progress or (lambda *_: None)
    found = found or looked_at(wanted, tell)
    if dry_run:
        plan = planned(archive, wanted, found)
        return Added(plan.slug, tuple(foreseen(archive, wanted, found, plan)))
    with transaction(archive.root) as change:
        plan = planned(archive, wanted, found)
        adding = _Adding(archive, wanted, found, plan, change, tell)
        made = adding.make()
    if wanted.move:
        # The digest of several is that of what was joined; each part has one of its own.
        for sound, (path, digest) in zip(found.sounds, adding.kept, strict=True):
            refuse_unlike(path, digest)
            if sound.address is None:
                sound.path.unlink()
    for address in wanted.sound:
        if isinstance(address, str):
            fetching.forget(address)
    return made


@dataclass
class _Adding:
    """Writes what a plan says, into a change of the archive."""

    archive: Archive
    wanted: Wanted
    found: Found
    plan: Plan
    change: Change
    tell: Progress
    #: Where each sound will be held, and its digest.
    kept: list[tuple[Path, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def make(self) -> Added:
        """Write all of it."""
        self.remarks += self.plan.remarks
        held = self._held()
        holding = {
            "obtained_from": ", ".join(dict.fromkeys(sound.obtained_from for sound in self.found.sounds)),
            "obtained": dt.datetime.now(tz=dt.UTC).date().isoformat(),
            "sha256": None if held.parts else held.sha256,
        }
        if self.plan.record is None:
            self._new(held, holding)
        else:
            self._filled(self.plan.record, held, holding)
        return Added(self.plan.slug, tuple(self.remarks))

    def _held(self) -> Held:
        """Copy the sounds into the archive, and join them where there are several."""
        media, slug, sounds = self.archive.media, self.plan.slug, self.found.sounds
        if len(sounds) == 1:
            target = media / self.plan.media(sounds[0])
            beside = self.change.new(target)
            digest = self._copied(sounds[0].path, beside)
            self.kept.append((target, digest))
            return Held(beside, target, digest, self._length() if self.found.transcripts else None)
        names = [sound.name for sound in sounds]
        called = self.wanted.part_titles or self.found.part_titles
        joined = parts.joined(
            self.change.new, self._copied, media, slug, [sound.path for sound in sounds], names, called, self.tell
        )
        self.remarks.append(parts.described(joined.target.name, called, joined.starts, joined.duration))
        folder = folder_of(media, slug)
        self.kept += [(folder / str(part["media"]), str(part["sha256"])) for part in joined.parts]
        return Held(joined.beside, joined.target, joined.sha256, joined.duration, joined.starts, joined.parts)

    def _length(self) -> int | None:
        """Measure the only sound, in milliseconds: what its container states may be longer, and its last line too."""
        (sound,) = self.found.sounds
        try:
            return probe.probe(sound.path).duration
        except AudioError:
            return sound.header.stated  # player check says what is wrong with it

    def _copied(self, source: Path, target: Path) -> str:
        name = next(sound.name for sound in self.found.sounds if sound.path == source)
        return copied(source, target, lambda done: self.tell(f"Copying {name}", done))

    def _new(self, held: Held, holding: Mapping[str, Value]) -> None:
        plan, folder = self.plan, self.archive.transcripts / self.plan.slug
        performer = self.found.sounds[0].tags.performer if len(self.found.sounds) == 1 else None
        text = new_record.new_record(
            {**plan.values, "media": held.target.name}, holding, held.parts, plan.like, performer
        )
        is_unchecked = False
        self._access_copy(held, None)
        beside = self.change.new(folder)
        beside.mkdir()
        written = beside / _RECORD
        written.write_text(text, encoding="utf-8")
        record = read_written(beside, self.archive, plan.slug)
        if self.found.transcripts:
            made = self._brought(record, held, text)
            text = made.record_text
            is_unchecked = made.machine is not None and made.review is None
            if made.transcript:
                (beside / TRANSCRIPT).write_bytes(made.transcript)
            if made.annotations_text is not None:
                (beside / ANNOTATIONS).write_text(made.annotations_text, encoding="utf-8")
        if plan.is_draft:
            text = new_record.as_draft(text, plan.slug)
        elif is_unchecked and self.wanted.publish:
            text = new_record.as_published(text)
        written.write_text(text, encoding="utf-8")

    def _filled(self, record: Record, held: Held, holding: Mapping[str, Value]) -> None:
        before, text = new_record.filled(record, held.target.name, holding, held.parts)
        if self.found.transcripts:
            made = self._brought(record, held, text)
            text = made.record_text
            if made.transcript:
                self.change.write(record.folder / TRANSCRIPT, made.transcript)
            notes = record.folder / ANNOTATIONS
            if made.annotations_text is not None and made.annotations_before is None:
                self.change.write(notes, made.annotations_text.encode())
            elif made.annotations_text is not None and made.annotations_before is not None:
                self.change.replace(notes, made.annotations_before, made.annotations_text.encode())
        self._access_copy(held, record)
        self.remarks += new_record.doubtful(record)
        self.change.replace(record.path, before, new_record.as_bytes(text, before))

    def _brought(self, record: Record, held: Held, text: str) -> Brought:
        made, told = brought(self.archive, self.wanted, self.found, record, held, text)
        self.remarks += told
        return made

    def _access_copy(self, held: Held, record: Record | None) -> None:
        """Make what browsers play instead of the sound, where they need it; without it a recording is complete.

        :raise WriteError: where there is no room for it.
        """
        source = self.found.sounds[0].path if not held.parts else held.beside
        slug, media = self.plan.slug, self.archive.media
        try:
            if (why := access.needed(source)) is None:
                return
            access.check_folder(media)
            kind = access.kind_for(source)
        except AudioError as error:
            self.remarks.append(f"{error}; until then browsers are given the sound as it is")
            return
        if record is not None and (record.closed or record.access):
            self.remarks.append(f"{held.target.name}: {why}; make the copy that they get: player access {slug}")
            return
        try:
            made = access_make.or_flac(kind, partial(self._copy_as, source, held))
        except AudioError as error:
            if isinstance(error, WriteError) and _FULL.search(str(error)):
                raise
            self.remarks.append(f"{error}; until then browsers are given the sound as it is")
            return
        instead = ", FLAC since M4A could not be proven exact" if made.is_instead else ""
        size = f"{made.size / 1e6:.1f} MB{instead}"
        self.remarks.append(f"{held.target.name}: {why}; a copy that they play exactly lies beside it ({size})")

    def _copy_as(self, source: Path, held: Held, kind: str) -> Made:
        """Make a copy of a kind; nothing is left of one that cannot be made."""
        target = access.place(self.archive.media, self.plan.slug, kind)
        sidecar, copy = self.change.new(access_make.sidecar_of(target)), self.change.new(target)
        names = Names(held.target.name, target.name, held.sha256)
        done = partial(self.tell, "Making what browsers play")
        try:
            return access_make.write(source, copy, sidecar, names, kind=kind, progress=done)
        except AudioError:
            for beside in (copy, sidecar):
                self.change.drop(beside)
            raise
