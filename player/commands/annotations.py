"""``player annotations``: prints the annotations of a recording, with links to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from player.commands.options import archive_option, open_archive
from player.commands.output import marked_unless_open, print_columns

if TYPE_CHECKING:
    from pathlib import Path


@click.command("annotations")
@click.argument("slug")
@archive_option
def list_annotations(slug: str, root: Path) -> None:
    """List the annotations of a recording: time, title and link.

    At the end of a line stands why visitors may not see the annotation: [draft], [closed until 2041], [withdrawn].

    \b
    Example:
      player annotations 1963-11-05-attwood-reading
    """
    from player import timecode
    from player.errors import ArchiveError
    from player.index import access

    recording = open_archive(root).recording(slug)
    if recording.unread.annotations:
        raise ArchiveError(recording.unread.annotations)
    if recording.unread.transcript:  # annotations that belong to its lines are listed without a time
        click.echo(str(ArchiveError(recording.unread.transcript)), err=True)
    rows = []
    for annotation in recording.annotations:
        time, query = "-", ""
        if annotation.span is not None:
            time, query = timecode.display(annotation.span.start), f"?t={timecode.fragment(annotation.span.start)}"
        mark = marked_unless_open(access.of_note(recording.shown, annotation.span, is_adrift=annotation.is_adrift))
        rows.append((time, annotation.title, f"/recordings/{slug}{query}#note-{annotation.id}{mark}"))
    if not rows:
        click.echo(f"{slug} has no annotations yet", err=True)
    print_columns(rows)
