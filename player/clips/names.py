"""A recording and a span into the name and the title of a clip; a reading's say that it is one, whatever else."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final, Protocol

from player.publish.citation import NOTICE
from player.timecode import HOUR, MINUTE, SECOND

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from player.timecode import Span

_READING: Final = "reading"
_CONTROL: Final = re.compile(r"[\0-\x1f\x7f]+")
# What is left of a name that a person gave; a file's name may have 255 bytes, and the span stands before it.
_LONGEST: Final = 60


class Recorded(Protocol):
    """What a clip needs to know of a recording."""

    @property
    def slug(self) -> str:
        """Its name in the archive."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def media(self) -> Path | None:
        """The file of its sound; None where the archive does not hold it."""

    @property
    def is_reading(self) -> bool:
        """Whether voices give a script, rather than the thing itself."""


def clip_name(recording: Recorded, span: Span, suffix: str = ".mp3") -> str:
    """Give a clip its file name, ``<slug>_0m25s000-1m20s000.mp3``; a reading's says that it is one."""
    return f"{_slug(recording)}_{_in_name(span.start)}-{_in_name(span.end)}{suffix}"


def sorted_name(recording: Recorded, span: Span, longest: int, name: str, suffix: str) -> str:
    """Give one of many clips a file name that sorts by time, ``<slug>_00m25s000-01m20s000_<name>.mp3``.

    ``longest`` is a moment, in milliseconds, that none of them passes.
    """
    times = f"{_padded(span.start, longest)}-{_padded(span.end, longest)}"
    return f"{_slug(recording)}_{times}{f'_{name}' if name else ''}{suffix}"


def safe(name: str) -> str:
    """Give what of ``name`` can stand in a file's name anywhere: letters, digits, hyphens; empty where none is left."""
    plain = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", name)).strip("-")
    while len(plain.encode()) > _LONGEST:
        plain = plain[:-1].rstrip("-")
    return plain


def says_reading(recording: Recorded, target: Path) -> Path:
    """Give ``target``, or, for a clip of a reading whose name does not say so, the same with ``-reading`` put in."""
    if not recording.is_reading or _READING in target.stem.casefold():
        return target
    return target.with_name(f"{target.stem}-{_READING}{target.suffix}")


def clip_title(recording: Recorded, *spans: Span) -> str:
    """Give a clip its title; a reading's begins by saying that it is one."""
    title = _CONTROL.sub(" ", f"{recording.title}, {in_words(spans)}")
    return f"{NOTICE}: {title}" if recording.is_reading else title


def in_words(spans: Sequence[Span]) -> str:
    """Give the spans of a clip as one text: ``0:25 to 1:20; 2:10 to 2:14``."""
    return "; ".join(map(str, spans))


def _slug(recording: Recorded) -> str:
    is_told = not recording.is_reading or _READING in recording.slug
    return recording.slug if is_told else f"{recording.slug}-{_READING}"


def _in_name(moment: int) -> str:
    hours, rest = divmod(moment, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    text = f"{minutes}m{rest // SECOND:02d}s{rest % SECOND:03d}"
    return f"{hours}h{text:0>9}" if hours else text


def _padded(moment: int, longest: int) -> str:
    hours, rest = divmod(moment, HOUR)
    text = f"{rest // MINUTE:02d}m{rest % MINUTE // SECOND:02d}s{rest % SECOND:03d}"
    width = len(str(longest // HOUR))
    return f"{hours:0{width}d}h{text}" if longest >= HOUR else text
