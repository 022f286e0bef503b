"""``player fixity``: keeps the digests of an archive's files, and finds what is no longer as it was."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from player.commands.advised import with_archive
from player.commands.options import archive_option, open_archive
from player.commands.output import counted, print_json, show_count
from player.commands.where_done import cluster_option, jobs_option

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.archive import Archive
    from player.preserve.fixity import Compared

_SHOWN = 20
_MB = 1_000_000


@click.command(short_help="Find files whose bytes have changed, and keep their digests.")
@click.option(
    "--update/--verify",
    "updates",
    default=False,
    help="Take what is there now into the list, or compare it with the list (what is done if neither is given).",
)
@click.option(
    "--accept",
    "accepted",
    multiple=True,
    metavar="FILE",
    help="With --update: a sound that was changed or removed on purpose, such as media/tape.wav.",
)
@jobs_option("How many processes read; by default this one does, some files at a time.")
@cluster_option
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@archive_option
def fixity(
    accepted: tuple[str, ...], jobs: int | None, cluster: str | None, root: Path, *, updates: bool, as_json: bool
) -> None:
    """Read every file of the archive, and compare it with what it was: its SHA-256 in transcripts/fixity.sha256.

    Files that have changed, those that are missing, and those that cannot be read are named, and the exit code is 1.
    --update writes the list. Texts and notes that were changed are taken into it, and told; a sound that was changed is
    not, since no program edits it: it keeps the digest that it had until you --accept the change, and so does what
    cannot be read. sha256sum reads the list, too.

    \b
    Example:
      player fixity --update
      player fixity --verify
      player fixity --jobs 4
    """
    from player.preserve import fixity as listing

    if accepted and not updates:
        raise click.UsageError("--accept goes with --update.")
    archive = open_archive(root)
    before = listing.listed(archive)
    if before is None and not updates:
        message = f"{listing.NAME}: there is no list yet; make it with: player fixity --update"
        click.echo(with_archive(message), err=True)
        sys.exit(1)
    found = _compared(archive, before or {}, jobs, cluster)
    refused: list[str] = []
    if updates:
        known = {*found.changed, *found.missing}
        wrong = [name for name in accepted if name not in known and not found.is_unread(name)]
        if wrong:
            raise click.UsageError(f"{wrong[0]} is neither changed nor missing.")
        after, refused = listing.kept(before or {}, found, accepted)
        if after != before:
            _write(archive, after)
    _tell(found, refused, updates=updates, as_json=as_json)
    if refused or found.unread or (not updates and (found.changed or found.missing)):
        sys.exit(1)


def _compared(archive: Archive, before: dict[str, str], jobs: int | None, cluster: str | None) -> Compared:
    """Read the files here, or have others read them.

    :raise ClusterError: where those who read are not fit, or gone.
    """
    from player.commands.where_done import workers
    from player.preserve import fixity as listing

    if jobs is None and cluster is None:
        return listing.compare(archive, before, _show)
    with workers(archive, cluster, jobs) as there:
        return listing.compare(archive, before, _show, there)


def _write(archive: Archive, digests: dict[str, str]) -> None:
    from player.errors import WriteError, reason
    from player.preserve import fixity as listing

    try:
        listing.write(archive, digests)
    except OSError as error:
        what = f"{listing.NAME}: the list cannot be written ({reason(error)})"
        raise WriteError(f"{what}; check that you may write there and the free space, and try again") from None


def _tell(found: Compared, refused: list[str], *, updates: bool, as_json: bool) -> None:
    if as_json:
        kinds = {"changed": found.changed, "missing": found.missing, "new": found.new, "refused": refused}
        kinds["unread"] = sorted(found.unread)
        print_json({"files": len(found.now), "bytes": found.size, "same": len(found.same), **kinds})
        return
    taken = {True: "taken into the list", False: "player fixity --update takes it into the list"}[updates]
    for name in found.changed:
        what = (
            _refusal(name, "its bytes are not what they were") if name in refused or not updates else "changed; taken"
        )
        click.echo(with_archive(f"{name}: {what}"), err=not updates or name in refused)
    for name in found.missing:
        what = _refusal(name, "it is missing") if name in refused or not updates else "gone; taken from the list"
        click.echo(with_archive(f"{name}: {what}"), err=not updates or name in refused)
    for name in found.new[:_SHOWN]:
        click.echo(with_archive(f"{name}: new; {taken}"))
    if len(found.new) > _SHOWN:
        click.echo(f"… and {counted(len(found.new) - _SHOWN, 'other')} that are new")
    for name in sorted(found.unread):
        click.echo(with_archive(str(found.unread[name])), err=True)
    as_they_were = f"{len(found.same):,} as they were" if found.same or not found.new else "all new"
    unread = f"; {len(found.unread):,} could not be read" if found.unread else ""
    click.echo(f"{counted(len(found.now), 'file')}, {found.size:,} bytes: {as_they_were}{unread}")


def _refusal(name: str, what: str) -> str:
    import shlex

    from player.preserve.fixity import is_held_sound

    meant = f"player fixity --update{f' --accept {shlex.quote(name)}' if is_held_sound(name) else ''}"
    return f"{what}; bring it back from another copy, or if this was meant: {meant}"


def _show(done: int, there: int) -> None:
    show_count("MB read", done, there, _MB)
