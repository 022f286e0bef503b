"""Gathers what the lines of a transcript rest on: each source once, with the times of the lines that name it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from player.timecode import clock
from player.web.pages.notes import references

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from player.archive.references import Citation
    from player.archive.sources import Source
    from player.archive.transcript import Cue
    from player.web.pages.notes import Reference


@dataclass(frozen=True)
class CitedLines:
    """What some lines rest on, and when these begin: ``0:25–0:39, 1:02``."""

    references: tuple[Reference, ...]
    times: str


def cited_lines(cues: Iterable[Cue], sources: Mapping[str, Source]) -> tuple[CitedLines, ...]:
    """Give what lines rest on, in the order in which it first occurs. Lines that follow each other count as one."""
    found: dict[tuple[Citation, ...], list[str]] = {}
    for citations, lines in groupby(cues, lambda cue: cue.citations):
        if citations:
            first, *others = lines
            times = clock(first.start) if not others else f"{clock(first.start)}–{clock(others[-1].start)}"
            found.setdefault(citations, []).append(times)
    return tuple(CitedLines(references(cited, sources), ", ".join(times)) for cited, times in found.items())
