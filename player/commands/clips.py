"""``player clips``: cuts many clips, several at a time: of a table, of annotations, or wherever words are said."""

from __future__ import annotations

import sys
from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import click

from player.audio.copied_kinds import SUFFIXES
from player.clips.defaults import FPS, GAP
from player.commands.edit_lists import EditList, write_edit_list
from player.commands.joining_many import JoinOptions
from player.commands.options import (
    FILE,
    TIME,
    CutOptions,
    archive_option,
    cutting_options,
    open_archive,
    sources_to_cite,
)
from player.commands.signing import signing_options
from player.commands.where_done import cluster_option

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from player.archive.archive import Archive
    from player.commands.cutting_many import Job
    from player.commands.passages_wanted import Wanted, Wanting


@dataclass(frozen=True)
class ClipsRequest:
    """What one run of ``player clips`` is asked for: rows of ``table``, lines with ``words``, or annotations.

    ``slug`` is the one recording, or that of rows which name none. Of the whole archive, recordings with the ``tags``
    and ``people`` are meant. ``jobs`` is how many clips are cut at a time; None for one per processor; a
    ``cluster`` has its own.
    ``target`` is the folder to write to, or the one file where passages are joined, as ``joining`` says; ``edits`` is
    the edit list to be written.
    """

    slug: str | None
    table: Path | None
    words: str | None
    tags: tuple[str, ...]
    people: tuple[str, ...]
    limit: int | None
    target: Path
    jobs: int | None
    cluster: str | None
    joining: JoinOptions | None
    edits: EditList | None
    options: CutOptions

    @property
    def is_sequence(self) -> bool:
        """Whether passages are put one after another, so that one may come again."""
        return self.joining is not None or (self.edits is not None and self.edits.is_all)

    def wanted(self, wanting: Wanting) -> Iterator[Wanted]:
        """Find the passages. Of a table, also what comes after the last that is wanted is looked at, and told.

        :raise PlayerError: where there is nothing to find them by.
        """
        with_closed = self.options.include_closed
        if self.table is not None:
            found: Iterable[Wanted] = wanting.of_table(self.table, self.slug, again=self.is_sequence)
        elif self.words is not None:
            found = wanting.of_words(self.words, self.slug, self.tags, self.people, with_closed=with_closed)
        elif self.slug is not None:
            found = wanting.of_annotations(self.slug)
        else:
            found = wanting.of_all_annotations(self.tags, self.people, with_closed=with_closed)
        there = iter(found)
        yield from islice(there, self.limit)
        if self.table is not None:
            deque(there, maxlen=0)


@click.command(short_help="Cut clips of a table, of annotations, or wherever words are said.")
@click.argument("slug", required=False)
@click.option("--all-annotations", is_flag=True, help="Cut a clip of every annotation that has a passage.")
@click.option(
    "--from-csv",
    "table",
    type=FILE,
    help="Cut a clip of each row of a table: start,end,name, and recording or format where rows differ in these. Names "
    "may be left out, and so may a first row that names the columns.",
)
@click.option(
    "--search",
    "words",
    metavar="WORDS",
    help="Cut a clip of each line in which words are found, in the whole archive or in SLUG.",
)
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Only of recordings with this tag.")
@click.option("--person", "people", multiple=True, metavar="ID", help="Only of recordings with this person.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Only the first N passages.")
@click.option("--join", is_flag=True, help="Join all passages, in their order, into the one file that -o names.")
@click.option(
    "--gap",
    type=TIME,
    metavar="SECONDS",
    help=f"With --join or --edl: the silence between passages; {GAP / 1000:g} by default with --join.",
)
@click.option(
    "--loudness",
    type=float,
    metavar="LUFS",
    help="With --join: make all passages equally loud, for instance -16 (EBU R 128), with no true peak above -1 dBTP.",
)
@click.option(
    "--edl",
    type=FILE,
    help="Write the passages in their order as an edit list for editors (CMX 3600); alone, make nothing else.",
)
@click.option(
    "--fps", type=click.Choice(FPS), help="With --edl: frames a second, 25 by default. No frames are dropped."
)
@click.option(
    "-o",
    "--output",
    "--to",
    "target",
    type=FILE,
    help="The folder to write them to, by default the one you are in; with --join, the file.",
)
@click.option(
    "--jobs", type=click.IntRange(1, 64), metavar="N", help="How many to cut at a time; by default one per processor."
)
@cluster_option
@cutting_options
@signing_options
@archive_option
def clips(
    slug: str | None,
    *,
    table: Path | None,
    all_annotations: bool,
    words: str | None,
    tags: tuple[str, ...],
    people: tuple[str, ...],
    limit: int | None,
    join: bool,
    gap: int | None,
    loudness: float | None,
    edl: Path | None,
    fps: str | None,
    target: Path | None,
    jobs: int | None,
    cluster: str | None,
    options: CutOptions,
    root: Path,
) -> None:
    """Cut many clips: of every row of a table, of every annotation, or of every line in which words are found.

    Their names give the recording and the passage, and sort by time. Clips that exist and are up to date are not made
    again. If a clip cannot be made, the command says why and makes the others; the exit code is then 1.

    \b
    Example:
      player clips 1963-11-05-attwood-reading --all-annotations -o clips
      player clips --from-csv passages.csv --format wav --jobs 2
      player clips --search "harbour office" --tag ferries --dry-run
    """
    if sum((all_annotations, table is not None, words is not None)) != 1:
        raise click.UsageError("say which passages, with one of --all-annotations, --from-csv and --search.")
    if (tags or people) and (table is not None or slug is not None):
        raise click.UsageError("--tag and --person go with --search or --all-annotations, without SLUG.")
    if all_annotations and not (slug or tags or people):
        raise click.UsageError("say of which recordings: SLUG, or --tag or --person.")
    if not join and (loudness is not None or (gap is not None and edl is None)):
        raise click.UsageError("--gap and --loudness need --join.")
    if fps is not None and edl is None:
        raise click.UsageError("--fps needs --edl.")
    if join and target is None:
        raise click.UsageError("--join needs -o FILE: the suffix of its name sets the format.")
    if options.is_copy and loudness is not None:
        raise click.UsageError("--format copy keeps every sample as it is, so --loudness goes only with others.")
    named = "" if target is None else target.suffix.lower()
    is_other = named not in SUFFIXES if options.is_copy else options.suffix not in {None, named}
    if join and target is not None and is_other:
        raise click.UsageError(f"the name ends in {target.suffix} but --format says otherwise; leave one out.")
    if cluster is not None and (join or jobs is not None or options.signer is not None):
        # The key would be sent to the workers, and stay there.
        raise click.UsageError("--cluster does not go with --join, --jobs or --sign.")
    from pathlib import Path

    joining = JoinOptions(gap, loudness) if join else None
    between = (GAP if join else 0) if gap is None else gap
    edits = None if edl is None else EditList(edl, fps or "25", between, is_all=target is None)
    where = target or Path()
    _run(ClipsRequest(slug, table, words, tags, people, limit, where, jobs, cluster, joining, edits, options), root)


def _run(request: ClipsRequest, root: Path) -> None:
    from player.clips.closed import HandedOn
    from player.commands.cutting_many import jobs_of
    from player.commands.output import counted
    from player.commands.passages_wanted import Wanting

    archive, options = open_archive(root), request.options
    wanting = Wanting(archive)
    handed_on = HandedOn(archive, include_closed=options.include_closed)
    wanted = request.wanted(wanting)
    jobs, refused = jobs_of(
        *(wanted, wanting.recording, handed_on, request.target, options),
        again=request.is_sequence,
        in_one=request.joining is not None,
    )
    failed = wanting.failed + refused
    if request.words is not None and not jobs and not failed:
        click.echo("nothing was found", err=True)
        failed = 1
    elif request.is_sequence and failed and (request.table is not None or not jobs):
        # A table says what is wanted; a search or a tag finds also what may not be handed on, which was told.
        click.echo(f"nothing was made, since {counted(failed, 'passage')} cannot be cut", err=True)
    elif options.dry_run:
        _print_plan(request, jobs)
    else:
        failed = _make(archive, request, jobs, failed)
    if failed:
        sys.exit(1)


def _print_plan(request: ClipsRequest, jobs: list[Job]) -> None:
    """Print what would be made.

    :raise ClipError: where it cannot be.
    """
    from player.commands.cutting_many import print_plan
    from player.commands.joining_many import joined_of, print_joined, target_of

    options = request.options
    if request.joining is None:
        print_plan(jobs, as_json=options.as_json)
        return
    target = target_of(request.target, jobs)
    print_joined(joined_of(jobs, target, options, request.joining), jobs, target, as_json=options.as_json)


def _make(archive: Archive, request: ClipsRequest, jobs: list[Job], failed: int) -> int:
    """Make what is asked for, and count what could not be made, ``failed`` of that before.

    :raise PlayerError: where none of it can be made.
    """
    from player.clips.clip import check_targets
    from player.clips.verify_joined import is_joined_current
    from player.commands.cutting_many import make_all
    from player.commands.joining_many import join_all, joined_of, target_of, tell_already_there

    options, sources = request.options, sources_to_cite(archive)
    joined, is_there = None, False
    if request.joining is not None:
        target = target_of(request.target, jobs)
        joined = joined_of(jobs, target, options, request.joining)
        is_there = not options.force and is_joined_current(target, joined, options.signer)
        if not is_there:
            check_targets([target], force=options.force)
    if request.edits is not None:
        write_edit_list(sources, jobs, request.edits, options)
    if joined is not None and is_there:
        tell_already_there(target, as_json=options.as_json)
    elif joined is not None:
        join_all(sources, joined, target, options)
    elif request.edits is None or not request.edits.is_all:
        elsewhere = None
        if request.cluster is not None and jobs:
            from player.commands.cutting_elsewhere import cut_elsewhere

            elsewhere = cut_elsewhere(archive, request.cluster, jobs, options)
        failed = make_all(sources, jobs, request.target, options, request.jobs, failed=failed, elsewhere=elsewhere)
    return failed
