"""Says in one line on what terms a recording may be used, beside what is downloaded of it.

The terms are called as RightsStatements.org and Creative Commons call them; others by their addresses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from player.archive.recording import Record, Rights

#: What is said where a record has no terms.
NOT_STATED: Final = "not stated"
# Notes and translations are not heard, so their terms are not those of a clip.
_UNHEARD: Final = frozenset({"annotations", "translation"})
# https://rightsstatements.org/page/1.0/
_STATEMENTS: Final = {
    "InC": "In Copyright",
    "InC-OW-EU": "In Copyright, EU Orphan Work",
    "InC-EDU": "In Copyright, Educational Use Permitted",
    "InC-NC": "In Copyright, Non-Commercial Use Permitted",
    "InC-RUU": "In Copyright, Rights-holder(s) Unlocatable or Unidentifiable",
    "NoC-CR": "No Copyright, Contractual Restrictions",
    "NoC-NC": "No Copyright, Non-Commercial Use Only",
    "NoC-OKLR": "No Copyright, Other Known Legal Restrictions",
    "NoC-US": "No Copyright, United States",
    "CNE": "Copyright Not Evaluated",
    "UND": "Copyright Undetermined",
    "NKC": "No Known Copyright",
}
_STATEMENT: Final = re.compile(r"https?://(?:www\.)?rightsstatements\.org/(?:vocab|page)/(?P<name>[\w-]+)/", re.ASCII)
_LICENCE: Final = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/(?P<kind>licenses|publicdomain)/(?P<name>[a-z+-]+)/(?P<version>[0-9.]+)",
    re.ASCII,
)
# What follows: a licence as it was fitted to the law of one place is another one; the page that explains it is not.
_PORTED: Final = re.compile(r"(?:/(?!deed)(?P<place>[a-z]{2,5}))?/?(?:(?:deed|legalcode)(?:\.[A-Za-z_-]+)?)?", re.ASCII)
_PUBLIC_DOMAIN: Final = {"zero": "CC0", "mark": "Public Domain Mark"}


@dataclass(frozen=True)
class Terms:
    """Terms that apply to some ``objects``: what they are ``called``, and where they can be read."""

    called: str
    uri: str
    objects: tuple[str, ...]

    def __str__(self) -> str:
        """Say it in a few words: ``CC BY 4.0 (audio, transcript)``."""
        return f"{self.called} ({', '.join(self.objects)})"


def heard(record: Record) -> tuple[Rights, ...]:
    """Give the rights in what can be heard of a recording."""
    return tuple(each for each in record.rights if each.object not in _UNHEARD)


def terms(record: Record, *, with_translation: bool = False) -> tuple[Terms, ...]:
    """Give the terms of what can be heard of a recording, each once, in the record's order; and of its translations."""
    objects: dict[str, dict[str, None]] = {}
    others = _UNHEARD - {"translation"} if with_translation else _UNHEARD
    for each in (each for each in record.rights if each.object not in others):
        objects.setdefault(each.uri, {})[each.object] = None
    return tuple(Terms(called(uri), uri, tuple(named)) for uri, named in objects.items())


def called(uri: str) -> str:
    """Give what terms are called: ``CC BY 4.0``, ``No Copyright, United States``; else their address."""
    if (statement := _STATEMENT.match(uri)) and statement["name"] in _STATEMENTS:
        return _STATEMENTS[statement["name"]]
    if licence := _LICENCE.match(uri):
        name = licence["name"]
        if licence["kind"] == "licenses":
            return f"CC {name.upper()} {licence['version']}"
        if name in _PUBLIC_DOMAIN:
            return f"{_PUBLIC_DOMAIN[name]} {licence['version']}"
    return uri.partition("://")[2].rstrip("/") or uri


def known(record: Record) -> str | None:
    """Give the address of the terms of all that is heard, as Creative Commons and RightsStatements.org write it.

    None where they are several, or not theirs: who asks for one address takes no other (IIIF, Presentation 3, 3.2).
    """
    found = {_theirs(each.uri) for each in heard(record)}
    return found.pop() if len(found) == 1 else None


def _theirs(uri: str) -> str | None:
    if (statement := _STATEMENT.match(uri)) and statement["name"] in _STATEMENTS:
        return f"http://rightsstatements.org/vocab/{statement['name']}/1.0/"
    licence = _LICENCE.match(uri)
    if licence is None or (licence["kind"] != "licenses" and licence["name"] not in _PUBLIC_DOMAIN):
        return None
    ported = _PORTED.fullmatch(uri, licence.end())
    if ported is None:
        return None
    place = f"{ported['place']}/" if ported["place"] else ""
    return f"http://creativecommons.org/{licence['kind']}/{licence['name']}/{licence['version']}/{place}"


def in_a_line(record: Record, *, with_translation: bool = False) -> str:
    """Say the terms in one line: ``CC BY 4.0 (audio, transcript); In Copyright (recording)``."""
    return "; ".join(map(str, terms(record, with_translation=with_translation))) or NOT_STATED
