"""Words into the passages at which they are said, across cues and to the word where words are timed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player.archive.excerpt import word_times
from player.errors import SearchError
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
# Signs within a word that some write and some do not: apostrophes, full stops, soft hyphens. Other signs part words.
_SILENT: Final = re.compile("['’ʼ‘`.\u00ad\u200b-\u200d\ufeff]")  # noqa: RUF001
# Of scripts that are written without spaces, each letter is a word: Thai and Lao, kana, Han.
_PART: Final = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\W_\u0e00-\u0eff\u3040-\u9fff]+")


@dataclass(frozen=True)
class Hit:
    """Where something is said: its span, the ids of the first and the last cue, and the words, whole, as printed."""

    span: Span
    first: str
    last: str
    text: str


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
    wanted = _parts(quote)
    if not wanted:
        raise SearchError("there is no word in what is to be found; write the words as the transcript has them")
    words = list(_words(cues))
    parts = [(part, index) for index, word in enumerate(words) for part in _parts(word.text)]
    hits = []
    at = 0
    while at + len(wanted) <= len(parts):
        if all(parts[at + offset][0] == part for offset, part in enumerate(wanted)):
            hits.append(_hit(words, parts[at][1], parts[at + len(wanted) - 1][1]))
            at += len(wanted)
        else:
            at += 1
    return hits


def matches(cues: Sequence[Cue], pattern: str, patience: float = PATIENCE) -> list[Hit]:
    """Find what the regular expression ``pattern`` matches in the whole transcript: its words, single spaces between.

    Python's syntax; case counts, unless the pattern begins with ``(?i)``. A hit is as long as the words it touches.

    :raise SearchError: where it is no regular expression, or has found no end after ``patience`` seconds.
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
            f"the regular expression has not come to an end after {patience:g} seconds; write one that repeats "
            "nothing within a repetition, or look for exact words"
        ) from None
    except (subprocess.CalledProcessError, OSError):
        raise SearchError("the regular expression asks for too much; write a simpler one") from None
    found = json.loads(done.stdout)
    if isinstance(found, str):
        raise SearchError(f"this is no regular expression ({found}); correct it, or look for exact words")
    return [(begins, ends) for begins, ends in found]


def _hit(words: Sequence[_Word], first: int, last: int) -> Hit:
    said = words[first : last + 1]
    start = said[0].start
    end = max(start + 1, *(word.end for word in said))
    return Hit(Span(start, end), said[0].cue, said[-1].cue, " ".join(word.text for word in said))


def _words(cues: Sequence[Cue]) -> Iterator[_Word]:
    for cue in cues:
        for text, (start, end) in zip(cue.text.split(), word_times(cue), strict=True):
            yield _Word(text, cue.id, start, end)


def _parts(text: str) -> list[str]:
    """Give the words in ``text`` as they are compared: without case, accents, marks."""
    plain = unicodedata.normalize("NFKD", _SILENT.sub("", text))
    folded = unicodedata.normalize("NFKD", plain.casefold())
    return _PART.findall("".join(letter for letter in folded if not unicodedata.combining(letter)))
