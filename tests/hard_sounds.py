"""Sounds that mislead whoever places lines in them, each with its lines, the truth, and which of them are said."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from dialogues import Line, Sound, Spoken, arranged, hiss, music, spoken_lines
from placed_score import WRONG, Score, score

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from dialogues import Piece
    from placed_score import Placed


@dataclass(frozen=True)
class Case:
    """A sound, and the lines of its typescript in their order there.

    ``said`` are the lines that the sound has. Where one is said more than once and typed once, ``others`` has every
    place at which it is said. A line that is off by more than ``far`` milliseconds is wrong.
    """

    sound: Sound
    lines: tuple[Line, ...]
    said: frozenset[str]
    others: tuple[Line, ...] = ()
    far: int = WRONG

    def score(self, placed: Sequence[Placed | None]) -> Score:
        """Compare what was placed with the nearest place at which it is said."""
        return score(self.nearest(placed), placed, self.said, far=self.far)

    def nearest(self, placed: Sequence[Placed | None]) -> list[Line]:
        """Give for each line the place, of those at which it is said, that is nearest to where it was placed."""
        return [self._nearest(line, found) for line, found in zip(self.lines, placed, strict=True)]

    def _nearest(self, line: Line, found: Placed | None) -> Line:
        places = [line, *(other for other in self.others if other.id == line.id)]
        return line if found is None else min(places, key=lambda place: abs(place.start - found.start))


def _with_pauses(lines: Iterable[Spoken], seed: int = 1, longest: int = 1200) -> Iterator[Piece]:
    chance = random.Random(seed)  # noqa: S311  # lengths of pauses
    yield 400
    for line in lines:
        yield line
        yield chance.choice((250, 400, 700, longest))


def _case(sound: Sound, typed: Iterable[Spoken] | None = None) -> Case:
    """Make a case of a sound whose lines have identifiers of their own; typed are those of it, or these."""
    said = {line.id: line for line in sound.lines}
    if typed is None:
        return Case(sound, sound.lines, frozenset(said))
    lines = tuple(said.get(each.line.id, each.line) for each in typed)
    return Case(sound, lines, frozenset(said))


def _renamed(lines: Iterable[Spoken], prefix: str) -> list[Spoken]:
    return [replace(each, line=replace(each.line, id=f"{prefix}{number}")) for number, each in enumerate(lines, 1)]


def repeated(snr: float | None) -> Case:
    """Every line is said twice, one after the other, and typed twice; a refrain comes after every third."""
    lines = spoken_lines("harbour")[8:26]
    refrain = spoken_lines("harbour")[62]  # "I miss the seed packets"
    all_lines: list[Spoken] = []
    for number, line in enumerate(lines):
        all_lines += [line, line, *([refrain] if number % 3 == 2 else [])]
    return _case(arranged(_with_pauses(_renamed(all_lines, "r")), snr, name="repeated"))


def said_again(snr: float | None) -> Case:
    """Some lines are said twice in the sound, as after a slip, and typed once: either place is right."""
    lines = spoken_lines("harbour")[:24]
    pieces = [part for number, line in enumerate(lines) for part in ([line, line] if number % 5 == 2 else [line])]
    sound = arranged(_with_pauses(pieces), snr, name="said-again")
    first: dict[str, Line] = {}
    for line in sound.lines:
        first.setdefault(line.id, line)
    return Case(sound, tuple(first.values()), frozenset(first), sound.lines)


def unsaid_lines(snr: float | None) -> Case:
    """Of the typed lines, some are missing from the sound: the first, the last, short and long ones, three in a row."""
    lines = spoken_lines("harbour")[:48]
    missing = {0, 6, 13, 19, 24, 30, 31, 32, 40, 47}
    said = [line for number, line in enumerate(lines) if number not in missing]
    return _case(arranged(_with_pauses(said), snr, name="unsaid-lines"), lines)


def untyped_lines(snr: float | None) -> Case:
    """The sound has lines that nobody has typed, one at a time and in a row."""
    lines = spoken_lines("harbour")[:48]
    left_out = {0, 5, 12, 13, 14, 20, 27, 33, 34, 35, 36, 37, 46, 47}
    sound = arranged(_with_pauses(lines), snr, name="untyped-lines")
    return _case(sound, [line for number, line in enumerate(lines) if number not in left_out])


def swapped(snr: float | None) -> Case:
    """The text has pairs of lines, and two groups of five, in another order than the sound."""
    lines = list(spoken_lines("harbour")[:48])
    sound = arranged(_with_pauses(lines), snr, name="swapped")
    for at in (3, 11, 40):
        lines[at], lines[at + 1] = lines[at + 1], lines[at]
    lines[20:30] = [*lines[25:30], *lines[20:25]]
    return _case(sound, lines)


def backwards(snr: float | None) -> Case:
    """The text has the lines from the last to the first."""
    lines = spoken_lines("reading")[:40]
    return _case(arranged(_with_pauses(lines), snr, name="backwards"), lines[::-1])


def between_music(snr: float | None) -> Case:
    """Chords of half a minute stand before, between and after lines."""
    lines = spoken_lines("harbour")[:30]
    pieces: list[Piece] = [music(30, seed=1)]
    for number in range(0, 30, 10):
        pieces += [*_with_pauses(lines[number : number + 10]), music(30, seed=number + 2)]
    return _case(arranged(pieces, snr, name="between-music"))


def overlapping(snr: float | None) -> Case:
    """Every second line begins 0.6 s before the line before it has ended; voices differ.

    Its first words are covered, so it may be placed where it is heard alone.
    """
    pieces: list[Piece] = [500]
    for number, line in enumerate(spoken_lines("harbour")[14:44]):
        pieces += [-600 if number % 2 else 500, line]
    return replace(_case(arranged(pieces, snr, name="overlapping")), far=WRONG + 600)


def after_hiss(snr: float | None) -> Case:
    """A minute of hiss, as loud as speech of 6 dB less, comes before the first line; two minutes of silence after."""
    lines = spoken_lines("harbour")[:24]
    pieces: list[Piece] = [hiss(60), *_with_pauses(lines[:12]), 120_000, *_with_pauses(lines[12:]), hiss(20)]
    return _case(arranged(pieces, snr, name="after-hiss"))


def half_of_another(snr: float | None) -> Case:
    """The typescript begins with twenty lines of another recording, and has twenty more in its middle."""
    lines, others = spoken_lines("harbour")[:40], spoken_lines("reading")
    sound = arranged(_with_pauses(lines), snr, name="half-of-another")
    return _case(sound, [*others[:20], *lines[:20], *others[20:40], *lines[20:]])


def part_of_the_sound(snr: float | None) -> Case:
    """The typescript is whole, the sound only its middle third."""
    lines = spoken_lines("harbour")
    return _case(arranged(_with_pauses(lines[24:48]), snr, name="part-of-the-sound"), lines)


def part_of_the_text(snr: float | None) -> Case:
    """The sound is whole, the typescript only its middle third."""
    lines = spoken_lines("harbour")
    return _case(arranged(_with_pauses(lines), snr, name="part-of-the-text"), lines[24:48])


def without_pauses(snr: float | None) -> Case:
    """Lines follow one another at once: nothing is cut at a pause."""
    return _case(arranged(spoken_lines("harbour"), snr, name="without-pauses"))


def as_a_typist_mends(snr: float | None) -> Case:
    """The typist wrote some words otherwise than they were said, as in a fair copy.

    Each has the time of the word that was said in its place.
    """
    lines = spoken_lines("harbour")[:40]
    sound = arranged(_with_pauses(lines), snr, name="as-a-typist-mends")
    typed = tuple(replace(line, text=MENDED.get(line.text, line.text), starts=line.starts) for line in sound.lines)
    return Case(sound, typed, frozenset(line.id for line in typed))


#: What was said, and what was typed for it: as many words, most of them the same.
MENDED: Final = {
    "I came on the ferry in 1949, in September, with two suitcases and a kettle.": (
        "I came by the steamer in 1949, in September, with two trunks and a kettle."
    ),
    "It was warm, and it smelled of tomatoes. I have slept in worse places since.": (
        "It was warm, and it smelt of cucumbers. I have slept in worse places since."
    ),
    "Who else had a plot in those days?": "Who else had an allotment in those days?",
    "In 1961 they wanted the land for motor cars. They sent a letter with a map, and the map was wrong.": (
        "In 1961 they wanted the ground for motor cars. They sent a letter with a plan, and the plan was wrong."
    ),
}

CASES: Final[dict[str, Callable[[float | None], Case]]] = {
    made.__name__: made
    for made in (
        repeated,
        said_again,
        unsaid_lines,
        untyped_lines,
        swapped,
        backwards,
        between_music,
        overlapping,
        after_hiss,
        half_of_another,
        part_of_the_sound,
        part_of_the_text,
        without_pauses,
        as_a_typist_mends,
    )
}

#: Of the lines that are said, in percent, how many are placed at least, clean and at 10 dB: so many, but in these
#: sounds, in which some of what tells that a line is right is missing.
LEAST: Final = 90
FEWER: Final[dict[str, int]] = {
    "said_again": 80,
    "untyped_lines": 85,
    "swapped": 70,
    "backwards": 0,
    "between_music": 70,
    "overlapping": 65,
    "after_hiss": 50,
    "half_of_another": 80,
}
