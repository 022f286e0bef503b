"""Gives a line other words: what was known of each word, its time and its marks, stays with those that stay."""

from __future__ import annotations

import re
from dataclasses import replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeVar

from player.archive.doubts import Doubt, doubts, with_doubts
from player.archive.line_marks import with_confidences, without_heard, word_confidences
from player.archive.transcript import Cue, Turn, UntimedLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_Line = TypeVar("_Line", bound=Cue | UntimedLine)

_SIGNS: Final = re.compile(r"[\W_]+")
# Where more pairs of words than these would be compared, which takes a second, all of them count as others.
_MOST_PAIRS: Final = 1_000_000


class Run(NamedTuple):
    """Words ``first`` to ``last`` of a line, not including that one, and those that stand there now."""

    kind: Literal["replace", "delete", "insert", "equal"]
    first: int
    last: int
    now_first: int
    now_last: int


class Said(NamedTuple):
    """What one voice says of a text: from the letter ``begin`` up to, and not including, ``end``."""

    speaker: str | None
    begin: int
    end: int


def runs(before: Sequence[str], now: Sequence[str]) -> list[Run]:
    """Say which words stay, whatever their signs and capitals, and which run of words became which."""
    old, new = [*map(_bare, before)], [*map(_bare, now)]
    most = min(len(old), len(new))
    head = next((at for at in range(most) if old[at] != new[at]), most)
    tail = next((at for at in range(most - head) if old[-1 - at] != new[-1 - at]), most - head)
    found = [Run("equal", 0, head, 0, head)] if head else []
    old, new = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(old) * len(new) > _MOST_PAIRS:
        found.append(Run("replace", head, head + len(old), head, head + len(new)))
    else:
        codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        found += [Run(kind, a + head, b + head, c + head, d + head) for kind, a, b, c, d in codes]
    if tail:
        found.append(Run("equal", len(before) - tail, len(before), len(now) - tail, len(now)))
    return found


def reworded(line: _Line, text: str, said: Iterable[Said], *, is_draft: bool) -> _Line:
    """Give a line with another text, and who says what of it; a machine's draft is unchecked until somebody hears it.

    Words that stay keep their times, and how sure a machine is of them; a word in the place of one other has its time.
    What people said of words stays with them; of a word that is another now, it stays how else it may be read.
    """
    turns = turns_of(text, said)
    before, now = line.text.split(), text.split()
    if before == now:
        return replace(line, text=text, turns=turns)
    changes = runs(before, now)
    sure = word_confidences(line)
    marked = doubts(line)
    line = without_heard(replace(with_doubts(line, ()), text=text, turns=turns, is_unchecked=is_draft))
    if isinstance(line, Cue) and line.words:
        line = replace(line, words=timed([*_times(line.words, changes)]))
    kept = [sure[old] if old is not None and is_same else None for old, is_same in _places(changes)] if sure else []
    line = with_confidences(line, None, tuple(kept) if any(each is not None for each in kept) else ())
    return with_doubts(line, _followed(marked, changes, now))


def places(text: str, turns: Sequence[Turn]) -> list[Said]:
    """Find where each turn stands in the text of its line."""
    found = []
    at = 0
    for turn in turns:
        at = max(text.find(turn.text, at), at)
        found.append(Said(turn.speaker, at, at + len(turn.text)))
        at += len(turn.text)
    return found


def turns_of(text: str, said: Iterable[Said]) -> tuple[Turn, ...]:
    """Give the turns of a text: what one voice says without another between is one."""
    joined: list[Said] = []
    for each in said:
        if not text[each.begin : each.end].strip():
            continue
        if joined and joined[-1].speaker == each.speaker:
            joined[-1] = joined[-1]._replace(end=each.end)
        else:
            joined.append(each)
    return tuple(Turn(speaker, text[begin:end].strip()) for speaker, begin, end in joined)


def timed(words: Sequence[int | None]) -> tuple[int | None, ...]:
    """Give the times of words as they are read: none where no word but the first has one."""
    is_timed = any(time is not None and (time or index) for index, time in enumerate(words))
    return (words[0] or 0, *words[1:]) if is_timed else ()


def moved(words: Sequence[int | None], by: int, length: int) -> tuple[int | None, ...]:
    """Give the times of words in a line that begins ``by`` milliseconds later; those outside its length are gone."""
    return tuple(None if time is None or not 0 <= time - by < length else time - by for time in words)


def _times(words: Sequence[int | None], changes: Sequence[Run]) -> Iterator[int | None]:
    for old, _ in _places(changes):
        yield None if old is None else words[old]


def _places(changes: Sequence[Run]) -> Iterator[tuple[int | None, bool]]:
    """Give for each word of now which it was, None where none, and whether it is the same word."""
    for kind, first, last, now_first, now_last in changes:
        for at in range(now_last - now_first):
            if kind == "equal" or (kind == "replace" and (at == 0 or last - first == now_last - now_first)):
                yield first + at, kind == "equal"
            else:
                yield None, False


def _followed(marked: Iterable[Doubt], changes: Sequence[Run], now: Sequence[str]) -> Iterator[Doubt]:
    """Give what is said of words as it is said of those that stand there now."""
    for doubt in marked:
        numbers: list[int] = []
        is_same = True
        for run in changes:
            first, last = max(run.first, doubt.first), min(run.last, doubt.last + 1)
            is_within = run.first == run.last and doubt.first < run.first <= doubt.last
            if first >= last and not is_within:
                continue
            is_same = is_same and run.kind == "equal"
            move = run.now_first - run.first
            if run.kind == "equal" or (run.last - run.first == run.now_last - run.now_first):
                numbers += range(first + move, last + move)
            elif doubt.first <= run.first and run.last <= doubt.last + 1:
                numbers += range(run.now_first, run.now_last)
            else:
                numbers = []  # nobody knows which of the words it would be of
                break
        if not numbers:
            continue
        first, last = min(numbers), max(numbers)
        if is_same:
            yield replace(doubt, first=first, last=last)
        elif readings := tuple(each for each in doubt.readings if each.text.split() != [*now[first : last + 1]]):
            yield Doubt(first, last, readings, is_doubtful=False)


def _bare(word: str) -> str:
    return _SIGNS.sub("", word).casefold() or word
