"""A query into what the page lists for readers without JavaScript: lines and notes in which it was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player.errors import SearchError
from player.search.phrases import count, find

if TYPE_CHECKING:
    from player.archive.recording import Recording
    from player.search.phrases import Found
    from player.web.pages.edition import Edition
    from player.web.pages.notes import Note

#: Characters of a query. The page's field takes no more; of a longer one the rest is left out, and the page says so.
LONGEST_QUERY: Final = 200
#: Lines that are listed. Whoever gets more is helped by another word, not by a longer page.
MOST_LINES: Final = 200


@dataclass(frozen=True)
class Finding:
    """What a query found: its first lines, the notes, and how many hits there are in all lines and notes."""

    query: str
    lines: tuple[Found, ...] = ()
    notes: tuple[Note, ...] = ()
    count: int = 0
    count_in_notes: int = 0
    #: Lines that are not listed.
    more: int = 0
    is_cut: bool = False
    #: Why nothing was looked for.
    problem: str | None = None


def search(asked: str | None, recording: Recording, edition: Edition) -> Finding | None:
    """Find what ``?q=`` asks for; None where it asks for nothing."""
    if asked is None or not asked.strip():
        return None
    query = asked[:LONGEST_QUERY]
    is_cut = len(asked) > LONGEST_QUERY
    try:
        lines = find(recording.transcript.cues if recording.transcript else (), query)
        counts = [(note, _count(note, query)) for note in (*edition.moments, *edition.background)]
    except SearchError as error:
        return Finding(query, is_cut=is_cut, problem=str(error))
    in_notes = sum(number for _, number in counts)
    return Finding(
        query,
        tuple(lines[:MOST_LINES]),
        tuple(note for note, number in counts if number),
        count=sum(len(line.hits) for line in lines) + in_notes,
        count_in_notes=in_notes,
        more=max(len(lines) - MOST_LINES, 0),
        is_cut=is_cut,
    )


def _count(note: Note, query: str) -> int:
    says = " ".join(each.striptags() for each in (note.body, *(claim.says for claim in note.context.claims)))
    return count(note.annotation.title, query) + count(says, query)
