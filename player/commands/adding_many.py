"""``player add --from-csv``: adds the recordings of a table, and prints what became of each."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from player.commands.advised import with_archive
from player.commands.output import counted, print_columns
from player.commands.steps import steps

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from player.archive.archive import Archive
    from player.intake.adding import Wanted

    #: Gives what a check finds of some recordings, a line each, and whether any of it is a fault.
    Checked = Callable[[Archive, Collection[str]], tuple[list[str], bool]]


def add_table(
    archive: Archive, table: Path, defaults: Wanted, checked: Checked, *, guesses: bool, dry_run: bool
) -> None:
    """Add the recordings of a table; ``defaults`` holds where a row says nothing. Exits with 1 where one was not.

    :raise ArchiveError: where the table cannot be read.
    """
    from player.errors import printable
    from player.intake.adding_many import State, add_many, counts, rows_of

    rows = rows_of(table)
    if not rows:
        click.echo("the table has no rows", err=True)
    done = []
    with steps() as tell:
        for number, each in enumerate(
            add_many(archive, table, rows, defaults, tell, guesses=guesses, dry_run=dry_run), start=1
        ):
            done.append(each)
            if each.told:
                click.echo(with_archive("\n".join(each.told)), err=each.state is State.REFUSED)
            if each.state is State.ADDED and not dry_run:
                click.echo(f"{number} of {len(rows)}: {each.slug} is added")
    print_columns([(f"line {each.line}", each.state.value, each.slug or "-", printable(each.sound)) for each in done])
    many = counts(done)
    verb = "would be added" if dry_run else "added"
    there = f", {many[State.THERE]} there already" if many[State.THERE] else ""
    refused = f", {many[State.REFUSED]} not added" if many[State.REFUSED] else ""
    click.echo(f"{counted(many[State.ADDED], 'recording')} {verb}{there}{refused}")
    added = [each.slug for each in done if each.state is State.ADDED]
    found, is_faulty = checked(archive, added) if added and not dry_run else ([], False)
    if found:
        click.echo("\n".join(found))
    if is_faulty or many[State.REFUSED]:
        sys.exit(1)
