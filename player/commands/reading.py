"""``player reading``: has synthetic voices speak a script, and writes the sound and its transcript."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from player.commands.options import archive_option, open_archive

if TYPE_CHECKING:
    from pathlib import Path


@click.command(short_help="Have synthetic voices read a script.")
@click.argument("slug")
@click.option("--force", is_flag=True, help="Replace the existing sound and transcript.")
@archive_option
def reading(slug: str, *, force: bool, root: Path) -> None:
    """Have synthetic voices read a script: make the sound and the transcript of a reading from its script.toml.

    Only this command needs flite (on Debian: apt-get install flite); listening does not.

    \b
    Example:
      player reading 1963-11-05-attwood-reading --force
    """
    from player import timecode
    from player.archive.script import read_script
    from player.errors import ReadingError, shown
    from player.reading.reading import build_reading

    archive = open_archive(root)
    record = archive.record(slug)
    script = read_script(record.folder / "script.toml")
    if record.media is None or record.media_name != f"{slug}.mp3":
        raise ReadingError(
            f'{shown(record.folder / "recording.toml")}: there is no line media = "{slug}.mp3"; add it, and try again'
        )
    with click.progressbar(length=len(script.lines), label="Speaking", file=sys.stderr) as bar:
        made = build_reading(
            record.folder,
            archive.media,
            title=record.title,
            slug=slug,
            language=record.language,
            script=script,
            force=force,
            responsible_party=record.responsible_party or "unknown",
            progress=lambda done, total: bar.update(done - bar.pos, total),
        )
    length = timecode.display(made.duration)
    click.echo(f"{shown(made.media)}: {length}, {len(made.cues)} cues in {shown(made.transcript)}")
