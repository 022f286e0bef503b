"""Reads ``annotations.toml``: what a listener should know, and when."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from math import inf
from typing import TYPE_CHECKING, Final

from player.archive.references import CERTAINTIES, Citation, Pointer
from player.archive.toml.declared import Table, declared, key, tables
from player.archive.toml.tables import read_file
from player.archive.transcript import Cue
from player.timecode import Span, display

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from player.archive.transcript import Line
    from player.errors import Fault

#: The kinds of annotation, in the order in which pages list them, and what each is about. The word is also its label.
ANNOTATION_KINDS: Final = {
    "person": "who somebody is, or was at the time",
    "event": "something that happened",
    "document": "a paper that is mentioned, or that bears on what is said",
    "place": "a place",
    "term": "a word or a name that needs explaining",
    "dispute": "where accounts differ",
    "correction": "something that is said and is not true",
    "segment": "a part of the recording, and what is spoken of in it; it rests on the recording itself",
}
#: The kind of annotation that may go without a source, and without a body: its title says what is spoken of.
SEGMENT: Final = "segment"


@declared
class Claim(Table):
    """One thing that an annotation says, with how sure it is and what it rests on."""

    id: str = key("id", "its own name within the annotation")
    says: str = key("Markdown", "a sentence or two")
    certainty: str = key("choice", "how sure the claim is", choices=CERTAINTIES)
    citations: tuple[Citation, ...] = key("sources", "what it rests on", name="sources")
    contradicts: tuple[Pointer, ...] = key("claims", "what it is disputed with", default=())


@declared
class Annotation(Table):
    """What a listener should know, at a passage or about the whole recording."""

    id: str = key("id", "its own name, for links")
    kind: str = key("choice", "what it is about", choices=ANNOTATION_KINDS)
    title: str = key("text", "its heading")
    body: str = key("Markdown", "what it says; may be left out where there are claims, and of a segment", default="")
    citations: tuple[Citation, ...] = key(
        "sources", "what it rests on; only a segment may leave it out", name="sources", default=()
    )
    cue: tuple[str, str] | None = key("cues", "the line or lines to which it belongs", default=None)
    start: int | None = key("time", "where it begins, in place of `cue`", default=None)
    end: int | None = key("time", "where it ends, with `start`", default=None)
    certainty: str | None = key("choice", "how sure it is", choices=CERTAINTIES, default=None)
    people: tuple[str, ...] = key("people", "the people it is about", default=())
    entries: tuple[str, ...] = key("entries", "related entries of the chronology", default=())
    dossiers: tuple[Pointer, ...] = key("dossiers", "the dossiers that compare accounts of it", default=())
    see: tuple[Pointer, ...] = key("moments", "related moments", default=())
    contradicts: tuple[Pointer, ...] = key("claims", "what it is disputed with", default=())
    claims: tuple[Claim, ...] = tables(Claim, "claim", unique="id", default=())
    #: The passage that ``cue``, or ``start`` and ``end``, mean; None where there is none, or nobody knows its times.
    span: Span | None = None
    #: The line with which it begins, where ``cue`` means lines whose times nobody knows.
    beside: str | None = None
    #: Whether that passage is one of lines whose times are known only roughly.
    is_approximate: bool = False
    #: Whether it belongs to lines that cannot be read, so that its passage is not known.
    is_adrift: bool = False


@declared
class AnnotationFile(Table):
    """What a listener should know, and when."""

    annotations: tuple[Annotation, ...] = tables(Annotation, "annotation", unique="id", default=())


def read_annotations(path: Path, lines: Sequence[Line] | None) -> tuple[Annotation, ...]:
    """Read the annotations in order of time, with those of untimed lines between, and those about the whole last.

    One that names ``cue`` takes its passage from ``lines``, so that it stays with its line when the transcript is
    timed anew. ``lines`` is None where there are some and it is not known which. A file that is not there holds none.

    :raise ArchiveError: naming every fault in the file: repeated ids, unknown cues, passages that are none.
    """
    if not os.path.lexists(path):
        return ()
    places = None if lines is None else _Places(lines)
    annotations = read_file(path, AnnotationFile, partial(_faults, places)).annotations
    placed = (
        replace(
            each,
            span=_span(each, places),
            beside=_beside(each, places),
            is_approximate=bool(places and each.cue and places.are_rough(each.cue)),
            is_adrift=places is None and each.cue is not None,
        )
        for each in annotations
    )
    return tuple(sorted(placed, key=lambda each: _order(each, places)))


class _Places:
    """Where the lines of a transcript are: their numbers, and their times where they have some."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.numbers = {line.id: number for number, line in enumerate(lines)}
        self._spans = {line.id: line.span for line in lines if isinstance(line, Cue)}
        self._rough = {line.id for line in lines if isinstance(line, Cue) and line.is_approximate}
        #: When each line begins, or the last that is timed above it; -1 before the first.
        self.moments: dict[str, int] = {}
        moment = -1
        for line in lines:
            moment = line.start if isinstance(line, Cue) else moment
            self.moments[line.id] = moment

    def are_rough(self, cues: tuple[str, str]) -> bool:
        """Tell whether it is known only roughly when lines begin and end."""
        return not self._rough.isdisjoint(cues)

    def ends(self, cues: tuple[str, str]) -> tuple[int, int] | None:
        """Give when lines begin and end; None where nobody knows."""
        first, last = cues
        if first not in self._spans or last not in self._spans:
            return None
        return self._spans[first].start, self._spans[last].end


def _order(annotation: Annotation, places: _Places | None) -> tuple[float, float, int]:
    if annotation.span is not None:
        return annotation.span.start, annotation.span.end, 0
    if annotation.beside is None or places is None:
        return inf, inf, 0
    return places.moments[annotation.beside], inf, places.numbers[annotation.beside]


def _faults(places: _Places | None, file: AnnotationFile) -> Iterator[Fault]:
    for annotation in file.annotations:
        yield from _span_faults(annotation, places)
        if not annotation.citations and annotation.kind != SEGMENT:
            remedy = "write sources = … (what it rests on)"
            yield annotation.fault(None, 'the key "sources" is missing', remedy)
        if not (annotation.body or annotation.claims or annotation.kind == SEGMENT):
            yield annotation.fault(None, f'"{annotation.id}" says nothing', "write a body, or a claim")
    yield from _contradiction_faults(file.annotations)


def _contradiction_faults(annotations: Sequence[Annotation]) -> Iterator[Fault]:
    """Give what is said to be disputed with something that is not there, or with itself."""
    there: set[tuple[str, str | None]] = {(annotation.id, None) for annotation in annotations}
    there |= {(annotation.id, claim.id) for annotation in annotations for claim in annotation.claims}
    for annotation in annotations:
        parts: tuple[Annotation | Claim, ...] = (annotation, *annotation.claims)
        for each in parts:
            own = (annotation.id, None if each is annotation else each.id)
            for pointer in each.contradicts:
                if (pointer.to, pointer.part) not in there - {own}:
                    name = pointer.to if pointer.part is None else f"{pointer.to}.{pointer.part}"
                    what = f'there is no other annotation or claim "{name}"'
                    yield each.fault("contradicts", what, "write annotation, or annotation.claim, by their ids")


def _span_faults(annotation: Annotation, places: _Places | None) -> Iterator[Fault]:
    cues, start, end = annotation.cue, annotation.start, annotation.end
    if cues is not None and (start is not None or end is not None):
        yield annotation.fault("cue", "both a cue and a time are given", "keep one or the other")
    elif cues is not None:
        yield from _line_faults(annotation, cues, places)
    elif (start is None) != (end is None):
        yield annotation.fault(None, "only one of start and end is given", "give both, or a cue, or neither")
    elif start is not None and end is not None and end <= start:
        what = f"it ends ({display(end)}) no later than it starts ({display(start)})"
        yield annotation.fault("end", what, "give an end after its start")


def _line_faults(annotation: Annotation, cues: tuple[str, str], places: _Places | None) -> Iterator[Fault]:
    if places is None:
        return
    unknown = [cue for cue in dict.fromkeys(cues) if cue not in places.numbers]
    if unknown:
        what = f'no line of the transcript has the identifier "{unknown[0]}"'
        yield annotation.fault("cue", what, "write the identifier of one that is there")
        return
    first, last = cues
    ends = places.ends(cues)
    if places.numbers[last] < places.numbers[first] if ends is None else ends[1] <= ends[0]:
        what = f'the line "{last}" comes before "{first}"'
        yield annotation.fault("cue", what, f'write "{last}..{first}"')


def _span(annotation: Annotation, places: _Places | None) -> Span | None:
    """Give the passage of an annotation that has no fault."""
    if annotation.cue is not None:
        ends = places.ends(annotation.cue) if places else None
        return Span(*ends) if ends else None
    if annotation.start is None or annotation.end is None:
        return None
    return Span(annotation.start, annotation.end)


def _beside(annotation: Annotation, places: _Places | None) -> str | None:
    if annotation.cue is None or places is None or places.ends(annotation.cue):
        return None
    return annotation.cue[0]
