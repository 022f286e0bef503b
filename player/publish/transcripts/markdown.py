"""Writes Markdown (CommonMark), with the sources of lines as footnotes, for notebooks and pages.

Footnotes are no part of CommonMark; GitHub, Pandoc and most programs for notes have them, and elsewhere they can be
read as they stand: ``[^1]``.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Final

from player.archive.own_headings import CITE_AS, TERMS
from player.publish.citation import chicago, pages_cited
from player.publish.transcripts.marked_words import KEY, has_signs, marked
from player.publish.transcripts.named_sources import described
from player.publish.transcripts.notices import made, terms_in_words
from player.publish.transcripts.paragraphs import paragraphs
from player.publish.transcripts.plain_signs import in_one_line
from player.publish.transcripts.plain_text import stamped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from player.archive.references import Citation
    from player.publish.transcripts.exported import Exported
    from player.publish.transcripts.paragraphs import Paragraph

# What has a meaning anywhere in a line, and what has one where a line begins.
_SIGNS: Final = re.compile(r"[\\`*_\[\]<>&|~$^]")
_BEGINS: Final = re.compile(r"(?:[#+=:-]|[0-9]+(?=[.)]))")


def write(exported: Exported) -> bytes:
    """Write a head with all that has to be known, paragraphs, and the footnotes."""
    notes: dict[tuple[Citation, ...], int] = {}
    body = [_paragraph(each, notes) for each in paragraphs(exported.lines)]
    sources = {source.id: source for source in exported.sources}
    foot = [
        f"[^{number}]: {'; '.join(escaped(described(each, sources)) for each in citations)}"
        for citations, number in notes.items()
    ]
    return ("\n\n".join([*_head(exported), *body, *foot]) + "\n").encode()


def escaped(text: str) -> str:
    """Give a text as one line of Markdown that shows it as it is."""
    line = _SIGNS.sub(r"\\\g<0>", " ".join(text.split()))
    begins = _BEGINS.match(line)
    if begins is None:
        return line
    end = begins.end()
    return f"{line[:end]}\\{line[end:]}" if line[0].isdecimal() else f"\\{line}"


def _head(exported: Exported) -> Iterator[str]:
    yield f"# {escaped(in_one_line(exported.recording.title))}"
    yield escaped(made(exported.recording))
    for notice in exported.notices:
        yield (
            f"> **{escaped(notice.name)}:** {escaped(notice.text)}" if notice.name else f"> **{escaped(notice.text)}**"
        )
    if has_signs(exported.lines):
        yield f"> {escaped(KEY)}"
    yield f"{TERMS}{escaped(terms_in_words(exported.recording, exported.translation))}"
    yield f"{CITE_AS}{escaped(in_one_line(chicago(exported.cited)))}"


def _paragraph(paragraph: Paragraph, notes: dict[tuple[Citation, ...], int]) -> str:
    heads = [f"## {escaped(title)}" for title in paragraph.parts]
    before = [escaped(stamped(paragraph))] if paragraph.start is not None else []
    if paragraph.voice:
        before.append(f"**{escaped(paragraph.voice)}:**")
    if paragraph.page:
        before.append(escaped(f"[{pages_cited(in_one_line(paragraph.page))}]"))
    words = []
    for citations, together in groupby(paragraph.lines, lambda line: line.citations):
        text = escaped(" ".join(marked(line) for line in together))
        words.append(f"{text}[^{notes.setdefault(citations, len(notes) + 1)}]" if citations else text)
    return "\n\n".join([*heads, " ".join(filter(None, [*before, *words]))])
