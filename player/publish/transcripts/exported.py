"""Defines what every form of a transcript is written from: its lines as they may be shown, and what is told of them.

It is made of a recording as whoever gets the file may see it: what is closed is not in that any more, but for the line
that stands in its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from player.errors import NotFoundError, quoted
from player.publish.transcripts.exported_lines import exported_lines
from player.publish.transcripts.notices import notices

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from player.archive.recording import Recording
    from player.archive.sources import Source
    from player.archive.translation import Translation
    from player.publish.citation import Cited
    from player.publish.transcripts.exported_lines import ExportedLine
    from player.publish.transcripts.notices import Notice


def translation_into(recording: Recording, tag: str | None) -> Translation | None:
    """Give the translation into a language; None where the words are asked for as they were said.

    :raise NotFoundError: where there is none that can be shown.
    """
    if tag is None or tag == recording.language:
        return None
    there = {each.language: each for each in recording.translations if each.lines}
    if tag not in there:
        known = ", ".join(there) or "none"
        raise NotFoundError(f'"{recording.title}" has no translation into {quoted(tag)}; it has: {known}')
    return there[tag]


@dataclass(frozen=True)
class Exported:
    """A transcript, or a translation of it, with all that goes with it into a file."""

    recording: Recording
    lines: tuple[ExportedLine, ...]
    #: The language of the words, as a BCP 47 tag.
    language: str
    translation: Translation | None
    notices: tuple[Notice, ...]
    #: The sources that lines name, in the order in which they are first named.
    sources: tuple[Source, ...]
    #: Those that only notes name.
    sources_of_notes: tuple[Source, ...]
    cited: Cited

    @property
    def untimed(self) -> int:
        """How many lines have no time, so that forms for players have no place for them."""
        return sum(line.start is None for line in self.lines)

    @property
    def timed(self) -> Iterator[ExportedLine]:
        """The lines that players can show."""
        return (line for line in self.lines if line.start is not None)


def export(
    recording: Recording, translation: Translation | None, sources: Mapping[str, Source], cited: Cited
) -> Exported:
    """Gather what a file of a recording's transcript has, or of a ``translation`` of it.

    ``cited`` is what a citation of the whole names. A line that is not translated is there as it was said.
    """
    lines = tuple(exported_lines(recording, translation))
    named = dict.fromkeys(citation.source for line in lines for citation in line.citations)
    resting = ((note.citations, *(claim.citations for claim in note.claims)) for note in recording.annotations)
    in_notes = dict.fromkeys(citation.source for of_note in resting for each in of_note for citation in each)
    return Exported(
        recording,
        lines,
        translation.language if translation else recording.language,
        translation,
        tuple(notices(recording, translation, lines)),
        tuple(source for name in named if (source := sources.get(name)) is not None),
        tuple(source for name in in_notes if name not in named and (source := sources.get(name)) is not None),
        cited,
    )
