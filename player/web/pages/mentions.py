"""Statements into the list of places that a page about a person or a source leads to, page by page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from player.web.pages.surroundings import address, cut

if TYPE_CHECKING:
    from collections.abc import Iterable

    from player.archive.statements import Statement
    from player.web.pages.surroundings import Surroundings

# Enough of a line to know it by.
_MOST = 110


@dataclass
class Mention:
    """A place that cites or names something; ``at`` is a recording's moment in milliseconds."""

    address: str
    text: str
    at: int | None
    kind: str
    #: What the words of a line are in; None where they are the archive's own.
    language: str | None = None
    locators: list[str] = field(default_factory=list)


def group(statements: Iterable[Statement], around: Surroundings, source: str | None = None) -> dict[str, list[Mention]]:
    """Give the places under the titles of their pages, each once, with the locators by which it cites ``source``."""
    pages: dict[str, dict[str, Mention]] = {}
    for statement in statements:
        where = address(statement.spot)
        page = pages.setdefault(around.heading(statement.spot), {})
        text = "About this recording" if statement.kind == "record" else cut(statement.title, _MOST)
        mention = page.setdefault(
            where, Mention(where, text, statement.spot.at, statement.kind, around.language(statement))
        )
        for citation in statement.citations:
            if citation.source == source and citation.locator and citation.locator not in mention.locators:
                mention.locators.append(citation.locator)
    return {heading: list(mentions.values()) for heading, mentions in pages.items()}
