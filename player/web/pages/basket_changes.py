"""Says what a basket becomes when a passage is put in, by a link or as it is, moved, or taken out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, unquote, urlsplit

from player.errors import quoted
from player.web.pages.basket import EXAMPLE, UnfitError
from player.web.serving.public_address import within_archive

if TYPE_CHECKING:
    from collections.abc import Iterable

_IN_ADDRESS: Final = re.compile(r"(?:/invited)?/recordings/(?P<slug>[^/]+)(?:/lines/(?P<line>[^/]+))?(?:/.*)?")
_COPY: Final = "Copy the link of a line, of selected words or of a clip"


def passage_in(text: str) -> str:
    """Give the passage that an address of this archive leads to, as a basket has it; other texts as they are.

    :raise UnfitError: where it leads to no passage, or to another site.
    :raise ValueError: where it is no address.
    """
    text = text.strip()
    # As browsers show it, and people write it down: archive.example/recordings/interview#t=25,80.
    is_bare = "/" in text and not re.match(r"[a-z][a-z0-9+.-]*://|/", text, re.IGNORECASE)
    parts = urlsplit(f"//{text}" if is_bare else text)
    if not parts.netloc and not parts.path.startswith("/"):
        if "@" in text and not parts.scheme:
            return text
        raise UnfitError(f"This is no address of a passage. {_COPY}, or {EXAMPLE}.")
    path = within_archive(parts.path, netloc=parts.netloc)
    if path is None:
        at = f" at {quoted(parts.netloc)}" if parts.netloc else ""
        raise UnfitError(f"This leads to another site{at}, and a basket has passages of this archive. {_COPY} here.")
    found = _IN_ADDRESS.fullmatch(path)
    if found is None:
        raise UnfitError(f"This address leads to no recording. {_COPY}.")
    slug = unquote(found["slug"])
    times = [*parse_qs(parts.fragment).get("t", ()), *parse_qs(parts.query).get("t", ())]
    lines = [*filter(None, [found["line"]]), *parse_qs(parts.query).get("line", ())]
    if parts.fragment.startswith("cue-"):
        lines.append(parts.fragment.removeprefix("cue-"))
    whole = [each for each in times if "," in each]
    if chosen := [*whole, *map(unquote, lines), *times]:
        return f"{slug}@{chosen[0]}"
    raise UnfitError("This address leads to a recording, and not to a passage of it. Copy the link of a line.")


def moved(asked: Iterable[str], *, up: int = 0, down: int = 0, remove: int = 0) -> list[str]:
    """Give the passages with one moved up or down by one place, or without it; each is named by its place, from 1."""
    found = list(asked)
    at = (up or down or remove) - 1
    if not 0 <= at < len(found):
        return found
    taken = found.pop(at)
    if not remove:
        found.insert(max(at - 1, 0) if up else at + 1, taken)
    return found
