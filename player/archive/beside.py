"""Reads what an archive has beside its recordings: logo, people, sources, scripts, sets, what happened when.

Each kind is imported when the first such file is read: the classes of all their keys take 15 ms to make, a tenth of the
time in which a passage is copied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.about import About
    from player.archive.chronology import Chronology
    from player.archive.dossiers import Dossier
    from player.archive.logo import Logo
    from player.archive.people import Person
    from player.archive.script import Script
    from player.archive.sets import PassageSet
    from player.archive.sources import Source


def chronology(path: Path) -> Chronology:
    """Read what happened when, as ``chronology.read_chronology`` does."""
    from player.archive.chronology import read_chronology  # noqa: PLC0415  # see above

    return read_chronology(path)


def dossier(path: Path) -> Dossier:
    """Read rival accounts of one event, as ``dossiers.read_dossier`` does."""
    from player.archive.dossiers import read_dossier  # noqa: PLC0415  # see above

    return read_dossier(path)


def logo(about: About, path: Path) -> Logo:
    """Read the logo, as ``logo.read_logo`` does."""
    from player.archive.logo import read_logo  # noqa: PLC0415  # see above

    return read_logo(about, path)


def passage_set(path: Path) -> PassageSet:
    """Read passages in an order, as ``sets.read_set`` does."""
    from player.archive.sets import read_set  # noqa: PLC0415  # see above

    return read_set(path)


def people(path: Path) -> dict[str, Person]:
    """Read who is who, as ``people.read_people`` does."""
    from player.archive.people import read_people  # noqa: PLC0415  # see above

    return read_people(path)


def script(path: Path) -> Script:
    """Read what voices are to say, as ``script.read_script`` does."""
    from player.archive.script import read_script  # noqa: PLC0415  # see above

    return read_script(path)


def sources(path: Path) -> dict[str, Source]:
    """Read the bibliography, as ``sources.read_sources`` does."""
    from player.archive.sources import read_sources  # noqa: PLC0415  # see above

    return read_sources(path)
