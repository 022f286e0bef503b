"""Reads OpenDocument texts (.odt, OASIS OpenDocument 1.3), as LibreOffice writes them.

Deletions that are tracked stand in a list of their own and are no part of the text; they, comments and hidden text are
never taken, and told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from player.intake.transcripts.documents.collecting import Collector
from player.intake.transcripts.documents.opendocument_styles import Styles
from player.intake.transcripts.documents.typescript import imported
from player.intake.transcripts.documents.zipped import Zipped, attribute, count_of, refused
from player.intake.transcripts.imported import Deed
from player.intake.transcripts.xml_trees import children, local

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from player.intake.transcripts.documents.paragraphs import Paragraph
    from player.intake.transcripts.imported import Imported

NAME: Final = "odt"
SUFFIXES: Final = (".odt", ".ott")

_TYPE: Final = b"mimetypeapplication/vnd.oasis.opendocument.text"
_BLOCKS: Final = frozenset({"p", "h"})
#: A run of spaces is written as one with its length; more than these stand for nothing.
_SPACES: Final = 100
_SIGNS: Final = {"tab": "\t", "line-break": "\n"}
# They are not on the page, or are what the program adds to it.
_SKIPPED: Final = frozenset(
    {"tracked-changes", "sequence-decls", "variable-decls", "user-field-decls", "ruby-text", "forms", "annotation-end",
     "table-of-content", "change", "change-start", "change-end"}
)  # fmt: skip
# How rows and columns are hidden.
_UNSEEN: Final = frozenset({"collapse", "filter"})
_MOST_COLUMNS: Final = 1_000
_DELETED: Final = ("a tracked deletion, not taken", "{} tracked deletions, not taken")
_INSERTED: Final = ("a tracked insertion, taken", "{} tracked insertions, taken")
_HIDDEN: Final = ("a passage of hidden text, not taken", "{} passages of hidden text, not taken")
_COMMENTED: Final = ("a comment, not taken", "{} comments, not taken")
_BOXED: Final = ("a text box, after its paragraph", "{} text boxes, each after its paragraph")
_CONTENTS: Final = ("a table of contents, not taken", "{} tables of contents, not taken")
_NUMBERED: Final = (
    "the number or bullet of a list item, which the document does not hold",
    "the numbers or bullets of {} list items, which the document does not hold",
)


def is_one(path: Path, content: bytes) -> bool:
    """Tell whether the file is an OpenDocument text."""
    return content.startswith(b"PK\x03\x04") and (_TYPE in content[:200] or path.suffix.lower() in SUFFIXES)


def read(path: Path, content: bytes) -> Imported:
    """Read a document.

    :raise ArchiveError: where it is none, is encrypted, or has no words.
    """
    parts = Zipped(path, content)
    if b"encryption-data" in (parts.unpacked("META-INF/manifest.xml") or b""):
        raise refused(path, "the document is encrypted", "save it without a password")
    root = parts.part("content.xml")
    body = (
        next((each for each in root.iter() if local(each) == "text" and len(each)), None) if root is not None else None
    )
    if body is None or root is None:
        raise refused(path, "this is no OpenDocument text: it has no body")
    furniture = parts.part("styles.xml")
    walker = _Walker(Styles(root, furniture), body)
    walker.blocks(body)
    if furniture is not None:
        for each in furniture.iter():
            if local(each) in {"header", "footer", "header-left", "footer-left"}:
                walker.out.furniture(" ".join(each.itertext()))
    paragraphs, remarks, style = walker.out.finished(_pages(parts.part("meta.xml")))
    found = imported("OpenDocument text", paragraphs, remarks, title=walker.out.title, style=style)
    if not found.lines:
        raise refused(path, "there are no words in the document", "name one that holds a transcript")
    return found


def _pages(meta: Any | None) -> int | None:
    """Give how many pages the document says it has."""
    for each in [] if meta is None else meta.iter():
        if local(each) == "document-statistic":
            return count_of(attribute(each, "page-count"))
    return None


class _Walker:
    """Walks through the body of a document, in order."""

    def __init__(self, styles: Styles, body: Any) -> None:
        self.out = Collector()
        self._styles = styles
        self._deletions = _deletions(body)

    def blocks(self, element: Any) -> None:
        """Walk through paragraphs, lists, tables and sections."""
        for child in element:
            name = local(child)
            if name in _BLOCKS:
                self._paragraph(child)
            elif name == "table":
                self._table(child)
            elif name == "list-item":
                self.out.tell(Deed.LEFT_OUT, *_NUMBERED)
                self.blocks(child)
            elif name == "table-of-content" or _is_hidden_section(child, name):
                self.out.tell(Deed.LEFT_OUT, *(_CONTENTS if name == "table-of-content" else _HIDDEN))
            elif name == "soft-page-break":
                self.out.break_page(is_demanded=False)
            elif name in {"change", "frame"}:
                self._mark(child, name)
            elif name not in _SKIPPED:
                self.blocks(child)

    def _paragraph(self, paragraph: Any) -> None:
        style = self._styles.of_paragraph(attribute(paragraph, "style-name"))
        if style.breaks_before and self.out.place > 1:
            self.out.break_page(is_demanded=True)
        if style.page is not None:
            self.out.number_pages(style.page)
        if style.is_hidden or _is_hidden_paragraph(paragraph):
            if "".join(paragraph.itertext()).strip():
                self.out.tell(Deed.LEFT_OUT, *_HIDDEN)
        else:
            self._inline(paragraph)
        self.out.end(style="heading" if local(paragraph) == "h" else style.name)
        if style.breaks_after:
            self.out.break_page(is_demanded=True)

    def _inline(self, element: Any) -> None:
        self.out.text(_unbroken(element.text))
        for child in element:
            name = local(child)
            if name == "s":
                count = count_of(attribute(child, "c"))
                self.out.text(" " * min(1 if count is None else count, _SPACES))
            elif name in _SIGNS:
                self.out.text(_SIGNS[name])
            elif name == "soft-page-break":
                self.out.break_page(is_demanded=False)
            elif name == "span" and self._styles.hides(attribute(child, "style-name")):
                if "".join(child.itertext()).strip():
                    self.out.tell(Deed.LEFT_OUT, *_HIDDEN)
            elif name in {"note", "annotation", "hidden-text", "frame", "change", "change-start"}:
                self._mark(child, name)
            elif name not in _SKIPPED:
                self._inline(child)
            self.out.text(_unbroken(child.tail))

    def _mark(self, mark: Any, name: str) -> None:
        """Read what stands in the text and is no part of it."""
        if name == "note":
            kind = attribute(mark, "note-class") or "footnote"
            bodies = children(mark, "note-body")
            if bodies:
                with self.out.apart() as paragraphs:
                    self.blocks(bodies[0])
                self.out.note(
                    "endnote" if kind == "endnote" else "footnote", " ".join(each.text for each in paragraphs)
                )
        elif name == "annotation":
            self.out.tell(Deed.LEFT_OUT, *_COMMENTED)
        elif name == "frame":
            self._boxes(mark)
        elif name == "change":
            if attribute(mark, "change-id") in self._deletions:
                self.out.tell(Deed.LEFT_OUT, *_DELETED)
        elif name == "change-start":
            self.out.tell(Deed.READ, *_INSERTED)
        else:
            self.out.tell(Deed.LEFT_OUT, *_HIDDEN)

    def _boxes(self, frame: Any) -> None:
        for box in frame:
            if local(box) != "text-box":
                continue
            with self.out.apart() as paragraphs:
                self.blocks(box)
            if paragraphs:
                self.out.tell(Deed.READ, *_BOXED)
                self.out.aside(paragraphs)

    def _table(self, table: Any) -> None:
        rows: list[list[list[Paragraph]]] = []
        columns = _columns(table)
        for row in _rows(table):
            if attribute(row, "visibility") in _UNSEEN:
                self.out.tell(Deed.LEFT_OUT, *_HIDDEN)
                continue
            rows.append([])
            for cell, is_seen in _cells(row, columns):
                with self.out.apart() as paragraphs:
                    if is_seen:
                        self.blocks(cell)
                    elif "".join(cell.itertext()).strip():
                        self.out.tell(Deed.LEFT_OUT, *_HIDDEN)
                rows[-1].append(paragraphs)
        self.out.table(rows)


def _is_hidden_section(element: Any, name: str) -> bool:
    return name == "section" and attribute(element, "display") in {"none", "condition"}


def _is_hidden_paragraph(paragraph: Any) -> bool:
    """Tell whether a mark in a paragraph hides all of it."""
    return any(
        local(each) == "hidden-paragraph" and attribute(each, "is-hidden") == "true" for each in paragraph.iter()
    )


def _columns(table: Any) -> list[bool]:
    """Tell of each column of a table, up to the most that one has, whether it is seen."""
    seen: list[bool] = []
    for each in table.iter():
        if local(each) == "table-column" and len(seen) < _MOST_COLUMNS:
            is_seen = attribute(each, "visibility") not in _UNSEEN
            seen += [is_seen] * _repeated(each)
    return seen[:_MOST_COLUMNS]


def _cells(row: Any, columns: list[bool]) -> Iterator[tuple[Any, bool]]:
    """Give the cells of a row, each with whether its column is seen."""
    at = 0
    for cell in row:
        name = local(cell)
        if name == "table-cell":
            yield cell, at >= len(columns) or columns[at]
        if name in {"table-cell", "covered-table-cell"}:
            at += _repeated(cell)


def _repeated(element: Any) -> int:
    count = count_of(attribute(element, "number-columns-repeated"))
    return 1 if count is None else min(count, _MOST_COLUMNS)


def _rows(element: Any) -> Iterator[Any]:
    for child in element:
        name = local(child)
        if name == "table-row":
            yield child
        elif name in {"table-header-rows", "table-rows", "table-row-group"}:
            yield from _rows(child)


def _deletions(body: Any) -> frozenset[str | None]:
    """Give the changes that are deletions: a mark stands where each was."""
    regions = [
        region for changes in children(body, "tracked-changes") for region in children(changes, "changed-region")
    ]
    return frozenset(attribute(region, "id") for region in regions if children(region, "deletion"))


def _unbroken(text: str | None) -> str:
    """Take the ends of lines of the XML for spaces, as a reader of it does."""
    return " ".join(text.split("\n")) if text else ""
