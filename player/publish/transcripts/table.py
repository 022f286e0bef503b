"""Writes CSV, a row a line, for spreadsheets and programs that count; each row can be quoted by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from player.archive.machine import LABEL
from player.publish.citation import chicago
from player.publish.transcripts.named_sources import named
from player.publish.transcripts.notices import terms_in_words
from player.publish.transcripts.plain_signs import in_one_line
from player.publish.transcripts.row_marks import MARKS, row_marks
from player.spreadsheets import joined, written
from player.timecode import SECOND, fragment, vtt

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from player.archive.doubts import Doubt
    from player.archive.sources import Source
    from player.publish.transcripts.exported import Exported
    from player.publish.transcripts.exported_lines import ExportedLine

#: The columns of a transcript.
COLUMNS: Final = (
    *("recording", "line", "start", "end", "from", "to", "speaker", "words", "language", "page", "sources"),
    *("doubts", "remarks", "link", "notice", "rights", "citation", MARKS),
)


def write(exported: Exported) -> bytes:
    """Write the table: times in seconds and as clocks show them, each line with what has to be known of it."""
    recording = exported.recording
    sources = {source.id: source for source in exported.sources}
    machine = recording.transcript.machine if recording.transcript else None
    every = {
        "recording": recording.slug,
        "notice": " ".join(map(str, exported.notices)),
        "rights": terms_in_words(recording, exported.translation),
        "citation": in_one_line(chicago(exported.cited)),
    }
    return written(
        COLUMNS,
        (
            {
                **_row(line, exported, sources),
                **every,
                MARKS: joined(row_marks(line, machine, is_translated=exported.translation is not None)),
            }
            for line in exported.lines
        ),
    )


def seconds(moment: int | None) -> str:
    """Write a moment in seconds; nothing where nobody knows it."""
    return "" if moment is None else f"{moment / SECOND:.3f}"


def _row(line: ExportedLine, exported: Exported, sources: Mapping[str, Source]) -> dict[str, str]:
    address = exported.cited.address
    place = f"#cue-{line.id}" if line.start is None else f"#t={fragment(line.start)}"
    return {
        "line": line.id,
        "start": seconds(line.start),
        "end": seconds(line.end),
        "from": "" if line.start is None else vtt(line.start),
        "to": "" if line.end is None else vtt(line.end),
        "speaker": " and ".join(line.voices),
        "words": " ".join(line.text.split()),
        "language": line.language,
        "page": in_one_line(line.page or ""),
        "sources": named(line.citations, sources),
        "doubts": "; ".join(_doubt(each, line.text.split()) for each in line.doubts),
        "remarks": "; ".join(_remarks(line)),
        "link": f"{address}{place}" if address else "",
    }


def _doubt(doubt: Doubt, words: Sequence[str]) -> str:
    said = " ".join(words[doubt.first : doubt.last + 1])
    others = " or ".join(
        f"“{in_one_line(each.text)}”" + (f" ({in_one_line(each.by)})" if each.by else "") for each in doubt.readings
    )
    what = f"“{said}” is doubtful" if doubt.is_doubtful else f"“{said}”"
    return f"{what}, or {others}" if others else what


def _remarks(line: ExportedLine) -> Iterator[str]:
    if line.is_unchecked:
        yield LABEL
    if line.unsure:
        words = line.text.split()
        yield f"the machine was not sure of {', '.join(f'“{words[number]}”' for number in line.unsure)}"
    if line.is_approximate:
        yield "times are approximate"
    if line.start is None:
        yield "not timed"
    if line.is_untranslated:
        yield "not translated"
    if line.older is not None:
        yield "older than what was said"
    if line.is_closed:
        yield in_one_line(line.reason or "not shown")
