"""Finds which lines of a file are lines that are there already, so that these keep what they are cited by.

The same words are not enough: an interview has many lines that are only "Yes". A line is one that is there where words
and voice are the same, and its place among the others is too. Where more than one could be meant, it is none of them.

As in P. Heckel, "A technique for isolating differences between files", Communications of the ACM 21 (1978), 264-268,
lines with words that occur once are found first, and then those beside them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from player.history.differing import in_order
from player.timecode import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from player.archive.transcript import Line
    from player.intake.transcripts.imported import ImportedLine

    #: The number of a line in the file, and of that which it is among those that are there.
    Pair = tuple[int, int]

# A line with as many words is known by them alone; fewer may be an answer that anybody gives at any time.
_MANY: Final = 5
# How much further than the line beside it a line with few words may have moved.
_NEAR: Final = 2 * SECOND
_AT_ONCE: Final = SECOND // 2


class _Said(NamedTuple):
    """What is compared of a line: its words, and who says them, as far as both transcripts can say it."""

    words: str
    voices: tuple[str, ...]
    has_many: bool
    start: int | None
    end: int | None
    is_rough: bool


def matched(lines: Sequence[ImportedLine], before: Sequence[Line]) -> list[Line | None]:
    """Give for each line the one of ``before`` that it surely is.

    Words are the same also where only the name of who speaks has left them, or come to them: ``Tom: Yes.`` as words,
    and ``Yes.`` as said by Tom. A voice is the same where it has another name throughout, or where one of the two
    transcripts does not name it.
    """
    found: list[Line | None] = [None] * len(lines)
    if before:
        for number, own in _Matching(lines, before).pairs():
            found[number] = before[own]
    return found


class _Matching:
    def __init__(self, lines: Sequence[ImportedLine], before: Sequence[Line]) -> None:
        self._ids = [line.id for line in lines]
        self._named = {line.id: number for number, line in enumerate(before)}
        self._old = [_said(line, _words(line.text), _voices(line)) for line in before]
        words = {said.words for said in self._old if said.words}
        names = {
            named: said for line, said in zip(before, self._old, strict=True) if said.voices and (named := _named(line))
        }
        self._new = [_of_file(line, words, names) for line in lines]
        self._old_counts = Counter(said.words for said in self._old)
        self._new_counts = Counter(said.words for said in self._new)
        self._old_voices = frozenset(voice for said in self._old for voice in said.voices)
        self._new_voices = frozenset(voice for said in self._new for voice in said.voices)
        self._found: dict[int, int] = {}
        self._taken: set[int] = set()

    def pairs(self) -> Iterable[Pair]:
        """Give the pairs that are surely the same."""
        sure = list(self._unique())
        order = in_order(sure)
        among = _Among(order)
        order = in_order(sorted({*order, *(pair for pair in self._own() if among.fits(pair))}))
        self._take(order)
        self._take(self._moved(sure))
        edge = (-1, -1), (len(self._new), len(self._old))
        for before, after in zip([edge[0], *order], [*order, edge[1]], strict=True):
            if after[0] - before[0] > 1 and after[1] - before[1] > 1:
                self._take(self._between(before, after))
        self._take(self._enclosed())
        return self._found.items()

    def _take(self, pairs: Iterable[Pair]) -> None:
        for number, own in pairs:
            if number not in self._found and own not in self._taken:
                self._found[number] = own
                self._taken.add(own)

    def _unique(self) -> Iterator[Pair]:
        """Give the lines with many words that occur once in both, in the order of the file."""
        places = {said.words: number for number, said in enumerate(self._old)}
        for number, said in enumerate(self._new):
            if said.has_many and self._is_once(said.words) and self._are_same(number, places[said.words]):
                yield number, places[said.words]

    def _own(self) -> Iterator[Pair]:
        """Give the lines that the file calls by the identifiers of lines with these words."""
        for number, name in enumerate(self._ids):
            own = self._named.get(name) if name else None
            if own is None or self._new[number].words != self._old[own].words:
                continue
            if self._is_once(self._new[number].words) or self._are_same(number, own):
                yield number, own

    def _moved(self, sure: Sequence[Pair]) -> Iterator[Pair]:
        """Give those that stand elsewhere, and not alone, or by their own name."""
        there = set(sure)
        for number, own in sure:
            is_own = self._named.get(self._ids[number]) == own
            if is_own or (number + 1, own + 1) in there or (number - 1, own - 1) in there:
                yield number, own

    def _between(self, before: Pair, after: Pair) -> Iterator[Pair]:
        """Give those between two that are known: beside either, or with the same times."""
        onward, backward = self._run(before, after, 1), self._run(after, before, -1)
        claims = {*onward, *backward}
        numbers, owns = Counter(number for number, _ in claims), Counter(own for _, own in claims)
        is_filled = after[0] - before[0] == after[1] - before[1]
        for known, run in ((before, onward), (after, backward)):
            for number, own in self._sure(known, run, is_filled=is_filled):
                if numbers[number] == owns[own] == 1 or self._has_same_times(number, own):
                    yield number, own
        timed: dict[tuple[str, int | None, int | None], int] = {
            (said.words, said.start, said.end): own
            for own in range(before[1] + 1, after[1])
            if (said := self._old[own]).start is not None
        }
        for number in range(before[0] + 1, after[0]):
            said = self._new[number]
            timely = timed.get((said.words, said.start, said.end))
            if timely is not None and self._are_same(number, timely):
                yield number, timely

    def _run(self, known: Pair, until: Pair, step: int) -> list[Pair]:
        """Give lines that follow one that is known, or come before it, in both, until one differs."""
        number, own = known[0] + step, known[1] + step
        run: list[Pair] = []
        while (until[0] - number) * step > 0 and (until[1] - own) * step > 0:
            if number in self._found or own in self._taken or not self._are_same(number, own):
                break
            run.append((number, own))
            number, own = number + step, own + step
        return run

    def _sure(self, known: Pair, run: Sequence[Pair], *, is_filled: bool) -> Iterator[Pair]:
        """Give those of a run that are surely the same.

        ``is_filled`` says that as many lines lie between in both. Else one was put in, or taken out: the last of a run
        may be what was put in, unless it has kept its time too. The end of a transcript, or its beginning, is no line.
        """
        is_edge = not (0 <= known[0] < len(self._new) and 0 <= known[1] < len(self._old))
        words = sum(self._new[number].words.count(" ") + 1 for number, _ in run)
        shift = self._shift(*known)
        for place, (number, own) in enumerate(run, 1):
            moved = self._shift(number, own)
            if not self._new[number].has_many:
                far = None if shift is None or moved is None else abs(shift - moved)
                if far is not None and far > _NEAR:
                    return
                if is_edge and words < _MANY and self._is_astray(moved, is_filled=is_filled):
                    return
                by = abs(moved) if is_edge and far is None and moved is not None else far
                if not is_filled and place == len(run) and (by is None or by > _AT_ONCE):
                    return
            yield number, own
            shift = shift if moved is None else moved

    @staticmethod
    def _is_astray(moved: int | None, *, is_filled: bool) -> bool:
        """Tell whether a line next to the edge is too far from where it was, of which there is no other sign."""
        return not is_filled if moved is None else abs(moved) > (_NEAR if is_filled else _AT_ONCE)

    def _enclosed(self) -> Iterator[Pair]:
        """Give those of which both neighbours are known, as within a passage that was moved."""
        for number, own in list(self._found.items()):
            between = number + 1, own + 1
            if self._found.get(number + 2) == own + 2 and between[0] not in self._found and self._are_same(*between):
                yield between

    def _is_once(self, words: str) -> bool:
        return self._old_counts[words] == self._new_counts[words] == 1

    def _are_same(self, number: int, own: int) -> bool:
        new, old = self._new[number], self._old[own]
        if new.words != old.words:
            return False
        if not new.voices or not old.voices or new.voices == old.voices:
            return True
        return len(new.voices) == len(old.voices) and all(map(self._is_voice, new.voices, old.voices))

    def _is_voice(self, new: str, old: str) -> bool:
        """Tell whether a voice can be that of another name: neither name is in the other transcript."""
        return new == old or (new not in self._old_voices and old not in self._new_voices)

    def _has_same_times(self, number: int, own: int) -> bool:
        new, old = self._new[number], self._old[own]
        return new.start is not None and (new.start, new.end) == (old.start, old.end)

    def _shift(self, number: int, own: int) -> int | None:
        """Give by how much a line was moved; None where nobody knows."""
        if not (0 <= number < len(self._new) and 0 <= own < len(self._old)):
            return None
        new, old = self._new[number], self._old[own]
        if new.start is None or old.start is None or new.is_rough or old.is_rough:
            return None
        return new.start - old.start


class _Among:
    """Tells whether a pair fits between others that are in order."""

    def __init__(self, order: Sequence[Pair]) -> None:
        self._numbers = [number for number, _ in order]
        self._owns = [own for _, own in order]

    def fits(self, pair: Pair) -> bool:
        number, own = pair
        at = bisect_left(self._numbers, number)
        if at < len(self._numbers) and self._numbers[at] == number:
            return False
        return bisect_left(self._owns, own) == at and own not in self._owns[at : at + 1]


def _of_file(line: ImportedLine, words: set[str], names: Mapping[str, _Said]) -> _Said:
    """Give what is compared of a line of the file, with a name in or out of its words as the other has it."""
    text = _words(line.text)
    as_written, with_name = _words(line.written), _named(line)
    if as_written in words:
        return _said(line, as_written, ())
    if (other := names.get(as_written)) is not None:
        return _said(line, other.words, other.voices)
    if with_name in words:
        return _said(line, with_name, ())
    if text not in words and (other := names.get(text)) is not None:
        return _said(line, other.words, other.voices)
    return _said(line, text, _voices(line))


def _said(line: ImportedLine | Line, words: str, voices: tuple[str, ...]) -> _Said:
    # A name at the head counts as none of the words.
    has_many = len(words.rpartition(": ")[2].split(maxsplit=_MANY)) >= _MANY
    start, end = getattr(line, "start", None), getattr(line, "end", None)
    return _Said(words, voices, has_many, start, end, getattr(line, "is_approximate", False))


def _voices(line: ImportedLine | Line) -> tuple[str, ...]:
    return tuple(turn.speaker for turn in line.turns if turn.speaker is not None)


def _named(line: ImportedLine | Line) -> str:
    """Give the words of a line with the names of its voices among them; empty where it has none."""
    if not any(turn.speaker is not None for turn in line.turns):
        return ""
    return _words(
        " ".join(turn.text if turn.speaker is None else f"{turn.speaker}: {turn.text}" for turn in line.turns)
    )


def _words(text: str) -> str:
    return " ".join(text.split())
