"""Makes paragraphs of printed lines: what a page or a typist broke is joined, with the page on which each piece stands.

Nothing is added: lines are joined by a space, and a word that was divided at the end of a line is joined only where the
rest of the document, or what stands around it, shows that it is one.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from player.intake.transcripts.imported import Deed, Remark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

#: A line that reaches so much of the usual width goes on in the next.
_FULL: Final = 0.72
#: The share of such lines where a margin broke them.
_MOST_FULL: Final = 0.6
#: Lines below this many signs say nothing of how wide a text is set.
_SHORT: Final = 30
#: Text that is set wider than this is not broken by hand or by a page: its lines are paragraphs.
_WIDEST: Final = 140
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# A word cut at the end of a line, and what the next line begins with.
_CUT: Final = re.compile(r"(?P<left>[^\W\d_]{2,})(?P<mark>[-\u2010\u00ad])$")
_REST: Final = re.compile(r"[^\W\d_]+")
#: What is looked at of the ends of a line: no word is longer, and a line may be a megabyte.
_TAIL: Final = 60
#: After these a hyphen stands for what comes later: "up- and downstream".
_BETWEEN: Final = frozenset({"and", "or", "to", "nor", "but", "und", "oder", "bis", "et", "ou", "y", "o"})
_SENTENCE_END: Final = re.compile(r"[.?!…:][\"'”’)\]]*$")


@dataclass(frozen=True)
class Piece:
    """A part of a paragraph that stands on one page. ``line`` is that of the file, from 1, where it has lines."""

    text: str
    page: str | None = None
    line: int | None = None


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a document: more than one piece where a page ends within it.

    ``speaker`` and ``start`` are given where the document says them outside the words, as in columns of a table.
    """

    pieces: tuple[Piece, ...]
    is_heading: bool = False
    comments: tuple[str, ...] = ()
    speaker: str | None = None
    start: int | None = None

    @property
    def text(self) -> str:
        """Give its words without the ends of pages."""
        return " ".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class PrintedLine:
    """A line as it is printed. ``indent`` is how far in it begins, ``gap`` whether space stands before it."""

    text: str
    page: str | None = None
    line: int | None = None
    indent: float = 0
    gap: bool = False
    #: Notes that stand on its page.
    comments: tuple[str, ...] = ()


def paragraphs(
    printed: Sequence[PrintedLine],
    begins: Callable[[str], bool],
    stands_alone: Callable[[str], bool],
    *,
    is_set: bool = False,
) -> tuple[list[Paragraph], list[Remark]]:
    """Join printed lines to paragraphs.

    ``begins`` tells of a line whether a paragraph begins with it whatever stands before, as a speaker's name does, and
    ``stands_alone`` whether it is one by itself. ``is_set`` says that a margin broke the lines, which is else seen from
    how long they are. Tells of the words that were joined.
    """
    begun = [begins(here.text) for here in printed]
    width = _width(printed, begun, is_set=is_set)
    joiner = _Joiner(printed)
    found: list[list[PrintedLine]] = []
    closed = True
    for here, is_begun in zip(printed, begun, strict=True):
        before = found[-1][-1] if found else None
        alone = is_begun and stands_alone(here.text)
        if closed or is_begun or before is None or _is_new(before, here, width, found[-1]):
            found.append([here])
        else:
            found[-1].append(here)
        closed = alone
    made = [
        Paragraph(tuple(joiner.pieces(lines)), comments=tuple(each for line in lines for each in line.comments))
        for lines in found
    ]
    if not joiner.count:
        return made, []
    what = (
        "a word that was divided at the end of a line"
        if joiner.count == 1
        else (f"{joiner.count} words that were divided at the ends of lines")
    )
    return made, [Remark(Deed.MENDED, what, tuple(joiner.lines))]


def _width(printed: Sequence[PrintedLine], begun: Sequence[bool], *, is_set: bool) -> float | None:
    """Tell how many signs wide a text is set whose lines were broken; None where each line is a paragraph."""
    # Lines below which the next one follows without space: they were broken, or paragraphs have no space between.
    lengths = sorted(
        len(here.text)
        for (here, _), (after, is_begun) in pairwise(zip(printed, begun, strict=True))
        if (is_set or len(here.text) >= _SHORT) and not after.gap and not is_begun
    )
    if not lengths:
        return None
    width = lengths[int(len(lengths) * 0.9)]
    if is_set:
        return width
    if width > _WIDEST:
        return None
    full = sum(length >= _FULL * width for length in lengths)
    # Lines that are full on the whole were broken by a margin.
    return width if full >= _MOST_FULL * len(lengths) else None


def _is_new(before: PrintedLine, here: PrintedLine, width: float | None, lines: Sequence[PrintedLine]) -> bool:
    if width is None:
        return True
    if here.page != before.page:
        # At the head of a page no space is seen: a sentence that is not over goes on.
        return bool(_SENTENCE_END.search(before.text[-_TAIL:])) and (
            len(before.text) < _FULL * width or here.indent > lines[-1].indent
        )
    # In the midst of a sentence no paragraph ends.
    goes_on = here.text[:1].islower() and not _SENTENCE_END.search(before.text[-_TAIL:])
    if here.gap:
        # Unless a page ended there, where no number says so: below a line that is full.
        return not (goes_on and len(before.text) >= _FULL * width)
    if not goes_on and len(before.text) < _FULL * width and len(before.text) + _first_word(here.text) < width:
        return True  # its first word would have had room
    # An indent opens a paragraph, unless the whole one hangs from its first line.
    return here.indent > before.indent + 1 and len(lines) > 1


def _first_word(text: str) -> int:
    return len(text.split(maxsplit=1)[0]) + 1 if text.split(maxsplit=1) else 1


class _Joiner:
    """Joins the lines of paragraphs, and knows the words of the document."""

    def __init__(self, printed: Iterable[PrintedLine]) -> None:
        self._words: Counter[str] = Counter()
        for each in printed:
            words = [match[0].lower() for match in _WORD.finditer(each.text)]
            if words and _CUT.search(each.text[-_TAIL:]):
                words.pop()
            self._words.update(words)
            for word in words:
                self._words.update(word.split("-")[1:-1])
        self.lines: list[int] = []
        self.count = 0

    def pieces(self, lines: Sequence[PrintedLine]) -> list[Piece]:
        found: list[Piece] = []
        parts: list[str] = []
        first = lines[0]
        for here in lines:
            text = here.text
            if parts:
                joined = self._joined(parts[-1], text)
                if joined is not None:
                    # The word stands whole where it begins, on the page before too.
                    word, _, rest = text.partition(" ")
                    parts[-1] = joined + word
                    text = rest
                    self.count += 1
                    if here.line is not None:
                        self.lines.append(here.line)
            if here.page != first.page:
                if parts:
                    found.append(Piece(" ".join(parts), first.page, first.line))
                parts, first = [], here
            if text:
                parts.append(text)
        if parts:
            found.append(Piece(" ".join(parts), first.page, first.line))
        return found

    def _joined(self, before: str, after: str) -> str | None:
        """Give what stands before the rest of a word that was divided; None where no word was."""
        cut = _CUT.search(before[-_TAIL:])
        rest = _REST.match(after[:_TAIL])
        if cut is None or rest is None or rest[0].lower() in _BETWEEN:
            return None
        left, right = cut["left"].lower(), rest[0].lower()
        if cut["mark"] == "\u00ad" or (left + right in self._words and f"{left}-{right}" not in self._words):
            return before[:-1]
        if f"{left}-{right}" in self._words or not rest[0][0].islower():
            return before
        # Two words of the document with a hyphen are a compound; what is no word alone was cut by the margin.
        if left in self._words and right in self._words:
            return before
        return before[:-1] if right not in self._words else before
