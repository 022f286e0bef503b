"""Finds where words are said, across cues, and to the word where words are timed.

``static/js/search/index.js`` finds the same while a reader types; ``tests/data/searches.json`` holds the two together.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from bisect import bisect_right
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from player.archive.transcript import word_times
from player.errors import SearchError
from player.search.letters import parts_of
from player.timecode import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from player.archive.transcript import Cue

#: How long a pattern may take, in seconds; some never end (``(a+)+b``), and Python's re cannot be interrupted.
PATIENCE: Final = 10.0

# Runs in a process of its own, so that it can be ended. Patterns and text come as JSON, places go back as JSON.
_MATCHER: Final = """\
import json, re, sys
pattern, text = json.load(sys.stdin)
try:
    found = [match.span() for match in re.finditer(pattern, text)]
except (re.error, OverflowError, RecursionError) as error:
    found = str(error)
json.dump(found, sys.stdout)
"""
_QUOTE: Final = re.compile('["“”„«»]')


@dataclass(frozen=True)
class Hit:
    """Where something is said: its span, the ids of the first and the last cue, and the words, whole, as printed."""

    span: Span
    first: str
    last: str
    text: str


@dataclass(frozen=True)
class Found:
    """A line in which hits begin, and its words in pieces, each with whether it was found.

    A hit that goes on into another line brings that line's words with it.
    """

    cue: Cue
    hits: tuple[Hit, ...]
    pieces: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class _Word:
    """A word as printed, the cue it is in, and ``[start, end)`` in milliseconds."""

    text: str
    cue: str
    start: int
    end: int


def phrases(cues: Sequence[Cue], quote: str) -> list[Hit]:
    """Find ``quote`` in the words of ``cues``; in order of time, none overlapping another.

    Words must be the same and whole. Case, accents, punctuation and white space make no difference.

    :raise SearchError: where ``quote`` holds no word.
    """
    wanted = parts_of(quote)
    if not wanted:
        raise SearchError("the quote contains no word; write the words as the transcript has them")
    words = list(_words(cues))
    return [_hit(words, first, last) for first, last in _places([word.text for word in words], (_whole(wanted),))]


def find(cues: Sequence[Cue], query: str) -> list[Found]:
    """Find what a reader types into the page's field; in order of time, one value for each line where a hit begins.

    Text is found wherever its letters follow each other, within words, across words and across lines. What stands in
    quotation marks is found where it is whole words; where all does, each quotation is looked for by itself.

    :raise SearchError: where ``query`` holds no word.
    """
    needles = _needles(query)
    words = list(_words(cues))
    by_id = {cue.id: cue for cue in cues}
    places = _places([word.text for word in words], needles)
    return [_found(by_id[name], words, list(hits)) for name, hits in groupby(places, lambda place: words[place[0]].cue)]


def count(text: str, query: str) -> int:
    """Count what ``find`` would find in a text of its own.

    :raise SearchError: where ``query`` holds no word.
    """
    return len(_places([text], _needles(query)))


def matches(cues: Sequence[Cue], pattern: str, patience: float = PATIENCE) -> list[Hit]:
    """Find what the regular expression ``pattern`` matches in the whole transcript: its words, single spaces between.

    Python's syntax; case counts, unless the pattern begins with ``(?i)``. A hit is as long as the words it touches.

    :raise SearchError: where it is not a regular expression, or does not finish within ``patience`` seconds.
    """
    words = list(_words(cues))
    starts = []
    length = 0
    for word in words:
        starts.append(length)
        length += len(word.text) + 1
    hits: dict[tuple[int, int], Hit] = {}
    index = 0
    for begins, ends in _run(pattern, " ".join(word.text for word in words), patience):
        if not words or begins == ends:
            continue
        while index + 1 < len(words) and starts[index + 1] <= begins:
            index += 1
        # A match that begins in the space between two words begins with the second of them.
        first = min(index + (begins >= starts[index] + len(words[index].text)), len(words) - 1)
        last = first
        while last + 1 < len(words) and starts[last + 1] < ends:
            last += 1
        hits.setdefault((first, last), _hit(words, first, last))
    return list(hits.values())


def _run(pattern: str, text: str, patience: float) -> list[tuple[int, int]]:
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-W", "ignore", "-c", _MATCHER],
            input=json.dumps([pattern, text]),
            capture_output=True,
            encoding="ascii",
            timeout=patience,
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise SearchError(
            f"the regular expression did not finish within {patience:g} seconds; avoid repetitions inside repetitions, "
            "or search for exact words"
        ) from None
    except (subprocess.CalledProcessError, OSError):
        raise SearchError("the regular expression is too complex; write a simpler one") from None
    found = json.loads(done.stdout)
    if isinstance(found, str):
        raise SearchError(f"this is not a regular expression ({found}); correct it, or search for exact words")
    return [(begins, ends) for begins, ends in found]


def _found(cue: Cue, words: Sequence[_Word], hits: Sequence[tuple[int, int]]) -> Found:
    marked = {index for first, last in hits for index in range(first, last + 1)}
    begin = hits[0][0]
    while begin and words[begin - 1].cue == cue.id:
        begin -= 1
    end = hits[-1][1] + 1
    while end < len(words) and words[end].cue == words[end - 1].cue:
        end += 1
    pieces = groupby(range(begin, end), marked.__contains__)
    said = tuple((" ".join(words[index].text for index in indexes), is_hit) for is_hit, indexes in pieces)
    return Found(cue, tuple(_hit(words, first, last) for first, last in hits), said)


def _hit(words: Sequence[_Word], first: int, last: int) -> Hit:
    said = words[first : last + 1]
    start = said[0].start
    end = max(start + 1, *(word.end for word in said))
    return Hit(Span(start, end), said[0].cue, said[-1].cue, " ".join(word.text for word in said))


def _words(cues: Sequence[Cue]) -> Iterator[_Word]:
    for cue in cues:
        for text, (start, end) in zip(cue.text.split(), word_times(cue), strict=True):
            yield _Word(text, cue.id, start, end)


def _needles(query: str) -> list[str]:
    """Give what is to be looked for in words with spaces between: a space at an end of it is the border of a word."""
    pieces = _QUOTE.split(query)
    # Quotation marks that are not closed yet are still being typed.
    read = [(parts_of(piece), number % 2 == 1 and number < len(pieces) - 1) for number, piece in enumerate(pieces)]
    found = [(" ".join(parts), is_quoted) for parts, is_quoted in read if parts]
    if not found:
        raise SearchError("the search contains no word; write a word, or part of one")
    if all(is_quoted for _, is_quoted in found):
        return [f" {text} " for text, _ in found]
    begins, ends = (" " if is_quoted else "" for _, is_quoted in (found[0], found[-1]))
    return [f"{begins}{' '.join(text for text, _ in found)}{ends}"]


def _whole(parts: Sequence[str]) -> str:
    return f" {' '.join(parts)} "


def _places(texts: Sequence[str], needles: Sequence[str]) -> list[tuple[int, int]]:
    """Find needles in ``texts``, which follow each other: where each hit begins and ends, by the index of the text.

    Hits of one needle do not overlap; one that lies within another needle's is not counted again.
    """
    parts = [(part, index) for index, text in enumerate(texts) for part in parts_of(text)]
    line = _whole([part for part, _ in parts])
    starts = []
    length = 1
    for part, _ in parts:
        starts.append(length)
        length += len(part) + 1
    found = []
    for needle in needles:
        before, after = needle.startswith(" "), needle.endswith(" ")
        at = line.find(needle)
        while at >= 0:
            begin, end = at + before, at + len(needle) - after
            found.append((begin, -end))
            at = line.find(needle, end)
    places = []
    reached = 0
    for begin, minus_end in sorted(found):
        if -minus_end > reached:
            reached = -minus_end
            first, last = (bisect_right(starts, place) - 1 for place in (begin, reached - 1))
            places.append((parts[first][1], parts[last][1]))
    return places
