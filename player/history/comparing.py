"""Tells which lines differ between two versions of a transcript: which were changed, which came, and which went."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from player.archive.transcript import Cue
from player.errors import ArchiveError
from player.history.versions import read

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from player.archive.transcript import Line
    from player.archive.webvtt.reading import Readings


class Changes(NamedTuple):
    """The identifiers of lines that were changed, that came, and that went, in their order."""

    changed: tuple[str, ...]
    new: tuple[str, ...]
    gone: tuple[str, ...]


def lines_in(path: Path, data: bytes, readings: Readings | None = None) -> Sequence[Line]:
    """Read the lines of a version of the transcript at ``path``; what is no WebVTT has none."""
    try:
        return read(path, data).lines if readings is None else readings.lines(data)
    except ArchiveError:
        return ()


def compared(old: Sequence[Line], new: Sequence[Line]) -> Changes:
    """Say which lines differ; it is no change that one stands at another place of the file."""
    before = {line.id: said(line) for line in old}
    after = {line.id: said(line) for line in new}
    return Changes(
        tuple(name for name, line in after.items() if name in before and before[name] != line),
        tuple(name for name in after if name not in before),
        tuple(name for name in before if name not in after),
    )


def said(line: Line) -> tuple[object, ...]:
    """Give all that the file says of a line, but for where it stands."""
    times = (line.start, line.end, line.words, line.is_approximate) if isinstance(line, Cue) else ()
    return (times, line.text, line.turns, line.citations, line.opens_paragraph, line.page, line.comments)
