"""Writes the table of ``player search --csv``: lines and notes that visitors may read, each with its citation."""

from __future__ import annotations

import sys
from itertools import islice
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from player.archive.sources import Source
    from player.index.everything import Everything
    from player.index.index import Index


def write(index: Index, words: str, target: Path, most: int | None) -> None:
    """Write what is found for ``words``, at most so many rows; the exit code is 1 where nothing is."""
    from player.commands.output import counted
    from player.errors import SearchError, reason, shown
    from player.files import new_file
    from player.index.everything import Everything
    from player.publish.found_lines import table

    rows = list(islice(_rows(Everything.find_open(index, words), index.sources), most))
    if not rows:
        click.echo("nothing was found that visitors may read", err=True)
        sys.exit(1)
    content = table(rows)
    if str(target) == "-":
        sys.stdout.buffer.write(content)
        return
    try:
        with new_file(target) as beside:
            beside.write_bytes(content)
    except FileExistsError:
        raise SearchError(f"{shown(target)}: the file is there already; choose another name") from None
    except OSError as error:
        raise SearchError(f"{shown(target)}: it cannot be written ({reason(error)}); choose another place") from None
    noted = sum(bool(each.get("note")) for each in rows)
    told = [counted(len(rows) - noted, "line"), *([counted(noted, "note")] if noted else [])]
    click.echo(f"{shown(target)}: {', '.join(told)}")


def _rows(found: Everything, sources: Mapping[str, Source]) -> Iterator[dict[str, str]]:
    from player.archive.gate.shown import CLOSED_LINE, Audience
    from player.errors import PlayerError
    from player.publish.found_lines import cited, note_cited, note_row, row
    from player.timecode import fragment
    from player.web.pages.as_of import cited_version
    from player.web.serving.public_address import Site

    url = Site.from_environment().url
    visitors = found.owners.seen_by(Audience.VISITORS)
    for card, lines, notes in found.with_sources():
        try:
            record = visitors.record(card.slug)
        except PlayerError:
            continue  # it was closed, or removed, since it was last looked at
        version = cited_version(record)
        page = f"{url}/recordings/{card.slug}" if url else ""
        day = version.date if version else ""
        for line in () if record.shown.transcript else lines:
            if card.access is not None and line.line.id.startswith(CLOSED_LINE):
                continue
            start, end = (line.span.start, line.span.end) if line.span else (None, None)
            place = f"#cue-{line.line.id}" if start is None else f"#t={fragment(start)},{fragment(end or start)}"
            yield row(record, line, cited(record, line, page and f"{page}{place}", day), sources)
        for note, citations in () if record.shown.notes else notes:
            address = page and f"{page}#note-{note['id']}"
            yield note_row(record, note, note_cited(record, note, address, day), citations, sources)
