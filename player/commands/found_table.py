"""Writes the table of ``player search --csv``: lines that visitors may read, each with its citation."""

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
    """Write what is found for ``words``, at most so many lines; the exit code is 1 where nothing is."""
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
    click.echo(f"{shown(target)}: {len(rows)} {'line' if len(rows) == 1 else 'lines'}")


def _rows(found: Everything, sources: Mapping[str, Source]) -> Iterator[dict[str, str]]:
    from player.archive.gate.shown import CLOSED_LINE, Audience
    from player.errors import PlayerError
    from player.publish.found_lines import cited, row
    from player.timecode import fragment
    from player.web.pages.as_of import cited_version
    from player.web.serving.public_address import Site

    url = Site.from_environment().url
    visitors = found.owners.seen_by(Audience.VISITORS)
    for card, line, _ in found.lines(with_sources=True):
        try:
            record = visitors.record(card.slug)
        except PlayerError:
            continue  # it was closed, or removed, since it was last looked at
        if record.shown.transcript is not None or (card.access is not None and line.line.id.startswith(CLOSED_LINE)):
            continue
        version = cited_version(record)
        start, end = (line.span.start, line.span.end) if line.span else (None, None)
        place = f"#cue-{line.line.id}" if start is None else f"#t={fragment(start)},{fragment(end or start)}"
        address = f"{url}/recordings/{card.slug}{place}" if url else ""
        yield row(record, line, cited(record, line, address, version.date if version else ""), sources)
