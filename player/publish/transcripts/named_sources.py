"""Writes what lines rest on, as a list at the end of a text has it, and in the cell of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from player.archive import dates
from player.publish.transcripts.plain_signs import in_one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from player.archive.references import Citation
    from player.archive.sources import Source


def named(citations: Iterable[Citation], sources: Mapping[str, Source]) -> str:
    """Name what a line rests on: ``Log of the quay, p. 2; Timetable``; a source that is not known by its id."""
    return "; ".join(in_one_line(_one(each, sources)) for each in citations)


def described(citation: Citation, sources: Mapping[str, Source]) -> str:
    """Describe a source with the place in it that is cited, as a bibliography does."""
    source = sources.get(citation.source)
    if source is None:
        return in_one_line(str(citation))
    date = dates.readable(source.date_apart) if source.date_apart else None
    parts = (source.author, source.title, source.publication, date, citation.locator)
    said = ". ".join(part.rstrip(".") for part in parts if part)
    address = f" {source.address}" if source.address and source.link else ""
    return in_one_line(f"{said}.{address}")


def _one(citation: Citation, sources: Mapping[str, Source]) -> str:
    source = sources.get(citation.source)
    name = source.called if source else citation.source
    return f"{name}, {citation.locator}" if citation.locator else name
