"""Reads PDFs that have text: as typed and printed, with the numbers of their pages.

pypdf says where the pieces of text stand; which of them make lines and columns is found here. Tried against
pdfminer.six 20260107: in columns of justified text, that takes the spaces between words for ends of lines. The title
among a file's properties is not taken: of 14 transcripts of an archive, 13 had that of another one, by their template.
"""

from __future__ import annotations

import io
import logging
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from player.errors import ArchiveError, Fault, quoted
from player.intake.transcripts.documents import heads
from player.intake.transcripts.documents.pages import Printed, cleaned, unnumbered
from player.intake.transcripts.documents.paragraphs import paragraphs
from player.intake.transcripts.documents.pdf_layout import Glyphs, Laid, body_size, laid_out, usual_leading
from player.intake.transcripts.documents.typescript import imported
from player.intake.transcripts.imported import Deed, Remark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from player.intake.transcripts.imported import Imported

NAME: Final = "pdf"
SUFFIXES: Final = (".pdf",)

_SIGNATURE: Final = b"%PDF-"
#: More pages, or more pieces of text on one, than any transcript has.
_PAGES: Final = 3_000
_PIECES: Final = 50_000
# Those of Unicode, and the two that stood in fonts before: Chromium 156 writes U+F001 where U+FB01 was typed.
_LIGATURES: Final = {
    "\uf001": "fi",
    "\uf002": "fl",
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}
_LIGATURE: Final = re.compile("[\uf001\uf002\ufb00-\ufb06]")
# What a font without a table of its letters leaves of them.
_UNREADABLE: Final = re.compile("[\ufffd\ue000-\uf8ff]")
_MOST_UNREADABLE: Final = 0.1
_FEW: Final = 5
_OPERATIONS: Final = 3_000_000
#: How wide a letter is in most fonts, in heights of one.
_USUAL_WIDTH: Final = 0.5


@dataclass(frozen=True)
class _Page:
    """A page: what the file calls it, its pieces of text, and those that are set at an angle to the others."""

    label: str
    pieces: list[Glyphs]
    turned: str


class _TooMuchError(BaseException):
    """A page has more text than any page; what pypdf catches while it reads one is ``Exception``."""


def is_one(path: Path, content: bytes) -> bool:  # noqa: ARG001  # the file says what it is
    """Tell whether the file is a PDF."""
    return _SIGNATURE in content[:1024]


def read(path: Path, content: bytes) -> Imported:
    """Read a PDF.

    :raise ArchiveError: where it is damaged, encrypted, or a scan without text, or where pypdf is not installed.
    """
    pages = _read(path, content)
    without = [index for index, page in enumerate(pages) if not page.pieces]
    if len(without) == len(pages):
        what = "its pages are pictures without text, such as a scan"
        raise _refused(path, what, "have the text recognised (OCR) and checked, and name the file that comes of it")
    text = "".join(piece.text for page in pages for piece in page.pieces)
    if len(_UNREADABLE.findall(text)) > _MOST_UNREADABLE * len(text):
        what = "its fonts do not say which letters they show"
        raise _refused(path, what, "save it from the program that made it as .docx or as text")
    body = body_size(page.pieces for page in pages)
    leading = usual_leading((page.pieces for page in pages), body)
    laid = [laid_out(page.pieces, body, leading) for page in pages]
    printed, numbers = unnumbered([Printed(each.lines, page.label) for each, page in zip(laid, pages, strict=True)])
    style = heads.style([line.text for page in printed for line in page.lines])
    lines, told = cleaned(printed, style.begins)
    made, joined = paragraphs([line for line in lines if line.text], style.begins, style.stands_alone, is_set=True)
    remarks = [*numbers, *told, *joined, *_remarks(pages, laid, without)]
    found = imported("PDF", made, remarks, style=style)
    if not found.lines:
        raise _refused(path, "there are no words in the document", "name one that holds a transcript")
    return found


def _remarks(pages: Sequence[_Page], laid: Sequence[Laid], without: Sequence[int]) -> Iterator[Remark]:
    """Tell of what is on the pages and not in the lines."""
    if without:
        named = ", ".join(pages[index].label for index in without[:_FEW]) + (", …" if len(without) > _FEW else "")
        count = "a page" if len(without) == 1 else f"{len(without)} pages"
        yield Remark(Deed.LEFT_OUT, f"{count} without text, which may be pictures (page {named})")
    for page in [page for page in pages if page.turned][:_FEW]:
        yield Remark(Deed.LEFT_OUT, f"text at an angle on page {page.label}, {quoted(page.turned)}")
    notes = sum(len(each.notes) for each in laid)
    if notes:
        what = "a footnote, kept as a comment on its page" if notes == 1 else f"{notes} footnotes, kept as comments"
        yield Remark(Deed.READ, what)
    marks = sum(each.marks for each in laid)
    if marks:
        what = "a raised mark of a footnote" if marks == 1 else f"{marks} raised marks of footnotes"
        yield Remark(Deed.LEFT_OUT, what)


def _read(path: Path, content: bytes) -> list[_Page]:
    """Read the pages of a PDF."""
    try:
        from pypdf import PdfReader  # noqa: PLC0415  # only those who import a PDF need it
        from pypdf.errors import DependencyError, FileNotDecryptedError  # noqa: PLC0415  # as above
    except ImportError:
        remedy = "pip install 'tape-player[import]'"
        raise _refused(path, "reading a PDF needs pypdf, which is not installed", remedy) from None
    log = logging.getLogger("pypdf")
    was = log.disabled
    log.disabled = True  # what it mends of damaged files is not the reader's to know
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            reader.decrypt("")  # with no password it may yet be read
        count = len(reader.pages)
        if count > _PAGES:
            raise _TooMuchError  # noqa: TRY301  # handled as that of a page is
        labels = reader.page_labels
        width_of = _widths()
        pages = [_page(reader.pages[index], labels[index], width_of) for index in range(count)]
    except (DependencyError, FileNotDecryptedError):
        raise _refused(path, "the document is encrypted", "save it without a password") from None
    except _TooMuchError:
        what = "it has more pages, or more text on a page, than any transcript"
        raise _refused(path, what, "name a file that holds a transcript") from None
    except Exception as error:  # noqa: BLE001  # pypdf raises whatever damage leads to, such as KeyError
        what = f"the document is damaged ({type(error).__name__})"
        raise _refused(path, what, "open it in the program that made it, and save it again") from None
    finally:
        log.disabled = was
    return pages


def _page(page: Any, label: str, width_of: Callable[[Any, str], float]) -> _Page:
    """Take the pieces of text of a page, those of the direction in which most are set."""
    found: dict[int, list[Glyphs]] = {}
    operations = 0

    def visit(text: str, cm: Sequence[float], tm: Sequence[float], font: Any, size: float) -> None:
        if not text.strip():
            return
        a, b = tm[0] * cm[0] + tm[1] * cm[2], tm[0] * cm[1] + tm[1] * cm[3]
        x, y = tm[4] * cm[0] + tm[5] * cm[2] + cm[4], tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        turn = round(math.degrees(math.atan2(b, a)) / 90) % 4
        scale = math.hypot(a, b) or 1.0
        height = size * (math.hypot(tm[2] * cm[0] + tm[3] * cm[2], tm[2] * cm[1] + tm[3] * cm[3]) or 1.0)
        across, up = ((x, y), (y, -x), (-x, -y), (-y, x))[turn]
        written = _LIGATURE.sub(lambda match: _LIGATURES[match[0]], text.strip("\r\n"))
        pieces = found.setdefault(turn, [])
        for number, line in enumerate(written.split("\n")):
            pieces.append(Glyphs(line, across, up - number * height, width_of(font, line) * size * scale, abs(height)))
        if len(pieces) > _PIECES:
            raise _TooMuchError

    def count(*_: Any) -> None:
        nonlocal operations
        operations += 1
        if operations > _OPERATIONS:
            raise _TooMuchError

    page.extract_text(visitor_text=visit, visitor_operand_before=count)
    main = max(found, key=lambda turn: sum(len(piece.text) for piece in found[turn]), default=0)
    turned = " ".join(piece.text for turn, pieces in found.items() if turn != main for piece in pieces)
    return _Page(str(label), found.get(main, []), " ".join(turned.split()))


def _widths() -> Callable[[Any, str], float]:
    """Give what tells how wide a text is in a font, in heights of a letter."""
    fonts: dict[int, tuple[Any, dict[str, float]]] = {}

    def width_of(resource: Any, text: str) -> float:
        key = id(resource)
        if key not in fonts:
            fonts[key] = resource, {} if resource is None else _letters(resource)
        letters = fonts[key][1]
        return sum(letters.get(letter, _USUAL_WIDTH) for letter in text)

    return width_of


def _letters(resource: Any) -> dict[str, float]:
    """Give how wide the letters of a font are."""
    try:
        from pypdf.generic._font import Font  # noqa: PLC0415  # nothing public tells the widths of letters

        font = Font.from_font_resource(resource)
        usual = font.character_widths.get("default", 1000 * _USUAL_WIDTH)
        # pypdf 7.1.1 has the widths of a composite font by the codes in the file, not by the letters that they show.
        is_composite = font.sub_type == "Type0"
        widths = {} if is_composite else dict(font.character_widths)
        for code, letter in font.character_map.items():
            if isinstance(code, str) and isinstance(letter, str) and (is_composite or letter not in widths):
                widths[letter] = font.character_widths.get(code, usual)
        return {letter: float(width) / 1000 for letter, width in widths.items() if len(letter) == 1}
    except Exception:  # noqa: BLE001  # as for the document: whatever damage leads to
        return {}


def _refused(path: Path, what: str, remedy: str) -> ArchiveError:
    return ArchiveError([Fault(path, None, what, remedy)])
