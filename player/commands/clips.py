"""``player clips``: which passages of a recording, and how they are to be cut into as many files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from player.commands.options import FILE, archive_option, cutting_options

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.argument("slug")
@click.option("--all-annotations", is_flag=True, help="A clip of every annotation that has a passage.")
@click.option(
    "--from-csv",
    "table",
    type=FILE,
    help="A table: start,end,name in each row; names may be left out, and so may a first row that names the columns.",
)
@click.option("-o", "--output", "folder", type=FILE, default=".", help="The folder to make them in.")
@click.option("--jobs", type=click.IntRange(1, 64), metavar="N", help="How many at a time; by default one per core.")
@cutting_options
@archive_option
def clips(slug: str, *, table: Path | None, all_annotations: bool, root: Path, **asked: Any) -> None:
    """Cut many clips: of every annotation, or of every row of a table.

    Their names sort by time and say the passage. What is there already, as it would be made, is not made again. What
    cannot be made is told, and the others are made; the exit code is then 1.

    \b
    Example:
      player clips 1963-11-05-attwood-reading --all-annotations -o clips
      player clips 1963-11-05-attwood-reading --from-csv passages.csv --format wav --jobs 2
    """  # noqa: D301
    if all_annotations == (table is not None):
        raise click.UsageError("say which passages, by one of --all-annotations and --from-csv.")
    # What follows takes long to import.
    from player.commands import many_clips  # noqa: PLC0415

    many_clips.run(slug, root, table, asked)
