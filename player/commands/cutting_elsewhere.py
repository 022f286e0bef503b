"""Cuts clips in another process or on another machine, which are told of them in values."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from player.commands.options import sources_to_cite
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from player.archive.archive import Archive
    from player.clips.clip import Clip
    from player.clips.cut import Cut
    from player.commands.cutting_many import Job
    from player.commands.options import CutOptions
    from player.errors import PlayerError


@value
class Cutting:
    """A clip to be cut of a recording of the archive at ``root``."""

    root: Path
    slug: str
    target: Path
    cut: Cut
    force: bool
    include_closed: bool


def cut_of(asked: Cutting) -> Clip | None:
    """Cut a clip, as whoever gets it may see the recording now; None where it is there already.

    :raise PlayerError: where it cannot be made.
    """
    from player.archive.archive import Archive
    from player.clips.clip import make
    from player.clips.closed import HandedOn
    from player.clips.verify import is_current

    archive = Archive(asked.root)
    handed_on = HandedOn(archive, include_closed=asked.include_closed)
    recording = handed_on.recording(archive.recording(asked.slug), asked.cut.spans)
    if not asked.force and is_current(asked.target, recording, asked.cut, None):
        return None
    sources = sources_to_cite(archive)
    closed = asked.include_closed
    return make(recording, asked.cut, asked.target, sources, force=asked.force, include_closed=closed)


def cut_elsewhere(
    archive: Archive, cluster: str, jobs: list[Job], options: CutOptions
) -> Iterator[tuple[Job, Clip | PlayerError | None]]:
    """Have the workers of a cluster make clips, and give each in order: the clip, None if it was there, or why not.

    :raise ClusterError: where there is no cluster, or one of its workers is not fit.
    """
    from player import files
    from player.clips.clip import Clip
    from player.commands.where_done import workers

    folders = {job.target.absolute().parent for job in jobs}
    tasks = [
        Cutting(archive.root, job.slug, job.target.absolute(), job.cut, options.force, options.include_closed)
        for job in jobs
    ]
    with workers(archive, cluster, folders=folders) as there:
        for job, (_, done) in zip(jobs, there.done(cut_of, tasks), strict=True):
            yield job, replace(done, path=job.target) if isinstance(done, Clip) else done
    for folder in folders:
        files.sweep(folder)
