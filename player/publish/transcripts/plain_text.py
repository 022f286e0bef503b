"""Writes plain text: paragraphs with who speaks and when they begin, for reading, searching, braille and paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from player.archive.own_headings import CITE_AS, TERMS
from player.publish.citation import chicago, pages_cited
from player.publish.transcripts.marked_words import KEY, has_signs, marked
from player.publish.transcripts.notices import made, terms_in_words
from player.publish.transcripts.paragraphs import paragraphs
from player.publish.transcripts.plain_signs import in_one_line
from player.timecode import clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from player.publish.transcripts.exported import Exported
    from player.publish.transcripts.paragraphs import Paragraph


def write(exported: Exported) -> bytes:
    """Write a head with all that has to be known, and the paragraphs, an empty line between any two."""
    return ("\n\n".join([*head(exported), *map(_paragraph, paragraphs(exported.lines))]) + "\n").encode()


def head(exported: Exported) -> Iterator[str]:
    """Give what stands above the words."""
    recording = exported.recording
    yield in_one_line(recording.title)
    yield made(recording)
    yield from map(str, exported.notices)
    if has_signs(exported.lines):
        yield KEY
    yield f"{TERMS}{terms_in_words(recording, exported.translation)}"
    yield f"{CITE_AS}{in_one_line(chicago(exported.cited))}"


def stamped(paragraph: Paragraph) -> str:
    """Say when a paragraph begins, in brackets; nothing where nobody knows."""
    if paragraph.start is None:
        return ""
    return f"[{'~' if paragraph.is_approximate else ''}{clock(paragraph.start)}]"


def _paragraph(paragraph: Paragraph) -> str:
    page = f"[{pages_cited(in_one_line(paragraph.page))}]" if paragraph.page else ""
    words = " ".join(" ".join(marked(line).split()) for line in paragraph.lines)
    voice = f"{paragraph.voice}:" if paragraph.voice else ""
    text = " ".join(filter(None, (stamped(paragraph), voice, page, words)))
    return "\n\n".join([*paragraph.parts, text])
