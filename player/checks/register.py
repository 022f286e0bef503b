"""Lists what an archive has that can be pointed at, and says what is missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from player.archive.references import NOTE, Pointer

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping

    from player.archive.toml.declared import Kind


class Target(NamedTuple):
    """What is pointed at: a thing of the archive by its id or slug, and which ``part`` of it; None means the whole.

    ``kind`` is recording, moment, person, source, entry, dossier or set.
    """

    kind: str
    to: str
    part: str | None = None


@dataclass(frozen=True)
class Ids:
    """The ids in a recording; those of lines, or of annotations, are None where these cannot be read."""

    lines: Container[str] | None = ()
    notes: Container[str] | None = ()


@dataclass(frozen=True)
class Register:
    """The ids of an archive. A file that cannot be read is None: nothing is said to be missing from it.

    ``ids`` gives those of a recording, None where its record cannot be read; ``dossiers`` has their questions.
    """

    recordings: Container[str] = ()
    people: Container[str] | None = ()
    sources: Container[str] | None = ()
    entries: Container[str] | None = ()
    dossiers: Mapping[str, Container[str] | None] = field(default_factory=dict)
    sets: Container[str] = ()
    ids: Callable[[str], Ids | None] = lambda _: None

    def missing(self, target: Target) -> str | None:
        """Say that what is pointed at is not there; None where it is."""
        return _FAULTS[target.kind](self, target)

    def _person(self, target: Target) -> str | None:
        return _unless(self.people, target.to, f'no person has the id "{target.to}"')

    def _source(self, target: Target) -> str | None:
        return _unless(self.sources, target.to, f'no source has the id "{target.to}"')

    def _entry(self, target: Target) -> str | None:
        return _unless(self.entries, target.to, f'no entry of the chronology has the id "{target.to}"')

    def _dossier(self, target: Target) -> str | None:
        if target.to not in self.dossiers:
            return f'no dossier is called "{target.to}"'
        if target.part is None:
            return None
        what = f'the dossier "{target.to}" has no question with the id "{target.part}"'
        return _unless(self.dossiers[target.to], target.part, what)

    def _set(self, target: Target) -> str | None:
        return _unless(self.sets, target.to, f'no set is called "{target.to}"')

    def _recording(self, target: Target) -> str | None:
        return _unless(self.recordings, target.to, f'no recording is called "{target.to}"')

    def _moment(self, target: Target) -> str | None:
        """Say that there is no such recording, or neither such a line nor such an annotation in it."""
        if target.to not in self.recordings or target.part is None:
            return self._recording(target)
        ids = self.ids(target.to)
        if ids is None:
            return None
        if target.part.startswith(NOTE):
            name = target.part.removeprefix(NOTE)
            return _unless(ids.notes, name, f'"{target.to}" has no annotation with the id "{name}"')
        return _unless(ids.lines, target.part, f'no line of "{target.to}" has the identifier "{target.part}"')


_FAULTS: Final[dict[str, Callable[[Register, Target], str | None]]] = {
    "person": Register._person,  # noqa: SLF001  # a table of this class's own
    "source": Register._source,  # noqa: SLF001  # a table of this class's own
    "entry": Register._entry,  # noqa: SLF001  # a table of this class's own
    "set": Register._set,  # noqa: SLF001  # a table of this class's own
    "dossier": Register._dossier,  # noqa: SLF001  # a table of this class's own
    "recording": Register._recording,  # noqa: SLF001  # a table of this class's own
    "moment": Register._moment,  # noqa: SLF001  # a table of this class's own
}
_ONE: Final[dict[Kind, str]] = {
    "person": "person",
    "source": "source",
    "recording": "recording",
    "dossier": "dossier",
    "set": "set",
    "moment": "moment",
}
_SEVERAL: Final[dict[Kind, str]] = {
    "people": "person",
    "sources": "source",
    "entries": "entry",
    "dossiers": "dossier",
    "moments": "moment",
}

#: The kinds of values that point at something else in the archive.
POINTERS: Final[tuple[Kind, ...]] = (*_ONE, *_SEVERAL)


def targets(kind: Kind, found: Any) -> list[Target]:
    """List what a value of the given kind points at; nothing for a kind that does not."""
    if kind in _ONE:
        return [_target(_ONE[kind], found)]
    return [_target(_SEVERAL[kind], each) for each in found] if kind in _SEVERAL else []


def _target(kind: str, found: Any) -> Target:
    if isinstance(found, Pointer):
        return Target(kind, found.to, found.part)
    return Target(kind, found if isinstance(found, str) else found.source)


def _unless(known: Container[str] | None, name: str, what: str) -> str | None:
    return None if known is None or name in known else what
