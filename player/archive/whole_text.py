"""Gives the words of a transcript as one text, in which quotations are found again, and says where each line is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from player.archive.transcript import Cue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.archive.annotations import Annotation
    from player.archive.transcript import Line

# So many letters before and after a quotation tell it from another of the same words.
_AROUND: Final = 64


class Words:
    """The words of a transcript as one text, and where in it each line is."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.numbers = {line.id: number for number, line in enumerate(lines)}
        self.places: list[tuple[int, int]] = []
        parts: list[str] = []
        at = 0
        for line in lines:
            said = " ".join(line.text.split())
            self.places.append((at, at + len(said)))
            parts.append(said)
            at += len(said) + 1
        self.text = " ".join(parts)

    def of(self, annotation: Annotation) -> tuple[int, int] | None:
        """Give the first and the last line that an annotation is about, by number; None where it is about none."""
        if annotation.cue is not None:
            first, last = (self.numbers.get(name) for name in annotation.cue)
            return (first, last) if first is not None and last is not None and first <= last else None
        span = annotation.span
        if span is None:
            return None
        found = [number for number, line in enumerate(self.lines) if isinstance(line, Cue) and line.span.overlaps(span)]
        return (found[0], found[-1]) if found else None

    def quoted(self, first: int, last: int) -> dict[str, str]:
        """Give what finds these lines again: their words, and those around them."""
        start, end = self.places[first][0], self.places[last][1]
        return {
            "exact": self.text[start:end],
            "prefix": self.text[max(start - _AROUND, 0) : start],
            "suffix": self.text[end : end + _AROUND],
        }
