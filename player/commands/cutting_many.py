"""Makes the clips that ``player clips`` is asked for, several at a time, and prints what became of each."""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from player.commands import output
from player.commands.options import for_format, suffix_for, tell_not_copied

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from player.archive.recording import Recording
    from player.archive.sources import Source
    from player.clips.clip import Clip, Making
    from player.clips.closed import HandedOn
    from player.clips.cut import Cut
    from player.commands.options import CutOptions
    from player.commands.passages_wanted import Wanted
    from player.errors import PlayerError


@dataclass(frozen=True)
class Job:
    """One clip that is to be made; ``place``, the row or the annotation that asks for it, is named if it fails.

    ``said`` is what is to be printed of its words, where they were looked for.
    """

    place: str
    slug: str
    target: Path
    cut: Cut
    what: str
    said: str
    _open: Callable[[], Recording] = field(repr=False, compare=False)

    @property
    def recording(self) -> Recording:
        """Open its recording, as whoever gets the clip may see it: of thousands, not all are in memory.

        :raise PlayerError: where what is to be cut was closed meanwhile, or is there no longer.
        """
        return self._open()


def jobs_of(
    wanted: Iterable[Wanted],
    opened: Callable[[str], Recording],
    handed_on: HandedOn,
    folder: Path,
    options: CutOptions,
    *,
    again: bool = False,
    in_one: bool = False,
) -> tuple[list[Job], int]:
    """Plan the clips, print why some cannot be made, and count those.

    ``opened`` opens a recording as its owners see it. A clip that another one is already is passed over, unless they
    may come ``again``. Passages that come ``in_one`` file have no formats of their own.
    """
    from player.audio.probe import probe
    from player.clips.cut import clip_sound, sound_file
    from player.clips.provenance import safe, sorted_name
    from player.clips.selection import padded
    from player.errors import ClipError, PlayerError

    taken: dict[str, Job] = {}
    jobs = []
    refused = 0
    for each in wanted:
        choice = each.choice
        try:
            if each.format_name and in_one:
                raise ClipError("with --join there is one file, and its name sets the format; leave this one out")
            how = for_format(options, each.format_name)
            recording = opened(each.slug)
            duration = probe(sound_file(recording)).duration
            (passage,) = padded([choice], options.pads, duration)
            suffix = suffix_for(recording, how)
            target = folder / sorted_name(recording, passage.span, duration, safe(choice.what), suffix)
            cut = how.cut((passage.span,), target)
            handed_on.recording(recording, cut.spans)
            if passage.span.end > duration:
                clip_sound(recording, cut)  # as it will be found: what ends too late is refused beside the others
        except PlayerError as refusal:
            click.echo(f"{each.place}: {refusal}", err=True)
            refused += 1
            continue
        open_seen = partial(_seen, opened, handed_on, each.slug, cut)
        job = Job(each.place, each.slug, target, cut, choice.what, each.said, open_seen)
        apart = job if again else _apart(job, taken)
        if apart is not None:
            jobs.append(apart)
    return jobs, refused


def _seen(opened: Callable[[str], Recording], handed_on: HandedOn, slug: str, cut: Cut) -> Recording:
    return handed_on.recording(opened(slug), cut.spans)


def _apart(job: Job, taken: dict[str, Job]) -> Job | None:
    """Give a clip a name that no other has; None where another is the same clip. Case tells no names apart."""
    from dataclasses import replace

    target, number = job.target, 1
    while (other := taken.get(target.name.casefold())) is not None:
        if (other.slug, other.cut) == (job.slug, job.cut):
            click.echo(f"{job.place}: this is the clip of {other.place}; it is made once", err=True)
            return None
        number += 1
        target = job.target.with_name(f"{job.target.stem}_{number}{job.target.suffix}")
    found = taken[target.name.casefold()] = replace(job, target=target)
    return found


def print_plan(jobs: list[Job], *, as_json: bool) -> None:
    """Print what would be made."""
    if as_json:
        plan = [
            {
                "path": str(job.target),
                "recording": job.slug,
                "spans": [[span.start, span.end] for span in job.cut.spans],
            }
            for job in jobs
        ]
        output.print_json(plan)
        return
    for job in jobs:
        click.echo(f"{job.target}: {job.cut.spans[0]}{f': {job.said}' if job.said else ''}")


def make_all(
    sources: Mapping[str, Source],
    jobs: list[Job],
    folder: Path,
    options: CutOptions,
    at_once: int | None,
    *,
    failed: int,
    elsewhere: Iterator[tuple[Job, Clip | PlayerError | None]] | None = None,
) -> int:
    """Make the clips, print what came of each, and count those that could not be made, ``failed`` of them before.

    They are made here, ``at_once`` at a time, or come from ``elsewhere``, which begins once their folder is there.

    :raise ClipError: where their folder cannot be made.
    """
    from player.commands.new_folder import new_folder
    from player.errors import PlayerError, shown

    as_json = options.as_json
    made: list[dict[str, Any]] = []
    complaints: list[str] = []
    counts = {"made": 0, "already there": 0, "failed": failed}
    with new_folder(folder), progress(len(jobs)) as advance:
        for job, done in _done(sources, jobs, options, at_once) if elsewhere is None else elsewhere:
            advance(1)
            if isinstance(done, PlayerError):
                counts["failed"] += 1
                complaints.append(f"{job.place}: {done}")
                continue
            counts["already there" if done is None else "made"] += 1
            if done is not None:
                tell_not_copied(done)
            if as_json:
                made += [] if done is None else [done.as_json()]
            else:
                click.echo(f"{shown(job.target)}: already there" if done is None else str(done))
    for complaint in complaints:
        click.echo(complaint, err=True)
    if as_json:
        output.print_json(made)
    click.echo(", ".join(f"{count} {what}" for what, count in counts.items() if count) or "nothing to make", err=True)
    return counts["failed"]


def _done(
    sources: Mapping[str, Source], jobs: list[Job], options: CutOptions, at_once: int | None
) -> Iterator[tuple[Job, Clip | PlayerError | None]]:
    """Make the clips, several at a time, and give each in order: the clip, None if it was there, or why it failed."""
    from concurrent.futures import ThreadPoolExecutor

    from player.clips.clip import make, making
    from player.clips.together import make_together
    from player.clips.verify import is_current
    from player.errors import PlayerError

    force, signer = options.force, options.signer
    how: dict[str, Any] = {"force": force, "include_closed": options.include_closed, "signer": signer}
    at_once = at_once or os.cpu_count() or 1

    def wanted(job: Job) -> Recording | None:
        recording = job.recording
        return recording if force or not is_current(job.target, recording, job.cut, signer) else None

    def started(job: Job) -> Making | None:
        recording = wanted(job)
        return None if recording is None else making(recording, job.cut, job.target, sources, **how)

    def attempt(job: Job) -> Clip | PlayerError | None:
        try:
            recording = wanted(job)
            return None if recording is None else make(recording, job.cut, job.target, sources, **how)
        except PlayerError as refusal:
            return refusal

    if any(job.cut.is_copy for job in jobs):
        yield from make_together(jobs, started, at_once)
        return
    pool = ThreadPoolExecutor(at_once)
    try:
        yield from zip(jobs, pool.map(attempt, jobs), strict=True)
    finally:
        # After Ctrl-C the clips that are being made are finished, and no others are begun.
        pool.shutdown(cancel_futures=True)


@contextlib.contextmanager
def progress(length: int) -> Iterator[Any]:
    """Show the progress on a terminal; give the function that is called after each step."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=length, label="Cutting", file=sys.stderr) as bar:
        yield bar.update
