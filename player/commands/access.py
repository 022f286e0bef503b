"""``player access``: makes the copies of sounds that browsers play exactly."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from player.commands.copying import EXACT, Copying, Outcome, copied, described
from player.commands.options import archive_option, open_archive
from player.commands.output import counted, ended, refuse
from player.commands.where_done import cluster_option, jobs_option

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Record
    from player.audio.access_make import Made
    from player.timecode import Span


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
@click.option("--beside", is_flag=True, help="Put copies, and what --outlines finds, beside sounds in S3 (storage.md).")
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
    in the archive but in the cache of whoever gives this command: give it as the user who serves.

    With --beside, the copy of a sound in S3 is put into its bucket, beside it, and not into the archive; what was
    found with --outlines is put there, too. All servers find it that have the same PLAYER_BESIDE_KEY.

    \b
    Example:
      player access 1963-11-05-attwood-reading
      player access --all --archive my-archive
    """
    from player import files
    from player.audio import access as copies
    from player.commands.copying_beside import put_beside
    from player.commands.outlining import outline_all
    from player.commands.where_done import counting, workers
    from player.errors import PlayerError

    if (slug is None) != every:
        raise click.UsageError("Name one recording, or give --all.")
    if slug is not None and (cluster or jobs or outlines):
        raise click.UsageError("--outlines, --jobs and --cluster go with --all.")
    archive = open_archive(root)
    if slug is not None:
        _one(archive, Copying(archive.root, slug, kind, force, is_beside=beside))
        return
    is_alone = cluster is None and (jobs or 1) == 1
    tasks = [Copying(archive.root, each, kind, force, is_alone, beside) for each in archive.slugs()]
    made = needed_none = failed = 0
    with workers(archive, cluster, jobs) as there:
        with counting("looked at", is_shown=not is_alone) as count:
            for task, outcome in there.done(copy_of, tasks, count.tell):
                if isinstance(outcome, PlayerError):
                    refuse(task.slug, outcome, count.say)
                    failed += 1
                elif outcome is not None:
                    count.say(outcome.line)
                    made += outcome.is_made
                    needed_none += not outcome.is_made
            done = f"{counted(made, 'copy', 'copies')} made"
            ended(done, [(needed_none, "up to date or not needed"), (failed, "not made")], count.say)
        is_whole = not outlines or outline_all(archive, there, is_shown=not is_alone)
    is_whole &= not beside or put_beside(archive, outlines=outlines)
    if not is_alone:
        files.sweep(archive.media / copies.FOLDER)
    if failed or not is_whole:
        sys.exit(1)


def _one(archive: Archive, asked: Copying) -> None:
    """Make the copy of one recording, and have no other be beside its sound that should not."""
    from player.commands.copying_beside import keep_wanted

    click.echo(_copied(archive, asked).line)
    if asked.is_beside and (held := archive.record(asked.slug).media) is not None and keep_wanted(archive, held):
        sys.exit(1)


def copy_of(asked: Copying) -> Outcome | None:
    """Make the copy of a recording, in any process, and say what came of it; None where it has no sound.

    :raise PlayerError: where it cannot be made.
    """
    from player.archive.archive import Archive

    archive = Archive(asked.root)
    record = archive.record(asked.slug)
    if record.media is None and not record.media_faults:
        return None
    return _copied(archive, asked)


def _copied(archive: Archive, asked: Copying) -> Outcome:
    """Make the copy of a recording unless nothing is to be done, and say what came of it.

    :raise PlayerError: where it cannot be made.
    """
    from player.audio import access as copies
    from player.commands.copying_beside import copied_beside, is_in_s3
    from player.commands.outlining import unheard
    from player.errors import shown

    kind, force = asked.kind, asked.force
    record = archive.record(asked.slug)
    held = _held(record)
    silent, why_none = _silent_in(held, record), unheard(record)
    if why_none and not force:
        return Outcome(f"{shown(held)}: {why_none}, so it needs no copy; --force makes one all the same")
    near = [] if force else [each for each in copies.beside(held, silent) if kind in {None, each.kind}]
    if near:
        return Outcome(f"{shown(near[0].path)}: this is up to date")
    if asked.is_beside and is_in_s3(record):
        return copied_beside(archive, record, asked, silent)
    return _into_archive(archive, asked, held, silent)


def _into_archive(archive: Archive, asked: Copying, held: Path, silent: Sequence[Span]) -> Outcome:
    from player.audio import access as copies
    from player.audio.access_make import or_flac
    from player.errors import WriteError, shown

    slug, kind, force = asked.slug, asked.kind, asked.force
    copies.check_folder(archive.media)
    needed = bool(silent) or copies.needed(held)
    wrong = copies.fault(archive.media, slug, held, silent)
    if wrong and wrong.first:
        raise WriteError(f"{shown(wrong.path)}: {wrong.what}; {wrong.first}, and try again")
    there = None if wrong else copies.shipped(archive.media, slug, held, silent)
    if not force:
        if wrong and not wrong.is_ours:
            raise WriteError(f"{shown(wrong.path)}: {wrong.what}; use --force to replace it")
        if there and kind in {None, there.kind}:
            return Outcome(f"{shown(there.path)}: this is up to date")
        if not (needed or wrong or there):
            return Outcome(f"{shown(held)}: {EXACT}")
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
    return Outcome(described(made, held, silent), is_made=True)


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
