"""What the commands were told, and what they tell: times and cuts as asked, clips as made."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from player import timecode
from player.audio.cut import Cut
from player.audio.names import in_words

if TYPE_CHECKING:
    from player.audio.clip import Clip
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
