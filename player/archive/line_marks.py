"""Reads and writes what comments say of one line: how sure a machine is of its words or times, and who has heard it.

Each is a comment directly before the line; the doubtful words are named, so that no doubt falls on what a person has
written in place of one::

    NOTE aligned: 0.93
    NOTE confidence: 0.93
    NOTE word confidence: 0.98 - 0.37
    NOTE doubtful words: build
    NOTE heard: 2026-11-29, Ines Keeper

In a translation, ``NOTE older: 2026-11-29`` says since when the words that the line translates are others.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeVar

from player.archive.machine import HEARD, WORD_CONFIDENCE, review
from player.archive.transcript import Cue, UntimedLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.archive.machine import Review
    from player.archive.transcript import Line

_Line = TypeVar("_Line", bound=Cue | UntimedLine)

ALIGNED: Final = "aligned:"
CONFIDENCE: Final = "confidence:"
#: What a comment begins with that names the words that the machine doubted, as it wrote them.
DOUBTS: Final = "doubtful words:"
#: What a comment in a translation begins with where the words that a line translates were changed since, and when.
OLDER: Final = "older:"
#: What comments begin with that say something of the times or the words of a line, and nothing of its place.
MARKS: Final = (ALIGNED, CONFIDENCE, WORD_CONFIDENCE, DOUBTS, HEARD)
#: Below this confidence a word is doubtful.
DOUBTFUL: Final = 0.5

# A comment of numbers alone, which names nobody.
_NUMBERS: Final = re.compile(r"(?:aligned|confidence|word confidence|older):[-0-9. ]*")
_DAY: Final = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")
_SIGNS: Final = re.compile(r"[\W_]+")
_NUMBER: Final = re.compile(r"0(?:\.[0-9]{1,6})?|1(?:\.0{1,6})?")


def aligned(line: Line) -> float | None:
    """Say how sure the machine is that placed a line; None where a person did, or it is not known."""
    return _number(_said(line, ALIGNED))


def is_aligned(line: Line) -> bool:
    """Tell whether a machine placed it, and may place it anew."""
    return _said(line, ALIGNED) is not None


def confidence(line: Line) -> float | None:
    """Say how sure the machine is that wrote a line of its words; None where it is not known."""
    return _number(_said(line, CONFIDENCE))


def word_confidences(line: Line) -> tuple[float | None, ...]:
    """Say how sure it is of each of ``line.text.split()``; empty where it is not known, or not of as many words."""
    said = _said(line, WORD_CONFIDENCE)
    if said is None:
        return ()
    parts = said.split()
    found = tuple(_number(each) for each in parts)
    is_right = all(part == "-" or number is not None for part, number in zip(parts, found, strict=True))
    return found if is_right and len(found) == len(line.text.split()) else ()


def doubtful(line: Line) -> tuple[int, ...]:
    """Give the numbers of those words, from 0, of which the machine that wrote them is not sure; none once heard."""
    if heard(line):
        return ()
    return tuple(number for number, sure in enumerate(word_confidences(line)) if _is_doubted(sure))


def heard(line: Line) -> tuple[Review, ...]:
    """Give who has heard the line and found it right, and when."""
    said = (comment.removeprefix(HEARD) for comment in line.comments if comment.startswith(HEARD))
    return tuple(found for each in said if (found := review(each)) is not None)


def older(line: Line) -> str | None:
    """Give the day since which the words that a line of a translation translates are others; None where they are not.

    The day is as ISO 8601 writes it, or empty where the comment names none.
    """
    said = _said(line, OLDER)
    return None if said is None else said if _DAY.fullmatch(said) else ""


def with_aligned(line: _Line, sure: float | None) -> _Line:
    """Give a line that a machine has placed, and is so sure of that; None takes the mark away."""
    return _with(line, ALIGNED, None if sure is None else f"{sure:.2f}")


def with_confidences(line: _Line, sure: float | None, words: tuple[float | None, ...] = ()) -> _Line:
    """Give a line with how sure the machine is of it, and of each of its words."""
    line = _with(line, CONFIDENCE, None if sure is None else f"{sure:.2f}")
    each = " ".join("-" if word is None else f"{word:.2f}" for word in words)
    return _with(_with(line, WORD_CONFIDENCE, each or None), DOUBTS, doubted(line.text, words) or None)


def with_heard(line: _Line, by: Review) -> _Line:
    """Give a line that somebody has heard and found right; who has said so before is said once."""
    if any(each.name == by.name for each in heard(line)):
        return line
    return replace(line, comments=(*line.comments, f"{HEARD} {by}"), is_unchecked=False)


def without_heard(line: _Line) -> _Line:
    """Give a line that nobody has heard: that is to be said where its words have changed."""
    return replace(line, comments=tuple(each for each in line.comments if not each.startswith(HEARD)))


def doubted(text: str, sure: Sequence[float | None]) -> str:
    """Name the doubtful words of a text; empty where there are none."""
    return " ".join(word for word, each in zip(text.split(), sure, strict=False) if _is_doubted(each))


def still_sure(text: str, sure: Sequence[float | None], doubts: str | None) -> tuple[float | None, ...]:
    """Give what is still true of how sure a machine was of each word: nothing where there are not as many words now.

    ``doubts`` are the words that it doubted; None where nobody knows. No other word is doubtful: a person wrote it.
    """
    words = text.split()
    if len(sure) != len(words):
        return ()
    if doubts is None:
        return tuple(sure)
    known = set(map(_bare, doubts.split()))
    return tuple(
        None if _is_doubted(each) and _bare(word) not in known else each for word, each in zip(words, sure, strict=True)
    )


def without_stale(line: _Line) -> _Line:
    """Give a line as read, without such numbers as were said of words that a person has changed since."""
    said = _said(line, WORD_CONFIDENCE)
    if said is None or any(part != "-" and _number(part) is None for part in said.split()):
        return line
    found = tuple(map(_number, said.split()))
    doubts = _said(line, DOUBTS)
    kept = still_sure(line.text, found, doubts)
    if kept == found:
        return line
    shown = " ".join("-" if now is None else part for part, now in zip(said.split(), kept, strict=False))
    # In their places, so that the file can be changed in the same way.
    now = {WORD_CONFIDENCE: shown if kept else "", DOUBTS: doubted(line.text, kept)}
    comments = []
    for comment in line.comments:
        keyword = next((each for each in now if comment.startswith(each)), None)
        if keyword is None:
            comments.append(comment)
            continue
        if now[keyword]:
            comments.append(f"{keyword} {now[keyword]}")
        now[keyword] = ""
    return replace(line, comments=tuple(comments))


def without_names(line: Line) -> Line:
    """Give a line without comments, which may name somebody, but for those that say how sure a machine is."""
    kept = tuple(comment for comment in line.comments if _NUMBERS.fullmatch(comment))
    return line if kept == line.comments else replace(line, comments=kept)


def of_its_lines(count: int, lines: int) -> str:
    """Say how many of the lines of a transcript are meant: ``its one line``, ``2 of its 5 lines``."""
    return "its one line" if count == lines == 1 else f"{count} of its {lines} {'line' if lines == 1 else 'lines'}"


def _with(line: _Line, keyword: str, value: str | None) -> _Line:
    others: tuple[str, ...] = tuple(each for each in line.comments if not each.startswith(keyword))
    return replace(line, comments=others if value is None else (*others, f"{keyword} {value}"))


def _is_doubted(sure: float | None) -> bool:
    return sure is not None and sure < DOUBTFUL


def _bare(word: str) -> str:
    """Give a word without its signs and capitals, which change no word; empty where it has nothing but signs."""
    return _SIGNS.sub("", word).casefold()


def _said(line: Line, keyword: str) -> str | None:
    """Give what the first comment says that begins with a keyword."""
    found = (comment.removeprefix(keyword).strip() for comment in line.comments if comment.startswith(keyword))
    return next(islice(found, 1), None)


def _number(text: str | None) -> float | None:
    return float(text) if text is not None and _NUMBER.fullmatch(text) else None
