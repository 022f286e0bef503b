"""Writes a Word document (.docx), for reading, quoting and printing, with what each passage rests on at its end.

python-docx writes it. It refuses signs that XML has no place for; these are taken from all texts before.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from player.archive.own_headings import CITE_AS, SOURCES, TERMS
from player.publish.citation import chicago, pages_cited
from player.publish.transcripts.marked_words import KEY, has_signs, pieces
from player.publish.transcripts.named_sources import described
from player.publish.transcripts.notices import OWN, made, terms_in_words
from player.publish.transcripts.paragraphs import paragraphs
from player.publish.transcripts.plain_signs import in_one_line
from player.publish.transcripts.plain_text import stamped
from player.publish.transcripts.word_page import APART, LISTED, NOTICE, SMALL, laid_out, runs_as, written
from player.timecode import clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from player.archive.references import Citation
    from player.publish.transcripts.exported import Exported
    from player.publish.transcripts.exported_lines import ExportedLine
    from player.publish.transcripts.paragraphs import Paragraph

# Word refuses a document with longer properties.
_LONGEST: Final = 255
# The first that a ZIP file can have.
_DAY: Final = (1980, 1, 1, 0, 0, 0)


def write(exported: Exported) -> bytes:
    """Write the document."""
    import docx  # noqa: PLC0415  # 200 ms, and it may not be there

    document = docx.Document()
    _properties(document, exported)
    laid_out(document, exported)
    _head(document, exported)
    for each in paragraphs(exported.lines):
        _add(document, each, exported.language)
    listed = list(_rests(exported))
    if listed:
        _own(document, SOURCES, "Heading 1")
    for places, text in listed:
        paragraph = document.add_paragraph(style=LISTED)
        if places:
            written(paragraph, f"{places}: ", OWN, bold=True)
        written(paragraph, text, OWN)
    out = io.BytesIO()
    document.save(out)
    return _undated(out.getvalue())


def _head(document: Any, exported: Exported) -> None:
    """Write what has to be known first."""
    recording = exported.recording
    title = document.add_paragraph(style="Title")
    written(title, in_one_line(recording.title), recording.language)
    runs_as(title, recording.language)
    _own(document, made(recording))
    for notice in exported.notices:
        paragraph = document.add_paragraph(style=NOTICE)
        written(paragraph, f"{notice.name}: " if notice.name else notice.text, notice.language, bold=True)
        if notice.name:
            written(paragraph, notice.text, notice.language)
        runs_as(paragraph, notice.language)
    if has_signs(exported.lines):
        _own(document, KEY, SMALL)
    _own(document, f"{TERMS}{terms_in_words(recording, exported.translation)}", SMALL)
    cited = _own(document, f"{CITE_AS}{in_one_line(chicago(exported.cited))}", SMALL)
    cited.paragraph_format.space_after = APART


def _own(document: Any, text: str, style: str = "Normal") -> Any:
    """Write what the program says itself, and give the paragraph."""
    paragraph = document.add_paragraph(style=style)
    written(paragraph, text, OWN)
    return paragraph


def _undated(document: bytes) -> bytes:
    """Write the document's files anew with one date for all: python-docx gives some the time of writing.

    The same text is the same file then, for who keeps it and for whoever compares two.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as files, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as into:
        for each in files.infolist():
            into.writestr(zipfile.ZipInfo(each.filename, _DAY), files.read(each), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _properties(document: Any, exported: Exported) -> None:
    """Say in the document's properties what it is: the template's own name its maker as its author, and a day."""
    properties = document.core_properties
    properties.title = in_one_line(exported.recording.title)[:_LONGEST]
    properties.author = ""
    properties.comments = in_one_line("; ".join(map(str, exported.notices)))[:_LONGEST]
    properties.language = exported.language
    properties.created = properties.modified = dt.datetime.combine(exported.cited.accessed, dt.time(), dt.UTC)


def _add(document: Any, paragraph: Paragraph, tag: str) -> None:
    for title in paragraph.parts:
        heading = document.add_paragraph(style="Heading 1")
        written(heading, title, tag)
        runs_as(heading, tag)
    words = document.add_paragraph()
    runs_as(words, tag)
    if stamp := stamped(paragraph):
        written(words, f"{stamp} ", tag)
    if paragraph.voice:
        written(words, f"{paragraph.voice}:", tag, bold=True)
        written(words, " ", tag)
    if paragraph.page:
        written(words, f"[{pages_cited(in_one_line(paragraph.page))}] ", OWN, italic=True)
    for number, line in enumerate(paragraph.lines):
        if number:
            written(words, " ", tag)
        for text, is_sign in pieces(line):
            if text:
                written(words, " ".join(text.split("\n")), line.language, italic=is_sign or line.is_closed)


def _rests(exported: Exported) -> Iterator[tuple[str, str]]:
    """Give what lines rest on, in the order in which it is first named, with the times of the lines: ``0:25–0:39``."""
    sources = {source.id: source for source in exported.sources}
    found: dict[tuple[Citation, ...], list[str]] = {}
    for citations, together in groupby(exported.lines, lambda line: line.citations):
        if citations:
            first, *others = together
            ends = (_place(first), _place(others[-1]) if others else "")
            found.setdefault(citations, []).append("–".join(dict.fromkeys(filter(None, ends))))
    for citations, places in found.items():
        yield ", ".join(dict.fromkeys(filter(None, places))), "; ".join(described(each, sources) for each in citations)


def _place(line: ExportedLine) -> str:
    return "" if line.start is None else clock(line.start)
