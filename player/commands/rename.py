"""``player rename``: gives a recording another name, to which the addresses of the old one lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from player.commands.options import archive_option, open_archive
from player.commands.output import counted

if TYPE_CHECKING:
    from pathlib import Path


@click.command(short_help="Give a recording another name.")
@click.argument("old")
@click.argument("new")
@click.option("--dry-run", is_flag=True, help="Print what would be moved and changed, and change nothing.")
@archive_option
def rename(old: str, new: str, *, dry_run: bool, root: Path) -> None:
    """Give a recording another name, its slug: its folder and the files that are called after it are moved.

    What points at it in the archive's other files, by a key or by a link, points at the new name afterwards. The old
    name is noted in its recording.toml, under "formerly", and the addresses of its pages, lines, citations and sound
    lead to the new ones for good. All of this is done, or nothing.

    \b
    Example:
      player rename harbour-office harbour-office-1971 --archive my-archive
    """
    from player.audio import forgetting
    from player.errors import shown
    from player.intake import renaming
    from player.web.serving import kept_clips

    archive = open_archive(root)
    renamed = renaming.plan(archive, old, new)
    # What was derived would be found by the old paths alone.
    derived = [each for path, _ in renamed.moved for each in forgetting.derived(path)]
    derived += kept_clips.all_of(archive.transcripts / old)
    if not dry_run:
        renaming.rename(archive, renamed)
        forgetting.remove(derived)
    click.echo("would be moved:" if dry_run else "moved:")
    for before, after in renamed.moved:
        click.echo(f"  {shown(before)} to {after.name}")
    own = {path for path, _ in renamed.moved}
    others = [path for path, _, _ in renamed.changed if not own & {path, *path.parents}]
    if others:
        click.echo("would point at the new name:" if dry_run else "now points at the new name:")
        for path in others:
            click.echo(f"  {shown(path)}")
    if renamed.kept is not None:
        click.echo(f"{shown(renamed.kept)} keeps its name, since another record names it too")
    if dry_run:
        click.echo("nothing was changed")
        return
    count = f", {counted(len(others), 'other file')} changed" if others else ""
    click.echo(f"{old} is called {new} now{count}: /recordings/{new}")
    click.echo(f'/recordings/{old} leads there as long as the record says so, under "formerly"')
