"""Says what pages show of the parts of a recording: where each begins, above which line, and how long it is."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeVar

from player.archive.part_openings import part_openings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from player.archive.parts import Part
    from player.archive.recording import Record
    from player.archive.transcript import Line

_Line = TypeVar("_Line", bound="Line")

# A name fits into its stretch of the timeline, on a wide page, from this share of the whole on.
_WIDE: Final = 0.08


@dataclass(frozen=True)
class ShownPart:
    """A part, with its number from 1 on, and its length in milliseconds; None where that of the whole is not known."""

    number: int
    part: Part
    length: int | None
    whole: int | None

    @property
    def anchor(self) -> str:
        """What its heading in the transcript is called."""
        return f"part-{self.number}"

    @property
    def told(self) -> dict[str, str | int]:
        """What scripts know of it."""
        return {"title": self.part.title, "start": self.part.start}

    @property
    def share(self) -> float:
        """Where it begins, as a share of the whole."""
        return self.part.start / self.whole if self.whole else 0.0

    @property
    def is_named(self) -> bool:
        """Whether the timeline has room for its name."""
        return bool(self.whole and self.length and self.length >= _WIDE * self.whole)


def shown_parts(recording: Record, whole: int | None) -> tuple[ShownPart, ...]:
    """Give the parts of a recording, of which ``whole`` is the length in milliseconds, if that is known."""
    ends = [*(part.start for part in recording.part[1:]), whole]
    return tuple(
        ShownPart(number, part, max(0, end - part.start) if end is not None else None, whole)
        for number, (part, end) in enumerate(zip(recording.part, ends, strict=False), 1)
    )


def parts_opening(recording: Record, lines: Iterable[Line]) -> dict[str, tuple[ShownPart, ...]]:
    """Give the parts that begin before a line, by its identifier: those whose headings stand above it."""
    shown = shown_parts(recording, None)
    opening = part_openings(recording.part, lines)
    return {name: tuple(shown[place] for place in places) for name, places in opening.items()}


def by_part(recording: Record, lines: Iterable[_Line]) -> Iterator[tuple[tuple[ShownPart, ...], list[_Line]]]:
    """Give the lines of each part, with the parts whose headings stand above them; all at once where there are none."""
    there = list(lines)
    opening = parts_opening(recording, there)
    begins = [index for index, line in enumerate(there) if line.id in opening]
    if not begins or begins[0]:
        begins.insert(0, 0)
    for begin, end in pairwise([*begins, len(there)]):
        if begin < end:
            yield opening.get(there[begin].id, ()), there[begin:end]
