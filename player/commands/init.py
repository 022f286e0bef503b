"""``player init``: begins an archive."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import click

from player.commands.options import FILE

if TYPE_CHECKING:
    from pathlib import Path


@click.command(short_help="Begin an archive of your own.")
@click.argument("folder", type=FILE, metavar="DIR")
@click.option("--name", help="What it is called.")
def init(folder: Path, name: str | None) -> None:
    """Make an empty archive: the folders media and transcripts, and transcripts/archive.toml, with every key explained.

    DIR may be there already; what is in it stays as it is.

    \b
    Example:
      player init my-archive --name "The harbour archive"
      player add harbour-office.mp3 --archive my-archive
    """
    from player.errors import shown
    from player.intake.beginning import begin

    begin(folder, name)
    named = shlex.quote(str(folder))
    about = shown(folder / "transcripts" / "archive.toml")
    click.echo(f"{shown(folder)} is an archive now; write what it says about itself into {about}")
    click.echo(f"to add a recording: player add SOUND --archive {named}")
    click.echo(f"to see it: player serve --drafts --archive {named}")
