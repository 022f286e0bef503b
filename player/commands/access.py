"""``player access``: makes the copies of sounds that browsers play exactly."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING

import click

from player.commands import output
from player.commands.advised import with_archive
from player.commands.options import archive_option, open_archive
from player.commands.output import counted
from player.commands.where_done import cluster_option, jobs_option
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Record
    from player.audio.access_make import Made
    from player.timecode import Span


@value
class Copying:
    """A copy that is to be made of a recording of the archive at ``root``; its progress on the terminal, or none."""

    root: Path
    slug: str
    kind: str | None
    force: bool
    is_followed: bool = True


@click.command(short_help="Make the copy of a sound that browsers play.")
@click.argument("slug", required=False)
@click.option("--all", "every", is_flag=True, help="Make the copy of every recording that needs one.")
@click.option(
    "--format",
    "kind",
    type=click.Choice(["m4a", "flac"]),
    help="The format of the copy; by default m4a (AAC), or flac where that cannot hold the sound exactly.",
)
@click.option(
    "--force", is_flag=True, help="Make it also where it is up to date or not needed, and replace what is there."
)
@click.option(
    "--outlines", is_flag=True, help="With --all: measure each sound for its page, too, and keep that in the cache."
)
@click.option(
    "--beside", is_flag=True, help="With --outlines: put that beside sounds in S3, too, for all servers (storage.md)."
)
@jobs_option("With --all: how many to make at a time.")
@cluster_option
@archive_option
def access(
    slug: str | None,
    kind: str | None,
    jobs: int | None,
    cluster: str | None,
    *,
    every: bool,
    force: bool,
    outlines: bool,
    beside: bool,
    root: Path,
) -> None:
    """Make the access copy of a recording, media/access/SLUG.m4a or .flac: what browsers play instead of its sound.

    Browsers need one of a sound that they do not play, or not at the times they show, and of a recording of which
    passages are closed: in the copy these are silent, and browsers get nothing else. Clips are still cut from the
    sound itself. Beside the copy lies SLUG.json, which says what it was made from; a copy that was made from an earlier
    sound is made again.

    With --outlines, what a page shows of a sound is found beforehand: its outline, its length, its digest. It is not
    in the archive but in the cache of whoever gives this command: give it as the user who serves. With --beside, it is
    put into the bucket of a sound in S3 as well, where all servers find it that have the same PLAYER_BESIDE_KEY.

    \b
    Example:
      player access 1963-11-05-attwood-reading
      player access --all --archive my-archive
    """
    from player import files
    from player.audio import access as copies
    from player.commands.outlining import outline_all, put_beside
    from player.commands.where_done import counting, workers
    from player.errors import PlayerError

    if (slug is None) != every:
        raise click.UsageError("Name one recording, or give --all.")
    _refuse_apart(
        is_one=slug is not None, asks_more=bool(cluster or jobs or outlines), beside=beside, outlines=outlines
    )
    archive = open_archive(root)
    if slug is not None:
        click.echo(_copied(archive, Copying(archive.root, slug, kind, force)))
        return
    is_alone = cluster is None and (jobs or 1) == 1
    tasks = [Copying(archive.root, each, kind, force, is_followed=is_alone) for each in archive.slugs()]
    failed = False
    with workers(archive, cluster, jobs) as there:
        with counting("looked at", is_shown=not is_alone) as count:
            for _, made in there.done(copy_of, tasks, count.tell):
                if isinstance(made, PlayerError):
                    count.say(with_archive(str(made)), err=True)
                    failed = True
                elif made is not None:
                    count.say(made)
        if outlines:
            failed |= not outline_all(archive, there, is_shown=not is_alone)
    failed |= beside and not put_beside(archive)
    if not is_alone:
        files.sweep(archive.media / copies.FOLDER)
    if failed:
        sys.exit(1)


def _refuse_apart(*, is_one: bool, asks_more: bool, beside: bool, outlines: bool) -> None:
    if is_one and asks_more:
        raise click.UsageError("--outlines, --jobs and --cluster go with --all.")
    if beside and not outlines:
        raise click.UsageError("--beside goes with --outlines.")


def copy_of(asked: Copying) -> str | None:
    """Make the copy of a recording, in any process, and say what came of it; None where it has no sound.

    :raise PlayerError: where it cannot be made.
    """
    from player.archive.archive import Archive

    archive = Archive(asked.root)
    record = archive.record(asked.slug)
    if record.media is None and not record.media_faults:
        return None
    return _copied(archive, asked)


def copied(
    slug: str, held: Path, target: Path, kind: str, silent: Sequence[Span] = (), *, is_followed: bool = True
) -> Made:
    """Make a copy, by default with its progress on the terminal; what is at ``target`` is replaced."""
    from player.audio import access as copies

    with output.progress(f"Copying {slug}") if is_followed else nullcontext() as progress:
        return copies.make(held, target, kind=kind, progress=progress, force=True, silent=silent)


def described(made: Made, held: Path, silent: Sequence[Span] = ()) -> str:
    """Say in a line what was made, with ``silent`` passages in it."""
    from player import timecode
    from player.clips.provenance import in_words
    from player.errors import shown
    from player.timecode import SECOND

    length = timecode.display(made.length * SECOND // made.rate)
    proven = made.remark or f"in step with it, compared in {counted(made.compared, 'place')}"
    hushed = f", silent from {in_words(silent)}" if silent else ""
    instead = ", in FLAC since M4A could not be proven exact" if made.is_instead else ""
    return f"{shown(made.path)}: {length}, {made.size / 1e6:.1f} MB, made from {held.name}{hushed}{instead}; {proven}"


def _copied(archive: Archive, asked: Copying) -> str:
    """Make the copy of a recording unless nothing is to be done, and say what came of it.

    :raise PlayerError: where it cannot be made.
    """
    from player.audio import access as copies
    from player.audio.access_make import or_flac
    from player.commands.outlining import unheard
    from player.errors import WriteError, shown

    slug, kind, force = asked.slug, asked.kind, asked.force
    record = archive.record(slug)
    held = _held(record)
    copies.check_folder(archive.media)
    silent, why_none = _silent_in(held, record), unheard(record)
    if why_none and not force:
        return f"{shown(held)}: {why_none}, so it needs no copy; --force makes one all the same"
    needed = bool(silent) or copies.needed(held)
    wrong = copies.fault(archive.media, slug, held, silent)
    if wrong and wrong.first:
        raise WriteError(f"{shown(wrong.path)}: {wrong.what}; {wrong.first}, and try again")
    there = None if wrong else copies.shipped(archive.media, slug, held, silent)
    if not force:
        if wrong and not wrong.is_ours:
            raise WriteError(f"{shown(wrong.path)}: {wrong.what}; use --force to replace it")
        if there and kind in {None, there.kind}:
            return f"{shown(there.path)}: this is up to date"
        if not (needed or wrong or there):
            return f"{shown(held)}: browsers play this exactly, so it needs no copy; --force makes one all the same"
    before = there.path if there else wrong.path if wrong else None
    is_flac = before is not None and before.suffix == ".flac"
    chosen = kind or ("flac" if is_flac else copies.kind_for(held))

    def make(kind: str) -> Made:
        target = copies.place(archive.media, slug, kind)
        return copied(slug, held, target, kind, silent, is_followed=asked.is_followed)

    # Where nobody has chosen the kind, in FLAC where it cannot be proven to have the times of the sound.
    made = make(kind) if kind is not None else or_flac(chosen, make)
    if before is not None and before not in {made.path, made.sidecar}:
        before.unlink(missing_ok=True)
    return described(made, held, silent)


def _held(record: Record) -> Path:
    """Give the sound of which a copy is to be made.

    :raise PlayerError: where there is none.
    """
    from player.errors import ArchiveError, WriteError, shown

    if record.media_faults:
        raise ArchiveError(record.media_faults)
    if record.media is None:
        raise WriteError(f"{shown(record.path)}: the record names no sound; write media = …, and try again")
    return record.media


def _silent_in(held: Path, record: Record) -> tuple[Span, ...]:
    """Give what is closed of a recording whose sound lies at ``held``.

    :raise AudioError: where nobody knows where that is in it.
    """
    from player.audio import silence

    if silent := record.shown.silenced:
        silence.refuse_wrong(held, record.slug, record.shown.timed_to)
    return silent
