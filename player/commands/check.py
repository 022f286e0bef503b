"""``player check``: prints what is wrong with an archive, and what its keeper should know."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from player.commands.options import archive_option, open_archive
from player.commands.output import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.errors import Fault


@click.command(short_help="List what is wrong with the archive.")
@click.option(
    "--texts",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder with full texts of sources, each named after the source's id (log.txt). Every quotation from them "
    "is looked up.",
)
@click.option("--all", "every", is_flag=True, help="List every fault, even if a file has many of one kind.")
@archive_option
def check(folder: Path | None, *, every: bool, root: Path) -> None:
    """List everything that is wrong with the archive; the exit code is 1 if anything is.

    Correct what it lists and run it again: a file that cannot be read may hide other faults.

    Advice follows, marked as such: files that the player ignores, sounds that browsers play inexactly or not at all.
    Advice alone leaves the exit code at 0.

    \b
    Example:
      player check --archive my-archive --texts my-texts
    """
    from player.audio import access, cache, probe
    from player.checks.advice import advise
    from player.checks.check import check as faults_of
    from player.checks.quotations import read_texts
    from player.web.routes.addresses import shown_at

    archive = open_archive(root)
    texts = read_texts(folder, archive.sources) if folder else {}
    if folder and not texts:
        raise click.BadParameter(
            "no file in it is named after the id of a source, such as log.txt", param_hint="--texts"
        )
    faults = faults_of(archive, lambda path: probe.probe(path).duration, cache.digest, shown_at, texts)
    advice = advise(archive, cache.digest, access.advice)
    _print(faults, "", every=every)
    _print(advice, "advice: ", every=every)
    there = len(archive.slugs())
    recordings = counted(there, "recording")
    advised = f"; {counted(len(advice), 'piece')} of advice" if advice else ""
    if faults:
        click.echo(f"{counted(len(faults), 'fault')}{f' in {recordings}' if there else ''}{advised}", err=True)
        sys.exit(1)
    click.echo(f"{f'{recordings}: nothing is wrong' if there else 'the archive has no recordings'}{advised}")
    if texts:
        click.echo(f"every quotation was found in the texts of these sources: {', '.join(texts)}")


def _print(faults: Sequence[Fault], mark: str, *, every: bool) -> None:
    """Print faults or advice; of many of one kind only the first, unless ``every`` one is wanted."""
    from player.errors import Folded, fold

    for kind in map(Folded, faults) if every else fold(faults):
        others = f" ({kind.others}; --all lists each)" if kind.more else ""
        click.echo(f"{mark}{kind.fault}{others}")
