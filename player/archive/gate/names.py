"""Knows whose names are not shown, and replaces or drops them in what is."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar

from player.archive.recording import Recording
from player.errors import ArchiveError
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from player.archive.people import Person
    from player.archive.recording import Record, Speaker
    from player.archive.toml.declared import Table
    from player.errors import Fault

_Table = TypeVar("_Table", bound="Table")

# "Ada's": folding would make one word of it.
_POSSESSIVE: Final = re.compile(r"['’]s?\b")
#: What a speaker is called whose name is withheld, and who was given no other.
WITHHELD: Final = "Name withheld"


@value
class Private:
    """The people whose names are not shown; where it ``is_everybody``, nobody knows who they are."""

    people: tuple[Person, ...] = ()
    is_everybody: bool = False

    @classmethod
    def of(cls, people: Mapping[str, Person]) -> Private:
        """Find those among the people of an archive."""
        return cls(tuple(person for person in people.values() if person.private))

    @classmethod
    def read(cls, path: Path, barred: Mapping[Path, Fault]) -> Private:
        """Give those whom people.toml calls private; everybody, where it cannot be read, or is ``barred``."""
        from player.archive.people import read_people  # noqa: PLC0415  # for visitors, where a record names somebody

        try:
            return cls(is_everybody=True) if barred else cls.of(read_people(path))
        except ArchiveError:
            return cls(is_everybody=True)

    def __bool__(self) -> bool:
        """Tell whether there is anyone."""
        return self.is_everybody or bool(self.people)

    def __contains__(self, person: object) -> bool:
        """Tell whether the name of the person with an id is not shown."""
        return self.is_everybody or person in self._ids

    def named_in(self, *texts: str | None) -> Person | None:
        """Give one of them whom a text names, by an id or any form of the name, however its letters are written."""
        for text in filter(None, texts):
            words = _words(text)
            for person, forms, written in self._forms:
                if text == person.id or any(form in words for form in forms) or written.search(text):
                    return person
        return None

    @cached_property
    def _ids(self) -> frozenset[str]:
        return frozenset(person.id for person in self.people)

    @cached_property
    def _forms(self) -> list[tuple[Person, list[str], re.Pattern[str]]]:
        return [
            (
                each,
                [words for form in (each.name, *each.also) if (words := _words(form)).strip()],
                re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, (each.name, *each.also)))})(?!\w)", re.IGNORECASE),
            )
            for each in self.people
        ]


def voices(record: Record, private: Private) -> dict[str, str]:
    """Give what each voice is called whose name is replaced: as the transcript names it, and as it is shown."""
    found: dict[str, str] = {}
    for speaker in record.speaker:
        if speaker.display_name:
            found[speaker.name] = speaker.display_name
        elif (person := private.named_in(speaker.name, speaker.person)) is not None:
            found[speaker.name] = person.display_name or _withheld(found.values())
        elif private.is_everybody:
            found[speaker.name] = _withheld(found.values())
    if isinstance(record, Recording) and record.transcript and (found or private):
        declared = {speaker.name for speaker in record.speaker}
        alike = {_words(name): shown for name, shown in found.items()}
        said = dict.fromkeys(turn.speaker for line in record.transcript.lines for turn in line.turns)
        for name in said:
            if name is None or name in declared:
                continue
            person = private.named_in(name)
            # Where one name is not shown, another that the record does not know may be a slip of it.
            found[name] = alike.get(_words(name)) or (person and person.display_name) or _withheld(found.values())
    return found


def points_at(record: Record, private: Private) -> bool:
    """Tell whether a note of a recording, or who knew a speaker, points at somebody whose name is not shown."""
    notes = record.annotations if isinstance(record, Recording) else ()
    if any(private.named_in(speaker.identified_by) for speaker in record.speaker):
        return True
    return any(name in private for note in notes for name in note.people)


def speaker_shown(speaker: Speaker, called: Mapping[str, str], private: Private) -> Speaker:
    """Give a speaker under the name that is shown, and nothing that tells who it is."""
    if speaker.name in called:
        return replace(speaker, name=called[speaker.name], display_name=None, person=None, identified_by=None)
    if private.named_in(speaker.identified_by) is not None:
        return replace(speaker, identified_by=None)
    return speaker


def without(table: _Table, private: Private) -> _Table:
    """Give a table, and all tables in it, without what points at people whose names are not shown."""
    changed: dict[str, Any] = {}
    for key in table.keys:
        value = getattr(table, key.filled)
        if not value:
            continue
        if key.kind == "person" and value in private:
            changed[key.filled] = None
        elif key.kind == "people" and any(name in private for name in value):
            changed[key.filled] = tuple(name for name in value if name not in private)
        elif key.kind == "table":
            changed[key.filled] = without(value, private)
        elif key.kind == "tables":
            changed[key.filled] = _each_without(value, private)
    different = {name: value for name, value in changed.items() if value is not getattr(table, name)}
    return replace(table, **different) if different else table


def _each_without(tables: Any, private: Private) -> Any:
    if isinstance(tables, dict):
        made = {name: without(table, private) for name, table in tables.items()}
        return made if any(made[name] is not tables[name] for name in made) else tables
    several: Sequence[Table] = tables
    made_of = tuple(without(table, private) for table in several)
    return made_of if any(one is not other for one, other in zip(made_of, several, strict=True)) else tables


def _words(text: str) -> str:
    """Give the words of a text as names are compared, with a space around each."""
    from player.letters import parts_of  # noqa: PLC0415  # 2 ms, where hardly any archive has private people

    return f" {' '.join(parts_of(_POSSESSIVE.sub(' ', text)))} "


def _withheld(taken: Iterable[str]) -> str:
    """Give another name for each voice of a recording that has none to be shown."""
    count = sum(name.startswith(WITHHELD) for name in taken)
    return f"{WITHHELD} ({count + 1})" if count else WITHHELD
