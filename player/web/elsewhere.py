"""What other pages of the archive point at a recording, and at which of its moments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for

from player.archive.prose import render_inline
from player.web.surroundings import Link

if TYPE_CHECKING:
    from markupsafe import Markup

    from player.web.surroundings import Surroundings


@dataclass(frozen=True)
class Tied:
    """A moment of the recording, and why it is pointed at, where that is said."""

    moment: Link
    why: Markup | None = None


@dataclass(frozen=True)
class Elsewhere:
    """One entry or dossier that points at the recording."""

    page: Link
    moments: tuple[Tied, ...]


def elsewhere(slug: str, around: Surroundings) -> list[Elsewhere]:
    """List the dossiers, and then the entries of the chronology, that point at the recording."""
    found = []
    for dossier in around.dossiers.values():
        tied = tuple(
            sorted(
                (
                    Tied(moment, render_inline(tie.text.strip()))
                    for tie in dossier.ties
                    if tie.moment.to == slug
                    for moment in around.to_moments([tie.moment], slug)
                ),
                key=lambda each: each.moment.at or 0,
            )
        )
        if tied or dossier.recording == slug:
            page = Link(dossier.title, url_for("context.dossier", slug=dossier.slug))
            found.append(Elsewhere(page, tied))
    for entry in around.chronology.entries:
        here = [moment for moment in entry.moments if moment.to == slug]
        if here or entry.recording == slug:
            tied = tuple(Tied(moment) for moment in around.to_moments(here, slug))
            found.extend(Elsewhere(page, tied) for page in around.to_entries([entry.id]))
    return found
