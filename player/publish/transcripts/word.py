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
from player.publish.transcripts.notices import made, terms_in_words
from player.publish.transcripts.paragraphs import paragraphs
from player.publish.transcripts.plain_signs import in_one_line
from player.publish.transcripts.plain_text import stamped
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
    document.add_heading(in_one_line(exported.recording.title), 0)
    document.add_paragraph(made(exported.recording))
    for notice in exported.notices:
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{notice.name}: " if notice.name else notice.text).bold = True
        if notice.name:
            paragraph.add_run(notice.text)
    if has_signs(exported.lines):
        document.add_paragraph(KEY)
    document.add_paragraph(f"{TERMS}{terms_in_words(exported.recording, exported.translation)}")
    document.add_paragraph(f"{CITE_AS}{chicago(exported.cited)}")
    for each in paragraphs(exported.lines):
        _add(document, each)
    listed = list(_rests(exported))
    if listed:
        document.add_heading(SOURCES, 1)
    for places, text in listed:
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{places}: " if places else "").bold = True
        paragraph.add_run(text)
    out = io.BytesIO()
    document.save(out)
    return _undated(out.getvalue())


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


def _add(document: Any, paragraph: Paragraph) -> None:
    for title in paragraph.parts:
        document.add_heading(title, 1)
    written = document.add_paragraph()
    if stamp := stamped(paragraph):
        written.add_run(f"{stamp} ")
    if paragraph.voice:
        written.add_run(f"{paragraph.voice}:").bold = True
        written.add_run(" ")
    if paragraph.page:
        written.add_run(f"[{pages_cited(in_one_line(paragraph.page))}] ").italic = True
    for number, line in enumerate(paragraph.lines):
        if number:
            written.add_run(" ")
        for text, is_sign in pieces(line):
            run = written.add_run(" ".join(text.split("\n")))
            run.italic = is_sign or line.is_closed or None


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
