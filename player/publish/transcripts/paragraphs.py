"""Joins lines into paragraphs, for people who read: what one voice says until another speaks, or nobody for a while."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player.publish.transcripts.exported_lines import by_turn
from player.timecode import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from player.publish.transcripts.exported_lines import ExportedLine

# Within what one voice says, a listener hears a silence of a second as the end of something.
_SILENCE: Final = SECOND
#: What stands where a voice was named before, and who speaks now is not.
UNNAMED: Final = "Speaker not named"


@dataclass(frozen=True)
class Paragraph:
    """Lines that are read as one, beginning at ``start`` if that is known; ``voice`` where somebody else speaks now.

    ``parts`` are the titles of those parts of the recording that begin with it.
    """

    voice: str | None
    lines: tuple[ExportedLine, ...]
    start: int | None
    is_approximate: bool
    page: str | None
    parts: tuple[str, ...]
    is_closed: bool


def paragraphs(lines: Iterable[ExportedLine]) -> Iterator[Paragraph]:
    """Give the paragraphs of a transcript; what is closed, and each part of a recording, begins a new one."""
    together: list[ExportedLine] = []
    speaking: tuple[str, ...] = ()
    page: str | None = None
    heard = 0
    is_named = False
    for line in (turn for each in lines for turn in by_turn(each)):
        voices = line.voices
        is_other = bool(together) and (voices != together[-1].voices or line.is_closed or together[-1].is_closed)
        is_apart = line.opens_paragraph or bool(line.parts) or (line.start or 0) - heard >= _SILENCE
        if together and (is_other or is_apart):
            yield _paragraph(together, speaking, page, is_named=is_named)
            page = together[-1].page
            is_named = is_named or bool(together[-1].voices)
            speaking, together = (() if together[-1].is_closed else together[-1].voices), []
        together.append(line)
        heard = max(heard, line.until or 0)
    if together:
        yield _paragraph(together, speaking, page, is_named=is_named)


def _paragraph(lines: list[ExportedLine], speaking: tuple[str, ...], page: str | None, *, is_named: bool) -> Paragraph:
    first = lines[0]
    voice = None
    if not first.is_closed and first.voices != speaking:
        voice = " and ".join(first.voices) or (UNNAMED if is_named else None)
    new = first.page if first.page != page else None
    return Paragraph(voice, tuple(lines), first.start, first.is_approximate, new, first.parts, first.is_closed)
