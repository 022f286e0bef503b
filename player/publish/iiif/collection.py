"""Writes lists of recordings as collections: of manifests, and of further collections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from player.publish.iiif.manifest import is_day, provider
from player.publish.iiif.terms import CONTEXT, text, texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.publish.iiif.manifest import Agent


@dataclass(frozen=True)
class Listed:
    """A recording or a list of some, as a list names it: where its manifest or collection is, and what it is called."""

    address: str
    called: str
    is_list: bool = False
    date: str | None = None


@dataclass(frozen=True)
class Collection:
    """A list: its address, what it is called and says of itself, and the list that it is part of."""

    address: str
    called: str
    items: Sequence[Listed]
    agent: Agent
    language: str
    summary: str | None = None
    whole: Listed | None = None


def collection(listed: Collection) -> dict[str, Any]:
    """Write a collection."""
    whole = listed.whole
    said: dict[str, Any] = {
        "@context": CONTEXT,
        "id": listed.address,
        "type": "Collection",
        "label": text(listed.called, listed.language),
        "summary": texts([listed.summary], listed.language) if listed.summary else None,
        "provider": [provider(listed.agent, listed.language)],
        "partOf": [_named(whole, listed.language)] if whole else None,
        "items": [_named(each, listed.language) for each in listed.items],
    }
    return {name: value for name, value in said.items() if value or name == "items"}


def _named(each: Listed, language: str) -> dict[str, Any]:
    said = {
        "id": each.address,
        "type": "Collection" if each.is_list else "Manifest",
        "label": text(each.called, language),
        "navDate": f"{each.date}T00:00:00Z" if each.date and is_day(each.date) else None,
    }
    return {name: value for name, value in said.items() if value}
