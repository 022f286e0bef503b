"""``player list``: prints the recordings of the archive."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from player.commands.options import archive_option, open_archive
from player.commands.output import print_columns

if TYPE_CHECKING:
    from pathlib import Path


@click.command("list", short_help="List the recordings of the archive.")
@archive_option
def list_recordings(root: Path) -> None:
    """List the recordings of the archive: name, date, whether there is a sound, title.

    \b
    Example:
      player list
    """
    from player.errors import ArchiveError

    archive = open_archive(root)
    rows, refusals = [], []
    for slug in archive.slugs():
        try:
            recording = archive.record(slug)
        except ArchiveError as refusal:
            refusals.append(str(refusal))
            continue
        sound = "not held" if recording.media is None else recording.kind if recording.media.is_file() else "missing"
        rows.append((recording.slug, recording.date, sound, recording.title))
    print_columns(rows)
    for message in refusals:
        click.echo(message, err=True)
    if refusals:
        sys.exit(1)
