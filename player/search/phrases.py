"""Finds where words are said, across cues, and to the word where words are timed.

``static/js/search/index.js`` finds the same while a reader types; ``tests/data/searches.json`` holds the two together.
"""

from __future__ import annotations

import json
import subprocess
import sys
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from player.archive.transcript import Cue, UntimedLine, word_times
from player.errors import SearchError
from player.letters import MARK, folded
from player.search.bodies import body_of
from player.search.needles import count_in, hits_in, needles_of, whole
from player.timecode import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from player.archive.references import Citation
    from player.archive.transcript import Line
    from player.search.bodies import Body

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


#: Words, and whether they were found.
Piece = tuple[str, bool]


@dataclass(frozen=True)
class Hit:
    """Where something is said: its span, the ids of the first and the last line, and the words, whole, as printed.

    There is no span where one of its lines is not timed. It ``is_widened`` where it takes in more than the words,
    since these have no times of their own.
    """

    span: Span | None
    first: str
    last: str
    text: str
    is_widened: bool = False


@dataclass(frozen=True)
class Found:
    """A line in which hits begin, and its words in pieces, each with whether it was found.

    A hit that goes on into another line brings that line's words with it. ``lines`` has the pieces line by line.
    """

    line: Line
    hits: tuple[Hit, ...]
    pieces: tuple[Piece, ...]
    lines: tuple[tuple[Piece, ...], ...]
    #: What is said in them; None where one of them is not timed.
    span: Span | None
    #: Whether words of theirs are a machine's, which nobody has heard or reviewed.
    is_unchecked: bool = False
    #: The ids of the lines; and of each, where it was looked up, the numbers of the words that a machine doubted.
    ids: tuple[str, ...] = ()
    doubtful: tuple[tuple[int, ...], ...] = ()
    #: What the lines rest on, each once, where it was looked up.
    citations: tuple[Citation, ...] = ()


class _Word(NamedTuple):
    """A word as printed, the line it is in, and ``[start, end)`` in milliseconds, None where the line is not timed.

    Whether it is known of the word itself when it begins, and ends.
    """

    text: str
    line: str
    start: int | None
    end: int | None
    begins: bool = False
    ends: bool = False


def phrases(lines: Sequence[Line], quote: str) -> list[Hit]:
    """Find ``quote`` in the words of ``lines``; in their order, none overlapping another.

    Words must be the same and whole. Case, accents, punctuation and white space make no difference.

    :raise SearchError: where ``quote`` holds no word.
    """
    wanted = folded(quote)
    if not wanted:
        raise SearchError("the quote contains no word; write the words as the transcript has them")
    body = body_of(line.text for line in lines)
    found = found_in(dict(enumerate(lines)), body, hits_in(body.folded, [whole(wanted)]))
    return [hit for each in found for hit in each.hits]


def find(lines: Sequence[Line], query: str) -> list[Found]:
    """Find what a reader types into the page's field; in the lines' order, one value for each where a hit begins.

    Text is found wherever its letters follow each other, within words, across words and across lines. What stands in
    quotation marks is found where it is whole words; where all does, each quotation is looked for by itself.

    :raise SearchError: where ``query`` holds no word.
    """
    needles = needles_of(query)
    body = body_of(line.text for line in lines)
    return found_in(dict(enumerate(lines)), body, hits_in(body.folded, needles))


def count(text: str, query: str) -> int:
    """Count what ``find`` would find in a text of its own.

    :raise SearchError: where ``query`` holds no word.
    """
    return count_in(body_of([text]).folded, needles_of(query))


def marked(text: str, needles: Sequence[str]) -> tuple[Piece, ...]:
    """Give the words of a text of its own in pieces, each with whether ``needles`` were found in it."""
    body = body_of([text])
    line = UntimedLine("", text, (), (), 0)
    found = found_in({0: line}, body, hits_in(body.folded, needles))
    return found[0].pieces if found else ((" ".join(text.split()), False),)


def found_in(lines: Mapping[int, Line], body: Body, hits: Iterable[tuple[int, int]]) -> list[Found]:
    """Give hits in the body of a transcript, line by line; of its ``lines``, by number, only those that hits touch."""
    words: list[_Word] = []
    # Of each line, where its words begin among all, and how many of its letters there are up to the end of each.
    read: dict[int, tuple[int, list[int]]] = {}

    def word_at(place: int, line: int) -> int:
        begun, letters = read[line]
        return begun + bisect_right(letters, len(_letters(body.folded[body.starts[line] : place])))

    places = []
    for begin, end in hits:
        begins, ends = body.line_at(begin), body.line_at(end - 1)
        for number in range(begins, ends + 1):
            if number not in read:
                line = lines[number]
                said = (len(_letters(folded(word).encode())) for word in line.text.split())
                read[number] = (len(words), list(accumulate(said)))
                words.extend(_words(line))
        places.append((word_at(begin, begins), word_at(end - 1, ends)))
    by_id = {line.id: line for line in lines.values()}
    return [_found(by_id, words, list(each)) for _, each in groupby(places, lambda place: words[place[0]].line)]


def matches(lines: Sequence[Line], pattern: str, patience: float = PATIENCE) -> list[Hit]:
    """Find what the regular expression ``pattern`` matches in the whole transcript: its words, single spaces between.

    Python's syntax; case counts, unless the pattern begins with ``(?i)``. A hit is as long as the words it touches.

    :raise SearchError: where it is not a regular expression, or does not finish within ``patience`` seconds.
    """
    words = [word for line in lines for word in _words(line)]
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


def _found(lines: Mapping[str, Line], words: Sequence[_Word], hits: Sequence[tuple[int, int]]) -> Found:
    line = lines[words[hits[0][0]].line]
    marked = {index for first, last in hits for index in range(first, last + 1)}
    begin = hits[0][0]
    while begin and words[begin - 1].line == line.id:
        begin -= 1
    end = hits[-1][1] + 1
    while end < len(words) and words[end].line == words[end - 1].line:
        end += 1
    said = {
        name: _pieces(words, marked, each) for name, each in groupby(range(begin, end), lambda index: words[index].line)
    }
    shown = _pieces(words, marked, range(begin, end))
    touched = [line, *(lines[words[last].line] for _, last in hits)]
    cues = [each for each in touched if isinstance(each, Cue)]
    span = Span(cues[0].start, max(cue.span.end for cue in cues)) if len(cues) == len(touched) else None
    is_unchecked = any(lines[word.line].is_unchecked for word in words[begin:end])
    each = tuple(_hit(words, first, last) for first, last in hits)
    return Found(line, each, shown, tuple(said.values()), span, is_unchecked, tuple(said))


def _pieces(words: Sequence[_Word], marked: AbstractSet[int], indexes: Iterable[int]) -> tuple[Piece, ...]:
    pieces = groupby(indexes, marked.__contains__)
    return tuple((" ".join(words[index].text for index in each), is_hit) for is_hit, each in pieces)


def _hit(words: Sequence[_Word], first: int, last: int) -> Hit:
    said = words[first : last + 1]
    text = " ".join(word.text for word in said)
    start = said[0].start
    ends = [word.end for word in said if word.end is not None]
    if start is None or len(ends) < len(said):
        return Hit(None, said[0].line, said[-1].line, text)
    span = Span(start, max(start + 1, *ends))
    return Hit(span, said[0].line, said[-1].line, text, not (said[0].begins and said[-1].ends))


def _words(line: Line) -> Iterator[_Word]:
    texts = line.text.split()
    if not isinstance(line, Cue):
        yield from (_Word(text, line.id, None, None) for text in texts)
        return
    own = line.words if line.words and not line.is_approximate else (None,) * len(texts)
    timed = [True, *(time is not None for time in own[1:]), True]
    for text, (start, end), begins, ends in zip(texts, word_times(line), timed, timed[1:], strict=False):
        yield _Word(text, line.id, start, end, begins, ends)


def _letters(text: bytes) -> bytes:
    return text.translate(None, b" " + MARK.encode())
