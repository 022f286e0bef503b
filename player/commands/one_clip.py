"""What ``player clip`` was asked into clips: the passages found, the files named, the clips made or told of."""

from __future__ import annotations

import contextlib
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from player import timecode
from player.audio.probe import probe
from player.clips import names, selection
from player.clips.clip import check_targets, make
from player.clips.cut import GAP, held, suffix_of
from player.commands.options import FORMATS, open_archive
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
from player.errors import ClipError
from player.files import temporary_folder
from player.timecode import Span

if TYPE_CHECKING:
    from player.archive.archive import Archive
    from player.archive.recording import Recording
    from player.clips.cut import Cut
    from player.clips.selection import Choice

_STANDARD_OUTPUT: Final = Path("-")


@dataclass(frozen=True)
class _Plan:
    """One clip that is to be made, and what is in it."""

    target: Path
    cut: Cut
    what: str


def run(slug: str, root: Path, asked: dict[str, Any]) -> None:
    """Make the clips, or say which would be made."""
    archive = open_archive(root)
    recording = recording_to_cut(archive, slug)
    plans = _plans(recording, asked)
    if not asked["bare"]:
        tell_missing_words(recording)
    if asked["dry_run"]:
        _print([_planned(plan, slug) for plan in plans], as_json=asked["as_json"])
    elif asked["target"] == _STANDARD_OUTPUT:
        _to_standard_output(archive, recording, plans, bare=asked["bare"])
    else:
        _make(archive, recording, plans, asked)


def _plans(recording: Recording, asked: dict[str, Any]) -> list[_Plan]:
    choices = _choices(recording, asked)
    if pad := milliseconds(asked["pad"]):
        choices = selection.padded(choices, pad, probe(held(recording)).duration)
    if asked["join"]:
        choices = selection.merged(choices)
    groups = [choices] if asked["join"] else [[choice] for choice in choices]
    gap = milliseconds(asked["gap"], GAP)
    plans = []
    for number, group in enumerate(groups, 1):
        spans = tuple(choice.span for choice in group)
        what = " … ".join(choice.what for choice in group if choice.what)
        target, suffix = _target(recording, group, asked, number, len(groups))
        cut = cut_from(spans, suffix, gap, asked)
        cut.check()
        plans.append(_Plan(target, cut, what))
    return plans


def _choices(recording: Recording, asked: dict[str, Any]) -> list[Choice]:
    if asked["start"] is not None:
        end, length = (None if asked[name] is None else timecode.parse(asked[name]) for name in ("end", "length"))
        return selection.by_times(timecode.parse(asked["start"]), end, length)
    if asked["cue"] is not None:
        return selection.by_cues(recording, asked["cue"])
    if asked["annotation"] is not None:
        return selection.by_annotation(recording, asked["annotation"])
    if asked["quote"] is not None:
        return selection.by_quote(recording, asked["quote"], every=asked["every"], nth=asked["nth"])
    return selection.by_match(recording, asked["match"], nth=asked["nth"])


def _target(
    recording: Recording, group: list[Choice], asked: dict[str, Any], number: int, count: int
) -> tuple[Path, str]:
    """Give a clip its file and its format."""
    target, kind = asked["target"], asked["kind"]
    order = f"{number:0{len(str(count))}d}" if count > 1 else ""
    if target is None or target == _STANDARD_OUTPUT:
        suffix = f".{kind or 'mp3'}"
        span = Span(group[0].span.start, group[-1].span.end)
        joined = f"_{len(group)}-joined" if len(group) > 1 else ""
        return Path(names.clip_name(recording, span, f"{joined}{order and f'_{order}'}{suffix}")), suffix
    if kind is not None and target.suffix.lower() != f".{kind}":
        if target.suffix.lower().removeprefix(".") in FORMATS:
            raise click.UsageError(f"the name says {target.suffix} and --format says {kind}; leave one out.")
        target = target.with_name(f"{target.name}.{kind}")
    suffix = suffix_of(target)
    named = names.says_reading(recording, target)
    if named != target and number == 1:
        click.echo(f"{target}: the clip of a reading says so in its name, {named.name}", err=True)
    return (named.with_name(f"{named.stem}-{order}{named.suffix}") if order else named), suffix


def _make(archive: Archive, recording: Recording, plans: list[_Plan], asked: dict[str, Any]) -> None:
    check_targets([plan.target for plan in plans], force=asked["force"])
    sources = None if asked["bare"] else sources_to_cite(archive)
    made: list[dict[str, Any]] = []
    try:
        for plan in plans:
            done = make(recording, plan.cut, plan.target, sources, force=asked["force"])
            made.append(told(done))
            if not asked["as_json"]:
                click.echo(line(done, plan.cut))
    finally:
        # Of several, those that were made before one failed are there.
        if asked["as_json"]:
            print_json(made)


def _planned(plan: _Plan, slug: str) -> dict[str, Any]:
    return {
        "path": str(plan.target),
        "recording": slug,
        "spans": [[span.start, span.end] for span in plan.cut.spans],
        "what": plan.what,
    }


def _print(rows: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        print_json(rows)
        return

    for row in rows:
        words = f": {row['what']}" if row["what"] else ""
        click.echo(
            f"{row['path']}: {names.in_words([Span(*span) for span in row['spans']])} of {row['recording']}{words}"
        )


def _to_standard_output(archive: Archive, recording: Recording, plans: list[_Plan], *, bare: bool) -> None:

    if len(plans) > 1:
        raise ClipError(f"{len(plans)} clips do not go to one output; join them with --join, or take one with --nth N")
    if sys.stdout.isatty():
        raise ClipError("sound is nothing for a terminal; send it to a program or a file")
    (plan,) = plans
    with temporary_folder("to make the clip in") as folder:
        path = folder / plan.target.name
        make(recording, plan.cut, path, None if bare else sources_to_cite(archive), beside=False)
        output = sys.stdout.buffer
        try:
            with path.open("rb") as file:
                shutil.copyfileobj(file, output)
            output.flush()
        except OSError as error:
            # What could not be written is not tried again when the program ends.
            with contextlib.suppress(OSError):
                output.close()
            raise ClipError(f"standard output cannot be written ({error.strerror}); send it elsewhere") from None
