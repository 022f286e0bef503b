"""``player reading``: has synthetic voices speak a script, and writes the sound and its transcript."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

import click

from player.commands.options import archive_option, open_archive
from player.commands.output import counted

if TYPE_CHECKING:
    from pathlib import Path


@click.command(short_help="Have synthetic voices read a script.")
@click.argument("slug")
@click.option("--force", is_flag=True, help="Replace the existing sound and transcript.")
@archive_option
def reading(slug: str, *, force: bool, root: Path) -> None:
    """Have synthetic voices read a script: make the sound and the transcript of a reading from its script.toml.

    The copy of the sound that browsers play is made too, as "player access" makes it.

    Only this command needs flite (on Debian: apt-get install flite); listening does not.

    \b
    Example:
      player reading 1963-11-05-attwood-reading --force
    """
    from player import timecode
    from player.archive.own_files import own_files
    from player.archive.recording import TRANSCRIPT
    from player.archive.script import read_script
    from player.audio.access import check_folder, place
    from player.commands.copying import copied, described
    from player.errors import ReadingError, shown
    from player.reading.reading import build_reading

    archive = open_archive(root)
    record = archive.record(slug)
    script_file = record.folder / "script.toml"
    own_files(archive.transcripts).refuse_barred([script_file, record.folder / TRANSCRIPT])
    script = read_script(script_file)
    if record.media is None or record.media_name != f"{slug}.mp3":
        raise ReadingError(
            f'{shown(record.folder / "recording.toml")}: there is no line media = "{slug}.mp3"; add it, and try again'
        )
    check_folder(archive.media)
    bar = click.progressbar(length=len(script.lines), label="Speaking", file=sys.stderr)
    with contextlib.ExitStack() as stack:

        def advance(done: int, total: int) -> None:
            # The bar shows once a line is spoken: nothing is, where the reading is refused.
            if done == 1:
                stack.enter_context(bar)
            bar.update(done - bar.pos, total)

        made = build_reading(
            record.folder,
            archive.media,
            title=record.title,
            slug=slug,
            language=record.language,
            script=script,
            force=force,
            responsible_party=record.responsible_party or "unknown",
            progress=advance,
        )
    length = timecode.display(made.duration)
    click.echo(f"{shown(made.media)}: {length}, {counted(len(made.cues), 'cue')} in {shown(made.transcript)}")
    # Of a line that is closed, the new times count.
    silent = archive.record(slug).shown.silenced
    copy = copied(slug, made.media, place(archive.media, slug, "m4a"), "m4a", silent)
    click.echo(described(copy, made.media, silent))
