"""Reads what one file of the archive writes to name something in another: a source, a moment, a question, a claim."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

#: What a recording or a dossier may be called, for its address and its file.
SLUG: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*", re.ASCII)
IDENTIFIER: Final = re.compile(r"[A-Za-z][\w-]*", re.ASCII)
#: What begins the part of a pointer to an annotation; without it the part is a cue.
NOTE: Final = "note-"

#: How sure a claim is.
CERTAINTIES: Final = ("documented", "reported", "inferred", "unknown")

_MOMENT = re.compile(rf"({SLUG.pattern})#({IDENTIFIER.pattern})", re.ASCII)
_PART = re.compile(rf"({SLUG.pattern})(?:#({IDENTIFIER.pattern}))?", re.ASCII)
_CLAIM = re.compile(rf"({IDENTIFIER.pattern})(?:\.({IDENTIFIER.pattern}))?", re.ASCII)


@dataclass(frozen=True)
class Citation:
    """The id of a source and, where one is given, the place in it: ``frus-xi-373, item 3``."""

    source: str
    locator: str | None = None

    def __str__(self) -> str:
        return self.source if self.locator is None else f"{self.source}, {self.locator}"


@dataclass(frozen=True)
class Pointer:
    """What is pointed at, by its slug or id, and which part of it; None means the whole."""

    to: str
    part: str | None = None


def parse_citation(text: str) -> Citation | None:
    """Read ``id`` or ``id, locator``; None where the text is neither."""
    source, _, locator = text.strip().partition(",")
    if IDENTIFIER.fullmatch(source) is None:
        return None
    return Citation(source, locator.strip() or None)


def parse_moment(text: str) -> Pointer | None:
    """Read ``recording#cue`` or ``recording#note-annotation``; None where the text is neither."""
    return _parsed(_MOMENT, text)


def parse_part(text: str) -> Pointer | None:
    """Read ``dossier`` or ``dossier#question``; None where the text is neither."""
    return _parsed(_PART, text)


def parse_claim(text: str) -> Pointer | None:
    """Read ``annotation`` or ``annotation.claim``; None where the text is neither."""
    return _parsed(_CLAIM, text)


def _parsed(pattern: re.Pattern[str], text: str) -> Pointer | None:
    match = pattern.fullmatch(text)
    return Pointer(match[1], match[2]) if match else None
