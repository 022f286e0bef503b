"""``people.toml`` into who is who."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from player.archive import context_keys, dates
from player.archive.toml.tables import read_table, repeated
from player.errors import ArchiveError

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.citations import Citation


@dataclass(frozen=True)
class Person:
    """Somebody whom the archive names; ``README`` says what each key means."""

    id: str
    name: str
    role: str
    citations: tuple[Citation, ...]
    line: int | None
    also: tuple[str, ...] = ()
    born: str | None = None
    died: str | None = None
    role_date: str | None = None
    note: str | None = None
    certainty: str | None = None

    def is_named_in(self, text: str) -> bool:
        """Tell whether ``text`` names the person, by the name or by another of its forms, as whole words."""
        return any(
            re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for name in (self.name, *self.also) if name in text
        )


def read_people(path: Path) -> dict[str, Person]:
    """Read who is who, by id, in the order of the file; a file that is not there names nobody.

    :raise ArchiveError: naming every fault: those of any TOML file, repeated ids, lives that end before they begin.
    """
    if not os.path.lexists(path):
        return {}
    entries = read_table(path, context_keys.PEOPLE).get("person", ())
    faults = repeated(entries, "id", "person")
    for entry in entries:
        born, died = entry.get("born"), entry.get("died")
        if born and died and dates.latest(died) < dates.earliest(born):
            faults.append(entry.fault("died", f"died ({died}) before born ({born})", "mend the one or the other"))
    if faults:
        raise ArchiveError(faults)
    return {entry.get("id"): entry.build(Person, line=entry.line) for entry in entries}
