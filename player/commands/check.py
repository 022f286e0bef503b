"""``player check``: prints what is wrong with an archive, and what its keeper should know."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from player.commands.advised import with_archive
from player.commands.options import archive_option, open_archive
from player.commands.output import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from player.archive.archive import Archive
    from player.checks.check import Outcome, Texts
    from player.checks.examine import Examiner
    from player.checks.walking import Part, Walk
    from player.folding import Folded

# What takes less than some seconds shows no progress.
_LONG: Final = 200


@click.command(short_help="List what is wrong with the archive.")
@click.option(
    "--texts",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder with full texts of sources, each named after the source's id (log.txt). Every quotation from them "
    "is looked up.",
)
@click.option(
    "--all", "every", is_flag=True, help="List every fault and piece of advice, even if a file has many of one kind."
)
@click.option("--strict", is_flag=True, help="Exit with 1 if there is advice, even without a fault.")
@archive_option
def check(folder: Path | None, *, every: bool, strict: bool, root: Path) -> None:
    """List everything that is wrong with the archive; the exit code is 1 if anything is.

    Correct what it lists and run it again: a file that cannot be read may hide other faults.

    Advice follows, marked as such: files that the player ignores, sounds that browsers play inexactly or not at all,
    transcripts that are bound to no sound, lines that overlap or stand twice, what is closed and due for review, and
    private names and closed words that visitors still read. Advice alone leaves the exit code at 0, unless you ask for
    --strict.

    What was found out is kept in the cache, and only files that have changed are read again. Of what is closed, nothing
    is kept. If the clock had gone back or jumped, so that nothing opened by its date, it is trusted again from now on.

    \b
    Example:
      player check --archive my-archive --texts my-texts
      player check --strict --all
    """
    from player.checks.quotations import read_texts

    def texts(ids: Collection[str]) -> Mapping[str, str]:
        found = read_texts(folder, ids) if folder else {}
        if folder and not found:
            raise click.BadParameter(
                "no file in it is named after the id of a source, such as log.txt", param_hint="--texts"
            )
        return found

    archive = open_archive(root)
    found = outcome(archive, texts, every=every)
    unfit = _unfit_secret()
    for line in (*unfit, *lines_of(found.faults, found.advice)):
        click.echo(line)
    if not archive.clock.is_trusted:
        click.echo(_clock_confirmed(archive))
    recordings = counted(found.recordings, "recording")
    advised = f"; {counted(found.advice_count, 'piece')} of advice" if found.advice else ""
    if unfit or found.faults:
        where = f" in {recordings}" if found.recordings else ""
        click.echo(f"{counted(len(unfit) + found.fault_count, 'fault')}{where}{advised}", err=True)
        sys.exit(1)
    what = f"{recordings}: nothing is wrong" if found.recordings else "the archive has no recordings"
    click.echo(f"{what}{advised}")
    if found.texts:
        click.echo(f"every quotation was found in the texts of these sources: {', '.join(found.texts)}")
    if strict and found.advice:
        sys.exit(1)


def _unfit_secret() -> tuple[str, ...]:
    """Say of the secret by which servers believe what lies beside a sound that with it no server starts."""
    from player.storage import beside
    from player.storage.faults import StorageError

    try:
        beside.secret()
    except StorageError as error:
        return (str(error),)
    return ()


def _clock_confirmed(archive: Archive) -> str:
    """Trust the machine's clock again, and say so: whoever has run a check can see whether it is right."""
    from player.archive import dates

    before = archive.day()
    now = archive.clock.confirm()
    went_by, goes_by = (dates.readable(day.isoformat()) for day in (before, now))
    return (
        f"the clock of this machine went back, or jumped, so nothing has opened since {went_by}; from now on it is "
        f"trusted again, and the day is {goes_by}; if that is wrong, set the clock right, and check once more"
    )


def outcome(archive: Archive, texts: Texts = lambda _: {}, *, every: bool = False) -> Outcome:
    """Check an archive as its owners have it, and show on a terminal how far that is, where it takes long.

    ``texts`` and ``every`` are as for ``player.checks.check.check``.

    :raise ArchiveError: where ``transcripts`` cannot be read.
    """
    from player.checks.check import check as check_archive
    from player.checks.examining import examined
    from player.checks.kept import Kept
    from player.index.engines import opened

    def examine(parts: Sequence[Part], seen: Walk) -> None:
        with _progress(len(parts)) as progress:
            for rows in examined(archive, parts, seen, examiner):
                kept.put(rows)
                progress(len(rows))

    kept = Kept(opened(archive.root), archive.root)
    return kept.database.patiently(lambda: check_archive(archive, kept, examine, texts, every=every))


def examiner(archive: Archive, seen: Walk) -> Examiner:
    """Make what examines an archive, with real sounds and the pages of the site."""
    from player.audio import access, cache, joining, probe
    from player.checks.examine import Examiner
    from player.checks.own import Sounds
    from player.web.routes.addresses import shown_at

    sounds = Sounds(
        lambda path: probe.probe(path).duration, cache.digest, access.advice, joining.compared, probe.missing
    )
    return Examiner(archive, sounds, shown_at, seen.sounds)


def lines_of(faults: Iterable[Folded], advice: Iterable[Folded], lists: str = "--all") -> Iterator[str]:
    """Give the lines that tell faults and advice, and how many more of a kind there are; what ``lists`` them each."""
    for mark, found in (("", faults), ("advice: ", advice)):
        for each in found:
            others = f" ({each.others}; {lists} lists each)" if each.more else ""
            yield f"{mark}{with_archive(str(each.fault))}{others}"


@contextlib.contextmanager
def _progress(count: int) -> Iterator[Callable[[int], object]]:
    """Show on a terminal how many parts were read; give the function that is called with how many more these are."""
    if count < _LONG or not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=count, label="Checking", file=sys.stderr) as bar:
        yield bar.update
