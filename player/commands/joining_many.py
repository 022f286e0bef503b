"""Joins what ``player clips`` is asked for into one clip, and says what was done to the passages for that."""

from __future__ import annotations

import contextlib
import sys
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import click

from player.commands import output
from player.commands.output import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from player.archive.recording import Recording
    from player.archive.sources import Source
    from player.clips.copied import CopiedJoin
    from player.clips.cut import Cut
    from player.clips.joined import Joined
    from player.clips.make_joined import JoinedClip
    from player.commands.cutting_many import Job
    from player.commands.options import CutOptions


@dataclass(frozen=True)
class JoinOptions:
    """How passages are joined: with ``gap`` milliseconds of silence between two, and as loud as ``loudness`` says."""

    gap: int | None
    loudness: float | None


def target_of(target: Path, jobs: Sequence[Job]) -> Path:
    """Give the file to write, whose name says so where there is a reading in it; its suffix sets the format.

    :raise ClipError: where clips have no such format.
    """
    from player.clips.cut import suffix_of
    from player.clips.provenance import says_reading

    suffix_of(target)
    named = target
    for job in jobs:
        named = says_reading(job.recording, named)
    if named != target:
        click.echo(f"{target}: there is a reading in this clip, so it is named {named.name}", err=True)
    return named


def joined_of(jobs: Sequence[Job], target: Path, options: CutOptions, joining: JoinOptions) -> Joined:
    """Describe the clip that is joined from passages, in their order.

    :raise ClipError: where none can be made so.
    """
    from player.clips.joined import Joined, Piece

    pieces = tuple(Piece(job.recording, job.cut.spans[0], job.what, job.place) for job in jobs)
    cut = options.cut(tuple(piece.span for piece in pieces), target, joining.gap)
    joined = Joined(pieces, cut, joining.loudness)
    joined.check()
    return joined


def print_joined(joined: Joined, jobs: Sequence[Job], target: Path, *, as_json: bool) -> None:
    """Print what would be joined."""
    if as_json:
        passages = [
            {"recording": piece.recording.slug, "span": [piece.span.start, piece.span.end], "chapter": piece.title}
            for piece in joined.pieces
        ]
        output.print_json([{"path": str(target), "passages": passages, "gap": joined.cut.gap}])
        return
    click.echo(f"{target}: {_counted(joined)}")
    for piece, job in zip(joined.pieces, jobs, strict=True):
        said = f": {job.said}" if job.said else ""
        click.echo(f'  {piece.span} of {piece.recording.slug}, "{piece.title}"{said}')


def join_places(
    sources: Mapping[str, Source], recording: Recording, cut: Cut, target: Path, options: CutOptions
) -> None:
    """Join the passages of one recording as a copy, and print what came of it.

    :raise PlayerError: where they cannot be joined; nothing is left behind.
    """
    from player.clips.joined import Joined, Piece

    pieces = (Piece(recording, span, place=f"place {number}") for number, span in enumerate(cut.spans, 1))
    join_all(sources, Joined(tuple(pieces), cut), target, options)


def tell_already_there(target: Path, *, as_json: bool) -> None:
    """Print that the clip which was to be joined is there, and is what it would be."""
    if as_json:
        output.print_json([])
    click.echo(f"{target}: already there", err=as_json)


def join_all(sources: Mapping[str, Source], joined: Joined, target: Path, options: CutOptions) -> None:
    """Join the passages, and print what came of it.

    :raise PlayerError: where they cannot be joined; nothing is left behind.
    """
    from player.clips.make_joined import make_joined

    with _progress(target.name) as progress:
        done = make_joined(
            joined,
            target,
            sources,
            force=options.force,
            include_closed=options.include_closed,
            signer=options.signer,
            progress=progress,
        )
    if options.as_json:
        output.print_json([done.as_json()])
    else:
        _print(done)
    for remark in _remarks(done):
        click.echo(remark, err=True)


def _print(done: JoinedClip) -> None:
    from player.clips.credentials import signed_by
    from player.timecode import SECOND, display

    whole = done.sound.decoding
    label = f" [{done.unchecked}]" if done.unchecked else ""
    length = display(whole.length * SECOND // whole.rate)
    how = ", copied without encoding it again" if done.copied else ""
    click.echo(f"{done.path}: {_counted(done.joined)}, {length}{how}{label}{signed_by(done.path, done.sidecar)}")


def _remarks(done: JoinedClip) -> Iterator[str]:
    """Say what was done to the passages, and what could not be done."""
    from player.audio.shaping import Shape
    from player.clips.joined import CEILING

    if done.not_copied is not None:
        yield f"{done.path.name}: encoded, not copied: {done.not_copied}"
    if done.copied is not None:
        yield from _heard(done.joined, done.copied)
    whole, wanted = done.sound.decoding, done.joined.loudness
    if done.sound.shapes:
        were = "; ".join(map(str, done.sound.shapes))
        yield f"the recordings are sampled differently ({were}); all were brought to {Shape.of(whole)}"
    if done.loudness is None:
        return
    loud = "not measurable" if done.loudness.integrated is None else f"{done.loudness.integrated:.1f} LUFS"
    peak = "none" if done.loudness.true_peak is None else f"{done.loudness.true_peak:.1f} dBTP"
    yield f"loudness {loud}, true peak {peak}; for this every sample was changed, and the sound is encoded anew"
    for piece, each in zip(done.joined.pieces, done.evened, strict=True):
        if each.loudness is None:
            yield f"{piece.place}: it is too short or too soft to be measured, so it is as loud as it was"
        elif wanted is not None and each.is_softer_than(wanted):
            why = f"at {wanted:g} its peaks would pass {CEILING:g} dBTP"
            yield f"{piece.place}: it is at {each.loudness:.1f} LUFS, since {why}"
    if done.loudness.true_peak is not None and done.loudness.true_peak > CEILING:
        yield f"{done.joined.cut.suffix} at this bitrate moves peaks above {CEILING:g} dBTP; give a higher --bitrate"


def _heard(joined: Joined, has: CopiedJoin) -> Iterator[str]:
    """Say what is heard around the passages of a copy, join by join."""
    from player.clips.copied import longest_heard

    for number, (one, other) in enumerate(pairwise(zip(joined.pieces, has.placed, strict=True)), 1):
        after, before = one[1].heard_after, other[1].heard_before
        yield f"join {number}: {after} ms after {one[0].place}, {before} ms before {other[0].place}"
    if len(joined.pieces) > 1:
        before, after = longest_heard(has.placed)
        yield (
            f"at joins, a copy lets hear up to {after} ms of the sound after a passage and {before} ms of that before "
            "one; where that must not be, leave out --format copy"
        )


def _counted(joined: Joined) -> str:
    return f"{counted(len(joined.pieces), 'passage')} of {counted(len(joined.recordings), 'recording')}"


@contextlib.contextmanager
def _progress(name: str) -> Iterator[Callable[[float], Any]]:
    """Show the progress on a terminal; give the function that is called with how much is done, from 0 to 1."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=1000, label=f"Joining {name}", file=sys.stderr) as bar:
        # What is encoded again has been so before: the bar waits.
        yield lambda done: bar.update(max(0, int(1000 * done) - bar.pos))
