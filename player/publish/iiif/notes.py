"""Writes what annotations of a recording say as a page of annotations, each at its passage of the canvas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from player.archive.prose import plain
from player.publish.iiif.terms import OWN
from player.publish.transcripts.named_sources import described
from player.publish.transcripts.plain_signs import in_one_line
from player.timecode import clock, fragment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from player.archive.annotations import Annotation
    from player.archive.sources import Source


@dataclass(frozen=True)
class Where:
    """Where annotations belong: the address of the canvas, and how long that is in milliseconds, if it lasts at all.

    ``is_in_step`` where the times of lines are those of the sound.
    """

    canvas: str
    length: int | None
    is_in_step: bool


def page_of(
    notes: Sequence[Annotation], where: Where, address: str, language: str, sources: Mapping[str, Source]
) -> dict[str, Any]:
    """Give the page, at ``address``, of what notes say in a ``language``."""
    return {
        "id": address,
        "type": "AnnotationPage",
        "label": {OWN: ["Notes"]},
        "items": [
            {
                "id": f"{address}/{note.id}",
                "type": "Annotation",
                "motivation": "commenting",
                "body": [
                    {
                        "type": "TextualBody",
                        "value": "\n".join(_said(note, where, sources)),
                        "format": "text/plain",
                        "language": [language],
                        "purpose": "commenting",
                    },
                    {"type": "TextualBody", "value": note.kind, "language": [OWN], "purpose": "tagging"},
                ],
                "target": _target(note, where),
            }
            for note in notes
        ],
    }


def _said(note: Annotation, where: Where, sources: Mapping[str, Source]) -> Iterator[str]:
    """Give the title, where it is not known when, what it says and how sure that is, and what it rests on."""
    yield in_one_line(note.title)
    if note.span is not None and note.is_approximate and _is_placed(note, where):
        yield f"At about {clock(note.span.start)}; the times are known only roughly."
    if note.body:
        yield plain(note.body)
    for claim in note.claims:
        yield f"{plain(claim.says)} ({claim.certainty}; {_rest(claim.citations, sources)})"
    if note.certainty:
        yield f"Certainty: {note.certainty}."
    if note.citations:
        yield f"Sources: {_rest(note.citations, sources)}."


def _rest(citations: Any, sources: Mapping[str, Source]) -> str:
    return "; ".join(described(each, sources).rstrip(".") for each in citations)


def _is_placed(note: Annotation, where: Where) -> bool:
    """Tell whether the times of a note are times of the sound."""
    return note.span is not None and (where.is_in_step or note.cue is None)


def _target(note: Annotation, where: Where) -> str:
    """Give the passage of the canvas; all of it where nobody knows the passage exactly, or the canvas has no time."""
    span = note.span
    if span is None or where.length is None or note.is_approximate or not _is_placed(note, where):
        return where.canvas
    end = min(span.end, where.length)
    return f"{where.canvas}#t={fragment(span.start)},{fragment(end)}" if span.start < end else where.canvas
