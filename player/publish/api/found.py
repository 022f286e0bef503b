"""Says what a search finds, as the API answers it: recordings with their lines, notes, and what else there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from player.archive.transcript import Cue
from player.publish.api.shapes import (
    Shape,
    address,
    count,
    flag,
    known,
    listed,
    moment,
    named,
    one_of,
    record,
    text,
)
from player.publish.citation import chicago
from player.publish.transcripts.json_lines import resting_said
from player.publish.transcripts.plain_signs import in_one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from player.archive.references import Citation
    from player.index.store import Row
    from player.publish.citation import Cited
    from player.search.phrases import Found, Piece

#: Where is searched: how it is asked for, and what is found there.
PLACES: Final[Mapping[str, str]] = {
    "recordings": "recording",
    "notes": "notes",
    "people": "person",
    "sources": "source",
    "chronology": "entry",
    "dossiers": "dossier",
    "sets": "set",
}
_PIECES: Final[Shape] = listed(
    record(text=text(), hit=flag("Whether it is what was searched for.")), "The text, in pieces."
)
_RESTS: Final[Shape] = listed(
    record(source=text("The id of a source."), locator=known("Where in it.")), "What it rests on."
)
FOUND_LINE: Final[Shape] = record(
    "A line in which words were found.",
    id=text(),
    start=moment("When it begins, in milliseconds."),
    end=moment("When the passage that was found ends."),
    approximate=flag("Whether the times are known only roughly."),
    speaker=known("Who speaks."),
    text=_PIECES,
    page=known("That of the document the words were taken from."),
    unchecked=flag("Whether a machine wrote its words, and nobody has checked them."),
    closed=flag("Whether it stands in place of lines that are not shown."),
    sources=_RESTS,
    address=address("Where it is played and cited."),
    citation=text("As a note in the Chicago style."),
)
_OF_A_RECORDING: Final[Shape] = record(
    "A recording that was found by its lines, or by what is said of it.",
    what=one_of(["recording"]),
    recording=named("Brief"),
    title=_PIECES,
    count=count("How often it is found in the lines of this recording."),
    lines=listed(named("FoundLine"), "The first lines in which it is; as many as are asked for."),
)
FOUND_NOTE: Final[Shape] = record(
    "A note of an archivist, which nobody said, in which words were found.",
    id=text(),
    kind=text("What it is about."),
    title=_PIECES,
    text=_PIECES,
    start=moment("When its passage begins, in milliseconds."),
    end=moment("When it ends."),
    approximate=flag("Whether the times are known only roughly."),
    sources=_RESTS,
    address=address("Where it is."),
    citation=text("As a note in the Chicago style."),
)
_BY_NOTES: Final[Shape] = record(
    "A recording that was found by its notes.",
    what=one_of(["notes"]),
    recording=named("Brief"),
    count=count("How often it is found in the notes of this recording."),
    notes=listed(named("FoundNote"), "The first notes in which it is; as many as are asked for."),
)
_OF_A_THING: Final[Shape] = record(
    "A person, a source, an entry of the chronology, a dossier or a set.",
    what=one_of([each for each in PLACES.values() if each not in {"recording", "notes"}]),
    title=_PIECES,
    text=_PIECES,
    address=address("Where it is."),
)
ITEM: Final[Shape] = {"oneOf": [_OF_A_RECORDING, _BY_NOTES, _OF_A_THING]}
FOUND: Final[Shape] = record(
    "What a search finds, a page at a time.",
    query=text("What was searched for."),
    place=one_of(list(PLACES), "Where."),
    total=count("How many there are in that place, in all; of notes, how many recordings have such."),
    counts=record("How many there are in each place.", **{name: count(f"In {name}.") for name in PLACES}),
    items=listed(named("Item")),
    links=named("Pages"),
)


def pieces(of: Sequence[Piece]) -> list[dict[str, Any]]:
    """Give a text in pieces, which together are all of it: the blanks between words stand in those that are no hits."""
    last = len(of) - 1
    return [
        {
            "text": said if is_hit else f"{' ' if number else ''}{said}{' ' if number < last else ''}",
            "hit": is_hit,
        }
        for number, (said, is_hit) in enumerate(of)
    ]


def line(found: Found, cited: Cited, *, is_closed: bool) -> dict[str, Any]:
    """Say what was found in a line; ``cited`` is what a citation of it names."""
    said, span = found.line, found.span
    cue = said if isinstance(said, Cue) else None
    parts: list[dict[str, Any]] = []
    for number, each in enumerate(found.lines):
        parts += [{"text": "\n", "hit": False}] if number else []
        parts += pieces(each)
    return {
        "id": said.id,
        "start": cue.start if cue else None,
        "end": span.end if span else None,
        "approximate": cue is not None and cue.is_approximate,
        "speaker": in_one_line(said.speaker) or None if said.speaker else None,
        "text": parts,
        "page": in_one_line(said.page) or None if said.page else None,
        "unchecked": found.is_unchecked,
        "closed": is_closed,
        "sources": [resting_said(each) for each in found.citations],
        **_cited(cited),
    }


def note(row: Row, said: Sequence[Piece], citations: Sequence[Citation], cited: Cited, title: Sequence[Piece]) -> Any:
    """Say what was found in a note, or in its ``title``."""
    return {
        "id": row["id"],
        "kind": row["kind"],
        "title": pieces(title),
        "text": pieces(said),
        "start": row["at"],
        "end": None if row["at"] is None else row["until"],
        "approximate": bool(row["is_approximate"]),
        "sources": [resting_said(each) for each in citations],
        **_cited(cited),
    }


def _cited(cited: Cited) -> dict[str, str]:
    return {"address": cited.address, "citation": in_one_line(chicago(cited))}
