"""Makes lines of the words that a recogniser heard, as subtitles have them: short enough to be read meanwhile.

Where a line ends is decided as for other programs' words, by sentences and pauses; one that is too long is divided near
its middle, after a sign or in a pause.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from player.intake.transcripts.programs.words import Word, ends_sentence, groups, is_unspaced, lines_of_groups
from player.intake.transcripts.told import Told
from player.timecode import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from player.align.windows import Heard
    from player.intake.transcripts.imported import ImportedLine

#: Two lines of 42 signs, and seven seconds: as much as is read at a time (BBC Subtitle Guidelines, Netflix's).
MOST: Final = 84
LONGEST: Final = 7 * SECOND
_ENOUGH: Final = 40
_NO_END: Final = 1 << 30
#: What a place to divide at is worth beside how near the middle it is, from 0 to 1.
_SENTENCE: Final = 2.0
_SIGN: Final = 0.7
_PAUSE: Final = 1 / 300  # a millisecond
_LONG_PAUSE: Final = 600
#: The least confidence that a mean is made with.
_LEAST: Final = 1e-4


def lines_of(words: Sequence[Heard]) -> list[ImportedLine]:
    """Make lines, each with the confidence in it: the geometric mean of that in its words."""
    sentences = groups(_as_words(words), _ENOUGH, _NO_END)
    divided = (part for sentence in sentences for part in _divided(sentence))
    return [_with_confidence(line) for line in lines_of_groups(divided, Told())]


def _as_words(words: Iterable[Heard]) -> Iterator[Word]:
    """Give words as the import has them; none begins before the one before it."""
    until = 0
    last = ""
    for word in words:
        start = max(word.start, until)
        text = word.text.strip()
        joins = bool(last) and not word.text[:1].isspace() and not is_unspaced(last, text)
        yield Word(text, start, max(word.end, start + 1), word.sure, joins=joins)
        until, last = start + 1, text


def _divided(group: Sequence[Word]) -> Iterator[Sequence[Word]]:
    waiting = [group]
    while waiting:
        part = waiting.pop()
        cut = _cut(part) if _signs(part) > MOST or _lasts(part) > LONGEST else 0
        if cut:
            waiting += [part[cut:], part[:cut]]
        else:
            yield part


def _cut(group: Sequence[Word]) -> int:
    """Find the best place to divide words at; 0 where there is none."""
    whole, before = _signs(group), 0
    best, place = -math.inf, 0
    for number, word in enumerate(group):
        if number and not word.joins:
            balance = 1 - abs(2 * before / whole - 1)
            pause = max(0, (word.start or 0) - (group[number - 1].end or 0))
            worth = 2 * balance + min(pause, _LONG_PAUSE) * _PAUSE
            last = group[number - 1].text
            worth += _SENTENCE if ends_sentence(last, pause) else _SIGN if last[-1] in ",;:–—" else 0
            if worth > best:
                best, place = worth, number
        before += len(word.text) + 1
    return place


def _signs(group: Sequence[Word]) -> int:
    return sum(len(word.text) + (not word.joins) for word in group) - 1


def _lasts(group: Sequence[Word]) -> int:
    return (group[-1].end or 0) - (group[0].start or 0)


def _with_confidence(line: ImportedLine) -> ImportedLine:
    sure = [each for each in line.word_confidences if each is not None]
    mean = math.exp(sum(math.log(max(each, _LEAST)) for each in sure) / len(sure)) if sure else None
    words = tuple(None if each is None else round(each, 2) for each in line.word_confidences)
    return replace(line, confidence=None if mean is None else round(mean, 2), word_confidences=words)
