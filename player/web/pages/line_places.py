"""Says where a line is: when it is spoken, as far as that is known, and on which page of the transcript's document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from player.archive.transcript import Cue
from player.publish.citation import pages_cited
from player.timecode import clock

if TYPE_CHECKING:
    from collections.abc import Iterable

    from player.archive.transcript import Line

# What an anchor of a page has none of.
_STRANGE: Final = re.compile(r"[^\w.-]+")


def stamp(moment: int, *, is_approximate: bool = False) -> str:
    """Write a time to the second: ``3:12``, or ``~3:12`` where it is known only roughly."""
    return f"~{clock(moment)}" if is_approximate else clock(moment)


def time_of(line: Line) -> str:
    """Say when a line begins; empty where it is not timed."""
    return stamp(line.start, is_approximate=line.is_approximate) if isinstance(line, Cue) else ""


def place_of(line: Line) -> str:
    """Say when a line begins, or else on which page: ``3:12``, ``p. 12``; empty where neither is known."""
    return time_of(line) or pages_cited(line.page)


def openings(lines: Iterable[Line]) -> dict[str, tuple[str, str]]:
    """Give each page of the document where it begins: by the identifier of a line, the page and an anchor for links."""
    found: dict[str, tuple[str, str]] = {}
    anchors: set[str] = set()
    before: str | None = None
    for line in lines:
        if line.page == before:
            continue
        if line.page:
            name = anchor = f"page-{_STRANGE.sub('-', line.page).strip('-')}"
            count = 1
            while anchor in anchors:
                count += 1
                anchor = f"{name}-{count}"
            anchors.add(anchor)
            found[line.id] = (line.page, anchor)
        before = line.page or before
    return found
