"""Places the lines of a text in a sound: roughly over the whole, then finely between the lines that were heard surely.

No line is placed by guess: one that the passes do not find, or find in two places, stays without a time.
"""

from __future__ import annotations

from itertools import combinations, islice
from typing import TYPE_CHECKING, Any, Final

from player.align import anchors, confidence
from player.align.anchors import Heard
from player.align.asked import NotPlaced, Placed
from player.align.pieces import Job
from player.align.plausible import loud, plausible
from player.align.pronouncing import MODELS, pronunciations, unsayable
from player.timecode import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from player.align.asked import SpokenLine
    from player.align.pieces import Work

#: Raised whenever what is placed may differ from before.
VERSION: Final = 4
_PASSER: Final = "player.align.passes:passer"
# Milliseconds: how much sound a rough pass hears, and how far the next one is on.
_CHUNK: Final = 30 * SECOND
_STEP: Final = 25 * SECOND
# How much sound a fine pass has between the starts of its outer lines, and how much at most.
_WINDOW: Final = 15 * SECOND
_LONGEST: Final = 120 * SECOND
# Anchors before and behind them that it hears too, since what is at the rim has nothing to bear it out.
_CONTEXT: Final = 2
# How much sound is heard on either side of the lines that a fine pass is about.
_MARGIN: Final = 400
# How often windows are laid anew without the anchors that were not borne out, and what bears one out, in milliseconds.
_ROUNDS: Final = 3
_AGREES: Final = 500
# Of a token no more pronunciations are tried, which its ways of being said share, and of a word no more than these.
_WAYS: Final = 12
_PRONUNCIATIONS: Final = 4


def place(lines: Sequence[SpokenLine], work: Work, language: str) -> list[Placed | NotPlaced | None]:
    """Place the lines that are not fixed; None where a line was not found.

    :raise KeyError: where there is no model of the language.
    """
    model = MODELS[language.partition("-")[0].lower()]
    strange = [_strange(line, model) for line in lines]
    tokens = [[] if why else _tokens(line, model) for line, why in zip(lines, strange, strict=True)]
    sayable = [number for number, line in enumerate(tokens) if any(line)]
    placed: list[Placed | NotPlaced | None] = [NotPlaced(why) if why else None for why in strange]
    if not sayable:
        return placed
    texts = [[ways for ways in tokens[number] if ways] for number in sayable]
    settings = {"model": model, "how": VERSION, "lines": texts}
    duration = work.samples.duration
    fixed = [
        Heard(index, span.start, span.end, 1.0)
        for index, number in enumerate(sayable)
        if (span := lines[number].fixed) is not None
    ]
    rough = work.done(list(_rough_jobs(duration, len(sayable))), _PASSER, settings, what="Finding the lines")
    heard = [
        Heard(line, start, end, probability, len(texts[line]))
        for result in rough
        for line, start, end, probability in result
        if _is_near(lines[sayable[line]], start)
    ]
    chain = anchors.chain(heard, fixed)
    found = _fine(chain, len(sayable), work, settings)
    least = confidence.least_fit([each for hearings in found.values() for each in hearings])
    rough_starts = {each.line: each for each in chain}
    for line, hearings in found.items():
        number = sayable[line]
        if lines[number].fixed is not None:
            continue
        agreed = confidence.agreed(hearings, rough_starts.get(line), least, found.get(line - 1, ()))
        if agreed is None:
            continue
        times, over, sure = agreed
        words = iter(times)
        placed[number] = Placed(
            times[0], max(over, times[-1] + 1), tuple(next(words) if ways else None for ways in tokens[number]), sure
        )
    phones = [[min((sum(map(len, way)) for way in ways), default=0) for ways in each] for each in tokens]
    starts = [None if line.fixed is None else line.fixed.start for line in lines]
    return _in_order(plausible(placed, phones, loud(work.samples), starts))


def _strange(line: SpokenLine, model: str) -> str | None:
    """Say which word of a line cannot be pronounced, and why; None where all can."""
    return next((why for token in line.words if (why := unsayable(token, model))), None)


def _fine(
    chain: list[Heard], lines: int, work: Work, settings: Mapping[str, Any]
) -> dict[int, list[confidence.Hearing]]:
    """Make the fine passes, and those about an anchor that they do not bear out once more without it."""
    done: dict[tuple[int, ...], Any] = {}
    found: dict[int, list[confidence.Hearing]] = {}
    for _ in range(_ROUNDS):
        windows = list(_windows(chain, lines, work.samples.duration))
        new = [job for job in windows if _key(job) not in done]
        results = work.done(new, _PASSER, settings, what="Placing words")
        done |= {_key(job): result for job, result in zip(new, results, strict=True)}
        found = {}
        for job in windows:
            for line, *heard in done[_key(job)]:
                found.setdefault(line, []).append(confidence.Hearing(*heard))
        borne_out = [each for each in chain if each.probability >= 1 or _bears_out(found.get(each.line, []), each)]
        if len(borne_out) == len(chain):
            break
        chain = borne_out
    return found


def _key(job: Job) -> tuple[int, ...]:
    return tuple(job.values[name] for name in ("from", "to", "first", "last")) + tuple(job.values["core"])


def _bears_out(hearings: Sequence[confidence.Hearing], anchor: Heard) -> bool:
    return any(abs(each.starts[0] - anchor.start) < _AGREES and each.is_likely for each in hearings)


def _tokens(line: SpokenLine, model: str) -> list[list[list[tuple[str, ...]]]]:
    """Give for each token of a line its ways of being said, each of words, each of phones; none where it has none.

    A line with a word that cannot be said has no tokens at all.
    """
    found = []
    for token in line.words:
        share = max(2, _WAYS // max(1, len(token)))
        ways = [said for way in token for said in islice(_pronounced(way, model), share) if said]
        if not ways and any(token):
            return []
        found.append(ways)
    return found


def _pronounced(way: Sequence[str], model: str) -> Iterator[list[tuple[str, ...]]]:
    """Pronounce some words: as is likeliest, then with one of them pronounced otherwise, then with two."""
    words = [pronunciations(word, model)[:_PRONUNCIATIONS] for word in way]
    if not all(words):
        return
    yield [said[0] for said in words]
    others = [(place, said) for place, word in enumerate(words) for said in word[1:]]
    for count in (1, 2):
        for changes in combinations(others, count):
            changed = dict(changes)
            if len(changed) == count:
                yield [changed.get(place, said[0]) for place, said in enumerate(words)]


# Lines that a rough pass looks for at once, at most: they take 30 MB and a second, and more as many times more.
# Of a longer text, those within _BAND of the line that would be said there by its share of the sound are looked for.
_AT_ONCE: Final = 700
_BAND: Final = 650
_SHARED: Final = 30


def _rough_jobs(duration: int, lines: int) -> Iterator[Job]:
    for start in range(0, max(1, duration - (_CHUNK - _STEP)), _STEP):
        end = min(duration, start + _CHUNK)
        for first, last in _sought(lines, lines * (start + end) // (2 * duration)):
            yield Job({"pass": "rough", "from": start, "to": end, "first": first, "last": last}, end - start)


def _sought(lines: int, middle: int) -> Iterator[tuple[int, int]]:
    """Give the first and the last of the lines that are looked for about a place in the text, pass by pass."""
    if lines <= _AT_ONCE:
        yield 0, lines - 1
        return
    first, end = max(0, middle - _BAND), min(lines, middle + _BAND)
    for at in range(first, max(first + 1, end - _SHARED), _AT_ONCE - _SHARED):
        yield at, min(at + _AT_ONCE, end) - 1


def _is_near(line: SpokenLine, start: int) -> bool:
    return line.near is None or line.near.start - anchors.NEAR <= start <= line.near.end + anchors.NEAR


def _windows(chain: Sequence[Heard], lines: int, duration: int) -> Iterator[Job]:
    """Divide the sound and the text at anchors: a window begins and ends with one, which the next window has too."""
    if not chain:
        return
    rims = [Heard(-1, 0, 0, 1.0), *chain, Heard(lines, duration, duration, 1.0)]
    at = 0
    while at < len(rims) - 1:
        to = at + 1
        while to < len(rims) - 1 and rims[to].start - rims[at].start < _WINDOW:
            to += 1
        first, last = rims[max(0, at - _CONTEXT)], rims[min(len(rims) - 1, to + _CONTEXT)]
        if last.end - first.start > _LONGEST:
            first, last = rims[at], rims[to]
        # From the anchor's own beginning to the other's own end.
        begin = max(0, first.start - _MARGIN) if first.line >= 0 else max(0, last.start - _LONGEST)
        end = min(duration, last.end + _MARGIN)
        if last.line == lines:
            end = min(duration, first.end + _LONGEST)
        if end - begin <= _LONGEST + _WINDOW:
            low, high = max(first.line, 0), min(last.line, lines - 1)
            core = [max(rims[at].line, 0), min(rims[to].line, lines - 1)]
            values = {"pass": "fine", "from": begin, "to": end, "first": low, "last": high, "core": core}
            yield Job(values, end - begin)
        at = to


def _in_order(placed: Sequence[Placed | NotPlaced | None]) -> list[Placed | NotPlaced | None]:
    """Leave out what begins before the line before it."""
    reached = -1
    kept: list[Placed | NotPlaced | None] = []
    for each in placed:
        is_kept = not isinstance(each, Placed) or each.start > reached
        kept.append(each if is_kept else None)
        if isinstance(each, Placed) and is_kept:
            reached = each.start
    return kept
