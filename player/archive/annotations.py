"""``annotations.toml`` into what a listener should know, and when."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from player.archive import keys
from player.archive.toml.tables import Table, read_table, repeated
from player.errors import ArchiveError, Fault
from player.timecode import Span, display

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from player.archive.citations import Citation
    from player.archive.pointers import Pointer
    from player.archive.transcript import Cue


@dataclass(frozen=True)
class Claim:
    """One thing that an annotation says, with how sure it is and what it rests on."""

    id: str
    says: str
    certainty: str
    citations: tuple[Citation, ...]
    line: int | None
    contradicts: tuple[Pointer, ...] = ()


@dataclass(frozen=True)
class Annotation:
    """What a listener should know, at a passage or, where ``span`` is None, about the whole recording.

    ``body`` is empty where the claims say all. One that ``is_adrift`` belongs to lines that cannot be read, so that its
    passage is not known.
    """

    id: str
    kind: str
    title: str
    body: str
    citations: tuple[Citation, ...]
    line: int | None
    span: Span | None = None
    certainty: str | None = None
    people: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()
    dossiers: tuple[Pointer, ...] = ()
    see: tuple[Pointer, ...] = ()
    contradicts: tuple[Pointer, ...] = ()
    claims: tuple[Claim, ...] = ()
    is_adrift: bool = False


def read_annotations(path: Path, cues: Sequence[Cue] | None) -> tuple[Annotation, ...]:
    """Read the annotations in order of time, those about the whole recording last.

    One that names ``cue`` takes its passage from ``cues``, so that it stays with its line when the transcript is
    timed anew. ``cues`` is None where there are lines and it is not known which. A file that is not there holds none.

    :raise ArchiveError: naming every fault in the file: repeated ids, unknown cues, passages that are none.
    """
    if not os.path.lexists(path):
        return ()
    tables = read_table(path, keys.ANNOTATIONS).get("annotation", ())
    spans = None if cues is None else {cue.id: cue.span for cue in cues}
    annotations: dict[str, Annotation] = {}
    faults: list[Fault] = []
    for table in tables:
        annotation = Annotation(
            id=table.get("id"),
            kind=table.get("kind"),
            title=table.get("title"),
            body=table.get("body", ""),
            citations=table.get("sources"),
            line=table.line,
            certainty=table.get("certainty"),
            claims=tuple(claim.build(Claim, line=claim.line) for claim in table.get("claim", ())),
            **{key: table.get(key, ()) for key in ("people", "entries", "dossiers", "see", "contradicts")},
        )
        try:
            annotation = replace(
                annotation, span=_span(table, spans), is_adrift=spans is None and "cue" in table.values
            )
        except ArchiveError as error:
            faults.extend(error.faults)
        if annotation.id in annotations:
            faults.append(table.fault("id", f'the id "{annotation.id}" is used twice', "give each annotation its own"))
        annotations[annotation.id] = annotation
        faults.extend(repeated(table.get("claim", ()), "id", "claim of this annotation"))
        if not annotation.body and not annotation.claims:
            faults.append(table.fault(None, f'"{annotation.id}" says nothing', "write a body, or a claim"))
    faults.extend(_contradiction_faults(tables, annotations))
    if faults:
        raise ArchiveError(faults)
    return tuple(sorted(annotations.values(), key=lambda each: (each.span is None, each.span or Span(0, 1))))


def _contradiction_faults(tables: Sequence[Table], annotations: dict[str, Annotation]) -> Iterator[Fault]:
    """Give what is said to be disputed with something that is not there, or with itself."""
    there: set[tuple[str, str | None]] = {(name, None) for name in annotations}
    there |= {(name, claim.id) for name, annotation in annotations.items() for claim in annotation.claims}
    for annotation in tables:
        for table in (annotation, *annotation.get("claim", ())):
            own = (annotation.get("id"), None if table is annotation else table.get("id"))
            for pointer in table.get("contradicts", ()):
                if (pointer.to, pointer.part) not in there - {own}:
                    name = pointer.to if pointer.part is None else f"{pointer.to}.{pointer.part}"
                    what = f'there is no other annotation or claim "{name}"'
                    yield table.fault("contradicts", what, "write annotation, or annotation.claim, by their ids")


def _span(table: Table, spans: dict[str, Span] | None) -> Span | None:
    cues, start, end = table.get("cue"), table.get("start"), table.get("end")
    if cues is not None:
        if start is not None or end is not None:
            raise ArchiveError([table.fault("cue", "both a cue and a time are given", "keep the one or the other")])
        if spans is None:
            return None
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
