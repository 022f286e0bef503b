"""``player index``: reads what has changed in the archive into its index."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from player.commands.options import archive_option, open_archive
from player.commands.output import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from player.checks.walking import Part, Walk
    from player.index.looking import Look, Unit
    from player.index.reading import Write


@click.command(short_help="Bring the index of the archive up to date.")
@click.option("--rebuild", is_flag=True, help="Throw the index away and read every recording again.")
@archive_option
def index(*, rebuild: bool, root: Path) -> None:
    """Read what has changed in the archive into its index, from which lists and searches are answered.

    A server does so by itself, within two seconds of a change; this is for doing it before one is started. The index
    lies in the cache, and everything in it comes from the archive's files. What is read is checked at the same time, so
    that "player check" need not read it again.

    \b
    Example:
      player index --rebuild
    """
    from player import processes
    from player.checks.examining import BATCH, FEW, examined
    from player.checks.kept import Kept
    from player.checks.walking import walk
    from player.commands.check import examiner
    from player.index.index import KEPT_ELSEWHERE, Index

    archive = open_archive(root)
    found = Index.of(archive)
    kept = Kept(found.database, archive.root)

    def elsewhere(units: Sequence[Unit], seen: Look) -> Iterator[int]:
        files = walk(archive)
        stale = frozenset(kept.stale(files))
        if len(units) < FEW or processes.count() == 1:
            read = _reader(archive.root, seen, files, stale)
            yield from (read([unit]) for unit in units)
            return
        batches = [units[at : at + BATCH] for at in range(0, len(units), BATCH)]
        yield from processes.answers(batches, _reader, archive.root, seen, files, stale)

    def check_rest() -> None:
        files = walk(archive)
        for rows in examined(archive, kept.stale(files), files, examiner):
            kept.put(rows)

    with found.database.elected() as is_ours:
        if not is_ours and not rebuild:
            click.echo(KEPT_ELSEWHERE)
            return
    read = found.rebuild(_show, elsewhere) if rebuild else found.look(_show, elsewhere)
    if not found.database.is_in_memory:
        found.database.patiently(check_rest)
    while found.measure_one():
        pass
    there = counted(len(found.recordings), "recording")
    hidden = found.rows(
        "SELECT count(*) AS count FROM unit LEFT JOIN recording USING (id)"
        " WHERE unit.kind = 'recording' AND restricted AND slug IS NULL"
    )[0]["count"]
    if hidden:
        there += f", and {hidden} that visitors do not see"
    click.echo(f"{there}; {counted(read, 'file') if read else 'nothing'} {'had' if read else 'has'} changed")
    for row in found.rows("SELECT fault FROM unit WHERE fault IS NOT NULL ORDER BY kind, name"):
        click.echo(f"{row['fault']} (player check says why)", err=True)


def _reader(root: Path, seen: Look, files: Walk, stale: frozenset[Part]) -> Callable[[Sequence[Unit]], int]:
    """Make what reads units, of the archive at ``root``, into its index, and examines those that are ``stale``."""
    from player.archive.archive import Archive
    from player.checks.kept import insert, row
    from player.commands.check import examiner
    from player.index.index import Index
    from player.index.reading import Reader

    archive = Archive(root)
    found = Index.of(archive)
    reader = Reader(found.archive, found.database)
    naming = reader.naming()
    examine = examiner(archive, files).examine

    def read(units: Sequence[Unit]) -> int:
        rows = []
        writes: list[Write] = []
        for unit in units:
            writes.append(reader.read(unit, seen))
            if unit in stale:
                rows.append(row(unit, examine(unit), files, archive.root))
        writes.append(lambda writer: insert(writer.connection, rows))
        reader.write(writes, naming)
        return len(units)

    return read


def _show(done: int, there: int) -> None:
    """Say on a terminal how far the reading has come."""
    if sys.stderr.isatty():
        click.echo(f"\r{done:,} of {there:,} read", err=True, nl=done == there)
