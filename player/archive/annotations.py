"""``annotations.toml`` into what a listener should know, and when."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from player.archive import keys
from player.archive.toml_tables import Table, read_table
from player.errors import ArchiveError, Fault
from player.timecode import Span, display

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from player.archive.citations import Citation
    from player.archive.transcript import Cue


@dataclass(frozen=True)
class Annotation:
    """What a listener should know, at a passage or, where ``span`` is None, about the whole recording."""

    id: str
    kind: str
    title: str
    body: str
    citations: tuple[Citation, ...]
    line: int | None
    span: Span | None = None
    certainty: str | None = None


def read_annotations(path: Path, cues: Sequence[Cue]) -> tuple[Annotation, ...]:
    """Read the annotations in order of time, those about the whole recording last.

    One that names ``cue`` takes its passage from ``cues``, so that it stays with its line when the transcript is
    timed anew. A file that is not there holds none.

    :raise ArchiveError: naming every fault in the file: repeated ids, unknown cues, passages that are none.
    """
    if not os.path.lexists(path):
        return ()
    tables = read_table(path, keys.ANNOTATIONS).get("annotation", ())
    spans = {cue.id: cue.span for cue in cues}
    annotations: dict[str, Annotation] = {}
    faults: list[Fault] = []
    for table in tables:
        annotation = Annotation(
            id=table.get("id"),
            kind=table.get("kind"),
            title=table.get("title"),
            body=table.get("body"),
            citations=table.get("sources"),
            line=table.line,
            certainty=table.get("certainty"),
        )
        try:
            annotation = replace(annotation, span=_span(table, spans))
        except ArchiveError as error:
            faults.extend(error.faults)
        if annotation.id in annotations:
            faults.append(table.fault("id", f'the id "{annotation.id}" is used twice', "give each annotation its own"))
        annotations[annotation.id] = annotation
    if faults:
        raise ArchiveError(faults)
    return tuple(sorted(annotations.values(), key=lambda each: (each.span is None, each.span or Span(0, 1))))


def _span(table: Table, spans: dict[str, Span]) -> Span | None:
    cues, start, end = table.get("cue"), table.get("start"), table.get("end")
    if cues is not None:
        if start is not None or end is not None:
            raise ArchiveError([table.fault("cue", "both a cue and a time are given", "keep the one or the other")])
        unknown = [cue for cue in dict.fromkeys(cues) if cue not in spans]
        if unknown:
            what = f'no line of the transcript has the identifier "{unknown[0]}"'
            raise ArchiveError([table.fault("cue", what, "write that of one which is there")])
        start, end = spans[cues[0]].start, spans[cues[1]].end
    elif start is None and end is None:
        return None
    elif start is None or end is None:
        raise ArchiveError([table.fault(None, "one of start and end is missing", "give both, or a cue, or neither")])
    if end <= start:
        what = f"it ends ({display(end)}) no later than it starts ({display(start)})"
        raise ArchiveError([table.fault("cue" if cues else "end", what, "let it end after its start")])
    return Span(start, end)
