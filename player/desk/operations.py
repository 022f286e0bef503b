"""Changes lines of a transcript as the desk asks, one operation at a time: which lines give way to which.

An operation is a mapping, ``{"do": "join", "id": "c7"}``, of which nothing is taken for granted. Nothing is written.
"""

from __future__ import annotations

import secrets
from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from player.archive.doubts import Doubt, Reading, doubts, with_doubts
from player.archive.line_marks import MARKS, with_aligned, with_heard, without_heard
from player.archive.transcript import Cue, UntimedLine
from player.archive.webvtt.changing import Splice
from player.desk.asked import Asked
from player.desk.dividing import divided, joined
from player.desk.words import Said, moved, places, reworded, timed, turns_of
from player.errors import OperationError, quoted
from player.timecode import display

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from player.archive.machine import Review
    from player.archive.transcript import Line

#: The most that may be said of how else words of one line are read.
MOST_READINGS: Final = 100

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_SIGNS: Final = f"0123456789{_LETTERS}"


def perform(
    lines: Sequence[Line],
    operation: Mapping[str, Any],
    *,
    used: Callable[[str], bool],
    by: Review | None = None,
    is_draft: bool = False,
) -> Splice:
    """Say which of ``lines`` an operation replaces, and with what.

    ``used`` tells whether an identifier was that of a line before. ``by`` is who says that a line was heard, and the
    day. Of a machine's draft, lines are unchecked until somebody has heard them.

    :raise OperationError: where it cannot be done; it says why, and what to do.
    """
    asked = Asked(operation)
    do = asked.name("do")
    if do == "new":
        return _new(lines, asked, _unused(lines, used), is_draft=is_draft)
    number = _number(lines, asked.name())
    line = lines[number]
    if do == "split":
        at, time = asked.number("at"), asked.moment_or_none("time")
        return _divided(lines, number, divided(line, at, time, (_unused(lines, used), _unused(lines, used))))
    if do == "join":
        if number + 1 == len(lines):
            raise OperationError("no line follows this one", "go to the line above, and join that")
        return _replaced(lines, number, 2, (joined(line, lines[number + 1], _unused(lines, used)),))
    if do == "remove":
        return _removed(lines, number)
    if do == "times":
        return _retimed(lines, number, asked)
    return _replaced(lines, number, 1, (_changed(line, do, asked, by, is_draft=is_draft),))


def _changed(line: Line, do: str, asked: Asked, by: Review | None, *, is_draft: bool) -> Line:
    """Do what concerns one line alone, which keeps its identifier and its times."""
    changes: Mapping[str, Callable[[], Line]] = {
        "words": lambda: _reworded(line, asked, is_draft=is_draft),
        "speaker": lambda: _respoken(line, asked),
        "doubt": lambda: _doubted(line, asked),
        "variant": lambda: _read_otherwise(line, asked),
        "reading": lambda: _read_so(line, asked, is_draft=is_draft),
        "heard": lambda: _heard(line, asked, by, is_draft=is_draft),
    }
    if do not in changes:
        raise OperationError(f"{quoted(do)} is nothing that can be done to a line", "reload the page")
    return changes[do]()


def _heard(line: Line, asked: Asked, by: Review | None, *, is_draft: bool) -> Line:
    """Say that somebody has heard a line and found it right, or that nobody has."""
    if not asked.truth("on"):
        return replace(without_heard(line), is_unchecked=is_draft)
    if by is None:
        raise OperationError("nobody is named who has heard it", "open the desk by the link that names you")
    return with_heard(line, by)


def _reworded(line: Line, asked: Asked, *, is_draft: bool) -> Line:
    """Give one turn of a line other words; a turn without words goes."""
    said = places(line.text, line.turns)
    number, words = asked.number("turn"), asked.words()
    if not said and number == 0:
        said = [Said(None, 0, len(line.text))]
    turn = _turn(said, number)
    if not words and len(said) == 1:
        raise OperationError("a line has at least one word", "remove the line, if nothing is said in it")
    begin, end = turn.begin, turn.end
    if not words:
        # With the white space before it, or after it where it is the first.
        begin, end = (said[number - 1].end, end) if number else (begin, said[1].begin)
    moves = begin + len(words) - end
    others = [*said[:number], Said(turn.speaker, begin, begin + len(words))]
    others += (Said(who, first + moves, last + moves) for who, first, last in said[number + 1 :])
    return reworded(line, line.text[:begin] + words + line.text[end:], others, is_draft=is_draft)


def _respoken(line: Line, asked: Asked) -> Line:
    """Give a turn of a line another speaker; None is nobody."""
    said, number = places(line.text, line.turns), asked.number("turn")
    _refuse_wordless(line)
    said[number : number + 1] = [_turn(said, number)._replace(speaker=asked.person("speaker"))]
    return replace(line, turns=turns_of(line.text, said))


def _doubted(line: Line, asked: Asked) -> Line:
    doubt, others = _doubt(line, asked)
    return _with(line, others, replace(doubt, is_doubtful=asked.truth("on")))


def _read_otherwise(line: Line, asked: Asked) -> Line:
    """Say how else words may be read, or take that back."""
    doubt, others = _doubt(line, asked)
    reading = Reading(_variant(asked), asked.person("by"))
    if asked.truth("gone", default=False):
        kept = tuple(each for each in doubt.readings if each != reading)
        if kept == doubt.readings:
            raise OperationError("nobody reads the words so", "reload the page")
        return _with(line, others, replace(doubt, readings=kept))
    if reading.text == _words_of(line, doubt):
        raise OperationError("the line has these words already", "write how else they may be read")
    if sum(len(each.readings) for each in (*others, doubt)) >= MOST_READINGS:
        raise OperationError(f"the line has {MOST_READINGS} other readings", "take one back first")
    if reading in doubt.readings:
        return line
    return _with(line, others, replace(doubt, readings=(*doubt.readings, reading)))


def _read_so(line: Line, asked: Asked, *, is_draft: bool) -> Line:
    """Give words another reading that somebody has of them; what stood there becomes another reading."""
    doubt, _ = _doubt(line, asked)
    text, stood = _variant(asked), _words_of(line, doubt)
    if all(each.text != text for each in doubt.readings):
        raise OperationError("nobody reads the words so", "reload the page")
    begin, end = _letters(line.text, doubt)
    said = places(line.text, line.turns)
    inside = next((at for at, each in enumerate(said) if each.begin <= begin and end <= each.end), None)
    if inside is None:
        raise OperationError("two voices say these words", "correct each voice’s words by hand")
    moves = len(text) - (end - begin)
    said[inside] = said[inside]._replace(end=said[inside].end + moves)
    said[inside + 1 :] = [Said(who, first + moves, last + moves) for who, first, last in said[inside + 1 :]]
    now = reworded(line, line.text[:begin] + text + line.text[end:], said, is_draft=is_draft)
    last = doubt.first + len(text.split()) - 1
    others = [each for each in doubts(now) if (each.first, each.last) != (doubt.first, last)]
    readings = tuple(each for each in doubt.readings if each.text not in {text, stood})
    return _with(now, others, Doubt(doubt.first, last, (*readings, Reading(stood)), is_doubtful=doubt.is_doubtful))


def _with(line: Line, others: Sequence[Doubt], doubt: Doubt) -> Line:
    """Say this of words of a line, beside what is said of others; nothing where there is nothing to say."""
    said = [*others, doubt] if doubt.is_doubtful or doubt.readings else others
    return with_doubts(line, sorted(said, key=lambda each: (each.first, each.last)))


def _doubt(line: Line, asked: Asked) -> tuple[Doubt, list[Doubt]]:
    """Give what is said of the words that are meant, and what is said of others."""
    first, last = asked.number("first"), asked.number("last")
    _refuse_wordless(line)
    if not first <= last < len(line.text.split()):
        raise OperationError(f"the line has no words {first + 1} to {last + 1}", "reload the page")
    all_said = doubts(line)
    found = next((each for each in all_said if (each.first, each.last) == (first, last)), None)
    return found or Doubt(first, last, is_doubtful=False), [each for each in all_said if each is not found]


def _variant(asked: Asked) -> str:
    text = asked.in_one_line("text")
    if not text:
        raise OperationError("no words are given", "write how else the words may be read")
    return text


def _words_of(line: Line, doubt: Doubt) -> str:
    return " ".join(line.text.split()[doubt.first : doubt.last + 1])


def _letters(text: str, doubt: Doubt) -> tuple[int, int]:
    """Find where words stand in a text."""
    at = 0
    begin = 0
    for number, word in enumerate(text.split()[: doubt.last + 1]):
        begin_of_word = text.index(word, at)
        begin = begin_of_word if number == doubt.first else begin
        at = begin_of_word + len(word)
    return begin, at


def _refuse_wordless(line: Line) -> None:
    if not line.text.split():
        raise OperationError("the line has no words yet", "write them first, or remove the line")


def _turn(said: Sequence[Said], number: int) -> Said:
    if number >= len(said):
        raise OperationError(f"the line has no voice {number + 1}", "reload the page")
    return said[number]


def _retimed(lines: Sequence[Line], number: int, asked: Asked) -> Splice:
    """Give a line other times; the moments of its words stay, but for the first, which begins with its line."""
    start, end = asked.moment("start"), asked.moment("end")
    if start >= end:
        what = f"the line would end at {display(end)}, and begin at {display(start)}"
        raise OperationError(what, "give an end after the start")
    line = lines[number]
    if isinstance(line, UntimedLine):
        of_place = (line.citations, 0, line.opens_paragraph)
        now = Cue(*(line.id, start, end, line.text, line.turns, (), *of_place), page=line.page, comments=line.comments)
        now = replace(now, is_unchecked=line.is_unchecked)
    else:
        words = moved(line.words, start - line.start, end - start)
        # A first word at 0 may well have no time of its own.
        words = (0, *words[1:]) if line.words and not line.words[0] else words
        now = replace(line, start=start, end=end, words=timed(words), is_approximate=False, until=None)
    now = with_aligned(now, None)
    before = next((each.start for each in reversed(lines[:number]) if isinstance(each, Cue)), 0)
    after = next((each.start for each in lines[number + 1 :] if isinstance(each, Cue)), start)
    if before <= start <= after:
        return _replaced(lines, number, 1, (now,))
    others = [*lines[:number], *lines[number + 1 :]]
    to = _place(others, start)
    now = replace(now, page=_page(others, to))
    if to < number:
        return _replaced(lines, to, number - to + 1, (now, *lines[to:number]))
    return _replaced(lines, number, to - number + 1, (*lines[number + 1 : to + 1], now))


def _divided(lines: Sequence[Line], number: int, parts: tuple[Line, Line]) -> Splice:
    """Put two lines in place of one; the second comes after those that begin before it does."""
    first, second = parts
    following = next((each.start for each in lines[number + 1 :] if isinstance(each, Cue)), None)
    if not isinstance(second, Cue) or following is None or second.start <= following:
        return _replaced(lines, number, 1, parts)
    to = _place([*lines[:number], first, *lines[number + 1 :]], second.start)
    between = tuple(lines[number + 1 : to])
    second = replace(second, page=between[-1].page)
    return _replaced(lines, number, 1 + len(between), (first, *between, second))


def _place(lines: Sequence[Line], start: int) -> int:
    """Say which number a cue with this start has among others: it comes after those that begin with it or before."""
    starts: list[int] = []
    for line in lines:
        starts.append(line.start if isinstance(line, Cue) else starts[-1] if starts else -1)
    return bisect_right(starts, start)


def _new(lines: Sequence[Line], asked: Asked, name: str, *, is_draft: bool) -> Splice:
    """Put in a line after another, or as the first; one with times where these have it."""
    after, text, speaker = asked.name_or_none("after"), asked.words(), asked.person("speaker")
    start, end = asked.moment_or_none("start"), asked.moment_or_none("end")
    if not text:
        raise OperationError("a line has at least one word", "write what is said in it")
    to = 0 if after is None else _number(lines, after) + 1
    turns = turns_of(text, [Said(speaker, 0, len(text))])
    if start is None and end is None:
        untimed = UntimedLine(name, text, turns, (), 0, page=_page(lines, to), is_unchecked=is_draft)
        return _replaced(lines, to, 0, (untimed,))
    if start is None or end is None or start >= end:
        raise OperationError("the line has no times, or ends before it begins", "give a start, and an end after it")
    before = next((each.start for each in reversed(lines[:to]) if isinstance(each, Cue)), 0)
    following = next((each.start for each in lines[to:] if isinstance(each, Cue)), start)
    if not before <= start <= following:
        to = _place(lines, start)
    cue = Cue(name, start, end, text, turns, (), (), 0, page=_page(lines, to), is_unchecked=is_draft)
    return _replaced(lines, to, 0, (cue,))


def _page(lines: Sequence[Line], to: int) -> str | None:
    """Give the page of a line that is put among others: that of the one above it, for pages turn from line to line."""
    return lines[max(to - 1, 0)].page if lines else None


def _removed(lines: Sequence[Line], number: int) -> Splice:
    """Take a line out; what its comments say of the place, and that a paragraph begins there, goes to the next."""
    line = lines[number]
    about = tuple(each for each in with_doubts(line, ()).comments if not each.startswith(MARKS))
    if number + 1 < len(lines):
        following = lines[number + 1]
        opens = following.opens_paragraph or line.opens_paragraph
        if not about and opens == following.opens_paragraph:
            return _replaced(lines, number, 1, ())
        following = replace(following, comments=(*about, *following.comments), opens_paragraph=opens)
        return _replaced(lines, number, 2, (following,))
    if about and number:
        above = lines[number - 1]
        return _replaced(lines, number - 1, 2, (replace(above, comments=(*above.comments, *about)),))
    return _replaced(lines, number, 1, ())


def _replaced(lines: Sequence[Line], first: int, count: int, new: tuple[Line, ...]) -> Splice:
    old = tuple(line.id for line in lines[first : first + count])
    return Splice(lines[first - 1].id if first else None, old, new)


def _number(lines: Sequence[Line], name: str) -> int:
    number = next((number for number, line in enumerate(lines) if line.id == name), None)
    if number is None:
        raise OperationError(f"there is no line {quoted(name)} any more", "reload the page")
    return number


def _unused(lines: Sequence[Line], used: Callable[[str], bool]) -> str:
    """Draw an identifier that no line has, nor had."""
    while True:
        name = secrets.choice(_LETTERS) + "".join(secrets.choice(_SIGNS) for _ in range(6))
        if not used(name) and all(line.id != name for line in lines):
            return name
