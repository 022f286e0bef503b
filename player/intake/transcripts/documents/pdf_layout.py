"""Puts the pieces of text on a page of a PDF into the order in which they are read: columns, lines, notes at the foot.

A PDF says where each piece stands and how large it is, and not what belongs together.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Final

from player.intake.transcripts.documents.paragraphs import PrintedLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: Pieces whose feet are nearer than this, in heights of a letter, are on one line.
_SAME_LINE: Final = 0.4
#: A gap of so much, in heights, is a space between words.
_SPACE: Final = 0.12
#: The middle of a page, in which the space between two columns is looked for, and the least that it measures (points).
_MIDDLE: Final = (0.25, 0.75)
_GUTTER: Final = 7.0
#: So few of the lines may run across the space between columns, such as a heading.
_ACROSS: Final = 0.12
#: Columns of words have so many lines, and so many signs in a line: one of names or numbers has fewer.
_COLUMN_LINES: Final = 5
_COLUMN_SIGNS: Final = 14
_COLUMN_SHARE: Final = 0.35
#: What is further from the columns than so many heights of a letter is in none of them.
_APART: Final = 1.8
#: A line that is further from the one above than so many times the usual begins a paragraph.
_LEADING: Final = 1.3
#: The letters of notes are smaller than those of the text, and the marks that lead to them smaller and higher.
_NOTE_SIZE: Final = 0.9
_MARK_SIZE: Final = 0.8
_MARK: Final = re.compile(r"[0-9]{1,3}|[*†‡§]{1,3}|[a-z]")
_NOTE: Final = re.compile(r"\s{0,3}(?:[0-9]{1,3}[.)]?|[*†‡§]{1,3}|\[[0-9]{1,3}\])\s{0,3}\S")


@dataclass(frozen=True)
class Glyphs:
    """A piece of text: where it begins on its foot line, how wide and how large it is, in points."""

    text: str
    x: float
    y: float
    width: float
    size: float


@dataclass(frozen=True)
class Laid:
    """A page as it is read: lines from the top, the notes at its foot, and how many marks led to notes."""

    lines: tuple[PrintedLine, ...]
    notes: tuple[str, ...]
    marks: int


@dataclass(frozen=True)
class _Line:
    text: str
    x: float
    y: float
    size: float


def laid_out(pieces: Sequence[Glyphs], body: float, leading: float) -> Laid:
    """Put the pieces of a page into lines.

    ``body`` is the size of most letters of the document, ``leading`` how far apart its lines are.
    """
    pieces, marks = _without_marks([piece for piece in pieces if piece.text.strip()])
    lines: list[PrintedLine] = []
    notes: list[str] = []
    for column in _columns(pieces):
        rows = _rows(column)
        rows, below = _without_notes(rows, body)
        notes += below
        lines += _printed(rows, leading)
    if notes and lines:
        # On the longest line, which is no running head.
        longest = max(range(len(lines)), key=lambda index: len(lines[index].text))
        lines[longest] = replace(lines[longest], comments=tuple(f"footnote: {note}" for note in notes))
    return Laid(tuple(lines), tuple(notes), marks)


def body_size(pages: Iterable[Sequence[Glyphs]]) -> float:
    """Give the size of most letters."""
    sizes: Counter[float] = Counter()
    for pieces in pages:
        for piece in pieces:
            sizes[round(piece.size, 1)] += len(piece.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def usual_leading(pages: Iterable[Sequence[Glyphs]], body: float) -> float:
    """Give how far apart the lines are that are nearest to each other; those that end paragraphs may be further."""
    steps: list[float] = []
    for pieces in pages:
        rows = _grouped(pieces, _SAME_LINE)
        steps += [step for before, here in pairwise(rows) if (step := before[0].y - here[0].y) > body / 2]
    return sorted(steps)[len(steps) // 4] if steps else 0.0


def _without_marks(pieces: Sequence[Glyphs]) -> tuple[list[Glyphs], int]:
    """Take out small raised numbers, which lead to notes."""
    rows = _grouped(pieces, 0.75)
    kept: list[Glyphs] = []
    marks = 0
    for row in rows:
        largest = max(piece.size for piece in row)
        foot = median([piece.y for piece in row if piece.size == largest])
        for piece in row:
            is_raised = piece.size <= _MARK_SIZE * largest and piece.y > foot + 0.1 * largest
            if is_raised and _MARK.fullmatch(piece.text.strip()) and piece is not row[0]:
                marks += 1
            else:
                # What is raised or lowered a little belongs to its line.
                kept.append(replace(piece, y=foot) if piece.size < largest else piece)
    return kept, marks


def _grouped(pieces: Sequence[Glyphs], nearness: float) -> list[list[Glyphs]]:
    """Give the pieces by the line on which they stand, from the top, each line from the left."""
    rows: list[list[Glyphs]] = []
    for piece in sorted(pieces, key=lambda each: -each.y):
        if rows and abs(rows[-1][0].y - piece.y) <= nearness * max(min(rows[-1][0].size, piece.size), 1):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda each: each.x) for row in rows]


def _columns(pieces: Sequence[Glyphs]) -> list[list[Glyphs]]:
    """Divide a page into its columns, in the order in which they are read; what runs across them divides the page."""
    gutter = _gutter(pieces)
    if gutter is None:
        return [list(pieces)]
    edges = _edges(pieces)
    across = [piece for piece in pieces if piece in edges or piece.x < gutter < piece.x + piece.width]
    rest = [piece for piece in pieces if piece not in edges and not piece.x < gutter < piece.x + piece.width]
    bands: list[list[Glyphs]] = []
    top = float("inf")
    for row in [*_grouped(across, _SAME_LINE), []]:
        bottom = row[0].y if row else float("-inf")
        between = [piece for piece in rest if bottom < piece.y < top]
        for column in (
            [piece for piece in between if piece.x < gutter],
            [piece for piece in between if piece.x >= gutter],
        ):
            if column:
                bands += _columns(column)
        if row:
            bands.append([*row, *(piece for piece in rest if piece.y == bottom)])
        top = bottom
    return bands


def _edges(pieces: Sequence[Glyphs]) -> frozenset[Glyphs]:
    """Give what stands apart at the top and the bottom of a page, such as its number: it is in no column."""
    rows = _grouped(pieces, _SAME_LINE)
    found: list[Glyphs] = []
    for ordered in (rows, rows[::-1]):
        for outer, inner in list(pairwise(ordered))[:2]:
            if abs(outer[0].y - inner[0].y) < _APART * max(outer[0].size, inner[0].size):
                break
            found += outer
    return frozenset(found)


def _gutter(pieces: Sequence[Glyphs]) -> float | None:
    """Give where the space between two columns is; None where there is one column."""
    if len(pieces) < 2 * _COLUMN_LINES:
        return None
    left = min(piece.x for piece in pieces)
    right = max(piece.x + piece.width for piece in pieces)
    width = right - left
    rows = _grouped(pieces, _SAME_LINE)
    bins = [0] * (int(width) + 2)
    for row in rows:
        covered = set()
        for piece in row:
            covered |= set(range(max(int(piece.x - left), 0), min(int(piece.x - left + piece.width) + 1, len(bins))))
        for index in covered:
            bins[index] += 1
    empty = _ACROSS * len(rows)
    best: tuple[int, int] | None = None
    start: int | None = None
    for index in range(int(_MIDDLE[0] * width), int(_MIDDLE[1] * width) + 1):
        if bins[index] <= empty:
            start = index if start is None else start
            if best is None or index - start > best[1] - best[0]:
                best = start, index
        else:
            start = None
    if best is None or best[1] - best[0] < _GUTTER:
        return None
    middle = left + (best[0] + best[1]) / 2
    sides = [
        _grouped([piece for piece in pieces if (piece.x < middle) == is_left], _SAME_LINE) for is_left in (True, False)
    ]
    counts = [len(side) for side in sides]
    signs = [median([sum(len(piece.text) for piece in row) for row in side]) if side else 0 for side in sides]
    is_text = min(counts) >= max(_COLUMN_LINES, _COLUMN_SHARE * max(counts)) and min(signs) >= _COLUMN_SIGNS
    return middle if is_text else None


def _rows(pieces: Sequence[Glyphs]) -> list[_Line]:
    """Join the pieces of each line, with a space where there is room for one."""
    rows = []
    for row in _grouped(pieces, _SAME_LINE):
        text = row[0].text
        for before, here in pairwise(row):
            gap = here.x - before.x - before.width
            is_apart = gap > _SPACE * here.size and not (text[-1:].isspace() or here.text[:1].isspace())
            # What is far apart stays so: a name before its words.
            sign = "\t" if gap > 2 * here.size else " "
            text += (sign if is_apart else "") + here.text
        sizes: Counter[float] = Counter()
        for piece in row:
            sizes[piece.size] += len(piece.text)
        if text.strip():
            rows.append(_Line(text.strip(), row[0].x, row[0].y, sizes.most_common(1)[0][0]))
    return rows


def _without_notes(rows: list[_Line], body: float) -> tuple[list[_Line], list[str]]:
    """Take off the lines in small letters at the foot, if they begin as notes do."""
    end = len(rows)
    while end and rows[end - 1].size <= _NOTE_SIZE * body:
        end -= 1
    starts = [index for index in range(end, len(rows)) if _NOTE.match(rows[index].text)]
    if not end or not starts:
        return rows, []
    notes = []
    for start, after in pairwise([*starts, len(rows)]):
        notes.append(" ".join(row.text for row in rows[start:after]))
    return rows[: starts[0]], notes


def _printed(rows: Sequence[_Line], leading: float) -> list[PrintedLine]:
    left = min((row.x for row in rows), default=0.0)
    printed = []
    for before, here in pairwise([None, *rows]):
        if here is not None:
            gap = before is None or before.y - here.y > _LEADING * max(leading, here.size)
            indent = (here.x - left) / max(here.size / 2, 1)
            printed.append(PrintedLine(here.text, indent=round(indent, 1), gap=gap))
    return printed
