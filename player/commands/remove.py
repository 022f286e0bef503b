"""``player remove``: removes a recording from the archive, with all of its files."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from player.commands.advised import with_archive
from player.commands.derived import forgotten
from player.commands.options import archive_option, open_archive
from player.commands.output import counted

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Record
    from player.intake.removing import Removal


@click.command(short_help="Remove a recording and its files.")
@click.argument("slug")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--force", is_flag=True, help="Remove it although something else points at it.")
@archive_option
def remove(slug: str, *, yes: bool, force: bool, root: Path) -> None:
    """Remove a recording: its sound and access copy, its record, transcript and notes, and what was derived from them.

    What goes is listed, and you are asked before anything does. It is refused where other records, notes, dossiers or
    the chronology point at it, which is listed too. All of it goes, or nothing.

    Where visitors could see it, its addresses are answered with 404 from then on. player withdraw closes a recording
    in the open instead: visitors are told that it was withdrawn, and the files stay.

    \b
    Example:
      player remove harbour-office --archive my-archive
    """
    from player.errors import RemoveError
    from player.intake import removing

    archive = open_archive(root)
    record = archive.record(slug)
    removal = removing.plan(archive, record)
    if removal.pointing and not force:
        told = "\n".join(map(str, removal.pointing))
        raise RemoveError(f"{told}\n{slug} was not removed; change what points at it first, or say --force")
    _tell(record, removal)
    if not yes and not click.confirm(f"Remove {slug}?", err=True):
        click.echo(f"{slug} was not removed", err=True)
        sys.exit(1)
    is_clean = _remove(archive, slug, removal)
    left = f"; {counted(len(removal.pointing), 'place')} still point at it: player check" if removal.pointing else ""
    click.echo(with_archive(f"{slug} is removed{left}"))
    if not is_clean:
        sys.exit(1)


def _tell(record: Record, removal: Removal) -> None:
    from player.errors import shown

    click.echo("to be removed:")
    for path in removal.paths:
        inside = sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else []
        names = f": {', '.join(shown(each.relative_to(path)) for each in inside)}" if inside else ""
        click.echo(f"  {shown(path)}{names}")
    for path in removal.kept:
        click.echo(f"{shown(path)} stays, since another record names it")
    for each in removal.pointing:
        click.echo(f"points at it, and will lead nowhere: {shown(each.path)}:{each.line}")
    if record.shown.record is None and record.withdrawal is None:
        click.echo(
            f"visitors can see it: links to it will be answered with 404. To tell them that it is no longer there, "
            f"and keep the files: player withdraw {record.slug}"
        )


def _remove(archive: Archive, slug: str, removal: Removal) -> bool:
    """Remove the files, and what was derived from them; tell whether all of that went."""
    from player.audio import forgetting
    from player.intake import removing
    from player.web.serving import kept_clips

    sounds = [each for path in removal.paths for each in ([path, *path.rglob("*")] if path.is_dir() else [path])]
    derived = [each for sound in sounds for each in forgetting.derived(sound)]
    clips = kept_clips.all_of(archive.transcripts / slug)
    removing.remove(archive, removal)
    return forgotten(archive, slug, [*derived, *clips])
