"""Reads a transcript that is plain text: a typescript, or what Otter, Rev, Trint and Descript write as .txt."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from player.errors import ArchiveError, Fault
from player.intake.transcripts.decoding import beginning, decoded
from player.intake.transcripts.documents import heads
from player.intake.transcripts.documents.pages import Printed, cleaned, divided, unnumbered
from player.intake.transcripts.documents.paragraphs import PrintedLine, paragraphs
from player.intake.transcripts.documents.typescript import imported

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from player.intake.transcripts.documents.paragraphs import Paragraph
    from player.intake.transcripts.imported import Imported

NAME: Final = "text"
SUFFIXES: Final = (".txt", ".text", ".md")
_TAB: Final = 8
#: More letters, or more lines, pages and changes of speakers, than a hundred hours of speech have.
_MOST_LETTERS: Final = 8_000_000
_MOST_LINES: Final = 200_000
# A heading of Markdown, as Descript writes the title: "# The ferry".
_HEADING: Final = re.compile(r"#{1,6}\s+(?=\S)")


def is_one(path: Path, content: bytes) -> bool:
    """Tell whether the file says by its name that it is text, and holds some."""
    return path.suffix.lower() in SUFFIXES and "\0" not in beginning(content)


def read(path: Path, content: bytes) -> Imported:
    """Read a text.

    :raise ArchiveError: where it is none, or has no words.
    """
    if len(content) > 4 * _MOST_LETTERS:
        raise _too_long(path)  # before it is decoded: of UTF-32 a letter has four bytes
    text, remarks = decoded(path, content)
    if len(text) > _MOST_LETTERS or sum(map(text.count, ("\n", "\f", ">> "))) > _MOST_LINES:
        raise _too_long(path)
    pages = _pages(text)
    printed = [Printed(tuple(page)) for page in pages] if len(pages) > 1 else divided(pages[0])
    printed, numbers = unnumbered(printed)
    style = heads.style([line.text for page in printed for line in page.lines if not _HEADING.match(line.text)])
    lines, told = cleaned(printed, style.begins)
    lines = [line for line in lines if line.text]
    if path.suffix.lower() == ".md" or (lines and _HEADING.match(lines[0].text)):
        made, joined = paragraphs(lines, _also_headings(style.begins), _also_headings(style.stands_alone))
        made = [_heading(paragraph) for paragraph in made]
    else:
        made, joined = paragraphs(lines, style.begins, style.stands_alone)
    title = next((paragraph.text for paragraph in made[:1] if paragraph.is_heading), None)
    found = imported("plain text", made, (*remarks, *numbers, *told, *joined), title=title, style=style)
    if not found.lines:
        raise ArchiveError([Fault(path, None, "there are no words in the file", "name one that holds a transcript")])
    return found


def _too_long(path: Path) -> ArchiveError:
    what = f"the text has more than {_MOST_LETTERS:,} letters or {_MOST_LINES:,} lines"
    return ArchiveError([Fault(path, None, what, "check that it is a transcript, or split it")])


def _also_headings(tells: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda text: _HEADING.match(text) is not None or tells(text)


def _heading(paragraph: Paragraph) -> Paragraph:
    """Take the mark of a heading from a paragraph that has one."""
    first, *others = paragraph.pieces
    mark = _HEADING.match(first.text)
    if mark is None:
        return paragraph
    return replace(paragraph, pieces=(replace(first, text=first.text[mark.end() :]), *others), is_heading=True)


def _pages(text: str) -> list[list[PrintedLine]]:
    """Give the lines of a text by its form feeds; an empty line stays as one, for it tells where blocks end."""
    pages: list[list[PrintedLine]] = [[]]
    gap = False
    for number, whole in enumerate(text.split("\n"), 1):
        for place, part in enumerate(whole.split("\f")):
            if place:
                pages.append([])
                gap = False
            words = part.strip()
            indent = len(part) - len(part.lstrip()) + (_TAB - 1) * (len(part) - len(part.lstrip("\t")))
            pages[-1].append(PrintedLine(words, line=number, indent=indent if words else 0, gap=gap))
            gap = not words
    return [page for page in pages if any(line.text for line in page)] or [[]]
