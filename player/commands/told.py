"""What the commands were told, and what they tell: times and cuts as asked, clips as made."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from player import timecode
from player.clips.cut import Cut
from player.clips.names import in_words
from player.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from player.archive.archive import Archive
    from player.archive.recording import Recording
    from player.archive.sources import Source
    from player.clips.clip import Clip
    from player.timecode import Span


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def cut_from(spans: tuple[Span, ...], suffix: str, gap: int, asked: dict[str, Any]) -> Cut:
    """Give what is to be cut, as asked."""
    return Cut(spans, suffix, asked["fade_in"], asked["fade_out"], gap, asked["bitrate"])


def milliseconds(text: str | None, otherwise: int = 0) -> int:
    """Read how long something is."""
    return otherwise if text is None else timecode.parse(text)


def recording_to_cut(archive: Archive, slug: str) -> Recording:
    """Read a recording whose passages are to be cut.

    :raise NotFoundError: where the archive has none of that name.
    :raise ArchiveError: where its recording.toml is wrong, or its sound may not be read.
    """
    recording = archive.recording(slug)
    if recording.unread.media:
        raise ArchiveError(recording.unread.media)
    return recording


def tell_missing_words(recording: Recording) -> None:
    """Tell why clips go without their words, where there is a transcript that cannot be read."""
    if recording.unread.transcript:
        click.echo(f"{ArchiveError(recording.unread.transcript)}\nwhat is cut goes without its words", err=True)


def sources_to_cite(archive: Archive) -> Mapping[str, Source]:
    """Read the bibliography; where it cannot be read, tell why: clips name their sources by their ids."""
    try:
        return archive.sources
    except ArchiveError as error:
        click.echo(f"{error}\nwhat is cut names its sources by their ids", err=True)
        return {}


def line(made: Clip, cut: Cut) -> str:
    """Say what was made."""
    return f"{made.path}: {in_words(cut.spans)} of {made.recording}"


def told(made: Clip) -> dict[str, Any]:
    """Give what was made as JSON has it."""
    return {
        "path": str(made.path),
        "recording": made.recording,
        "title": made.title,
        "start": made.span.start,
        "end": made.span.end,
        "rate": made.rate,
        "channels": made.channels,
        "length": made.length,
        "sidecar": made.sidecar,
    }
