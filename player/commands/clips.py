"""``player clips``: cuts many clips, several at a time, of the annotations of a recording or of the rows of a table."""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from player.commands import output
from player.commands.options import (
    FILE,
    CutOptions,
    archive_option,
    cutting_options,
    open_archive,
    recording_to_cut,
    sources_to_cite,
    warn_of_missing_words,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from player.archive.recording import Recording
    from player.archive.sources import Source
    from player.clips.clip import Clip
    from player.clips.closed import HandedOn
    from player.clips.cut import Cut
    from player.clips.selection import Choice
    from player.errors import PlayerError


@dataclass(frozen=True)
class ClipsRequest:
    """What one run of ``player clips`` is asked for: the rows of ``table``, or without one every annotation.

    ``jobs`` is how many clips are cut at a time; None for one per processor.
    """

    slug: str
    table: Path | None
    folder: Path
    jobs: int | None
    options: CutOptions


@dataclass(frozen=True)
class _Job:
    """One clip that is to be made; ``place``, the row or the annotation that asks for it, is named if it fails."""

    place: str
    recording: Recording
    target: Path
    cut: Cut


@click.command(short_help="Cut clips of all annotations or of a table.")
@click.argument("slug")
@click.option("--all-annotations", is_flag=True, help="Cut a clip of every annotation that has a passage.")
@click.option(
    "--from-csv",
    "table",
    type=FILE,
    help="Cut a clip of each row of a table: start,end,name. Names may be left out, and so may a first row that names "
    "the columns.",
)
@click.option("-o", "--output", "folder", type=FILE, default=".", help="The folder to write them to.")
@click.option(
    "--jobs", type=click.IntRange(1, 64), metavar="N", help="How many to cut at a time; by default one per processor."
)
@cutting_options
@archive_option
def clips(
    slug: str,
    *,
    table: Path | None,
    all_annotations: bool,
    folder: Path,
    jobs: int | None,
    options: CutOptions,
    root: Path,
) -> None:
    """Cut many clips: of every annotation, or of every row of a table.

    Their names sort by time and give the passage. Clips that exist and are up to date are not made again. If a clip
    cannot be made, the command says why and makes the others; the exit code is then 1.

    \b
    Example:
      player clips 1963-11-05-attwood-reading --all-annotations -o clips
      player clips 1963-11-05-attwood-reading --from-csv passages.csv --format wav --jobs 2
    """
    if all_annotations == (table is not None):
        raise click.UsageError("say which passages, with either --all-annotations or --from-csv.")
    _run(ClipsRequest(slug, table, folder, jobs, options), root)


def _run(request: ClipsRequest, root: Path) -> None:
    from player.clips.closed import HandedOn
    from player.clips.selection import all_annotations

    archive = open_archive(root)
    recording = recording_to_cut(archive, request.slug)
    failed = 0
    if request.table is None:
        wanted = [(choice.what, choice) for choice in all_annotations(recording)]
    else:
        wanted, failed = _rows(request.table)
    warn_of_missing_words(recording)
    handed_on = HandedOn(archive, include_closed=request.options.include_closed)
    jobs, refused = _jobs(recording, handed_on, wanted, request)
    failed += refused
    if request.options.dry_run:
        _print_plan(jobs, as_json=request.options.as_json)
    else:
        failed = _make(sources_to_cite(archive), jobs, request, failed)
    if failed:
        sys.exit(1)


def _rows(table: Path) -> tuple[list[tuple[str, Choice]], int]:
    """Read a table into places and passages, print what is wrong with it, and count the rows that failed."""
    from player.clips.provenance import safe
    from player.clips.selection import Choice
    from player.clips.table import read_passages
    from player.errors import shown

    rows, faults = read_passages(table)
    failed = len(faults)
    for fault in faults:
        click.echo(str(fault), err=True)
    if not rows and not faults:
        click.echo(f"{shown(table)}: the table has no rows; write start,end,name", err=True)
        failed += 1
    found: list[tuple[str, Choice]] = []
    # Some file systems do not tell capitals apart.
    named: dict[str, int] = {}
    made: dict[tuple[object, str], int] = {}
    for row in rows:
        place = f"{shown(table)}:{row.line}"
        name = safe(row.name)
        if row.name and not name:
            click.echo(f"{place}: the name has no letter or digit; write one that does, or leave it out", err=True)
            failed += 1
            continue
        key = name.casefold()
        if (before := made.setdefault((row.span, key), row.line)) != row.line:
            click.echo(f"{place}: this repeats line {before}; the clip is made once", err=True)
            continue
        if name and (first := named.setdefault(key, row.line)) != row.line:
            click.echo(f"{place}: line {first} has the same name; the times in the file names differ", err=True)
        found.append((place, Choice(row.span, name)))
    return found, failed


def _jobs(
    recording: Recording, handed_on: HandedOn, wanted: list[tuple[str, Choice]], request: ClipsRequest
) -> tuple[list[_Job], int]:
    """Plan the clips, print why some cannot be made, and count those."""
    from player.audio.probe import probe
    from player.clips.cut import sound_file
    from player.clips.provenance import safe, sorted_name
    from player.clips.selection import padded
    from player.errors import PlayerError

    suffix = request.options.suffix or ".mp3"
    duration = probe(sound_file(recording)).duration
    jobs = []
    refused = 0
    for place, choice in wanted:
        (passage,) = padded([choice], request.options.pad, duration)
        name = sorted_name(recording, passage.span, duration, safe(choice.what), suffix)
        try:
            cut = request.options.cut((passage.span,), suffix)
            seen = handed_on.recording(recording, cut.spans)
        except PlayerError as refusal:
            click.echo(f"{place}: {refusal}", err=True)
            refused += 1
            continue
        jobs.append(_Job(place, seen, request.folder / name, cut))
    return jobs, refused


def _print_plan(jobs: list[_Job], *, as_json: bool) -> None:
    if as_json:
        plan = [{"path": str(job.target), "spans": [[span.start, span.end] for span in job.cut.spans]} for job in jobs]
        output.print_json(plan)
        return
    for job in jobs:
        click.echo(f"{job.target}: {job.cut.spans[0]}")


def _make(sources: Mapping[str, Source], jobs: list[_Job], request: ClipsRequest, failed: int) -> int:
    """Make the clips, print what came of each, and count those that could not be made, ``failed`` of them before."""
    from player.errors import ClipError, PlayerError, reason, shown

    folder, as_json = request.folder, request.options.as_json
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise ClipError(f"{shown(folder)}: the folder cannot be made ({reason(error)}); name another") from None
    made: list[dict[str, Any]] = []
    complaints: list[str] = []
    counts = {"made": 0, "already there": 0, "failed": failed}
    with _progress(len(jobs)) as advance:
        for job, done in _done(sources, jobs, request):
            advance(1)
            if isinstance(done, PlayerError):
                counts["failed"] += 1
                complaints.append(f"{job.place}: {done}")
                continue
            counts["already there" if done is None else "made"] += 1
            if as_json:
                made += [] if done is None else [done.as_json()]
            else:
                click.echo(f"{job.target}: already there" if done is None else str(done))
    for complaint in complaints:
        click.echo(complaint, err=True)
    if as_json:
        output.print_json(made)
    click.echo(", ".join(f"{count} {what}" for what, count in counts.items() if count) or "nothing to make", err=True)
    return counts["failed"]


def _done(
    sources: Mapping[str, Source], jobs: list[_Job], request: ClipsRequest
) -> Iterator[tuple[_Job, Clip | PlayerError | None]]:
    """Make the clips, several at a time, and give each in order: the clip, None if it was there, or why it failed."""
    from concurrent.futures import ThreadPoolExecutor

    from player.clips.clip import make
    from player.clips.verify import is_current
    from player.errors import PlayerError

    force, include_closed = request.options.force, request.options.include_closed

    def attempt(job: _Job) -> Clip | PlayerError | None:
        try:
            if not force and is_current(job.target, job.recording, job.cut):
                return None
            return make(job.recording, job.cut, job.target, sources, force=force, include_closed=include_closed)
        except PlayerError as refusal:
            return refusal

    pool = ThreadPoolExecutor(request.jobs or os.cpu_count() or 1)
    try:
        yield from zip(jobs, pool.map(attempt, jobs), strict=True)
    finally:
        # After Ctrl-C the clips that are being made are finished, and no others are begun.
        pool.shutdown(cancel_futures=True)


@contextlib.contextmanager
def _progress(length: int) -> Iterator[Any]:
    """Show the progress on a terminal; give the function that is called after each step."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=length, label="Cutting", file=sys.stderr) as bar:
        yield bar.update
