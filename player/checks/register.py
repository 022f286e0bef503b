"""Lists what an archive has that can be pointed at, and says what is missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from player.archive.references import NOTE, Pointer
from player.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from player.archive.archive import Archive
    from player.archive.dossiers import Dossier
    from player.archive.recording import Recording
    from player.archive.references import Citation
    from player.archive.toml.declared import Kind

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

    def faults(self, kind: Kind, found: Any) -> list[str]:
        """Say what is not there of all that a value of the given kind points at; nothing for a kind that does not."""
        if kind in _ONE:
            return [what for what in [_ONE[kind](self, found)] if what is not None]
        if kind in _SEVERAL:
            return [what for each in found if (what := _SEVERAL[kind](self, each)) is not None]
        return []

    def person_fault(self, name: str) -> str | None:
        """Say that nobody has this id; None where somebody has."""
        return None if self.people is None or name in self.people else f'no person has the id "{name}"'

    def source_fault(self, citation: Citation) -> str | None:
        """Say that no source has the id that is cited; None where one has."""
        known = self.sources is None or citation.source in self.sources
        return None if known else f'no source has the id "{citation.source}"'

    def entry_fault(self, name: str) -> str | None:
        """Say that no entry of the chronology has this id; None where one has."""
        known = self.entries is None or name in self.entries
        return None if known else f'no entry of the chronology has the id "{name}"'

    def dossier_fault(self, pointer: Pointer) -> str | None:
        """Say that there is no such dossier, or no such question in it; None where there is."""
        if pointer.to not in self.dossiers:
            return f'no dossier is called "{pointer.to}"'
        dossier = self.dossiers[pointer.to]
        if dossier is None or pointer.part is None or pointer.part in dossier.questions:
            return None
        return f'the dossier "{pointer.to}" has no question with the id "{pointer.part}"'

    def recording_fault(self, slug: str) -> str | None:
        """Say that no recording is called so; None where one is."""
        return None if slug in self.recordings else f'no recording is called "{slug}"'

    def moment_fault(self, pointer: Pointer) -> str | None:
        """Say that there is no such recording, or neither such a line nor such an annotation in it."""
        if pointer.to not in self.recordings or pointer.part is None:
            return self.recording_fault(pointer.to)
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


_ONE: Final[dict[Kind, Callable[[Register, Any], str | None]]] = {
    "person": Register.person_fault,
    "source": Register.source_fault,
    "recording": Register.recording_fault,
    "dossier": lambda register, slug: register.dossier_fault(Pointer(slug)),
    "moment": Register.moment_fault,
}
_SEVERAL: Final[dict[Kind, Callable[[Register, Any], str | None]]] = {
    "people": Register.person_fault,
    "sources": Register.source_fault,
    "entries": Register.entry_fault,
    "dossiers": Register.dossier_fault,
    "moments": Register.moment_fault,
}

#: The kinds of values that point at something else in the archive.
POINTERS: Final[tuple[Kind, ...]] = (*_ONE, *_SEVERAL)


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
