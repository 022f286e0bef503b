"""Says into which file a clip goes: the one that was asked for, or one named after its recording and its passage."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from player.audio.copied_kinds import COPIED, SUFFIXES
from player.audio.formats import FORMATS
from player.commands.options import is_standard_output, suffix_for
from player.values import value

if TYPE_CHECKING:
    from player.archive.recording import Recording
    from player.clips.selection import Choice, Selection
    from player.commands.options import CutOptions

# What ends a line, or moves what a terminal shows.
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@value
class ClipRequest:
    """What one run of ``player clip`` is asked for; ``gap``, in milliseconds, is between passages that it joins.

    Without a ``target`` the name of each file says its passage, in the ``folder`` if one is named; ``-`` is standard
    output.
    """

    slug: str
    selection: Selection
    target: Path | None
    folder: Path | None
    join: bool
    gap: int | None
    bare: bool
    options: CutOptions

    @property
    def is_piped(self) -> bool:
        """Whether the clip goes to standard output."""
        return str(self.target) == "-"


def asked_for(asked: str | None) -> tuple[Path | None, Path | None]:
    """Give the file that was asked for, ``-`` for standard output, or the folder; neither where nothing was."""
    if asked is None:
        return None, None
    if is_standard_output(asked):
        return Path("-"), None
    is_folder = asked.endswith(("/", os.sep)) or os.path.isdir(asked)  # noqa: PTH112  # Path() drops what it ends in
    return (None, Path(asked)) if is_folder else (Path(asked), None)


def check_target(request: ClipRequest) -> None:
    """Refuse, as misuse, a target that does not go with the other options."""
    target, suffix = request.target, request.options.suffix
    if request.is_piped and ((suffix is None and not request.options.is_copy) or request.options.as_json):
        raise click.UsageError("-o - needs --format, and excludes --json.")
    if target is None or (named := target.suffix.lower()) not in FORMATS:
        return
    if request.options.is_copy and named not in SUFFIXES:
        raise click.UsageError(f"the name ends in {target.suffix} but --format says copy, of {COPIED}; leave one out.")
    if suffix is not None and suffix != named:
        raise click.UsageError(f"the name ends in {target.suffix} but --format says {suffix[1:]}; leave one out.")


def target_of(recording: Recording, group: list[Choice], request: ClipRequest, order: str, *, is_first: bool) -> Path:
    """Give a clip its file, and by its name the format; ``order`` tells it from others of the same request."""
    from player.clips import provenance
    from player.clips.cut import suffix_of
    from player.errors import ClipError, printable, shown
    from player.timecode import Span

    target, suffix = request.target, request.options.suffix
    if target is None or request.is_piped:
        suffix = suffix_for(recording, request.options)
        span = Span(group[0].span.start, group[-1].span.end)
        joined = f"_{len(group)}-joined" if len(group) > 1 else ""
        name = provenance.clip_name(recording, span, f"{joined}{order and f'_{order}'}{suffix}")
        return (request.folder or Path()) / name
    if request.options.is_copy and target.suffix.lower() not in FORMATS:
        suffix = suffix_for(recording, request.options)
    if suffix is not None and target.suffix.lower() != suffix:
        target = target.with_name(f"{target.name}{suffix}")
    suffix_of(target)
    if _CONTROL.search(target.name):
        raise ClipError(f"{shown(target)}: the name has signs that no terminal shows; give another name")
    named = provenance.says_reading(recording, target)
    if named != target and is_first:
        click.echo(f"{shown(target)}: this is a clip of a reading, so it is named {printable(named.name)}", err=True)
    return named.with_name(f"{named.stem}-{order}{named.suffix}") if order else named
