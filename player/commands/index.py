"""``player index``: reads what has changed in the archive into its index."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from player.commands.options import archive_option, open_archive
from player.commands.output import counted

if TYPE_CHECKING:
    from pathlib import Path


@click.command(short_help="Bring the index of the archive up to date.")
@click.option("--rebuild", is_flag=True, help="Throw the index away and read every recording again.")
@archive_option
def index(*, rebuild: bool, root: Path) -> None:
    """Read what has changed in the archive into its index, from which lists and searches are answered.

    A server does so by itself, within two seconds of a change; this is for doing it before one is started. The index
    lies in the cache, and everything in it comes from the archive's files.

    \b
    Example:
      player index --rebuild
    """
    from player.index.index import Index

    found = Index.of(open_archive(root))
    read = found.rebuild(_show) if rebuild else found.look(_show)
    while found.measure_one():
        pass
    there = counted(len(found.recordings), "recording")
    click.echo(f"{there}; {counted(read, 'file') if read else 'nothing'} {'had' if read else 'has'} changed")
    for row in found.rows("SELECT fault FROM unit WHERE fault IS NOT NULL ORDER BY kind, name"):
        click.echo(f"{row['fault']} (player check says why)", err=True)


def _show(done: int, there: int) -> None:
    """Say on a terminal how far the reading has come."""
    if sys.stderr.isatty():
        click.echo(f"\r{done:,} of {there:,} read", err=True, nl=done == there)
