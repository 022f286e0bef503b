"""Places lines by what a recogniser hears: its words are compared with those of the text, and lend them their times.

It knows languages for which there is no acoustic model here, and hears through more noise; its times are less exact. A
line is placed where most of its words were heard, its first and its last among them or next to those. Of few words all
have to be heard, one upon the other; and of very few some are heard in any speech, so these stand beside a longer line.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from player.align.asked import NotPlaced, Placed
from player.align.spoken_forms import spoken_line
from player.align.transcribing import find_voices, transcribed
from player.timecode import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from player.align.asked import SpokenLine
    from player.align.pieces import Work
    from player.align.recognisers import Recogniser
    from player.intake.transcripts.imported import ImportedLine

# Three words that stand once in both the text and what was heard are surely the same.
_RUN: Final = 3
# The part of a line's words that have to be heard, and among how many: so many times as many, and some more.
_MOST: Final = 0.6
_AMONG, _MORE = 1.5, 3
# A line of no more words has to be heard whole, its words no further apart than so many milliseconds.
_FEW, _APART = 5, 3000
# One of fewer words is heard in any speech: it stands beside one of so many, near in the text and in time, or nowhere.
_SHORT: Final = 4
_NEAR, _BESIDE = 2, 15_000
# Words beyond which what lies between two sure places is not compared: the two say different things.
_FAR: Final = 4000
_NOT_HEARD: Final = "too few of its words were recognised"
_ALONE: Final = "it is too short to be sure of, and no longer line is placed beside it"


@dataclass(frozen=True)
class _Word:
    """A word as it was heard, in milliseconds: ``of`` is the number of what stands between two spaces."""

    text: str
    start: int
    end: int
    sure: float
    of: int


def place(
    lines: Sequence[SpokenLine], work: Work, language: str, *, recogniser: Recogniser, code: str
) -> list[Placed | NotPlaced | None]:
    """Place lines; ``code`` is what the recogniser calls the language."""
    draft = transcribed(work, find_voices(work), recogniser, code)
    return matched(lines, draft.lines, language)


def matched(
    lines: Sequence[SpokenLine], heard: Sequence[ImportedLine], language: str
) -> list[Placed | NotPlaced | None]:
    """Give lines the times of the words that were heard, where these are theirs."""
    words = list(_heard(heard, language))
    # Of each word of the text: of which line, and of which of its tokens.
    said = [
        (number, at, word)
        for number, line in enumerate(lines)
        for at, ways in enumerate(line.words)
        for word in (ways[0] if ways else ())
    ]
    found: dict[int, list[tuple[int, int]]] = {}
    for own, other in same([word for _, _, word in said], [word.text for word in words]):
        found.setdefault(said[own][0], []).append((own, other))
    counts = Counter(number for number, _, _ in said)
    firsts: dict[int, int] = {}
    for own, (number, _, _) in enumerate(said):
        firsts.setdefault(number, own)
    answers: list[Placed | NotPlaced | None] = []
    for number, line in enumerate(lines):
        pairs = found.get(number, [])
        first, count = firsts.get(number, 0), counts[number]
        heard_at = [other for _, other in pairs]
        if pairs and not _is_one_stretch(heard_at, words, count):
            pairs = []
        answers.append(_placed(line, [(own - first, said[own][1], words[other]) for own, other in pairs], count))
    return _borne_out(lines, answers, [counts[number] for number in range(len(lines))])


def _is_one_stretch(places: Sequence[int], words: Sequence[_Word], count: int) -> bool:
    """Tell whether the words heard at these places, for a line of ``count``, may be one line that somebody says."""
    among = places[-1] - places[0] + 1
    if count > _FEW:
        return among <= _AMONG * count + _MORE
    is_near = all(words[after].start - words[before].start <= _APART for before, after in pairwise(places))
    return len(places) == among == count and is_near


def _borne_out(
    lines: Sequence[SpokenLine], answers: Sequence[Placed | NotPlaced | None], counts: Sequence[int]
) -> list[Placed | NotPlaced | None]:
    """Leave out short lines that stand beside no longer one; ``counts`` are the numbers of words."""
    places = [
        Span(each.start, each.end) if isinstance(each, Placed) else line.fixed
        for line, each in zip(lines, answers, strict=True)
    ]
    found: list[Placed | NotPlaced | None] = []
    for number, answer in enumerate(answers):
        if not isinstance(answer, Placed) or counts[number] >= _SHORT:
            found.append(answer)
            continue
        beside = (
            place
            for other in range(max(0, number - _NEAR), min(len(lines), number + _NEAR + 1))
            if other != number and counts[other] >= _SHORT and (place := places[other]) is not None
        )
        is_beside = any(each.start - answer.end <= _BESIDE and answer.start - each.end <= _BESIDE for each in beside)
        found.append(answer if is_beside else NotPlaced(_ALONE))
    return found


def same(ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[int, int]]:
    """Give the pairs of places at which two texts have the same words, in order: first what is sure, then between."""
    sure = [(-1, -1), *_increasing(_runs(ours, theirs)), (len(ours), len(theirs))]
    pairs: list[tuple[int, int]] = []
    for (own, other), (next_own, next_other) in pairwise(sure):
        if own >= 0:
            pairs.append((own, other))
        few = max(next_own - own, next_other - other) <= _FAR
        if few:
            matcher = SequenceMatcher(None, ours[own + 1 : next_own], theirs[other + 1 : next_other], autojunk=False)
            for block in matcher.get_matching_blocks():
                pairs += [(own + 1 + block.a + by, other + 1 + block.b + by) for by in range(block.size)]
    return pairs


def _heard(lines: Sequence[ImportedLine], language: str) -> Iterator[_Word]:
    number = 0
    for line in lines:
        ways = spoken_line(line.text, language)
        count = len(ways)
        start = line.start or 0
        starts = [start if each is None else start + each for each in line.words or (None,) * count]
        sures = [1.0 if each is None else each for each in line.word_confidences or (None,) * count]
        ends = [*starts[1:], line.end or start]
        for token, begins, ends_at, sure in zip(ways, starts, ends, sures, strict=False):
            number += 1
            for word in token[0] if token else ():
                yield _Word(word, begins, max(begins + 1, ends_at), sure, number)


def _runs(ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[int, int]]:
    """Give the places at which runs of words begin that stand once in each text."""

    def once(words: Sequence[str]) -> dict[tuple[str, ...], int]:
        runs = [tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)]
        counted = Counter(runs)
        return {run: at for at, run in enumerate(runs) if counted[run] == 1}

    there = once(theirs)
    return [(at, there[run]) for run, at in once(ours).items() if run in there]


def _increasing(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give as many of the pairs, which are in the order of their first, as are in that of their second too."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, (_, other) in enumerate(pairs):
        at = bisect_left(tails, other)
        before.append(ends[at - 1] if at else -1)
        tails[at : at + 1] = [other]
        ends[at : at + 1] = [number]
    order: list[tuple[int, int]] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        order.append(pairs[at])
        at = before[at]
    return order[::-1]


def _placed(line: SpokenLine, pairs: Sequence[tuple[int, int, _Word]], count: int) -> Placed | NotPlaced | None:
    """Place a line of ``count`` words; ``pairs`` are places within it, the numbers of tokens, and what was heard."""
    if line.fixed is not None:
        return None
    is_whole = bool(pairs) and pairs[0][0] <= 1 and pairs[-1][0] >= count - 2
    if not is_whole or len(pairs) < _MOST * count:
        return NotPlaced(_NOT_HEARD)
    times: list[int | None] = [None] * len(line.words)
    for _, token, word in pairs:
        if times[token] is None:
            times[token] = word.start
    sure = sum(word.sure for _, _, word in pairs) / count
    return Placed(pairs[0][2].start, pairs[-1][2].end, tuple(times), min(1.0, sure))
