"""Gathers what the lines of a transcript rest on: each source once, with the times of the lines that name it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from player.web.pages.line_places import place_of
from player.web.pages.notes import references

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from player.archive.references import Citation
    from player.archive.sources import Source
    from player.archive.transcript import Line
    from player.web.pages.notes import Reference


@dataclass(frozen=True)
class CitedLines:
    """What some lines rest on, and where these begin: ``0:25–0:39, 1:02``; empty where nobody knows of any of them."""

    references: tuple[Reference, ...]
    times: str


def cited_lines(lines: Iterable[Line], sources: Mapping[str, Source]) -> tuple[CitedLines, ...]:
    """Give what lines rest on, in the order in which it first occurs. Lines that follow each other count as one."""
    found: dict[tuple[Citation, ...], list[str]] = {}
    for citations, together in groupby(lines, lambda line: line.citations):
        if citations:
            first, *others = together
            ends = dict.fromkeys(filter(None, (place_of(first), place_of(others[-1]) if others else "")))
            found.setdefault(citations, []).append("–".join(ends))
    return tuple(
        CitedLines(references(cited, sources), ", ".join(dict.fromkeys(filter(None, places))))
        for cited, places in found.items()
    )
