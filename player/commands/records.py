"""``player records``: writes a table of what the records say, and changes records by such a table."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from player.commands.advised import with_archive
from player.commands.options import FILE, archive_option, open_archive
from player.commands.output import counted

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.archive import Archive


@click.command(short_help="Change many records by a table.")
@click.option("--export", "target", type=FILE, help="Write a table of all records to this CSV file.")
@click.option("--import", "table", type=FILE, help="Change the records as this CSV file has them.")
@click.option("--dry-run", is_flag=True, help="With --import, print each change, and change nothing.")
@click.option("--force", is_flag=True, help="With --export, replace an existing file.")
@archive_option
def records(target: Path | None, table: Path | None, *, dry_run: bool, force: bool, root: Path) -> None:
    """Change what many records say, in a spreadsheet.

    The table has a row for each record, with its slug and its keys; docs/files.md says what each key means. A last
    column says what visitors may not see of it, and is only for reading. Columns and rows that you do not need can be
    removed: what the table does not have stays as it is. An empty cell takes the key out of the record. In a list, such
    as tags, | stands between the texts. Of recording.toml nothing changes but the values that differ: comments, order
    and spaces stay.

    \b
    Example:
      player records --export records.csv --archive my-archive
      player records --import records.csv --dry-run --archive my-archive
      player records --import records.csv --archive my-archive
    """
    if (target is None) == (table is None):
        raise click.UsageError("Give --export or --import, and one file.")
    if dry_run and table is None:
        raise click.UsageError("--dry-run goes with --import.")
    archive = open_archive(root)
    if table is not None:
        _import(archive, table, is_dry=dry_run)
    elif target is not None:
        _export(archive, target, force=force)


def _export(archive: Archive, target: Path, *, force: bool) -> None:
    from player.errors import ArchiveError, WriteError, reason, shown
    from player.files import new_file
    from player.intake.record_edits import cells
    from player.intake.record_table import written

    rows, unread = [], []
    for slug in archive.slugs():
        try:
            rows.append((slug, cells(archive, slug)))
        except ArchiveError as error:
            unread.append(error)
    try:
        with new_file(target, force=force) as beside:
            beside.write_bytes(written(rows))
    except FileExistsError:
        raise WriteError(f"{shown(target)}: there is such a file; name another, or replace it with --force") from None
    except OSError as error:
        raise WriteError(f"{shown(target)}: this cannot be written ({reason(error)}); name another place") from None
    click.echo(f"{counted(len(rows), 'record')} written to {shown(target)}")
    if unread:
        click.echo("\n".join(str(error) for error in unread), err=True)
        click.echo(f"{counted(len(unread), 'record')} left out, which cannot be read", err=True)
        sys.exit(1)


def _import(archive: Archive, table: Path, *, is_dry: bool) -> None:
    from player.errors import ArchiveError, quoted, shown
    from player.intake.record_edits import changed_records, write
    from player.intake.record_table import read_table

    rows = read_table(table)
    changed = changed_records(archive, table, rows)
    failed: list[ArchiveError] = []
    for record in changed:
        if is_dry:
            for change in record.changes:
                before, after = (quoted(text) if text else "nothing" for text in (change.before, change.after))
                click.echo(f"{shown(record.path)}: {change.key}: {before} becomes {after}")
            continue
        try:
            write(record)
        except ArchiveError as error:
            failed.append(error)
    if is_dry:
        click.echo(f"{counted(len(changed), 'record')} of {len(rows)} would be changed; nothing was written")
        return
    done = len(changed) - len(failed)
    then = with_archive("; now check what they point at: player check") if done else ""
    click.echo(f"{counted(done, 'record')} of {len(rows)} changed{then}")
    if failed:
        click.echo("\n".join(str(error) for error in failed), err=True)
        sys.exit(1)
