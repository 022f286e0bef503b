"""What an archive says at one place: the words, where they stand, and what they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player.archive.prose import plain

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.citations import Citation
    from player.archive.people import Person

RECORD: Final = "record"
NOTE_KIND: Final = "note"
LINE: Final = "line"
ENTRY: Final = "entry"
PERSON: Final = "person"
DOSSIER: Final = "dossier"
SOURCE: Final = "source"


@dataclass(frozen=True)
class Spot:
    """Where on the pages something stands: on the page of ``kind`` and ``name``, at the element ``part``.

    ``kind`` is recording, person, chronology (``name`` is empty), dossier or source. ``at`` is the moment of a
    recording in milliseconds.
    """

    kind: str
    name: str = ""
    part: str | None = None
    at: int | None = None


@dataclass(frozen=True)
class Statement:
    """Something that the archive says, at a line of a file.

    ``citations`` are its own; ``grounds`` are what else it may quote from: what its parts cite, or the source that it
    describes. ``title`` is what a list calls it, and may be another's words. ``prose`` is Markdown and ``plain`` is
    not; both are what it says itself, and may hold quotations between “ and ”. ``quotation`` is quoted as a whole.
    ``is_written`` is false where the words are not the archive's own but those that were spoken.
    """

    kind: str
    title: str
    path: Path
    line: int | None
    spot: Spot
    citations: tuple[Citation, ...] = ()
    grounds: tuple[Citation, ...] = ()
    prose: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    quotation: str | None = None
    people: tuple[str, ...] = ()
    is_written: bool = True

    def names(self, person: Person) -> bool:
        """Tell whether it points at a person, or has one of the person's names in its words."""
        if person.id in self.people:
            return True
        return any(person.is_named_in(text) for text in self.texts)

    @property
    def rests_on(self) -> tuple[Citation, ...]:
        """The sources that it may quote from."""
        return (*self.citations, *self.grounds)

    @property
    def texts(self) -> tuple[str, ...]:
        """What it says, as it is read: without Markdown's marks, and with signs in place of their names."""
        return (*map(plain, self.prose), *self.plain, *filter(None, [self.quotation]))
