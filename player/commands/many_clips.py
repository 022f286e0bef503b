"""What ``player clips`` was asked into clips, several at a time, each made, found there already, or told of."""

from __future__ import annotations

import contextlib
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from player.audio.probe import probe
from player.clips.clip import make
from player.clips.cut import GAP, held
from player.clips.names import safe, sorted_name
from player.clips.passages import read_passages
from player.clips.selection import Choice, all_annotations, padded
from player.clips.verify import is_current
from player.commands.options import open_archive
from player.commands.told import (
    cut_from,
    line,
    milliseconds,
    print_json,
    recording_to_cut,
    sources_to_cite,
    tell_missing_words,
    told,
)
from player.errors import ClipError, PlayerError, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from player.archive.recording import Recording
    from player.archive.sources import Source
    from player.clips.clip import Clip
    from player.clips.cut import Cut


@dataclass(frozen=True)
class _Job:
    """One clip that is to be made; ``place`` is where it was asked for, to be named where it fails."""

    place: str
    target: Path
    cut: Cut


def run(slug: str, root: Path, table: Path | None, asked: dict[str, Any]) -> None:
    """Make the clips of the rows of ``table``, or of all annotations, or say which would be made."""
    archive = open_archive(root)
    recording = recording_to_cut(archive, slug)
    failed = 0
    if table is not None:
        asked_for, failed = _rows(table)
    else:
        asked_for = [(choice.what, choice) for choice in all_annotations(recording)]
    tell_missing_words(recording)
    jobs, refused = _jobs(recording, asked_for, asked)
    failed += refused
    if asked["dry_run"]:
        _print_plan(jobs, as_json=asked["as_json"])
    else:
        failed += _make(recording, sources_to_cite(archive), jobs, asked)
    if failed:
        sys.exit(1)


def _rows(table: Path) -> tuple[list[tuple[str, Choice]], int]:
    """Read a table into places and passages, tell what is wrong with it, and count that."""
    rows, faults = read_passages(table)
    failed = len(faults)
    for fault in faults:
        click.echo(str(fault), err=True)
    if not rows and not faults:
        click.echo(f"{shown(table)}: there is no row in it; write start,end,name", err=True)
        failed += 1
    found: list[tuple[str, Choice]] = []
    # Some file systems do not tell capitals apart.
    named: dict[str, int] = {}
    made: dict[tuple[object, str], int] = {}
    for row in rows:
        place = f"{shown(table)}:{row.line}"
        name = safe(row.name)
        if row.name and not name:
            click.echo(f"{place}: the name has no letter or digit; write one that has, or none", err=True)
            failed += 1
            continue
        key = name.casefold()
        if (before := made.setdefault((row.span, key), row.line)) != row.line:
            click.echo(f"{place}: this is the clip of line {before} again; it is made once", err=True)
            continue
        if name and (first := named.setdefault(key, row.line)) != row.line:
            click.echo(f"{place}: the name is that of line {first} too; their times tell the files apart", err=True)
        found.append((place, Choice(row.span, name)))
    return found, failed


def _jobs(recording: Recording, asked_for: list[tuple[str, Choice]], asked: dict[str, Any]) -> tuple[list[_Job], int]:
    suffix = f".{asked['kind'] or 'mp3'}"
    duration = probe(held(recording)).duration
    pad = milliseconds(asked["pad"])
    jobs = []
    refused = 0
    for place, choice in asked_for:
        (passage,) = padded([choice], pad, duration)
        name = sorted_name(recording, passage.span, duration, safe(choice.what), suffix)
        cut = cut_from((passage.span,), suffix, GAP, asked)
        try:
            cut.check()
        except PlayerError as refusal:
            click.echo(f"{place}: {refusal}", err=True)
            refused += 1
            continue
        jobs.append(_Job(place, asked["folder"] / name, cut))
    return jobs, refused


def _print_plan(jobs: list[_Job], *, as_json: bool) -> None:
    if as_json:
        plan = [{"path": str(job.target), "spans": [[span.start, span.end] for span in job.cut.spans]} for job in jobs]
        print_json(plan)
        return
    for job in jobs:
        click.echo(f"{job.target}: {job.cut.spans[0]}")


def _make(recording: Recording, sources: Mapping[str, Source], jobs: list[_Job], asked: dict[str, Any]) -> int:
    """Make the clips, tell of each, and count those that could not be made."""
    folder: Path = asked["folder"]
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise ClipError(f"{shown(folder)}: the folder cannot be made ({error.strerror}); name another") from None
    made: list[dict[str, Any]] = []
    lines: list[str] = []
    counts = {"made": 0, "there already": 0, "failed": 0}
    with _bar(len(jobs)) as advance:
        for job, done in _done(recording, sources, jobs, asked):
            advance(1)
            if isinstance(done, PlayerError):
                counts["failed"] += 1
                lines.append(f"{job.place}: {done}")
                continue
            counts["there already" if done is None else "made"] += 1
            if asked["as_json"]:
                made += [] if done is None else [told(done)]
            else:
                text = f"{job.target}: there already" if done is None else line(done, job.cut)
                click.echo(text)
    for complaint in lines:
        click.echo(complaint, err=True)
    if asked["as_json"]:
        print_json(made)
    click.echo(", ".join(f"{count} {what}" for what, count in counts.items() if count) or "nothing to make", err=True)
    return counts["failed"]


def _done(
    recording: Recording, sources: Mapping[str, Source], jobs: list[_Job], asked: dict[str, Any]
) -> Iterator[tuple[_Job, Clip | PlayerError | None]]:
    """Make the clips, several at a time, and give each in its turn: made, None where it was there, or why not."""

    def attempt(job: _Job) -> Clip | PlayerError | None:
        try:
            if not asked["force"] and is_current(job.target, recording, job.cut):
                return None
            return make(recording, job.cut, job.target, sources, force=asked["force"])
        except PlayerError as refusal:
            return refusal

    pool = ThreadPoolExecutor(asked["jobs"] or os.cpu_count() or 1)
    try:
        yield from zip(jobs, pool.map(attempt, jobs), strict=True)
    finally:
        # After Ctrl-C those that are being made are finished, no other is begun.
        pool.shutdown(cancel_futures=True)


@contextlib.contextmanager
def _bar(length: int) -> Iterator[Any]:
    """Show how far it is, on a terminal; give what tells of each step."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=length, label="Cutting", file=sys.stderr) as bar:
        yield bar.update
