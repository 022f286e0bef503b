"""Divides a line of a transcript in two, and joins two lines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from player.archive.doubts import doubts, with_doubts
from player.archive.line_marks import (
    MARKS,
    aligned,
    confidence,
    heard,
    with_aligned,
    with_confidences,
    word_confidences,
)
from player.archive.machine import HEARD
from player.archive.transcript import Cue
from player.desk.words import Said, moved, places, timed, turns_of
from player.errors import OperationError
from player.timecode import display

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from player.archive.doubts import Doubt
    from player.archive.transcript import Line

_BETWEEN: Final = "split it between two words"


def divided(line: Line, at: int, time: int | None, names: tuple[str, str]) -> tuple[Line, Line]:
    """Give the two lines that a line becomes where it is divided before the letter ``at`` of its text.

    The second begins at ``time``; where that is None when its first word does, or as far into the line as its letters
    are into the text.

    :raise OperationError: where one of the two would have no words or no time, or what is said of words is of both.
    """
    head, tail = line.text[:at].rstrip(), line.text[at:].lstrip()
    if not head.strip() or not tail.strip():
        raise OperationError("one of the two lines would have no words", _BETWEEN)
    count = len(head.split())
    is_within_word = count + len(tail.split()) > len(line.text.split())
    sure, whole, marked = word_confidences(line), confidence(line), doubts(line)
    if any(doubt.first < count <= doubt.last for doubt in marked) or (is_within_word and (marked or sure)):
        raise OperationError("something is said of the words that would be divided", _BETWEEN)
    bare = with_confidences(with_doubts(line, ()), None)
    said, begins = places(line.text, line.turns), len(line.text) - len(tail)
    first: Line = replace(
        bare,
        id=names[0],
        text=head,
        turns=turns_of(head, (each._replace(end=min(each.end, len(head))) for each in said if each.begin < len(head))),
    )
    second: Line = replace(
        bare,
        id=names[1],
        text=tail,
        turns=turns_of(tail, (Said(who, max(a - begins, 0), b - begins) for who, a, b in said if b > begins)),
        opens_paragraph=False,
        comments=tuple(each for each in bare.comments if each.startswith(MARKS)),
    )
    if isinstance(line, Cue) and isinstance(first, Cue) and isinstance(second, Cue):
        words = () if is_within_word else line.words
        moment = _moment(line, at, words[count] if words else None, time)
        length = moment - line.start
        first = replace(first, end=moment, words=timed(moved(words[:count], 0, length)))
        later = moved(words[count:], length, line.span.end - moment)
        second = replace(second, start=moment, end=line.span.end, words=timed(later))
        if time is not None:
            first, second = with_aligned(first, None), with_aligned(second, None)
    shifted = [
        replace(each, first=each.first - count, last=each.last - count) for each in marked if each.first >= count
    ]
    return (
        with_doubts(with_confidences(first, whole, sure[:count]), [each for each in marked if each.last < count]),
        with_doubts(with_confidences(second, whole, sure[count:]), shifted),
    )


def joined(first: Line, second: Line, name: str) -> Line:
    """Give the line that two become: what each voice says stays its own, and what is true of both is true of it."""
    head, tail = first.text.strip(), second.text.strip()
    is_one_voice = not (first.turns and second.turns) or first.turns[-1].speaker == second.turns[0].speaker
    head += (" " if is_one_voice else "\n") if head and tail else ""
    said = [*places(head, first.turns)]
    said += (Said(who, begin + len(head), end + len(head)) for who, begin, end in places(tail, second.turns))
    comments = [each for of in (first, second) for each in with_doubts(of, ()).comments if not each.startswith(MARKS)]
    hearers = {each.name for each in heard(first)}
    comments += (f"{HEARD} {each}" for each in heard(second) if each.name in hearers)
    line = replace(
        _timed_as_one(first, second),
        id=name,
        text=head + tail,
        turns=turns_of(head + tail, said),
        citations=tuple(dict.fromkeys((*first.citations, *second.citations))),
        opens_paragraph=first.opens_paragraph,
        page=first.page,
        comments=tuple(dict.fromkeys(comments)),
        is_unchecked=first.is_unchecked or second.is_unchecked,
    )
    line = with_aligned(line, _least(aligned(first), aligned(second)))
    sure = (*_sure(first), *_sure(second))
    of_words = sure if any(each is not None for each in sure) else ()
    line = with_confidences(line, _least(confidence(first), confidence(second)), of_words)
    return with_doubts(line, (*doubts(first), *_shifted(second, len(head.split()))))


def _moment(line: Cue, at: int, own: int | None, time: int | None) -> int:
    """Say when the second of two lines begins."""
    start, end = line.start, line.span.end
    if time is not None:
        if not start < time < end:
            what = f"{display(time)} is not within the line, which lasts from {display(start)} to {display(end)}"
            raise OperationError(what, "play to where the second line begins, and split it there")
        return time
    if own and own < end - start:
        return start + own
    if end - start < len("12"):
        raise OperationError("the line is too short to be divided in time", "give it a later end")
    share = (end - start) * at // max(len(line.text), 1)
    return start + min(max(share, 1), end - start - 1)


def _timed_as_one(first: Line, second: Line) -> Line:
    """Give the times of two lines that become one; where only one has any, they are its."""
    counts = len(first.text.split()), len(second.text.split())
    if not isinstance(second, Cue):
        unknown = (None,) * counts[1]
        return replace(first, words=(*first.words, *unknown)) if isinstance(first, Cue) and first.words else first
    if not isinstance(first, Cue):
        # Its first word begins with the line no more.
        later = tuple(time or None for time in second.words)
        return replace(second, words=timed([*(None,) * counts[0], *later]) if later else ())
    start = min(first.start, second.start)
    own, move = first.start - start, second.start - start
    # The second line begins with its first word: that is known even where no word was timed.
    begins = None if second.is_approximate else move
    before = tuple(time if time is None else time + own for time in first.words) or (None,) * counts[0]
    after = tuple(time if time is None else time + move for time in second.words)
    after = after or (begins, *(None,) * (counts[1] - 1))
    end = max(first.end, second.end, second.span.end if second.end <= second.start else 0)
    words = [None if time is not None and time > move else time for time in before]
    words += after if counts[1] else ()
    is_approximate = first.is_approximate or second.is_approximate
    return replace(first, start=start, end=end, words=timed(words), is_approximate=is_approximate)


def _sure(line: Line) -> Sequence[float | None]:
    return word_confidences(line) or (None,) * len(line.text.split())


def _shifted(line: Line, by: int) -> Iterator[Doubt]:
    return (replace(each, first=each.first + by, last=each.last + by) for each in doubts(line))


def _least(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else min(one, other)
