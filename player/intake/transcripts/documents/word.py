"""Reads Word documents (.docx, ECMA-376 and ISO/IEC 29500): what a reader of the document sees, as it was last agreed.

Deletions that are tracked, comments and hidden text are what somebody struck, or did not say: they are never taken, and
told. The parts are read by lxml: python-docx 1.2 leaves tracked insertions, content controls and text boxes out of
``Paragraph.text``, and unpacks every picture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from player.intake.transcripts.documents.collecting import Collector
from player.intake.transcripts.documents.typescript import imported
from player.intake.transcripts.documents.word_styles import Styles, is_on
from player.intake.transcripts.documents.zipped import Zipped, attribute, count_of, refused
from player.intake.transcripts.imported import Deed
from player.intake.transcripts.xml_trees import children, local, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from player.intake.transcripts.documents.paragraphs import Paragraph
    from player.intake.transcripts.imported import Imported

NAME: Final = "docx"
SUFFIXES: Final = (".docx", ".docm", ".doc")

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BODY: Final = "word/document.xml"
# What is in them is not on the page, or is there once more.
_SKIPPED: Final = frozenset(
    {"rPr", "pPr", "sdtPr", "sdtEndPr", "instrText", "delText", "delInstrText", "Fallback", "rt", "footnotePr", "tblPr"}
)
_SIGNS: Final = {"tab": "\t", "ptab": "\t", "noBreakHyphen": "-", "cr": "\n"}
_DELETED: Final = ("a tracked deletion, not taken", "{} tracked deletions, not taken")
_INSERTED: Final = ("a tracked insertion, taken", "{} tracked insertions, taken")
_HIDDEN: Final = ("a passage of hidden text, not taken", "{} passages of hidden text, not taken")
_COMMENTED: Final = ("a comment, not taken", "{} comments, not taken")
_BOXED: Final = ("a text box, after its paragraph", "{} text boxes, each after its paragraph")
_SYMBOLS: Final = ("a sign of a picture font", "{} signs of picture fonts")
_NUMBERED: Final = (
    "the number or bullet of a list item, which the document does not hold",
    "the numbers or bullets of {} list items, which the document does not hold",
)


def is_one(path: Path, content: bytes) -> bool:
    """Tell whether the file is a Word document, of whatever age."""
    return (content.startswith(_ZIP) and _BODY.encode() in content) or (
        path.suffix.lower() in SUFFIXES and content.startswith((_ZIP, _OLE))
    )


def read(path: Path, content: bytes) -> Imported:
    """Read a document.

    :raise ArchiveError: where it is none, is encrypted, is of before Word 2007, or has no words.
    """
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise refused(path, "the document is encrypted", "save it without a password")
        raise refused(path, "the document is one of before Word 2007", "save it as .docx")
    parts = Zipped(path, content)
    root = parts.part(_BODY)
    body = next(iter(children(root, "body")), None) if root is not None else None
    if body is None:
        raise refused(path, "this is no Word document: it has no body")
    walker = _Walker(parts, Styles(parts.part("word/styles.xml")), body)
    walker.blocks(body)
    for name in [*parts.names("word/header", ".xml"), *parts.names("word/footer", ".xml")]:
        part = parts.part(name)
        walker.out.furniture(" ".join(_words(part)) if part is not None else "")
    application = parts.part("docProps/app.xml")
    paragraphs, remarks, style = walker.out.finished(_pages(application))
    found = imported(
        "Word document",
        paragraphs,
        remarks,
        title=walker.out.title,
        style=style,
    )
    if not found.lines:
        raise refused(path, "there are no words in the document", "name one that holds a transcript")
    return found


def _pages(application: Any | None) -> int | None:
    """Give how many pages the document says it has; nothing where that is the template's, which has no words.

    python-docx 1.2 writes 1 page and 0 words with any document.
    """
    if application is None or text_of(application, "Words") == "0":
        return None
    return count_of(text_of(application, "Pages"))


def _words(element: Any) -> Iterator[str]:
    for each in element.iter():
        if local(each) == "t" and each.text:
            yield each.text


class _Walker:
    """Walks through the body of a document, in order."""

    def __init__(self, parts: Zipped, styles: Styles, body: Any) -> None:
        self.out = Collector()
        self._styles = styles
        self._notes = {kind: self._of_notes(parts, kind) for kind in ("footnote", "endnote")}
        self._sections = [each for each in body.iter() if local(each) == "sectPr"]
        self._section = 0
        self._merges = False
        self._in_hidden = False
        self._start_section()

    @staticmethod
    def _of_notes(parts: Zipped, kind: str) -> dict[str | None, Any]:
        root = parts.part(f"word/{kind}s.xml")
        return {} if root is None else {attribute(each, "id"): each for each in children(root, kind)}

    def blocks(self, element: Any) -> None:
        """Walk through paragraphs and tables, and what they are wrapped in."""
        for child in element:
            name = local(child)
            if name == "p":
                self._paragraph(child)
            elif name == "tbl":
                self._table(child)
            elif name in {"del", "moveFrom"}:
                self.out.tell(Deed.LEFT_OUT, *_DELETED)
            elif name not in _SKIPPED and name != "sectPr":
                self.blocks(child)

    def _start_section(self) -> None:
        if self._section < len(self._sections):
            for numbering in children(self._sections[self._section], "pgNumType"):
                start = count_of(attribute(numbering, "start"))
                if start is not None:
                    self.out.number_pages(start)

    def _paragraph(self, paragraph: Any) -> None:
        properties = next(iter(children(paragraph, "pPr")), None)
        style = self._styles.of_paragraph(properties)
        if self.out.place > 1 and (is_on(properties, "pageBreakBefore") or style.breaks_page):
            self.out.break_page(is_demanded=True)
        if properties is not None and children(properties, "numPr"):
            self.out.tell(Deed.LEFT_OUT, *_NUMBERED)
        outer, self._in_hidden = self._in_hidden, style.is_hidden
        self._inline(paragraph)
        self._in_hidden = outer
        marks = children(properties, "rPr") if properties is not None else []
        if any(children(mark, "del") or children(mark, "moveFrom") for mark in marks):
            self.out.text(" ")  # what ended the paragraph was deleted: the next one goes on
        else:
            self.out.end(style=style.name)
        if properties is not None and children(properties, "sectPr"):
            self._section += 1
            following = self._sections[self._section : self._section + 1]
            kinds = [attribute(kind, "val") for section in following for kind in children(section, "type")]
            if following and "continuous" not in kinds:
                self.out.break_page(is_demanded=True)
            self._start_section()

    def _inline(self, element: Any) -> None:
        for child in element:
            name = local(child)
            if name in {"del", "moveFrom"}:
                self.out.tell(Deed.LEFT_OUT, *_DELETED)
            elif name == "r":
                self._run(child)
            elif name not in _SKIPPED:
                if name in {"ins", "moveTo"} and any(_words(child)):
                    self.out.tell(Deed.READ, *_INSERTED)
                if name == "t" and child.text and not self._in_hidden:  # in a formula
                    self.out.text(child.text)
                self._inline(child)

    def _run(self, run: Any) -> None:
        properties = next(iter(children(run, "rPr")), None)
        if self._styles.hides(properties, in_hidden=self._in_hidden):
            if any(_words(run)):
                self.out.tell(Deed.LEFT_OUT, *_HIDDEN)
            return
        self._content(run)

    def _content(self, run: Any) -> None:
        for child in run:
            name = local(child)
            if name == "t":
                self.out.text(child.text or "")
            elif name in _SIGNS:
                self.out.text(_SIGNS[name])
            elif name == "br" and attribute(child, "type") != "page":
                self.out.text("\n")
            elif name in {"br", "lastRenderedPageBreak"}:
                self.out.break_page(is_demanded=name == "br")
            elif name in {"drawing", "pict", "object", "AlternateContent"}:
                self._boxes(child)
            elif name == "ruby":
                self._inline(child)
            else:
                self._mark(child, name)

    def _mark(self, mark: Any, name: str) -> None:
        """Read what stands in the text for something that is elsewhere."""
        if name in {"footnoteReference", "endnoteReference"}:
            self._note(name.removesuffix("Reference"), attribute(mark, "id"))
        elif name == "commentReference":
            self.out.tell(Deed.LEFT_OUT, *_COMMENTED)
        elif name == "sym":
            self.out.tell(Deed.LEFT_OUT, *_SYMBOLS)

    def _note(self, kind: str, key: str | None) -> None:
        note = self._notes[kind].pop(key, None)
        if note is not None:
            with self.out.apart() as paragraphs:
                self.blocks(note)
            self.out.note(kind, " ".join(paragraph.text for paragraph in paragraphs))

    def _boxes(self, drawing: Any) -> None:
        """Read the text boxes in a drawing; a second drawing of the same, for programs that are older, is not."""
        for child in drawing:
            name = local(child)
            if name == "txbxContent":
                with self.out.apart() as paragraphs:
                    self.blocks(child)
                if paragraphs:
                    self.out.tell(Deed.READ, *_BOXED)
                    self.out.aside(paragraphs)
            elif name != "Fallback":
                self._boxes(child)

    def _table(self, table: Any) -> None:
        rows: list[list[list[Paragraph]]] = []
        for row in _inside(table, "tr"):
            properties = children(row, "trPr")
            if any(children(each, "del") for each in properties):
                self.out.tell(Deed.LEFT_OUT, *_DELETED)
                continue
            if any(is_on(each, "hidden") for each in properties):
                self.out.tell(Deed.LEFT_OUT, *_HIDDEN)
                continue
            rows.append([])
            for cell in _inside(row, "tc"):
                with self.out.apart() as paragraphs:
                    if any(children(each, "cellDel") for each in children(cell, "tcPr")):
                        self.out.tell(Deed.LEFT_OUT, *_DELETED)
                    else:
                        self.blocks(cell)
                rows[-1].append(paragraphs)
        self.out.table(rows)


def _inside(element: Any, name: str) -> Iterator[Any]:
    """Give the rows of a table, or the cells of a row, whatever they are wrapped in."""
    for child in element:
        here = local(child)
        if here == name:
            yield child
        elif here in {"sdt", "sdtContent", "customXml", "ins", "moveTo"}:
            yield from _inside(child, name)
