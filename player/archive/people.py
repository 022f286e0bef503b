"""Reads ``people.toml``: who is who."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from player.archive import dates
from player.archive.references import CERTAINTIES, Citation
from player.archive.toml.declared import Table, declared, key, tables_by
from player.archive.toml.tables import read_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from player.errors import Fault


@declared
class Person(Table):
    """Somebody whom the archive names."""

    id: str = key("id", "the id by which other files name the person")
    name: str = key("text", "the name as it is printed")
    also: tuple[str, ...] = key("texts", "other forms of the name, as texts have them", default=())
    born: str | None = key("date", "when, as far as is known", default=None)
    died: str | None = key("date", "when, as far as is known", default=None)
    role: str = key("text", "what the person was at the time")
    role_date: str | None = key(
        "date",
        "the date of the role; if left out, the date of the archive's recordings, provided they all have the same one",
        default=None,
    )
    note: str | None = key("Markdown", "one to three sentences", default=None)
    citations: tuple[Citation, ...] = key("sources", "what it rests on", name="sources")
    certainty: str | None = key("choice", "how sure this is", choices=CERTAINTIES, default=None)
    private: bool = key(
        "flag", "whether the name is not shown: the person has no page, and is in no list", default=False
    )
    display_name: str | None = key(
        "text", "what a private person's voice is called instead; `Name withheld` if left out", default=None, said=False
    )

    def is_named_in(self, text: str) -> bool:
        """Tell whether ``text`` names the person, by the name or by another of its forms, as whole words."""
        return any(
            re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for name in (self.name, *self.also) if name in text
        )


@declared
class PeopleFile(Table):
    """Who is who."""

    people: dict[str, Person] = tables_by("id", Person, "person", default_factory=dict)


def read_people(path: Path) -> dict[str, Person]:
    """Read who is who, by id, in the order of the file; a file that is not there names nobody.

    :raise ArchiveError: naming every fault: those of any TOML file, repeated ids, lives that end before they begin.
    """
    if not os.path.lexists(path):
        return {}
    return read_file(path, PeopleFile, _faults).people


def _faults(file: PeopleFile) -> Iterator[Fault]:
    for each in file.people.values():
        if each.born and each.died and dates.latest(each.died) < dates.earliest(each.born):
            yield each.fault(
                "died", f"the person died ({each.died}) before being born ({each.born})", "correct one or the other"
            )
