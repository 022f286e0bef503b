"""Reads the tables of documents in which transcripts stand: a column of times, one of names, one of words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from player.intake.transcripts.documents.heads import is_name
from player.intake.transcripts.documents.marks import moment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from player.intake.transcripts.documents.paragraphs import Paragraph

_CLOCK: Final = r"(?:[0-9]{1,3}:)?[0-9]{1,3}:[0-5][0-9](?:[.,;:][0-9]{1,3})?"
_TIME: Final = re.compile(rf"[\[(]?\s{{0,3}}{_CLOCK}(?:\s{{0,3}}(?:-|–|—|-->|to)\s{{0,3}}{_CLOCK})?\s{{0,3}}[\])]?")
_TITLES: Final = frozenset(
    re.findall(
        r"\S+", "audio content dialogue name speaker speakers start text time timecode timestamp transcript who words"
    )
)
_SHARE: Final = 0.7
_LONGEST_NAME: Final = 50


@dataclass(frozen=True)
class Table:
    """What a table says: its paragraphs, the words of its head, and what its columns are, in words."""

    paragraphs: list[Paragraph]
    head: str
    columns: str


def read_table(rows: Sequence[Sequence[Sequence[Paragraph]]]) -> Table:
    """Read the cells of a table, row by row, each with its paragraphs."""
    texts = [[" ".join(paragraph.text for paragraph in cell).strip() for cell in row] for row in rows]
    head = ""
    if texts and all(_is_title(text) for text in texts[0]) and any(texts[0]) and len(texts) > 1:
        head = " ".join(text for text in texts[0] if text)
        texts, rows = texts[1:], rows[1:]
    width = max(map(len, texts), default=0)
    times = _column(texts, width, lambda text: _TIME.fullmatch(text) is not None)
    names = _column(texts, width, _is_name, without=times)
    if names is not None and (width < 2 + (times is not None) or not _comes_again(texts, names)):
        names = None
    if width < 2 or (times is None and names is None):  # noqa: PLR2004  # a column beside that of the words
        return Table([paragraph for row in rows for cell in row for paragraph in cell], head, "")
    found: list[Paragraph] = []
    for row, written in zip(rows, texts, strict=True):
        time, name = _cell(written, times), _cell(written, names)
        start = moment(time) if _TIME.fullmatch(time) else None
        marks = {index for index, text in ((times, time), (names, name)) if text}
        is_time = start is not None or not time
        is_speaker = _is_name(name) or not name
        said = [
            paragraph
            for index, cell in enumerate(row)
            for paragraph in cell
            if index not in marks or (index == times and not is_time) or (index == names and not is_speaker)
        ]
        if said:
            said[0] = replace(
                said[0],
                speaker=name.rstrip(" :") if name and is_speaker else None,
                start=start[0] if start else None,
            )
            found += said
        else:
            found += [paragraph for cell in row for paragraph in cell]
    columns = " and ".join(name for name, index in (("times", times), ("speakers", names)) if index is not None)
    return Table(found, head, columns)


def _column(
    texts: Sequence[Sequence[str]], width: int, fits: Callable[[str], bool], without: int | None = None
) -> int | None:
    """Give the first column nearly all of whose cells fit, of those that have something."""
    for index in range(width):
        written = [text for row in texts if (text := _cell(row, index))]
        if index != without and written and sum(map(fits, written)) >= _SHARE * len(written):
            return index
    return None


def _comes_again(texts: Sequence[Sequence[str]], index: int) -> bool:
    """Tell whether a column has the same few names again and again, and less than the others."""
    names = [text for row in texts if (text := _cell(row, index))]
    total = sum(len(text) for row in texts for text in row)
    return (len(set(names)) < len(names) or len(names) <= 2) and sum(map(len, names)) < total / 2  # noqa: PLR2004  # of two rows


def _cell(row: Sequence[str], index: int | None) -> str:
    return row[index] if index is not None and index < len(row) else ""


def _is_name(text: str) -> bool:
    return len(text) <= _LONGEST_NAME and is_name(text.rstrip(" :"))


def _is_title(text: str) -> bool:
    words = text.lower().strip(" :").split()
    return not words or (len(words) <= 3 and bool(_TITLES & {words[0], words[-1]}))  # noqa: PLR2004  # "Start time (h)"
