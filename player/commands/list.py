"""``player list``: prints the recordings of the archive."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from player.commands.options import archive_option, open_archive
from player.commands.output import marked_if_unchecked, marked_unless_open, print_columns

if TYPE_CHECKING:
    from pathlib import Path


@click.command("list", short_help="List the recordings of the archive.")
@archive_option
def list_recordings(root: Path) -> None:
    """List the recordings of the archive: name, date, whether there is a sound, title.

    At the end of a line stands what visitors may not see: [draft], [closed until 2041], [withdrawn]; and whether a
    machine wrote the words, and nobody has reviewed them.

    \b
    Example:
      player list
    """
    from player.errors import ArchiveError
    from player.index import access

    archive = open_archive(root)
    rows, refusals = [], []
    for slug in archive.slugs():
        try:
            recording = archive.record(slug)
        except ArchiveError as refusal:
            refusals.append(str(refusal))
            continue
        sound = "not held" if recording.media is None else recording.kind if recording.media.is_file() else "missing"
        mark = marked_unless_open(access.of_recording(recording.shown))
        mark += marked_if_unchecked(is_unchecked=recording.has_machine_draft)
        rows.append((recording.slug, recording.date, sound, f"{recording.title}{mark}"))
    print_columns(rows)
    for message in refusals:
        click.echo(message, err=True)
    if refusals:
        sys.exit(1)
