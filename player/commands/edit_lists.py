"""Writes the edit list that ``player clips`` is asked for, and says what is in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from player.commands.output import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from player.archive.sources import Source
    from player.clips.edl import Event
    from player.commands.cutting_many import Job
    from player.commands.options import CutOptions


@dataclass(frozen=True)
class EditList:
    """An edit list that is wanted: its file, its frames a second, and the milliseconds between two passages.

    It ``is_all`` where no sound is to be made.
    """

    target: Path
    fps: str
    gap: int
    is_all: bool


def write_edit_list(sources: Mapping[str, Source], jobs: Sequence[Job], wanted: EditList, options: CutOptions) -> None:
    """Write passages into an edit list, whole or not at all.

    :raise ClipError: where it cannot be written, or cannot hold them.
    :raise AudioError: where a sound cannot be read.
    """
    from player.clips.clip import check_targets, told
    from player.clips.edl import edit_list
    from player.files import new_file

    target, fps = wanted.target, wanted.fps
    check_targets([target], force=options.force, what="edit list")
    text = edit_list(target.stem, [_event(job, sources, options) for job in jobs], fps, wanted.gap)
    with told(target, "edit list"), new_file(target, force=options.force) as beside:
        beside.write_text(text, encoding="utf-8")
    of = counted(len({job.slug for job in jobs}), "recording")
    click.echo(f"{target}: {counted(len(jobs), 'passage')} of {of}, at {fps} frames a second", err=options.as_json)


def _event(job: Job, sources: Mapping[str, Source], options: CutOptions) -> Event:
    from player.audio.decode.stream import header
    from player.clips.closed import closed_in
    from player.clips.cut import sound_file
    from player.clips.edl import Event
    from player.clips.joined import Piece
    from player.clips.provenance import of_clip
    from player.clips.versions import words_version

    (span,), recording = job.cut.spans, job.recording
    closed = closed_in(recording, [span]) if options.include_closed else ()
    said = of_clip(recording, job.cut, sources, closed, words_version(recording))
    return Event(span, Piece(recording, span, job.what).title, said, header(sound_file(recording)).channels)
