"""What other pages of the archive point at a recording, and at which of its moments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for

from player.web.pages.surroundings import Link

if TYPE_CHECKING:
    from player.web.pages.surroundings import Surroundings


@dataclass(frozen=True)
class Elsewhere:
    """One entry or dossier that points at the recording."""

    page: Link
    moments: tuple[Link, ...]


def elsewhere(slug: str, around: Surroundings) -> list[Elsewhere]:
    """List the dossiers, and then the entries of the chronology, that point at the recording."""
    found = []
    for dossier in around.dossiers.values():
        here = [tie.moment for tie in dossier.ties if tie.moment.to == slug]
        tied = tuple(sorted(around.to_moments(here, slug), key=lambda each: each.at or 0))
        if tied or dossier.recording == slug:
            page = Link(dossier.title, url_for("context.dossier", slug=dossier.slug))
            found.append(Elsewhere(page, tied))
    for entry in around.chronology.entries:
        here = [moment for moment in entry.moments if moment.to == slug]
        if here or entry.recording == slug:
            tied = tuple(around.to_moments(here, slug))
            found.extend(Elsewhere(page, tied) for page in around.to_entries([entry.id]))
    return found
