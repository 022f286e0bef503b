"""Writes lines and notes in which words were found as a table, each with what it takes to quote and to cite it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from player.archive.machine import LABEL
from player.archive.transcript import Cue
from player.publish.citation import chicago, cite
from player.publish.transcripts.named_sources import named as by_name
from player.publish.transcripts.notices import of_record
from player.publish.transcripts.plain_signs import in_one_line
from player.publish.transcripts.table import seconds
from player.spreadsheets import written
from player.timecode import vtt

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from player.archive.recording import Record
    from player.archive.references import Citation
    from player.archive.sources import Source
    from player.index.store import Row
    from player.publish.citation import Cited
    from player.search.phrases import Found

COLUMNS: Final = (
    *(
        "recording",
        "title",
        "date",
        "line",
        "note",
        "start",
        "end",
        "from",
        "to",
        "page",
        "speaker",
        "words",
        "sources",
    ),
    *("remarks", "notice", "link", "citation"),
)
#: No table has more rows: of more, nobody reads each.
MOST: Final = 2_000


def table(rows: Iterable[Mapping[str, str]]) -> bytes:
    """Write the table."""
    return written(COLUMNS, rows)


def row(record: Record, found: Found, named: Cited, sources: Mapping[str, Source]) -> dict[str, str]:
    """Give the row of a line; ``named`` is what a citation of it names."""
    line, span = found.line, found.span
    start = line.start if isinstance(line, Cue) else None
    end = span.end if span is not None else None
    return {
        "recording": record.slug,
        "title": in_one_line(record.title),
        "date": record.date,
        "line": line.id,
        "start": seconds(start),
        "end": seconds(end),
        "from": "" if start is None else vtt(start),
        "to": "" if end is None else vtt(end),
        "page": in_one_line(line.page or ""),
        "speaker": " and ".join(dict.fromkeys(in_one_line(turn.speaker) for turn in line.turns if turn.speaker)),
        "words": in_one_line(" / ".join(" ".join(text for text, _ in pieces) for pieces in found.lines)),
        "sources": by_name(found.citations, sources),
        "remarks": "; ".join(_remarks(found)),
        "notice": " ".join(map(str, of_record(record))),
        "link": named.address,
        "citation": in_one_line(chicago(named)),
    }


def note_row(
    record: Record, note: Row, named: Cited, citations: Sequence[Citation], sources: Mapping[str, Source]
) -> dict[str, str]:
    """Give the row of a note, which an archivist wrote and nobody said; ``named`` is what a citation of it names."""
    start, end = note["at"], note["until"]
    return {
        "recording": record.slug,
        "title": in_one_line(record.title),
        "date": record.date,
        "note": note["id"],
        "start": seconds(start),
        "end": seconds(end),
        "from": "" if start is None else vtt(start),
        "to": "" if end is None else vtt(end),
        "words": in_one_line(f"{note['title']}: {note['text']}" if note["text"] else note["title"]),
        "sources": by_name(citations, sources),
        "remarks": "; ".join([f"note: {note['kind']}", *(["times are approximate"] if note["is_approximate"] else [])]),
        "notice": " ".join(map(str, of_record(record))),
        "link": named.address,
        "citation": in_one_line(chicago(named)),
    }


def note_cited(record: Record, note: Row, address: str, version: str = "") -> Cited:
    """Give what a citation of the recording where a note is names today; ``address`` leads to the note."""
    start, end = note["at"], note["until"]
    return cite(
        *(record, address, dt.datetime.now(dt.UTC).date(), start, None if start is None else end),
        is_approximate=bool(note["is_approximate"]),
        version=version,
    )


def cited(record: Record, found: Found, address: str, version: str = "") -> Cited:
    """Give what a citation of a line names today: ``address`` leads to it, ``version`` is the day of its transcript."""
    start, end = (found.span.start, found.span.end) if found.span else (None, None)
    return cite(
        *(record, address, dt.datetime.now(dt.UTC).date(), start, end),
        pages=found.line.page,
        is_approximate=getattr(found.line, "is_approximate", False),
        unchecked=found.is_unchecked,
        version=version,
    )


def more(count: int) -> dict[str, str]:
    """Give the last row of a table that has no room for all recordings that were found."""
    what = "1 more recording was" if count == 1 else f"{count} more recordings were"
    return {"remarks": f"{what} found, and not all of their lines are here; search for less"}


def _remarks(found: Found) -> Iterator[str]:
    if found.is_unchecked:
        yield LABEL
    if isinstance(found.line, Cue) and found.line.is_approximate:
        yield "times are approximate"
    if found.span is None:
        yield "not timed"
