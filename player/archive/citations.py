"""A reference to a source, with the place in it: ``frus-xi-373, item 3``."""

from __future__ import annotations

import re
from dataclasses import dataclass

IDENTIFIER = re.compile(r"[A-Za-z][\w-]*", re.ASCII)


@dataclass(frozen=True)
class Citation:
    """The id of a source and, where one is given, the place in it."""

    source: str
    locator: str | None = None

    def __str__(self) -> str:
        return self.source if self.locator is None else f"{self.source}, {self.locator}"


def parse_citation(text: str) -> Citation | None:
    """Read ``id`` or ``id, locator``; None where the text is neither."""
    source, _, locator = text.strip().partition(",")
    if IDENTIFIER.fullmatch(source) is None:
        return None
    return Citation(source, locator.strip() or None)
