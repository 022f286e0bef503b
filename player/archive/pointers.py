"""Pointers between the files of the archive: to a moment, to a dossier's question, to an annotation's claim."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

#: What begins the part of a pointer to an annotation; without it the part is a cue.
NOTE: Final = "note-"

_SLUG = r"[A-Za-z0-9][A-Za-z0-9_-]*"
_ID = r"[A-Za-z][A-Za-z0-9_-]*"
_MOMENT = re.compile(rf"({_SLUG})#({_ID})")
_PART = re.compile(rf"({_SLUG})(?:#({_ID}))?")
_CLAIM = re.compile(rf"({_ID})(?:\.({_ID}))?")


@dataclass(frozen=True)
class Pointer:
    """What is pointed at, by its slug or id, and which part of it; None means the whole."""

    to: str
    part: str | None = None


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
