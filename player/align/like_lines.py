"""Finds the lines of a recording that sound like one that a person has named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from player.align.timbre import has_voice, timbres
from player.align.voices import groups, likeness
from player.archive.transcript import Cue
from player.intake.voices import is_unnamed, voices_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from player.archive.transcript import Line


@dataclass(frozen=True)
class Alike:
    """A line, and how like a voice it sounds, from 0 to 1 (``voices.likeness``)."""

    line: Cue
    likeness: float


@dataclass(frozen=True)
class Found:
    """The lines that sound like one that was named, the likest first, and how many lines nothing can be said of."""

    alike: tuple[Alike, ...]
    unknown: int
    #: Whether the named line itself is one of these; and whether that is because no voice is heard in it.
    is_unknown: bool
    is_voiceless: bool = False


def can_be_compared(line: Line) -> bool:
    """Tell whether it is known when one voice alone is heard in a line."""
    return isinstance(line, Cue) and line.has_length and not line.is_approximate and len(voices_of(line)) == 1


def like(
    lines: Sequence[Line], named: str, name: str, samples: Any, progress: Callable[[float], object] = lambda _: None
) -> Found:
    """Find the lines of which no person has said who speaks, and that sound like those of ``name``.

    ``named`` is the line that is given this name now; others may have it already. ``samples`` are those of the whole
    recording, as ``voices.named_turns`` has them.
    """
    compared = [line for line in lines if isinstance(line, Cue) and can_be_compared(line)]
    heard = timbres([line.span for line in compared], samples, progress)
    names = [name if line.id == named else _named_by_a_person(line) for line in compared]
    found = groups(heard, names)
    own = {index for index, each in enumerate(names) if each == name and found[index] is not None}
    like_them = {found[index] for index in own}
    voice = [index for index, group in enumerate(found) if group in like_them]
    how_like = likeness(heard, voice)
    alike = [
        Alike(compared[index], degree)
        for index in voice
        if names[index] is None and (degree := how_like[index]) is not None
    ]
    alike.sort(key=lambda each: (-each.likeness, each.line.start, each.line.id))
    open_lines = [line for line in lines if line.id != named and any(map(is_unnamed, voices_of(line)))]
    known = {line.id for line, group in zip(compared, found, strict=True) if group is not None}
    spans = [line.span for line in compared if line.id == named and named not in known]
    is_voiceless = not all(has_voice(span, samples) for span in spans)
    return Found(tuple(alike), sum(line.id not in known for line in open_lines), named not in known, is_voiceless)


def _named_by_a_person(line: Cue) -> str | None:
    speaker = line.speaker
    return None if is_unnamed(speaker) else speaker
