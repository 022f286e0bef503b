"""What an archive has that can be pointed at, and the words for what it has not."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import unquote, urlsplit

from player.archive.pointers import NOTE, Pointer
from player.errors import ArchiveError, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from player.archive.archive import Archive
    from player.archive.dossiers import Dossier
    from player.archive.recording import Recording

_Read = TypeVar("_Read")


@dataclass(frozen=True)
class Register:
    """The ids of an archive. A file that cannot be read is None: nothing is said to be missing from it."""

    recordings: Mapping[str, Recording | None] = field(default_factory=dict)
    people: Collection[str] | None = ()
    sources: Collection[str] | None = ()
    entries: Collection[str] | None = ()
    dossiers: Mapping[str, Dossier | None] = field(default_factory=dict)

    @classmethod
    def of(cls, archive: Archive) -> Register:
        """List what ``archive`` has."""
        chronology = _attempt(lambda: archive.chronology)
        return cls(
            {slug: _attempt(partial(archive.recording, slug)) for slug in archive.slugs()},
            _attempt(lambda: archive.people),
            _attempt(lambda: archive.sources),
            {entry.id for entry in chronology.entries} if chronology else None,
            {slug: _attempt(partial(archive.dossier, slug)) for slug in _dossiers(archive)},
        )

    def no_person(self, name: str) -> str | None:
        """Say that nobody has this id; None where somebody has."""
        return None if self.people is None or name in self.people else f'no person has the id "{name}"'

    def no_source(self, name: str) -> str | None:
        """Say that no source has this id; None where one has."""
        return None if self.sources is None or name in self.sources else f'no source is called "{name}"'

    def no_entry(self, name: str) -> str | None:
        """Say that no entry of the chronology has this id; None where one has."""
        known = self.entries is None or name in self.entries
        return None if known else f'no entry of the chronology has the id "{name}"'

    def no_dossier(self, pointer: Pointer) -> str | None:
        """Say that there is no such dossier, or no such question in it; None where there is."""
        if pointer.to not in self.dossiers:
            return f'no dossier is called "{pointer.to}"'
        dossier = self.dossiers[pointer.to]
        if dossier is None or pointer.part is None or pointer.part in dossier.questions:
            return None
        return f'the dossier "{pointer.to}" has no question with the id "{pointer.part}"'

    def no_recording(self, slug: str) -> str | None:
        """Say that no recording is called so; None where one is."""
        return None if slug in self.recordings else f'no recording is called "{slug}"'

    def no_moment(self, pointer: Pointer) -> str | None:
        """Say that there is no such recording, or neither such a line nor such an annotation in it."""
        if pointer.to not in self.recordings or pointer.part is None:
            return self.no_recording(pointer.to)
        recording = self.recordings[pointer.to]
        if recording is None or _may_have(recording, pointer.part):
            return None
        if pointer.part.startswith(NOTE):
            if any(pointer.part == f"{NOTE}{annotation.id}" for annotation in recording.annotations):
                return None
            return f'"{pointer.to}" has no annotation with the id "{pointer.part.removeprefix(NOTE)}"'
        if recording.transcript and any(pointer.part == cue.id for cue in recording.transcript.cues):
            return None
        return f'no line of "{pointer.to}" has the identifier "{pointer.part}"'

    def no_page(self, address: str) -> str | None:
        """Say that a path of this site, such as ``/chronology#entry-y``, is none; None where there is one."""
        parts = urlsplit(address)
        room, _, name = unquote(parts.path).strip("/").partition("/")
        anchor = unquote(parts.fragment)
        if room in {"", "chronology", "people", "dossiers", "recordings", "sources"} and not name:
            return self._no_part(room, anchor)
        missing: dict[str, Callable[[str], str | None]] = {
            "people": self.no_person,
            "sources": self.no_source,
            "recordings": self.no_recording,
            "dossiers": lambda slug: self.no_dossier(Pointer(slug)),
        }
        if room not in missing:
            return f"this site has no page {quoted(parts.path)}"
        return missing[room](name.partition("/")[0]) or self._no_anchor(room, name, anchor)

    def _no_part(self, room: str, anchor: str) -> str | None:
        if room == "sources" and anchor.startswith("source-"):
            return self.no_source(anchor.removeprefix("source-"))
        if room == "chronology" and anchor.startswith("entry-"):
            return self.no_entry(anchor.removeprefix("entry-"))
        return None

    def _no_anchor(self, room: str, name: str, anchor: str) -> str | None:
        recording = self.recordings.get(name) if room == "recordings" else None
        if recording is not None:
            lines = {f"cue-{cue.id}" for cue in recording.transcript.cues} if recording.transcript else set()
            notes = {f"{NOTE}{annotation.id}" for annotation in recording.annotations}
            is_told = anchor.startswith(("cue-", NOTE)) and not _may_have(recording, anchor)
            if is_told and anchor not in lines | notes:
                return f'"{name}" has no line and no annotation {quoted(anchor)}'
        if room == "dossiers" and anchor.startswith("question-"):
            return self.no_dossier(Pointer(name, anchor.removeprefix("question-")))
        return None


def _may_have(recording: Recording, part: str) -> bool:
    """Tell whether a line, or an annotation, may stand in what of the recording cannot be read."""
    return bool(recording.unread.annotations if part.startswith(NOTE) else recording.unread.transcript)


def _attempt(read: Callable[[], _Read]) -> _Read | None:
    try:
        return read()
    except ArchiveError:
        return None


def _dossiers(archive: Archive) -> list[str]:
    try:
        return archive.dossier_slugs()
    except ArchiveError:
        return []
