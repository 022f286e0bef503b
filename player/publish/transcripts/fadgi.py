"""Gives what an archive knows of a transcript as elements for the header of its file (``archive.webvtt.fadgi``).

What it does not know, such as who made the file, is left out; nothing is guessed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from player.archive.distant_sounds import name_of
from player.archive.languages import three_letters
from player.archive.webvtt.fadgi import CAPTION, FILE, LANGUAGE, MEDIA, PARTY, TITLE, TYPE, one_value
from player.publish.citation import NOTICE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from player.archive.recording import Record

# What an identifier begins with, and what kind it then is.
_KINDS: Final = (("ark:", "ARK"), ("doi:", "DOI"), ("10.", "DOI"), ("urn:", "URN"), ("http", "URI"))
_LOCAL: Final = "local"


def elements(record: Record, language: str, keeper: str | None) -> Iterator[tuple[str, str]]:
    """Give the elements of a file that has the words of a recording in a language; ``keeper`` answers for them.

    Where the record says who is responsible, these are.
    """
    yield from kind_and_language(language)
    if responsible := record.responsible_party or keeper:
        yield PARTY, one_value(responsible)
    yield MEDIA, "; ".join(_identifiers(record))
    if name := name_of(record):
        yield FILE, one_value(name)
    title = one_value(record.title)
    yield TITLE, f"{NOTICE}: {title}" if record.is_reading else title


def kind_and_language(language: str) -> Iterator[tuple[str, str]]:
    """Give the elements that every file of words has."""
    yield TYPE, CAPTION
    yield LANGUAGE, three_letters(language)


def _identifiers(record: Record) -> Iterator[str]:
    if record.identifier:
        own = one_value(record.identifier)
        kind = next((kind for begins, kind in _KINDS if own.lower().startswith(begins)), _LOCAL)
        yield f"{own}, {kind}"
    yield f"{record.slug}, {_LOCAL}"
