"""Collects the paragraphs of a document while it is walked through, with its pages, and what is told of it."""

from __future__ import annotations

import contextlib
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from player.errors import quoted
from player.intake.transcripts.documents import heads
from player.intake.transcripts.documents.columns import read_table
from player.intake.transcripts.documents.paragraphs import Paragraph, Piece
from player.intake.transcripts.imported import Deed, Remark

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: A page that only its end is known of has no more words than this; else there are page ends that the file lacks.
_PAGE: Final = 900
#: So many places are named of each thing that is told.
_PLACES: Final = 5
_TITLES: Final = ("title", "titel", "titre", "título", "titolo")


class Collector:
    """Takes text as it comes, and makes paragraphs of it."""

    def __init__(self) -> None:
        self.paragraphs: list[Paragraph] = []
        self.title: str | None = None
        self._pieces: list[tuple[int, list[str]]] = [(0, [])]
        self._comments: list[str] = []
        self._after: list[Paragraph] = []
        self._before = 0
        self._labels = ["1"]
        self._number = 1
        self._laid_out = 0
        self._demanded = 0
        self._is_fresh = True
        self._notes: Counter[str] = Counter()
        self._told: dict[tuple[Deed, str, str], list[int]] = {}
        self._remarks: list[Remark] = []
        self._furniture: Counter[str] = Counter()

    @property
    def place(self) -> int:
        """Which paragraph with words it is, counted from 1."""
        return self._before + len(self.paragraphs) + 1

    @contextlib.contextmanager
    def apart(self) -> Iterator[list[Paragraph]]:
        """Collect in a list of its own what stands apart from the paragraph around it, such as a text box."""
        outer = self.paragraphs, self._pieces, self._comments, self._after, self._before
        self._before += len(self.paragraphs)
        self.paragraphs, self._comments, self._after = [], [], []
        self._pieces = [(len(self._labels) - 1, [])]
        try:
            yield self.paragraphs
            self.end()
        finally:
            self.paragraphs, self._pieces, self._comments, self._after, self._before = outer

    def text(self, text: str) -> None:
        """Take text of the paragraph; a line feed is a line that somebody broke."""
        if text:
            self._pieces[-1][1].append(text)
            self._is_fresh = self._is_fresh and not text.strip()

    def number_pages(self, number: int) -> None:
        """Take the number of the page that has begun, or is about to."""
        self._number = number
        self._labels[-1] = str(number)

    def break_page(self, *, is_demanded: bool) -> None:
        """Begin a page: because the document demands it, or because it was so when it was last laid out."""
        if not is_demanded and self._is_fresh:
            self._laid_out += 1  # the one that was demanded just before
            return
        self._laid_out += not is_demanded
        self._demanded += is_demanded
        self._number += 1
        self._labels.append(str(self._number))
        self._pieces.append((len(self._labels) - 1, []))
        self._is_fresh = True

    def note(self, kind: str, text: str) -> None:
        """Take a footnote, which is kept beside the paragraph."""
        self._notes[kind] += 1
        words = " ".join(text.split())
        self._comments.append(f"{kind} {self._notes[kind]}: {words}")

    def aside(self, paragraphs: Sequence[Paragraph]) -> None:
        """Take paragraphs that stand beside this one, and come after it."""
        self._after += paragraphs

    def end(self, *, style: str = "") -> None:
        """End the paragraph. ``style`` is what its style is called."""
        texts = [(page, "".join(parts)) for page, parts in self._pieces]
        pieces = tuple(Piece(text, self._labels[page]) for page, text in texts if text.strip())
        name = style.lower()
        if pieces:
            is_heading = name.startswith(("heading", "subtitle", "überschrift", *_TITLES))
            made = Paragraph(pieces, is_heading=is_heading, comments=tuple(self._comments))
            if name.startswith(_TITLES) and self.title is None:
                self.title = " ".join(made.text.split())
            self.paragraphs.append(made)
            self._comments = []
        self._pieces = [(len(self._labels) - 1, [])]
        self.paragraphs += self._after
        self._after = []

    def tell(self, deed: Deed, one: str, several: str) -> None:
        """Note one thing that is told with the others of its kind; ``several`` has ``{}`` for their number."""
        self._told.setdefault((deed, one, several), []).append(self.place)

    def table(self, rows: Sequence[Sequence[Sequence[Paragraph]]]) -> None:
        """Take the cells of a table, row by row."""
        found = read_table(rows)
        if found.head:
            self._remarks.append(Remark(Deed.LEFT_OUT, f"the head of a table, {quoted(found.head)}"))
        if found.paragraphs:
            how = f"by its columns of {found.columns}" if found.columns else "row by row"
            self._remarks.append(Remark(Deed.READ, f"a table of {len(rows)} row{'' if len(rows) == 1 else 's'}, {how}"))
        self.paragraphs += found.paragraphs

    def furniture(self, text: str) -> None:
        """Take what is printed at the head or the foot of pages."""
        words = " ".join(text.split())
        if any(map(str.isalpha, words)):
            self._furniture[words] += 1

    def finished(self, pages: int | None) -> tuple[list[Paragraph], list[Remark], heads.Style]:
        """Give the paragraphs, what is told, and how speakers are marked; ``pages`` is what the file says it has."""
        self.end()
        paragraphs, remarks = self._paged(pages)
        remarks += self._remarks
        lines = [line for each in paragraphs if not each.is_heading for line in each.text.split("\n")]
        style = heads.style(lines)
        paragraphs = [part for paragraph in paragraphs for part in _at_heads(paragraph, style)]
        for text, _ in self._furniture.most_common(_PLACES):
            remarks.append(Remark(Deed.LEFT_OUT, f"the head or foot of pages, {quoted(text)}"))
        for kind, count in self._notes.items():
            what = f"a {kind}, kept as a comment" if count == 1 else f"{count} {kind}s, kept as comments"
            remarks.append(Remark(Deed.READ, what))
        for (deed, one, several), places in self._told.items():
            what = one if len(places) == 1 else several.format(len(places))
            remarks.append(Remark(deed, f"{what} ({_where(places)})"))
        return paragraphs, remarks, style

    def _paged(self, pages: int | None) -> tuple[list[Paragraph], list[Remark]]:
        """Keep the numbers of pages where the file has the ends of all of them."""
        count = len(self._labels)
        if count == 1:
            if pages == 1 and self._fullest() <= _PAGE:
                return self.paragraphs, []
            says = "does not say where its pages end"
            if pages and pages > 1:
                says = f"says that it has {pages} pages, but not where they end"
            what = f"page numbers: the document {says}"
            return self._without_pages(), [Remark(Deed.LEFT_OUT, what)]
        if self._laid_out or count == pages or (not pages and self._are_plausible()):
            remarks = [Remark(Deed.READ, f"{count} pages, whose numbers are kept with the lines")]
            if pages and pages > count:
                what = f"the document says that it has {pages} pages, and {count} were found: compare the numbers"
                remarks.append(Remark(Deed.READ, what))
            return self.paragraphs, remarks
        what = f"{count - 1} page break{'' if count == 2 else 's'}: the document does not say where the other pages end"  # noqa: PLR2004  # one break
        return self._without_pages(), [Remark(Deed.LEFT_OUT, what)]

    def _without_pages(self) -> list[Paragraph]:
        return [
            replace(each, pieces=(Piece(" ".join(piece.text for piece in each.pieces)),)) for each in self.paragraphs
        ]

    def _are_plausible(self) -> bool:
        return self._demanded > 1 and self._fullest() <= _PAGE

    def _fullest(self) -> int:
        """Count the words of the page that has most."""
        words: Counter[str | None] = Counter()
        for paragraph in self.paragraphs:
            for piece in paragraph.pieces:
                words[piece.page] += len(piece.text.split())
        return max(words.values(), default=0)


def _at_heads(paragraph: Paragraph, style: heads.Style) -> Iterator[Paragraph]:
    """Divide a paragraph of several lines where somebody else begins to speak."""
    if not any("\n" in piece.text for piece in paragraph.pieces):
        yield paragraph
        return
    found: list[list[Piece]] = [[]]
    closes = False
    for piece in paragraph.pieces:
        for place, line in enumerate(piece.text.split("\n")):
            if not line.strip():
                continue
            if found[-1] and (style.begins(line) or closes):
                found.append([])
            closes = style.stands_alone(line)
            here = found[-1]
            if here and place and here[-1].page == piece.page:
                here[-1] = replace(piece, text=f"{here[-1].text} {line}")
            else:
                here.append(replace(piece, text=line))
    for number, pieces in enumerate(found):
        if pieces:
            comments = paragraph.comments if not number else ()
            yield replace(paragraph, pieces=tuple(pieces), comments=comments)


def _where(places: Sequence[int]) -> str:
    distinct = list(dict.fromkeys(places))
    named = ", ".join(map(str, distinct[:_PLACES]))
    more = len(distinct) - _PLACES
    rest = f" and {more} more" if more > 0 else ""
    return f"paragraph {named}" if len(distinct) == 1 else f"paragraphs {named}{rest}"
