"""Says which words of a line people doubt or read otherwise, and marks them, and those of which a machine is unsure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from markupsafe import Markup, escape

from player.archive.doubts import doubts
from player.archive.transcript import Cue
from player.timecode import Span
from player.web.pages.machine_words import MOST_MARKED, places, with_doubtful

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from player.archive.doubts import Doubt, Reading
    from player.archive.transcript import Line

#: The class of words that somebody doubts, and of those that are only read otherwise; a machine's are ``doubtful``.
DOUBTED: Final = "doubted"
VARIED: Final = "varied"
_UNSURE: Final = "doubtful"


@dataclass(frozen=True)
class DoubtedWords:
    """Words of a line that people doubt, or read otherwise, and when they are heard.

    ``span`` is that of the words where these have times of their own (``is_exact``), else that of the line; None where
    the line has none.
    """

    text: str
    readings: tuple[Reading, ...]
    is_doubtful: bool
    span: Span | None
    is_exact: bool


def doubted_words(line: Line) -> tuple[DoubtedWords, ...]:
    """Give the first of the words of a line that people doubt or read otherwise, in their order."""
    found = []
    said = doubts(line)[:MOST_MARKED]
    ends = places(line.text, [number for doubt in said for number in (doubt.first, doubt.last)])
    for doubt, (begin, _), (_, end) in zip(said, ends[::2], ends[1::2], strict=True):
        own = _heard(line, doubt)
        whole = line.span if isinstance(line, Cue) and line.has_length else None
        text = " ".join(line.text[begin:end].split())
        found.append(DoubtedWords(text, doubt.readings, doubt.is_doubtful, own or whole, own is not None))
    return tuple(found)


def with_marks(text: str, unsure: Sequence[int], said: Sequence[Doubt], language: str | None = None) -> Markup:
    """Give words with those in elements of their own that people doubt, read otherwise, or a machine is unsure of.

    Where there is a ``language``, that of the words, signs are written behind them, for readers of the text alone: [?],
    and other readings. Of very many words, the last are not marked.
    """
    if not said:
        return with_doubtful(text, unsure)
    runs = list(_runs(said[:MOST_MARKED]))
    taken = {number for first, last, _ in runs for number in range(first, last + 1)}
    runs += [(number, number, _UNSURE) for number in unsure[:MOST_MARKED] if number not in taken]
    runs.sort()
    ends = places(text, [number for first, last, _ in runs for number in (first, last)])
    parts: list[str] = []
    before = 0
    for (first, last, name), (begin, _), (_, end) in zip(runs, ends[::2], ends[1::2], strict=True):
        parts += (escape(text[before:begin]), f'<span class="{name}">{escape(text[begin:end])}</span>')
        before = end
        if language is not None and name != _UNSURE:
            parts.append(_signs([each for each in said if first <= each.last <= last], language, name))
    return Markup("".join((*parts, escape(text[before:]))))  # noqa: S704  # of what is escaped above


def _signs(said: Sequence[Doubt], language: str, name: str) -> str:
    readings = [reading.text for each in said for reading in each.readings]
    others = " or ".join(f'<bdi lang="{escape(language)}">{escape(each)}</bdi>' for each in dict.fromkeys(readings))
    sign = "?" if name == DOUBTED else ""
    if others:
        sign += f" or {others}" if sign else f"or {others}"
    return f' <span class="sign" lang="en">[{sign}]</span>' if sign else ""


def _runs(said: Sequence[Doubt]) -> Iterator[tuple[int, int, str]]:
    """Give the first and the last of words that are marked alike, and how; none of them in two runs."""
    edges = sorted({each.first for each in said} | {each.last + 1 for each in said})
    kept: tuple[int, int, str] | None = None
    for first, after in pairwise(edges):
        over = [each for each in said if each.first <= first and after - 1 <= each.last]
        if not over:
            continue
        name = DOUBTED if any(each.is_doubtful for each in over) else VARIED
        if kept and kept[1] == first - 1 and kept[2] == name and any(each.first < first for each in over):
            kept = (kept[0], after - 1, name)
            continue
        if kept:
            yield kept
        kept = (first, after - 1, name)
    if kept:
        yield kept


def _heard(line: Line, doubt: Doubt) -> Span | None:
    """Say when words are heard, by their own times; None where the first of them has none."""
    if not isinstance(line, Cue) or line.is_approximate or len(line.words) <= doubt.last:
        return None
    start = line.words[doubt.first]
    if start is None:
        return None
    after = (line.start + each for each in line.words[doubt.last + 1 :] if each is not None)
    start, end = line.start + start, next(after, line.span.end)
    return Span(start, end) if end > start else None
